// Shows a synapse engine's work as signals, for a VCD: the engine serves ahead of the kernel's time, this follows in
// time.
#pragma once

#include <queue>
#include <systemc>
#include <vector>

#include "NeuroChip/barrier.hpp"
#include "NeuroChip/recorder.hpp"

namespace neurochip {

class EngineTrace final : public sc_core::sc_module {
 public:
  SC_HAS_PROCESS(EngineTrace);
  explicit EngineTrace(const sc_core::sc_module_name& name);

  /// A packet comes in, waits until the engine begins with it, and is served until the end.
  void add(Picoseconds arrival, Picoseconds begin, Picoseconds end);
  void trace(ActivityTrace& file, const std::string& prefix) const;

 private:
  struct Change {
    Picoseconds time;
    int queued;   ///< packets that join the queue, or leave it
    int serving;  ///< packets that come under service, or are done
    bool operator<(const Change& other) const { return time > other.time; }  // the earliest on top of the heap
  };

  std::priority_queue<Change> changes_;
  sc_core::sc_event due_;
  uint32_t queued_ = 0;
  int serving_ = 0;
  bool busy_ = false;

  void show();
};

}  // namespace neurochip
