#include "NeuroChip/injector.hpp"

namespace neurochip {

Injector::Injector(const sc_core::sc_module_name& name, Outbox& outbox, Entrance& entrance, Barrier& barrier,
                   Counters& counters)
    : sc_module(name), sender_(outbox), entrance_(entrance), barrier_(barrier), counters_(counters) {
  SC_METHOD(send);
  sensitive << due_;
  dont_initialize();
}

void Injector::start() {
  if (!sender_.begin(now())) return;
  barrier_.started();
  due_.notify(duration(sender_.ready() - now()));
}

void Injector::send() {
  while (sender_.ready() <= now()) {
    if (!sendNext()) return;
    if (!sender_.advance(now())) {
      barrier_.finished();
      return;
    }
  }
  due_.notify(duration(sender_.ready() - now()));
}

/// False if the network has no room; it will resume.
bool Injector::sendNext() {
  Delivery *first = sender_.first(), *last = sender_.last();
  if (first == last) return true;
  const Picoseconds ready = sender_.ready();
  if (!entrance_.accept({first, last, sender_.port(), ready, {ready, ready}}, *this)) return false;
  barrier_.started(uint64_t(last - first));
  ++counters_.packetsSent;
  ++(sender_.port().isHost ? counters_.hostPackets : counters_.corePackets);
  return true;
}

}  // namespace neurochip
