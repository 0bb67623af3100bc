#include "NeuroChip/interconnect.hpp"

namespace neurochip {

void Outbox::append(Activity& activity, size_t spike, bool multicast, Picoseconds earliest, Picoseconds first_ps,
                    Picoseconds further_ps) {
  Delivery *first = activity.begin(spike), *last = activity.end(spike);
  Picoseconds cost = first_ps;
  for (; first != last; cost = further_ps) {
    Delivery* end = multicast ? last : first + 1;
    departures.push_back({earliest, cost, first, end});
    first = end;
  }
}

}  // namespace neurochip
