// How long a step can last at the most, known before it is played out, so that simulated time never wraps round.
#pragma once

#include "NeuroChip/function.hpp"

namespace neurochip {

/// Simulated time ends here, at half of what 64 bits hold: 106 days.
constexpr Picoseconds endOfTime = Picoseconds(1) << 63;

/// At any moment of a step some soma, output axon, flit or synapse engine is at work, so a step lasts no longer than
/// all its work done one after the other: on both timing levels, whatever waits for whatever. The halves of 64 bits
/// beyond `endOfTime` are room for the rounding of these sums.
class StepBound {
 public:
  StepBound(const ChipParameters& chip, Picoseconds barrierTime);

  /// Of one core or of the host.
  double work_ps(const Activity& activity) const;
  /// Of a step without any work.
  double idle_ps() const { return idle_ps_; }

 private:
  Costs costs_;
  double delivery_ps_;  // output axons, the longest way, input axons
  double idle_ps_;
};

}  // namespace neurochip
