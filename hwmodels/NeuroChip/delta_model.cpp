#include "NeuroChip/delta_model.hpp"

#include <array>

#include "NeuroChip/clones.hpp"

namespace neurochip {

namespace {

/// A part of the neurons, and the constants of their equations.
template <class State, class Sum>
struct Block {
  size_t count;
  const State *hold, *pulse;
  State *u, *sent;
  Sum* payloads;
  uint8_t* isActive;
  State lambda, threshold, ownShare;
  int stepShift, payloadShift;
  Sum stateLimit, payloadLimit;
};

/// Saturations of both kinds.
struct Saturations {
  int64_t states = 0, payloads = 0;
};

/// The equations without a branch: states move on, and payloads are what they send.
template <class Numbers>
inline __attribute__((always_inline)) Saturations
advance(const Block<typename Numbers::State, typename Numbers::Sum>& block) {
  using State = typename Numbers::State;
  using Sum = typename Numbers::Sum;
  const auto own = block;  // what the compiler knows not to change with the states
  int64_t states = 0, payloads = 0;
  for (size_t i = 0; i < own.count; ++i) {
    const State h = own.hold[i], primed = own.pulse[i], before = own.u[i], sent = own.sent[i];
    const State goal = h + own.ownShare * sent;
    const Sum moved = Sum(before) + Numbers::fraction(goal - before, own.stepShift);
    const Sum kept = std::clamp<Sum>(moved, -own.stateLimit - 1, own.stateLimit);
    states += (primed == 0) & (kept != moved);
    const State u = primed != 0 ? primed : State(kept);
    const State a = u - std::clamp<State>(u, -own.lambda, own.lambda);
    const State change = a - sent;
    const bool mustSend = (change >= own.threshold) | (change <= -own.threshold);
    const Sum whole = Numbers::rounded(change, own.payloadShift);
    const Sum held = std::clamp<Sum>(whole, -own.payloadLimit - 1, own.payloadLimit);
    payloads += mustSend & (held != whole);
    const Sum p = mustSend ? held : Sum(0);
    own.u[i] = u;
    own.sent[i] = sent + Numbers::restored(State(p), own.payloadShift);
    own.payloads[i] = p;
    own.isActive[i] = (h != 0) | (primed != 0) | (p != 0);
  }
  return {states, payloads};
}

// All integers have states and sums of the same widths.
NEUROCHIP_CLONES Saturations advance(const Block<int32_t, int64_t>& block) { return advance<Integer<int8_t>>(block); }
NEUROCHIP_CLONES Saturations advance(const Block<double, double>& block) { return advance<Real>(block); }

}  // namespace

template <class Numbers>
DeltaModel<Numbers>::Parameters::Parameters(const PopulationDescription& population) {
  ParameterReader reader(population.model, population.parameters);
  lambda = State(reader.magnitude("lambda"));
  sendThreshold = State(reader.state("sendThreshold"));
  stepShift = reader.shift("stepShift");
  payloadShift = reader.shift("payloadShift");
  ownShare = int(reader.number("ownShare", 0, 1));
  reader.finish();
}

template <class Numbers>
DeltaModel<Numbers>::DeltaModel(const PopulationDescription& population, size_t count, const ChipParameters& chip)
    : parameters_(population),
      saturateState_(chip.stateBits),
      saturatePayload_(chip.payloadBits),
      u_(count, 0),
      sent_(count, 0) {}

template <class Numbers>
uint32_t DeltaModel<Numbers>::update(const Dendrites<Numbers>& dendrites, std::vector<Emission>& spikes) {
  using Sum = typename Numbers::Sum;
  const State* hold = dendrites.state(Compartment::hold);
  const State* pulse = dendrites.state(Compartment::pulse);
  const std::array<State, neuronsPerBlock> nothing{};
  std::array<Sum, neuronsPerBlock> payloads;
  std::array<uint8_t, neuronsPerBlock> isActive;
  uint32_t active = 0;
  for (size_t first = 0; first < u_.size(); first += neuronsPerBlock) {
    const size_t count = std::min(neuronsPerBlock, u_.size() - first);
    const Saturations saturations = advance(
        Block<State, Sum>{count, hold ? hold + first : nothing.data(), pulse ? pulse + first : nothing.data(),
                          u_.data() + first, sent_.data() + first, payloads.data(), isActive.data(), parameters_.lambda,
                          parameters_.sendThreshold, State(parameters_.ownShare), parameters_.stepShift,
                          parameters_.payloadShift, saturateState_.limit(), saturatePayload_.limit()});
    saturateState_.add(saturations.states);
    saturatePayload_.add(saturations.payloads);
    for (size_t i = 0; i < count; ++i) {
      active += isActive[i];
      if (payloads[i] != 0) spikes.push_back({uint32_t(first + i), active, double(payloads[i])});
    }
  }
  return active;
}

template <class Numbers>
bool DeltaModel<Numbers>::read(const std::string& state, std::vector<double>& values) const {
  const auto* source = state == "u" ? &u_ : state == "s" ? &sent_ : nullptr;
  if (!source) return false;
  values.assign(source->begin(), source->end());
  return true;
}

template class DeltaModel<Integer<int8_t>>;
template class DeltaModel<Integer<int16_t>>;
template class DeltaModel<Real>;

}  // namespace neurochip
