// One neuro-core in time: somas, output axons, and the synapse engine behind the input axons. What it computes is worked out
// by `Function` at the beginning of a step; the processes here play it out.
#pragma once

#include <queue>
#include <systemc>

#include "NeuroChip/injector.hpp"
#include "NeuroChip/recorder.hpp"

namespace neurochip {

class Core final : public sc_core::sc_module {
 public:
  /// What a core shares with the rest of the chip.
  struct Surroundings {
    const ChipParameters& chip;
    const Mesh& mesh;
    Interconnect& interconnect;
    Barrier& barrier;
    Counters& counters;
    Recorder& recorder;
  };

  SC_HAS_PROCESS(Core);
  Core(const sc_core::sc_module_name& name, CoreId id, Activity& activity, const Surroundings& surroundings);

  /// A packet reaches the input axons at that time, in this step; serving it takes so long.
  void accept(Picoseconds arrival, Picoseconds service_ps);
  /// Busy time of the step that ends: the longer of somas and synapse engine.
  Picoseconds closeStep();
  void trace(ActivityTrace& file) const;

 private:
  struct Arrival {
    Picoseconds time;
    uint64_t order;
    Picoseconds service_ps;
    bool operator<(const Arrival& other) const {  // the earliest on top of the heap
      return time != other.time ? time > other.time : order > other.order;
    }
  };

  Activity& activity_;
  Surroundings chip_;
  Injector outputAxons_;

  // Somas.
  sc_core::sc_event somasDone_;
  Picoseconds somaTime_ = 0;
  bool somasBusy_ = false;

  // Input axons and synapse engine.
  sc_core::sc_event engineDue_;
  std::priority_queue<Arrival> arrivals_;
  uint64_t arrivalCount_ = 0;
  Picoseconds engineTime_ = 0;
  bool engineBusy_ = false;
  uint32_t queued_ = 0;

  void beginStep();
  void finishSomas();
  void serve();
  void sendSpike(size_t spike, Picoseconds time);
};

/// Appends the packets of one spike or event to an injector: one with all deliveries where the chip has multicast, else one
/// for each. Making the first takes `first_ps`, each further one `further_ps`. Without targets there is no packet.
void appendPackets(Injector& injector, Activity& activity, size_t spike, bool multicast, Picoseconds earliest,
                   Picoseconds first_ps, Picoseconds further_ps);

}  // namespace neurochip
