// Neuron model `graded`: LCA whose active neurons send their whole activation in every step.
//
//   u ← u + 2^−stepShift · (h + w − u)        h: `hold`, the drive; w: `trace` with decay shift 0, so that it lasts one
//                                             step: −(G − I) · (activations of the last step)
//   a = sign(u) · max(|u| − lambda, 0)
//   spike with payload round(a / 2^payloadShift), unless that is 0
//
// A `pulse` input sets u instead (priming).
//
// | parameter    | unit  | default          | meaning                                       |
// |--------------|-------|------------------|-----------------------------------------------|
// | lambda       | state | 0.2 (real value) | soft threshold                                |
// | stepShift    | –     | largest stable η | Euler step η = 2^−stepShift (of τ)            |
// | payloadShift | –     | lambda / 32      | one unit of payload is 2^payloadShift states  |
//
// Defaults are those of LCA networks (LCAOptions in Swift); the chip model itself needs every parameter.
// State: u. Source: Rozell et al. 2008, eq. 2.7; as a chip runs it, Parpart et al., arXiv 2307.13762 (one layer).
#pragma once

#include "NeuroChip/soma.hpp"

namespace neurochip {

template <class Numbers>
class GradedModel final : public Somas<Numbers> {
 public:
  using State = typename Numbers::State;

  struct Parameters {
    State lambda;
    int stepShift, payloadShift;
    explicit Parameters(const PopulationDescription& population);
  };

  GradedModel(const PopulationDescription& population, size_t count, const ChipParameters& chip);

  uint32_t update(const Dendrites<Numbers>& dendrites, std::vector<Emission>& spikes) override;
  void reset(uint32_t neuron) override { u_[neuron] = 0; }
  bool read(const std::string& state, std::vector<double>& values) const override;
  int64_t takeSaturations() override;

 private:
  Parameters parameters_;
  Saturation<Numbers> saturateState_, saturatePayload_;
  std::vector<State> u_;
};

}  // namespace neurochip
