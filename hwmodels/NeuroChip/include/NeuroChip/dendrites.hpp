// Dendrite accumulators of one placed slice: what arrives in one step becomes input in a later one.
#pragma once

#include <optional>
#include <vector>

#include "NeuroChip/accumulator.hpp"
#include "NeuroChip/network.hpp"

namespace neurochip {

/// Three compartments, each with one accumulator for every step that can still be addressed.
template <class Numbers>
class Dendrites {
 public:
  using State = typename Numbers::State;

  Dendrites(const PopulationDescription& population, size_t count, const bool (&used)[compartmentCount],
            uint32_t largestDelay, int stateBits)
      : saturate_(stateBits), slots_(largestDelay + 2) {
    for (int c = 0; c < compartmentCount; ++c) {
      if (!used[c]) continue;
      auto& compartment = compartments_[c].emplace();
      compartment.description = population.compartments[c];
      compartment.state.assign(count, 0);
      compartment.arriving.assign(slots_, Accumulator<Numbers>(count));
    }
  }

  /// The accumulator that becomes input `1 + delay` steps from now.
  Accumulator<Numbers>& arriving(Compartment compartment, uint32_t delay) {
    return compartments_[int(compartment)]->arriving[(step_ + 1 + delay) % slots_];
  }

  /// Begins a step: what arrived for it becomes state. Returns the number of saturations.
  int64_t swap() {
    ++step_;
    for (int c = 0; c < compartmentCount; ++c) {
      if (compartments_[c]) receive(Compartment(c), *compartments_[c]);
    }
    return saturate_.takeCount();
  }

  /// The compartment's states, or nullptr if nothing targets it.
  const State* state(Compartment compartment) const {
    const auto& c = compartments_[int(compartment)];
    return c ? c->state.data() : nullptr;
  }

 private:
  struct Stored {
    CompartmentDescription description;
    std::vector<State> state;
    std::vector<Accumulator<Numbers>> arriving;
  };

  std::optional<Stored> compartments_[compartmentCount];
  Saturation<Numbers> saturate_;
  uint32_t slots_;
  uint64_t step_ = 0;

  void receive(Compartment kind, Stored& c) {
    auto& sums = c.arriving[step_ % slots_];
    const bool silent = sums.isEmpty();
    // One floor shift, then one saturation, after everything has been added.
    const auto withInput = [&](State kept, size_t i) {
      return saturate_(typename Numbers::Sum(kept) + Numbers::shiftedDown(sums[i], c.description.floorShift));
    };
    for (size_t i = 0; i < c.state.size(); ++i) {
      switch (kind) {
        case Compartment::pulse:
          c.state[i] = silent ? State(0) : withInput(0, i);
          break;
        case Compartment::hold:
          if (!silent) c.state[i] = withInput(c.state[i], i);
          break;
        case Compartment::trace: {
          const State decayed = Numbers::decayed(c.state[i], c.description.decayShift);
          c.state[i] = silent ? decayed : withInput(decayed, i);
          break;
        }
      }
    }
    sums.clear();
  }
};

}  // namespace neurochip
