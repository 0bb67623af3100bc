#include "NeuroChip/injector.hpp"

namespace neurochip {

Injector::Injector(const sc_core::sc_module_name& name, const Port& port, Interconnect& interconnect, Barrier& barrier,
                   Counters& counters)
    : sc_module(name), port_(port), interconnect_(interconnect), barrier_(barrier), counters_(counters) {
  SC_METHOD(send);
  sensitive << due_;
  dont_initialize();
}

void Injector::append(Picoseconds earliest, Picoseconds cost_ps, Delivery* first, Delivery* last) {
  items_.push_back({earliest, cost_ps, first, last});
}

void Injector::start() {
  if (items_.empty()) return;
  barrier_.started();
  free_ = now();
  makeNext();
  due_.notify(duration(ready_ - now()));
}

void Injector::makeNext() { ready_ = std::max(free_, items_[next_].earliest) + items_[next_].cost_ps; }

void Injector::send() {
  while (ready_ <= now()) {
    if (!sendNext()) return;
    free_ = now();
    if (++next_ == items_.size()) {
      items_.clear();
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
  const Item& item = items_[next_];
  const size_t deliveries = size_t(item.last - item.first);
  if (deliveries == 0) return true;
  if (!interconnect_.accept({item.first, item.last, port_, ready_, ready_}, *this)) return false;
  barrier_.started(deliveries);
  ++counters_.packetsSent;
  ++(port_.isHost ? counters_.hostPackets : counters_.corePackets);
  return true;
}

}  // namespace neurochip
