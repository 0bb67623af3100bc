// Dendrites: what arrives in one step becomes input in a later one.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "NeuroChip/accumulator.hpp"
#include "NeuroChip/network.hpp"

namespace neurochip {

/// What is on its way to a population's dendrites: for each compartment, sums for every step that can still be
/// addressed.
template <class Numbers>
class DendriteSums {
 public:
  DendriteSums(const Box& shape, size_t bandCount, const bool (&used)[compartmentCount], uint32_t largestDelay)
      : shape_(shape), bands_(makeBands(shape, bandCount)), slots_(largestDelay + 1) {
    for (int c = 0; c < compartmentCount; ++c) {
      for (uint32_t slot = 0; used[c] && slot < slots_; ++slot) sums_[c].emplace_back(shape, bands_);
    }
  }

  const Box& shape() const { return shape_; }
  const std::vector<Band>& bands() const { return bands_; }
  bool uses(Compartment compartment) const { return !sums_[int(compartment)].empty(); }

  /// Sums that become input `1 + delay` steps from now. Once what was due has been taken.
  Accumulator<Numbers>& arriving(Compartment compartment, uint32_t delay) {
    return sums_[int(compartment)][(step_ + delay) % slots_];
  }
  /// Sums that become input now.
  Accumulator<Numbers>& due(Compartment compartment) { return sums_[int(compartment)][step_ % slots_]; }

  /// All that was due has been taken; its sums are used again for what arrives last.
  void endSwap() {
    for (auto& sums : sums_)
      if (!sums.empty()) sums[step_ % slots_].reset();
    ++step_;
  }

 private:
  Box shape_;
  std::vector<Band> bands_;
  uint32_t slots_;
  uint64_t step_ = 0;
  std::deque<Accumulator<Numbers>> sums_[compartmentCount];  // each of `slots_`, or of none if nothing targets it
};

/// The states of the dendrites of one placed slice: three compartments.
template <class Numbers>
class Dendrites {
 public:
  using State = typename Numbers::State;

  Dendrites(const PopulationDescription& population, const Box& box, DendriteSums<Numbers>& sums, int stateBits)
      : box_(box), sums_(sums), limit_((int64_t(1) << (stateBits - 1)) - 1) {
    for (int c = 0; c < compartmentCount; ++c) {
      if (!sums.uses(Compartment(c))) continue;
      auto& compartment = compartments_[c].emplace();
      compartment.description = population.compartments[c];
      compartment.state.assign(box.size(), 0);
    }
  }

  /// Begins a step: what arrived for it becomes state. Returns the number of saturations.
  int64_t swap() {
    int64_t saturations = 0;
    for (int c = 0; c < compartmentCount; ++c) {
      if (compartments_[c]) saturations += receive(Compartment(c), *compartments_[c]);
    }
    return saturations;
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
  };

  Box box_;
  DendriteSums<Numbers>& sums_;
  std::optional<Stored> compartments_[compartmentCount];
  int64_t limit_;

  int64_t receive(Compartment kind, Stored& c) {
    auto& due = sums_.due(kind);
    Reception reception;
    reception.floorShift = c.description.floorShift;
    reception.keeps = kind != Compartment::pulse;
    reception.decays = kind == Compartment::trace;
    reception.decayShift = c.description.decayShift;
    reception.limit = limit_;
    if (!due.isEmpty()) return take(due, c, reception);
    if (!reception.keeps) {
      std::fill(c.state.begin(), c.state.end(), State(0));
    } else if (reception.decays) {
      for (State& state : c.state) state = Numbers::decayed(state, reception.decayShift);
    }
    return 0;
  }

  int64_t take(Accumulator<Numbers>& due, Stored& c, const Reception& reception) {
    const Box& shape = sums_.shape();
    const bool usesWide = due.usesWide();
    const bool wholeRows = box_.channels() == shape.channels();
    const size_t run = size_t(box_.channels()) * (wholeRows ? size_t(box_.columns()) : 1);
    State* state = c.state.data();
    int64_t saturations = 0;
    for (int32_t row = box_.row0; row < box_.row1; ++row)
      for (int32_t column = box_.column0; column < box_.column1; column += wholeRows ? box_.columns() : 1) {
        saturations += due.take(shape.index(row, column, box_.channel0), run, usesWide, reception, state);
        state += run;
      }
    return saturations;
  }
};

}  // namespace neurochip
