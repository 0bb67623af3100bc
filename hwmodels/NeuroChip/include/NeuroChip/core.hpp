// One neuro-core in time: somas, output axons, and the synapse engine behind the input axons. What it computes is
// worked out by `Function` at the beginning of a step; this plays it out.
#pragma once

#include <memory>
#include <systemc>

#include "NeuroChip/backlog.hpp"
#include "NeuroChip/core_activity.hpp"
#include "NeuroChip/engine_trace.hpp"
#include "NeuroChip/interconnect.hpp"

namespace neurochip {

class Core final : public sc_core::sc_module {
 public:
  /// What a core shares with the rest of the chip.
  struct Surroundings {
    const ChipParameters& chip;
    const Mesh& mesh;
    Barrier& barrier;
    Counters& counters;
    Recorder& recorder;
    Backlog& backlog;
  };

  SC_HAS_PROCESS(Core);
  Core(const sc_core::sc_module_name& name, CoreId id, Activity& activity, const Surroundings& surroundings);

  Outbox& outbox() { return outbox_; }
  /// Works out when each spike leaves, and fills the outbox for the step that begins now.
  void prepareStep();
  /// A packet reaches the input axons at that time, in this step. Those that are not there yet must
  /// be known before the step's processes run.
  void accept(Picoseconds arrival, const Delivery& delivery);
  /// Busy time of the step that ends: the longer of somas and synapse engine.
  Picoseconds closeStep();
  /// Up to the step that was closed last.
  const CoreActivity& totals() const { return totals_; }
  void trace(ActivityTrace& file);

 private:
  Activity& activity_;
  Surroundings chip_;
  Outbox outbox_;

  // Somas.
  sc_core::sc_event somasDone_;
  Picoseconds somaTime_ = 0;
  bool somasBusy_ = false;

  // Input axons and synapse engine.
  sc_core::sc_event engineDone_;
  std::vector<Arrival> arrivals_;  // that are still to come
  PerFormat<int64_t> operations_{};  // of this step
  Picoseconds engineTime_ = 0, engineFree_ = 0;
  bool engineBusy_ = false;
  std::unique_ptr<EngineTrace> engineTrace_;

  CoreActivity totals_;

  void beginStep();
  void finishSomas();
  void finishEngine();
  /// Works out when all is served that is still to come.
  void serveArrivals();
  void serve(Picoseconds arrival, Picoseconds service_ps);
  void occupyEngine();
};

}  // namespace neurochip
