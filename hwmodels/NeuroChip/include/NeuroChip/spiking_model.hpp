// Neuron model `spiking`: S-LCA with binary spikes, one neuron or an ON/OFF pair on each dendrite.
//
//   μ = ± (h − w)          h: `hold` (the drive b), w: `trace` (W σ, σ the spikes' exponential trace)
//   V ← max(0, V + 2^−stepShift · (μ − lambda));  spike if V ≥ charge;  V ← V − charge
//
// The pair reads its dendrite with opposite signs; a spike's sign travels in its axon. Each spike is worth `charge`,
// and its trace has unit area: the step of the Euler scheme (2^−stepShift of τ) is also the trace's decay. The ON/OFF
// interaction inside a pair (Gram entry −1) is left out: it does not move the fixed point, as a pair's two
// rates cannot both be positive there.
//
// | parameter  | unit  | default                        | meaning                                                |
// |------------|-------|--------------------------------|--------------------------------------------------------|
// | lambda     | state | 0.2 (real value)               | threshold that makes the code sparse                   |
// | charge     | state | largest drive × 2^−stepShift ↑ | what a spike takes from V (↑: to a power of two)       |
// | payload    | –     | 1 (integers), charge (real)    | what its packet carries, with the sign of its polarity |
// | stepShift  | –     | largest stable step            | Euler step 2^−stepShift (of τ)                         |
// | polarities | –     | 2                              | 1: non-negative codes; 2: an ON/OFF pair               |
//
// A neuron spikes at most once a step. What V holds beyond `charge` stays: it is spent by spikes of later steps, and
// where the drive asks for more than one spike a step, V grows until it saturates, which is counted.
//
// Defaults are those of LCA networks (LCAOptions in Swift); the chip model itself needs every parameter.
// State: V. Source: Tang, Lin, Davies, arXiv 1705.05475 (2017), eqs. 1–5.
#pragma once

#include "NeuroChip/soma.hpp"

namespace neurochip {

template <class Numbers>
class SpikingModel final : public Somas<Numbers> {
 public:
  using State = typename Numbers::State;

  struct Parameters {
    State lambda, charge;
    double payload;
    int stepShift, polarities;
    explicit Parameters(const PopulationDescription& population);
  };

  SpikingModel(const PopulationDescription& population, size_t count, const ChipParameters& chip);

  uint32_t update(const Dendrites<Numbers>& dendrites, std::vector<Emission>& spikes) override;
  void reset(uint32_t neuron) override { v_[neuron] = 0; }
  bool read(const std::string& state, std::vector<double>& values) const override;
  int64_t takeSaturations() override { return saturate_.takeCount(); }

 private:
  Parameters parameters_;
  Saturation<Numbers> saturate_;
  std::vector<State> v_;
};

}  // namespace neurochip
