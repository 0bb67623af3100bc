// What a core computes, apart from when: its placed slices of populations with their dendrites, synapses and somas.
#pragma once

#include <memory>
#include <vector>

#include "NeuroChip/soma.hpp"
#include "NeuroChip/synapses.hpp"

namespace neurochip {

/// Which population (or the input port: the index after the last population) a packet comes from.
using SourceId = uint32_t;

/// A spike, as the output axons see it.
struct CoreSpike {
  SourceId source = 0;
  SourceNeuron from;
  uint64_t neuron = 0;         ///< index in its population, (row, column, channel, polarity), polarity fastest
  uint32_t updatesBefore = 0;  ///< updates of the core up to and including this neuron's
  uint32_t activeBefore = 0;   ///< active ones among them
  double payload = 0;
};

/// A slice with its numbers hidden, so that cores do not depend on them.
class Slice {
 public:
  virtual ~Slice() = default;
  virtual SourceId population() const = 0;
  virtual const Box& box() const = 0;
  /// The synapses that this source has in this slice.
  virtual const std::vector<std::unique_ptr<Synapses>>& synapses(SourceId source) const = 0;
  virtual uint32_t neurons() const = 0;
  /// Swaps the dendrites, updates the neurons, appends spikes; returns active updates and adds up saturations.
  virtual uint32_t step(uint32_t updatesBefore, uint32_t activeBefore, std::vector<CoreSpike>& spikes,
                        int64_t& saturations) = 0;
  virtual bool read(const std::string& state, std::vector<double>& values) const = 0;
};

/// Builds all slices of a network, in the order of its placements. Throws DescriptionError.
std::vector<std::unique_ptr<Slice>> makeSlices(const NetworkDescription& network, const ChipParameters& chip);

}  // namespace neurochip
