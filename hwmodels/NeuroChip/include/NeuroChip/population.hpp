// What a network computes, apart from cores and time: populations with their slices, and the synapses between them.
#pragma once

#include <memory>
#include <vector>

#include "NeuroChip/slice.hpp"

namespace neurochip {

/// A population with its numbers hidden.
class Population {
 public:
  virtual ~Population() = default;
  /// Parts that spikes can be delivered to at once.
  virtual const std::vector<Band>& bands() const = 0;
  /// The synapses that this source has here, in the order of projections.
  virtual const std::vector<std::unique_ptr<Synapses>>& synapses(SourceId source) const = 0;
  /// All slices have taken what arrived for this step.
  virtual void endSwap() = 0;
  virtual int perDendrite() const = 0;

  /// Brings near what `prefetch` will read.
  void prefetchBounds(const CoreSpike& spike) const {
    for (const auto& s : synapses(spike.source)) s->prefetchBounds(spike.from);
  }

  /// Brings near what delivering a spike will read.
  void prefetch(const CoreSpike& spike) const {
    for (const auto& s : synapses(spike.source)) s->prefetch(spike.from);
  }

  /// Delivers a spike to a band.
  void deliver(const CoreSpike& spike, const Band& band) const {
    for (const auto& s : synapses(spike.source)) s->deliver(spike.from, spike.payload, band);
  }
};

struct Populations {
  std::vector<std::unique_ptr<Population>> populations;
  std::vector<std::unique_ptr<Slice>> slices;  ///< in the order of placements
};

/// Builds all populations of a network, cut into that many bands. Throws DescriptionError.
Populations makePopulations(const NetworkDescription& network, const ChipParameters& chip, size_t bands);

}  // namespace neurochip
