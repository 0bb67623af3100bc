// Output axons' tables: to which cores a source's packets go, and how many synapses each serves there.
#pragma once

#include <memory>
#include <vector>

#include "NeuroChip/population.hpp"

namespace neurochip {

/// A spike or input event at one of the cores that have targets of it.
struct Delivery {
  CoreId core = 0;
  uint32_t operations = 0;     ///< synaptic operations there
  Picoseconds service_ps = 0;  ///< time of its input axon and of these operations
};

class Fanout {
 public:
  Fanout(const NetworkDescription& network, const Populations& populations, const Costs& costs);

  /// Appends a spike's deliveries by rising core, and adds up its synaptic operations.
  void address(SourceId source, const SourceNeuron& from, std::vector<Delivery>& deliveries,
               PerFormat<int64_t>& operations);

 private:
  struct Row {
    bool isKnown = false;
    std::vector<Delivery> deliveries;
    PerFormat<int64_t> operations{};
  };
  struct Target {
    const Synapses* synapses;
    uint32_t population;
  };
  struct Source {
    Box shape;
    std::vector<Target> targets;
    bool dependsOnChannel = false;  ///< without it, what was found for a position is kept for all its channels
    std::vector<Row> rows;          ///< by position
  };
  struct Placed {
    Box box;
    CoreId core;
  };
  struct Layout {
    Box shape;
    int perDendrite;
    std::vector<Placed> slices;
    std::vector<CoreId> coreOf;  ///< by dendrite; only if there are lists of targets
  };

  Costs costs_;
  std::vector<Source> sources_;
  std::vector<Layout> layouts_;  // by population
  // While a spike's targets are counted, by core.
  std::vector<PerFormat<uint32_t>> counts_;
  std::vector<CoreId> touched_;

  void count(const Target& target, const SourceNeuron& from);
  void count(CoreId core, SynapseFormat format, uint32_t synapses);
  void find(const Source& source, const SourceNeuron& from, std::vector<Delivery>& deliveries,
            PerFormat<int64_t>& operations);
};

}  // namespace neurochip
