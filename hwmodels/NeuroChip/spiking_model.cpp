#include "NeuroChip/spiking_model.hpp"

namespace neurochip {

template <class Numbers>
SpikingModel<Numbers>::Parameters::Parameters(const PopulationDescription& population) {
  ParameterReader reader(population.model, population.parameters);
  lambda = State(reader.state("lambda"));
  charge = State(reader.state("charge"));
  payload = reader.state("payload");
  stepShift = reader.shift("stepShift");
  polarities = int(reader.number("polarities", 1, 2));
  reader.finish();
  if (!(charge > 0)) throw DescriptionError("parameter 'charge' of neuron model 'spiking' must be positive");
}

template <class Numbers>
SpikingModel<Numbers>::SpikingModel(const PopulationDescription& population, size_t count, const ChipParameters& chip)
    : parameters_(population), saturate_(chip.stateBits), v_(count * size_t(parameters_.polarities), 0) {}

template <class Numbers>
uint32_t SpikingModel<Numbers>::update(const Dendrites<Numbers>& dendrites, std::vector<Emission>& spikes) {
  const State* hold = dendrites.state(Compartment::hold);
  const State* trace = dendrites.state(Compartment::trace);
  const int polarities = parameters_.polarities;
  uint32_t active = 0;
  for (size_t n = 0; n < v_.size(); ++n) {
    const size_t dendrite = n / size_t(polarities);
    const int sign = n % size_t(polarities) == 0 ? 1 : -1;
    const State h = hold ? hold[dendrite] : State(0), w = trace ? trace[dendrite] : State(0);
    const State current = sign * (h - w) - parameters_.lambda;
    State v = saturate_(typename Numbers::Sum(v_[n]) + Numbers::fraction(current, parameters_.stepShift));
    v = std::max(v, State(0));
    const bool spikesNow = v >= parameters_.charge;
    active += h != 0 || w != 0 || spikesNow;
    if (spikesNow) {
      v -= parameters_.charge;
      spikes.push_back({uint32_t(n), active, sign * parameters_.payload});
    }
    v_[n] = v;
  }
  return active;
}

template <class Numbers>
bool SpikingModel<Numbers>::read(const std::string& state, std::vector<double>& values) const {
  if (state != "V") return false;
  values.assign(v_.begin(), v_.end());
  return true;
}

template class SpikingModel<Integer<int8_t>>;
template class SpikingModel<Integer<int16_t>>;
template class SpikingModel<Real>;

}  // namespace neurochip
