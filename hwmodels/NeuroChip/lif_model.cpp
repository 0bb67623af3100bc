#include "NeuroChip/lif_model.hpp"

namespace neurochip {

template <class Numbers>
LIFModel<Numbers>::Parameters::Parameters(const PopulationDescription& population) {
  ParameterReader reader(population.model, population.parameters);
  currentDecay = int(reader.number("currentDecay", 0, 4096));
  voltageDecay = int(reader.number("voltageDecay", 0, 4096));
  refractory = int(reader.number("refractory", 0, 1 << 30));
  bias = State(reader.state("bias"));
  threshold = State(reader.state("threshold"));
  reader.finish();
}

template <class Numbers>
LIFModel<Numbers>::LIFModel(const PopulationDescription& population, size_t count, const ChipParameters& chip)
    : parameters_(population), saturate_(chip.stateBits), u_(count, 0), v_(count, 0), refractory_(count, 0) {}

template <class Numbers>
uint32_t LIFModel<Numbers>::update(const Dendrites<Numbers>& dendrites, std::vector<Emission>& spikes) {
  using Sum = typename Numbers::Sum;
  const State* pulse = dendrites.state(Compartment::pulse);
  const Sum currentKept = 4096 - parameters_.currentDecay, voltageKept = 4096 - parameters_.voltageDecay;
  uint32_t active = 0;
  for (size_t i = 0; i < u_.size(); ++i) {
    const State p = pulse ? pulse[i] : State(0);
    u_[i] = saturate_(Numbers::shiftedDown(Sum(u_[i]) * currentKept, 12) + p);
    bool spikesNow = false;
    if (refractory_[i] > 0) {
      --refractory_[i];
      v_[i] = 0;
    } else {
      v_[i] = saturate_(Numbers::shiftedDown(Sum(v_[i]) * voltageKept, 12) + u_[i] + parameters_.bias);
      spikesNow = v_[i] > parameters_.threshold;
    }
    active += p != 0 || parameters_.bias != 0 || spikesNow;
    if (!spikesNow) continue;
    v_[i] = 0;
    refractory_[i] = parameters_.refractory;
    spikes.push_back({uint32_t(i), active, 1});
  }
  return active;
}

template <class Numbers>
bool LIFModel<Numbers>::read(const std::string& state, std::vector<double>& values) const {
  const auto* source = state == "u" ? &u_ : state == "v" ? &v_ : nullptr;
  if (!source) return false;
  values.assign(source->begin(), source->end());
  return true;
}

template class LIFModel<Integer<int8_t>>;
template class LIFModel<Integer<int16_t>>;
template class LIFModel<Real>;

}  // namespace neurochip
