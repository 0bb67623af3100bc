// The barrier that closes a timestep when every core is done and no packet is in flight.
#pragma once

#include <algorithm>
#include <functional>
#include <systemc>

#include "NeuroChip/counters.hpp"
#include "NeuroChip/recorder.hpp"

namespace neurochip {

/// Counts unfinished work; at zero it takes the barrier's time (and waits for the tick, if any) and closes the step.
class Barrier : public sc_core::sc_module {
 public:
  SC_HAS_PROCESS(Barrier);
  Barrier(const sc_core::sc_module_name& name, const ChipParameters& chip, uint32_t tilesInUse, Counters& counters);

  /// Notified when a step begins; cores and the host are sensitive to it.
  const sc_core::sc_event& stepBegins() const { return begins_; }
  /// Number of participants; each must report finished() once a step.
  void setParticipants(uint32_t count) { participants_ = count; }
  /// Called before a step begins and when one closes.
  void onBegin(std::function<void()> action) { beginAction_ = std::move(action); }
  void onClose(std::function<void()> action) { closeAction_ = std::move(action); }

  void started(uint64_t count = 1) { outstanding_ += count; }
  /// The step does not end before that time.
  void occupy(Picoseconds until) { occupiedUntil_ = std::max(occupiedUntil_, until); }
  void finished();

  /// Lets that many steps run in the next sc_start.
  void allow(uint64_t steps);
  uint64_t step() const { return step_; }
  uint64_t remaining() const { return remaining_; }
  Picoseconds barrierTime() const { return time_; }
  void trace(ActivityTrace& file) const { file.add(step_, "chip.steps"); }

 private:
  sc_core::sc_event begins_, closes_;
  Picoseconds time_, tick_, began_ = 0, occupiedUntil_ = 0;
  uint32_t participants_ = 0;
  uint64_t outstanding_ = 0, step_ = 0, remaining_ = 0;
  Counters& counters_;
  std::function<void()> beginAction_, closeAction_;

  void begin();
  void close();
};

/// Linear interpolation between the published points; the nearest point outside their range.
Picoseconds barrierTime(const std::vector<BarrierPoint>& points, uint32_t tiles);

/// The kernel's time in integer picoseconds.
inline Picoseconds now() { return sc_core::sc_time_stamp().value(); }
inline sc_core::sc_time duration(Picoseconds ps) { return sc_core::sc_time::from_value(ps); }

}  // namespace neurochip
