// Sends an outbox's packets in order, each when its time has come and the network has room.
#pragma once

#include <systemc>

#include "NeuroChip/barrier.hpp"
#include "NeuroChip/interconnect.hpp"

namespace neurochip {

/// Where packets enter a network that may have no room for them.
class Entrance {
 public:
  virtual ~Entrance() = default;
  /// Takes a packet now; or refuses, and calls `resume` when there is room.
  virtual bool accept(const Packet& packet, class Injector& sender) = 0;
};

class Injector final : public sc_core::sc_module {
 public:
  SC_HAS_PROCESS(Injector);
  Injector(const sc_core::sc_module_name& name, Outbox& outbox, Entrance& entrance, Barrier& barrier,
           Counters& counters);

  /// Begins a step: sends what is in the outbox, and tells the barrier when all is sent.
  void start();
  /// There is room again after a refusal.
  void resume() { due_.notify(sc_core::SC_ZERO_TIME); }

 private:
  Sender sender_;
  Entrance& entrance_;
  Barrier& barrier_;
  Counters& counters_;
  sc_core::sc_event due_;

  void send();
  bool sendNext();
};

}  // namespace neurochip
