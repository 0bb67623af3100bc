// A placed slice of a population: its dendrites and somas, on one core.
#pragma once

#include <algorithm>
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
  virtual uint32_t neurons() const = 0;
  /// Swaps the dendrites, updates the neurons, appends spikes; returns active updates and adds up saturations.
  virtual uint32_t step(uint32_t updatesBefore, uint32_t activeBefore, std::vector<CoreSpike>& spikes,
                        int64_t& saturations) = 0;
  virtual bool read(const std::string& state, std::vector<double>& values) const = 0;
};

/// The slice of a population whose dendrites these sums are for.
template <class Numbers>
class TypedSlice final : public Slice {
 public:
  TypedSlice(const PlacementDescription& placement, const PopulationDescription& population,
             DendriteSums<Numbers>& sums, const ChipParameters& chip, const Faults& faults)
      : population_(placement.population),
        shape_(sums.shape()),
        box_(placement.box),
        perDendrite_(neuronsPerDendrite(population)),
        dendrites_(population, box_, sums, chip.stateBits),
        somas_(makeSomas<Numbers>(population, box_.size(), chip)) {
    for (uint32_t neuron = 0; faults.deadNeurons > 0 && neuron < neurons(); ++neuron) {
      if (faults.isDead(population_, index(position(neuron), neuron))) dead_.push_back(neuron);
    }
  }

  SourceId population() const override { return population_; }
  const Box& box() const override { return box_; }
  uint32_t neurons() const override { return uint32_t(box_.size()) * uint32_t(perDendrite_); }

  uint32_t step(uint32_t updatesBefore, uint32_t activeBefore, std::vector<CoreSpike>& spikes,
                int64_t& saturations) override {
    saturations += dendrites_.swap();
    emissions_.clear();
    const uint32_t active = somas_->update(dendrites_, emissions_);
    saturations += somas_->takeSaturations();
    if (!dead_.empty()) dropWhatDeadNeuronsDid();
    for (const Emission& e : emissions_) spikes.push_back(spike(e, updatesBefore, activeBefore));
    return active;
  }

  bool read(const std::string& state, std::vector<double>& values) const override {
    return somas_->read(state, values);
  }

 private:
  SourceId population_;
  Box shape_, box_;
  int perDendrite_;
  Dendrites<Numbers> dendrites_;
  std::unique_ptr<Somas<Numbers>> somas_;
  std::vector<Emission> emissions_;
  std::vector<uint32_t> dead_;  // neurons of the slice, by rising index

  /// Dead neurons are updated as all are; nothing comes of it.
  void dropWhatDeadNeuronsDid() {
    for (const uint32_t neuron : dead_) somas_->reset(neuron);
    const auto isDead = [this](const Emission& e) { return std::binary_search(dead_.begin(), dead_.end(), e.neuron); };
    emissions_.erase(std::remove_if(emissions_.begin(), emissions_.end(), isDead), emissions_.end());
  }

  SourceNeuron position(uint32_t neuron) const {
    const auto dendrite = int32_t(neuron / uint32_t(perDendrite_));
    return {box_.row0 + dendrite / box_.channels() / box_.columns(),
            box_.column0 + dendrite / box_.channels() % box_.columns(), box_.channel0 + dendrite % box_.channels()};
  }

  /// In the whole population.
  uint64_t index(const SourceNeuron& at, uint32_t neuron) const {
    return uint64_t(shape_.index(at.row, at.column, at.channel)) * uint64_t(perDendrite_) +
           neuron % uint32_t(perDendrite_);
  }

  CoreSpike spike(const Emission& e, uint32_t updatesBefore, uint32_t activeBefore) const {
    CoreSpike s;
    s.source = population_;
    s.from = position(e.neuron);
    s.neuron = index(s.from, e.neuron);
    s.updatesBefore = updatesBefore + e.neuron + 1;
    s.activeBefore = activeBefore + e.activeUpdates;
    s.payload = e.payload;
    return s;
  }
};

}  // namespace neurochip
