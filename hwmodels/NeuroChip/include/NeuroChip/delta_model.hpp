// Neuron model `delta`: LCA with graded spikes that carry the change of the activation.
//
//   u ← u + 2^−stepShift · (h + ownShare · s − u)
//       h: the `hold` compartment. One layer (ownShare 0): drive − (G − I) · (all that was sent).
//       Two layers (ownShare 1): Φᵀ · (the residuals that the pixel layer sent); what they lack is the neuron's own s.
//   a = sign(u) · max(|u| − lambda, 0)
//   spike with payload p = round((a − s) / 2^payloadShift) if |a − s| ≥ sendThreshold;  s ← s + p · 2^payloadShift
//
// A `pulse` input sets u instead (priming): the first step then sends the value as an ordinary message.
// Fixed points up to sendThreshold: those of the LCA, hence of the LASSO.
//
// | parameter       | unit       | default          | meaning                                       |
// |-----------------|------------|------------------|-----------------------------------------------|
// | lambda          | state      | 0.2 (real value) | soft threshold                                |
// | sendThreshold   | state      | lambda / 4       | smallest change that is sent                  |
// | stepShift       | –          | largest stable η | Euler step η = 2^−stepShift (of τ)            |
// | payloadShift    | –          | sendThreshold/8  | one unit of payload is 2^payloadShift states  |
// | ownShare        | –          | 0                | 1: driven by residuals; else 0                |
//
// Defaults are those of LCA networks (LCAOptions in Swift); the chip model itself needs every parameter.
// States: u (internal), s (sum of what was sent). Source: Rozell et al. 2008, eq. 2.7 (LCA); the delta message is a
// sigma-delta encoding of its activation. Two layers: Parpart et al., arXiv 2307.13762.
#pragma once

#include "NeuroChip/soma.hpp"

namespace neurochip {

template <class Numbers>
class DeltaModel final : public Somas<Numbers> {
 public:
  using State = typename Numbers::State;

  struct Parameters {
    State lambda, sendThreshold;
    int stepShift, payloadShift, ownShare;
    explicit Parameters(const PopulationDescription& population);
  };

  DeltaModel(const PopulationDescription& population, size_t count, const ChipParameters& chip);

  uint32_t update(const Dendrites<Numbers>& dendrites, std::vector<Emission>& spikes) override;
  void reset(uint32_t neuron) override { u_[neuron] = sent_[neuron] = 0; }
  bool read(const std::string& state, std::vector<double>& values) const override;
  int64_t takeSaturations() override { return saturateState_.takeCount() + saturatePayload_.takeCount(); }

 private:
  Parameters parameters_;
  Saturation<Numbers> saturateState_, saturatePayload_;
  std::vector<State> u_, sent_;
};

}  // namespace neurochip
