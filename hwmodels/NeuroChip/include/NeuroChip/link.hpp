// One link of the mesh: the times for which packets have reserved it.
#pragma once

#include <algorithm>
#include <vector>

#include "NeuroChip/parameters.hpp"

namespace neurochip {

/// Reserved times as disjoint intervals in rising order; adjoining ones are one.
class Link {
 public:
  /// Reserves the first free `duration` from `earliest` on and returns its beginning. `now` only rises and is not after
  /// `earliest`; what was reserved before it is forgotten.
  Picoseconds reserve(Picoseconds earliest, Picoseconds duration, Picoseconds now) {
    if (duration == 0) return earliest;
    const auto past = std::find_if(busy_.begin(), busy_.end(), [&](const Interval& i) { return i.end >= now; });
    busy_.erase(busy_.begin(), past);
    Picoseconds start = earliest;
    auto next = std::find_if(busy_.begin(), busy_.end(), [&](const Interval& i) { return i.end > earliest; });
    for (; next != busy_.end() && next->start < start + duration; ++next) start = std::max(start, next->end);
    insert({start, start + duration}, next);
    return start;
  }

 private:
  struct Interval {
    Picoseconds start, end;
  };

  std::vector<Interval> busy_;

  void insert(Interval taken, std::vector<Interval>::iterator next) {
    const bool joinsPrevious = next != busy_.begin() && (next - 1)->end == taken.start;
    const bool joinsNext = next != busy_.end() && next->start == taken.end;
    if (joinsPrevious && joinsNext) {
      (next - 1)->end = next->end;
      busy_.erase(next);
    } else if (joinsPrevious) {
      (next - 1)->end = taken.end;
    } else if (joinsNext) {
      next->start = taken.start;
    } else {
      busy_.insert(next, taken);
    }
  }
};

}  // namespace neurochip
