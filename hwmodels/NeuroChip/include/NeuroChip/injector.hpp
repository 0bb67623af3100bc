// Sends the packets of a step in order, each when its time has come and the network has room: the output axons of a core,
// and the host's port.
#pragma once

#include <systemc>
#include <vector>

#include "NeuroChip/barrier.hpp"
#include "NeuroChip/interconnect.hpp"

namespace neurochip {

class Injector final : public sc_core::sc_module, public Sender {
 public:
  SC_HAS_PROCESS(Injector);
  Injector(const sc_core::sc_module_name& name, const Port& port, Interconnect& interconnect, Barrier& barrier,
           Counters& counters);

  /// Adds a packet that takes `cost_ps` to make, once it is there to be made and the one before is gone. Without
  /// deliveries it only takes its time.
  void append(Picoseconds earliest, Picoseconds cost_ps, Delivery* first, Delivery* last);
  /// Begins a step: sends what has been appended, and tells the barrier when all is sent.
  void start();

  void resume() override { due_.notify(sc_core::SC_ZERO_TIME); }

 private:
  struct Item {
    Picoseconds earliest, cost_ps;
    Delivery *first, *last;
  };

  Port port_;
  Interconnect& interconnect_;
  Barrier& barrier_;
  Counters& counters_;
  sc_core::sc_event due_;
  std::vector<Item> items_;
  size_t next_ = 0;
  Picoseconds free_ = 0;   // when the packet before has gone
  Picoseconds ready_ = 0;  // when the next one is made

  void send();
  bool sendNext();
  void makeNext();
};

}  // namespace neurochip
