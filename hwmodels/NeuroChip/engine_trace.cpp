#include "NeuroChip/engine_trace.hpp"

namespace neurochip {

EngineTrace::EngineTrace(const sc_core::sc_module_name& name) : sc_module(name) {
  SC_METHOD(show);
  sensitive << due_;
  dont_initialize();
}

void EngineTrace::add(Picoseconds arrival, Picoseconds begin, Picoseconds end) {
  changes_.push({arrival, 1, 0});
  changes_.push({begin, -1, 1});
  changes_.push({end, 0, -1});
  due_.notify(duration(changes_.top().time - now()));
}

void EngineTrace::show() {
  while (!changes_.empty() && changes_.top().time <= now()) {
    queued_ += uint32_t(changes_.top().queued);
    serving_ += changes_.top().serving;
    changes_.pop();
  }
  busy_ = serving_ > 0;
  if (!changes_.empty()) due_.notify(duration(changes_.top().time - now()));
}

void EngineTrace::trace(ActivityTrace& file, const std::string& prefix) const {
  file.add(busy_, prefix + ".synapse_engine_busy");
  file.add(queued_, prefix + ".packets_queued");
}

}  // namespace neurochip
