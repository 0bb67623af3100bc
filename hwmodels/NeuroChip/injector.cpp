#include "NeuroChip/injector.hpp"

namespace neurochip {

Injector::Injector(const sc_core::sc_module_name& name, Outbox& outbox, Entrance& entrance, Barrier& barrier,
                   Counters& counters)
    : sc_module(name), outbox_(outbox), entrance_(entrance), barrier_(barrier), counters_(counters) {
  SC_METHOD(send);
  sensitive << due_;
  dont_initialize();
}

void Injector::start() {
  if (outbox_.departures.empty()) return;
  barrier_.started();
  free_ = now();
  makeNext();
  due_.notify(duration(ready_ - now()));
}

void Injector::makeNext() {
  const Departure& next = outbox_.departures[next_];
  ready_ = std::max(free_, next.earliest) + next.cost_ps;
}

void Injector::send() {
  while (ready_ <= now()) {
    if (!sendNext()) return;
    free_ = now();
    if (++next_ == outbox_.departures.size()) {
      outbox_.departures.clear();
      next_ = 0;
      barrier_.finished();
      return;
    }
    makeNext();
  }
  due_.notify(duration(ready_ - now()));
}

/// False if the network has no room; it will resume.
bool Injector::sendNext() {
  const Departure& next = outbox_.departures[next_];
  if (next.first == next.last) return true;
  if (!entrance_.accept({next.first, next.last, outbox_.port, ready_, {ready_, ready_}}, *this)) return false;
  barrier_.started(uint64_t(next.last - next.first));
  ++counters_.packetsSent;
  ++(outbox_.port.isHost ? counters_.hostPackets : counters_.corePackets);
  return true;
}

}  // namespace neurochip
