// The host port: injects input events into the mesh at the beginning of their step.
#pragma once

#include <limits>
#include <systemc>
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
class HostInterface : public sc_core::sc_module {
 public:
  SC_HAS_PROCESS(HostInterface);
  HostInterface(const sc_core::sc_module_name& name, SourceId source, const InputLimits& limits,
                const Core::Surroundings& chip);

  /// Appends events; their steps must not fall and not lie in the past, and each must be within the limits. Throws DescriptionError.
  void append(const std::vector<InputEvent>& events);

 private:
  SourceId source_;
  InputLimits limits_;
  Core::Surroundings chip_;
  std::vector<InputEvent> events_;
  size_t next_ = 0;
  sc_core::sc_event eventDue_;

  void beginStep();
  void inject();
  bool hasEventNow() const { return next_ < events_.size() && events_[next_].step == chip_.barrier.step(); }
};

}  // namespace neurochip
