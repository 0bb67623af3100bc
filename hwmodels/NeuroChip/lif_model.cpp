#include "NeuroChip/lif_model.hpp"

#include <array>

#include "NeuroChip/clones.hpp"

namespace neurochip {

namespace {

/// A part of the neurons, and the constants of their equations.
template <class State, class Sum>
struct Block {
  size_t count;
  const State* pulse;
  State *u, *v;
  int32_t* refractory;
  uint8_t *spikes, *isActive;
  Sum currentKept, voltageKept, limit;
  State bias, threshold;
  int32_t rest;
};

/// The equations without a branch. Returns the number of saturations.
template <class Numbers>
inline __attribute__((always_inline)) int64_t
advance(const Block<typename Numbers::State, typename Numbers::Sum>& block) {
  using State = typename Numbers::State;
  using Sum = typename Numbers::Sum;
  const auto own = block;  // what the compiler knows not to change with the states
  int64_t saturations = 0;
  for (size_t i = 0; i < own.count; ++i) {
    const State p = own.pulse[i];
    const Sum current = Numbers::shiftedDown(Sum(own.u[i]) * own.currentKept, 12) + p;
    const Sum u = std::clamp<Sum>(current, -own.limit - 1, own.limit);
    const Sum potential = Numbers::shiftedDown(Sum(own.v[i]) * own.voltageKept, 12) + u + own.bias;
    const Sum v = std::clamp<Sum>(potential, -own.limit - 1, own.limit);
    const bool rests = own.refractory[i] > 0;
    const bool spikes = !rests & (v > own.threshold);
    saturations += int64_t(u != current) + (!rests & (v != potential));
    own.u[i] = State(u);
    own.v[i] = (rests | spikes) ? State(0) : State(v);
    own.refractory[i] = rests ? own.refractory[i] - 1 : spikes ? own.rest : 0;
    own.spikes[i] = spikes;
    own.isActive[i] = (p != 0) | (own.bias != 0) | spikes;
  }
  return saturations;
}

// All integers have states and sums of the same widths.
NEUROCHIP_CLONES int64_t advance(const Block<int32_t, int64_t>& block) { return advance<Integer<int8_t>>(block); }
NEUROCHIP_CLONES int64_t advance(const Block<double, double>& block) { return advance<Real>(block); }

}  // namespace

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
  const std::array<State, neuronsPerBlock> noPulse{};
  std::array<uint8_t, neuronsPerBlock> spikesNow, isActive;
  uint32_t active = 0;
  for (size_t first = 0; first < u_.size(); first += neuronsPerBlock) {
    const size_t count = std::min(neuronsPerBlock, u_.size() - first);
    saturate_.add(advance(Block<State, Sum>{
        count, pulse ? pulse + first : noPulse.data(), u_.data() + first, v_.data() + first, refractory_.data() + first,
        spikesNow.data(), isActive.data(), Sum(4096 - parameters_.currentDecay), Sum(4096 - parameters_.voltageDecay),
        saturate_.limit(), parameters_.bias, parameters_.threshold, parameters_.refractory}));
    for (size_t i = 0; i < count; ++i) {
      active += isActive[i];
      if (spikesNow[i]) spikes.push_back({uint32_t(first + i), active, 1});
    }
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
