// Neuron model `lif`: Loihi's current-based leaky integrate-and-fire neuron, for general networks.
//
//   u ← ⌊u · (4096 − currentDecay) / 4096⌋ + p     p: `pulse`, the synaptic input of this step
//   v ← ⌊v · (4096 − voltageDecay) / 4096⌋ + u + bias, but 0 while the neuron is refractory
//   spike if v > threshold; then v ← 0 and the neuron is refractory for the following `refractory` steps
//
// | parameter    | unit     | default | meaning                                                              |
// |--------------|----------|---------|----------------------------------------------------------------------|
// | currentDecay | 1 / 4096 | 4096    | share of the current lost each step, 0 … 4096; 4096: lasts one step  |
// | voltageDecay | 1 / 4096 | 0       | share of the potential lost each step, 0 … 4096; 0: no leak          |
// | bias         | state    | 0       | added to the potential in every step                                 |
// | threshold    | state    | –       | a spike needs more than this                                         |
// | refractory   | steps    | 0       | steps after a spike during which v stays 0                           |
//
// Defaults are those of LIFModel in Swift; the chip model itself needs every parameter.
// A spike carries the payload 1. States: u, v. Source: Davies et al., IEEE Micro 38(1), 2018,
// eqs. 1-3 (decay constants of 12 bits); the strict comparison is that of Intel's lava (LIF process models).
#pragma once

#include "NeuroChip/soma.hpp"

namespace neurochip {

template <class Numbers>
class LIFModel final : public Somas<Numbers> {
 public:
  using State = typename Numbers::State;

  struct Parameters {
    int currentDecay, voltageDecay, refractory;
    State bias, threshold;
    explicit Parameters(const PopulationDescription& population);
  };

  LIFModel(const PopulationDescription& population, size_t count, const ChipParameters& chip);

  uint32_t update(const Dendrites<Numbers>& dendrites, std::vector<Emission>& spikes) override;
  void reset(uint32_t neuron) override { u_[neuron] = v_[neuron] = refractory_[neuron] = 0; }
  bool read(const std::string& state, std::vector<double>& values) const override;
  int64_t takeSaturations() override { return saturate_.takeCount(); }

 private:
  Parameters parameters_;
  Saturation<Numbers> saturate_;
  std::vector<State> u_, v_;
  std::vector<int32_t> refractory_;
};

}  // namespace neurochip
