// The host port: injects input events into the mesh at the beginning of their step.
#pragma once

#include <limits>
#include <vector>

#include "NeuroChip/core.hpp"

namespace neurochip {

struct InputEvent {
  uint32_t step = 0;
  int32_t channel = 0, row = 0, column = 0;
  double payload = 0;
};

/// What an input event may be.
struct InputLimits {
  Box shape;
  double largestPayload = std::numeric_limits<double>::infinity();
};

/// Events are injected in order, one after the other, each for the host port's time, to all cores with targets.
class HostInterface {
 public:
  HostInterface(SourceId source, const InputLimits& limits, Activity& activity, const Core::Surroundings& surroundings);

  /// Appends events; their steps must not fall and not lie in the past, and each must be within the limits. Throws
  /// DescriptionError.
  void append(const std::vector<InputEvent>& events);

  Outbox& outbox() { return outbox_; }
  /// Takes the events of the step that begins.
  const std::vector<CoreSpike>& takeEvents();
  /// Fills the outbox for the step that begins now, once it is known where the events go.
  void prepareStep();

 private:
  SourceId source_;
  InputLimits limits_;
  Activity& activity_;
  Core::Surroundings chip_;
  Outbox outbox_;
  std::vector<InputEvent> events_;
  size_t next_ = 0;
  std::vector<CoreSpike> taken_;

  void check(const InputEvent& event, uint64_t earliest) const;
  void release();
};

}  // namespace neurochip
