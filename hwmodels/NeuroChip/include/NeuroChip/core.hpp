// One neuro-core: input axons and synapse engine, dendrites, somas, output axons.
#pragma once

#include <memory>
#include <queue>
#include <systemc>
#include <vector>

#include "NeuroChip/barrier.hpp"
#include "NeuroChip/fanout.hpp"
#include "NeuroChip/mesh.hpp"
#include "NeuroChip/recorder.hpp"

namespace neurochip {

struct Packet {
  SourceId source = 0;
  SourceNeuron from;
  double payload = 0;
};

class Core;

/// Sends packets over the mesh to cores.
class Network {
 public:
  Network(Mesh& mesh, Barrier& barrier) : mesh_(mesh), barrier_(barrier) {}
  void attach(CoreId id, Core* core);
  void send(const Packet& packet, const Port& from, CoreId destination);

 private:
  Mesh& mesh_;
  Barrier& barrier_;
  std::vector<Core*> cores_;
};

class Core : public sc_core::sc_module {
 public:
  /// What a core shares with the rest of the chip.
  struct Surroundings {
    const Costs& costs;
    Mesh& mesh;
    Network& network;
    Barrier& barrier;
    Fanout& fanout;
    Counters& counters;
    Recorder& recorder;
  };

  SC_HAS_PROCESS(Core);
  Core(const sc_core::sc_module_name& name, CoreId id, std::vector<Slice*> slices, const Surroundings& chip);

  /// A packet that will arrive at that time, in this step.
  void accept(const Packet& packet, Picoseconds arrival);
  /// Busy time of the step that ends: the longer of somas and synapse engine.
  Picoseconds closeStep();
  void trace(ActivityTrace& file) const;

 private:
  struct Arrival {
    Picoseconds time;
    uint64_t order;
    Packet packet;
    bool operator<(const Arrival& other) const {  // the earliest on top of the heap
      return time != other.time ? time > other.time : order > other.order;
    }
  };

  CoreId id_;
  std::vector<Slice*> slices_;
  Surroundings chip_;
  Port port_;

  // Somas and output axons.
  sc_core::sc_event somasDone_, packetDue_;
  std::vector<CoreSpike> spikes_;
  std::vector<Picoseconds> spikeTimes_;
  size_t nextSpike_ = 0, nextDestination_ = 0;
  Picoseconds axonsFree_ = 0;

  // Input axons and synapse engine.
  sc_core::sc_event engineDue_;
  std::priority_queue<Arrival> arrivals_;
  uint64_t arrivalCount_ = 0;

  // Activity.
  Picoseconds somaTime_ = 0, engineTime_ = 0;
  bool somasBusy_ = false, engineBusy_ = false;
  uint32_t queued_ = 0;

  void beginStep();
  void finishSomas();
  void sendPackets();
  bool findNextPacket();
  void serve();
  Picoseconds deliver(const Packet& packet);
};

}  // namespace neurochip
