// Output axons' tables: to which cores a source's packets go.
#pragma once

#include <memory>
#include <vector>

#include "NeuroChip/slice.hpp"

namespace neurochip {

/// Destination cores of every source neuron, worked out when it first spikes.
class Fanout {
 public:
  Fanout(const NetworkDescription& network, const std::vector<std::unique_ptr<Slice>>& slices);

  /// Cores with at least one target of this source, in rising order.
  const std::vector<CoreId>& destinations(SourceId source, const SourceNeuron& from);

 private:
  struct Target {
    CoreId core;
    const Synapses* synapses;
  };
  struct Row {
    bool known = false;
    std::vector<CoreId> cores;
  };
  struct Source {
    Box shape;
    std::vector<Target> targets;
    bool channelMatters = false;  ///< without it, one row serves all channels of a position
    std::vector<Row> rows;
  };

  std::vector<Source> sources_;
};

}  // namespace neurochip
