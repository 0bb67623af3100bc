#include "NeuroChip/delta_model.hpp"

namespace neurochip {

template <class Numbers>
DeltaModel<Numbers>::Parameters::Parameters(const PopulationDescription& population) {
  ParameterReader reader(population.model, population.parameters);
  lambda = State(reader.state("lambda"));
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
  const State* hold = dendrites.state(Compartment::hold);
  const State* pulse = dendrites.state(Compartment::pulse);
  const State lambda = parameters_.lambda, threshold = parameters_.sendThreshold;
  using Sum = typename Numbers::Sum;
  uint32_t active = 0;
  for (size_t i = 0; i < u_.size(); ++i) {
    const State h = hold ? hold[i] : State(0);
    const State primed = pulse ? pulse[i] : State(0);
    const State goal = h + parameters_.ownShare * sent_[i];
    const State u =
        primed != 0 ? primed : saturateState_(Sum(u_[i]) + Numbers::fraction(goal - u_[i], parameters_.stepShift));
    u_[i] = u;
    const State a = u > lambda ? u - lambda : u < -lambda ? u + lambda : State(0);
    const State change = a - sent_[i];
    const bool mustSend = change >= threshold || change <= -threshold;
    const State p = mustSend ? saturatePayload_(Numbers::rounded(change, parameters_.payloadShift)) : State(0);
    active += h != 0 || primed != 0 || p != 0;
    if (p == 0) continue;
    sent_[i] += Numbers::restored(p, parameters_.payloadShift);
    spikes.push_back({uint32_t(i), active, double(p)});
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
