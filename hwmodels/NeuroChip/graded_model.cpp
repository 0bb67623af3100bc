#include "NeuroChip/graded_model.hpp"

namespace neurochip {

template <class Numbers>
GradedModel<Numbers>::Parameters::Parameters(const PopulationDescription& population) {
  ParameterReader reader(population.model, population.parameters);
  lambda = State(reader.state("lambda"));
  stepShift = reader.shift("stepShift");
  payloadShift = reader.shift("payloadShift");
  reader.finish();
}

template <class Numbers>
GradedModel<Numbers>::GradedModel(const PopulationDescription& population, size_t count, const ChipParameters& chip)
    : parameters_(population), saturateState_(chip.stateBits), saturatePayload_(chip.payloadBits), u_(count, 0) {}

template <class Numbers>
uint32_t GradedModel<Numbers>::update(const Dendrites<Numbers>& dendrites, std::vector<Emission>& spikes) {
  const State* hold = dendrites.state(Compartment::hold);
  const State* trace = dendrites.state(Compartment::trace);
  const State* pulse = dendrites.state(Compartment::pulse);
  const State lambda = parameters_.lambda;
  using Sum = typename Numbers::Sum;
  uint32_t active = 0;
  for (size_t i = 0; i < u_.size(); ++i) {
    const State h = hold ? hold[i] : State(0), w = trace ? trace[i] : State(0);
    const State primed = pulse ? pulse[i] : State(0);
    const State u =
        primed != 0 ? primed : saturateState_(Sum(u_[i]) + Numbers::fraction(h + w - u_[i], parameters_.stepShift));
    u_[i] = u;
    const State a = u > lambda ? u - lambda : u < -lambda ? u + lambda : State(0);
    const State payload = saturatePayload_(Numbers::rounded(a, parameters_.payloadShift));
    active += h != 0 || w != 0 || primed != 0 || payload != 0;
    if (payload != 0) spikes.push_back({uint32_t(i), active, double(payload)});
  }
  return active;
}

template <class Numbers>
bool GradedModel<Numbers>::read(const std::string& state, std::vector<double>& values) const {
  if (state != "u") return false;
  values.assign(u_.begin(), u_.end());
  return true;
}

template <class Numbers>
int64_t GradedModel<Numbers>::takeSaturations() {
  return saturateState_.takeCount() + saturatePayload_.takeCount();
}

template class GradedModel<Integer<int8_t>>;
template class GradedModel<Integer<int16_t>>;
template class GradedModel<Real>;

}  // namespace neurochip
