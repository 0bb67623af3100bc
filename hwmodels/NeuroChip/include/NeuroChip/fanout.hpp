// Output axons' tables: to which cores a source's packets go, and how many synapses each serves there.
#pragma once

#include <memory>
#include <vector>

#include "NeuroChip/population.hpp"

namespace neurochip {

/// A spike or input event at one of the cores that have targets of it.
struct Delivery {
  CoreId core = 0;
  PerFormat<uint32_t> operations{};  ///< synaptic operations there
};

class Fanout {
 public:
  Fanout(const NetworkDescription& network, const Populations& populations);

  /// Brings near what `address` will read.
  void prefetch(SourceId source, const SourceNeuron& from) const;
  /// Appends a spike's deliveries, by rising core.
  void address(SourceId source, const SourceNeuron& from, std::vector<Delivery>& deliveries);

 private:
  /// What was found for a source neuron.
  struct Row {
    enum : uint32_t { unknown, kept, scattered } state = unknown;
    uint32_t count = 0;
    size_t first = 0;  ///< the part of `kept_`
  };
  struct Target {
    const Synapses* synapses;
    uint32_t population;
  };
  struct Source {
    Box shape;
    std::vector<Target> targets;
    bool dependsOnChannel = false;  ///< without it, what was found for a position serves all its channels
    std::vector<Row> rows;
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

    void locate();
  };

  std::vector<Source> sources_;
  std::vector<Layout> layouts_;  // by population
  std::vector<Delivery> kept_;
  // While a spike's targets are counted: by core, and a bit for each core that has some.
  std::vector<PerFormat<uint32_t>> counts_;
  std::vector<uint64_t> isTouched_;

  static size_t place(const Source& source, const SourceNeuron& from) {
    return source.shape.index(from.row, from.column, source.dependsOnChannel ? from.channel : 0);
  }
  void count(const Target& target, const SourceNeuron& from);
  void count(CoreId core, SynapseFormat format, uint32_t synapses) {
    counts_[core][size_t(format)] += synapses;
    isTouched_[core / 64] |= uint64_t(1) << core % 64;
  }
  /// Counts a source's targets and appends its deliveries.
  void find(const Source& source, const SourceNeuron& from, std::vector<Delivery>& deliveries);
  void keep(Row& row, const Delivery* first, size_t count);
};

}  // namespace neurochip
