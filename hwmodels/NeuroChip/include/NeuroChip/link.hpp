// One link of the mesh: the times for which packets have reserved it.
#pragma once

#include <algorithm>
#include <vector>

#include "NeuroChip/parameters.hpp"

namespace neurochip {

/// Reserved times as disjoint intervals in rising order; adjoining ones are one.
class Link {
 public:
  /// Reserves the first free time from `earliest` on and returns its beginning; `endOf` says where it ends, which rises with
  /// the beginning. `now` only rises and is not after `earliest`; what was reserved before it is forgotten.
  template <class EndOf>
  Picoseconds reserve(Picoseconds earliest, EndOf endOf, Picoseconds now) {
    forget(now);
    // Mostly a packet comes after all that have reserved, and the last interval tells.
    if (first_ == busy_.size() || busy_.back().end < earliest) {
      if (earliest < endOf(earliest)) busy_.push_back({earliest, endOf(earliest)});
      return earliest;
    }
    auto next = std::partition_point(busy_.begin() + ptrdiff_t(first_), busy_.end(),
                                     [&](const Interval& i) { return i.end <= earliest; });
    Picoseconds start = earliest;
    for (; next != busy_.end() && next->start < endOf(start); ++next) start = std::max(start, next->end);
    if (start < endOf(start)) insert({start, endOf(start)}, next);
    return start;
  }

 private:
  struct Interval {
    Picoseconds start, end;
  };

  std::vector<Interval> busy_;
  size_t first_ = 0;  // those before it are forgotten

  void forget(Picoseconds now) {
    while (first_ < busy_.size() && busy_[first_].end < now) ++first_;
    if (first_ == busy_.size() || first_ >= 64) {
      busy_.erase(busy_.begin(), busy_.begin() + ptrdiff_t(first_));
      first_ = 0;
    }
  }

  void insert(Interval taken, std::vector<Interval>::iterator next) {
    const bool joinsPrevious = next != busy_.begin() + ptrdiff_t(first_) && (next - 1)->end == taken.start;
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
