// One link of the mesh: the times for which packets have reserved it.
#pragma once

#include <algorithm>
#include <vector>

#include "NeuroChip/parameters.hpp"

namespace neurochip {

/// Reserved times as disjoint intervals in rising order; adjoining ones are one.
class Link {
 public:
  /// Reserves the first free time from `earliest` on and returns its beginning; `endOf` says where it ends, which rises
  /// with the beginning. `now` only rises and is not after `earliest`; what was reserved before it is forgotten.
  template <class EndOf>
  Picoseconds reserve(Picoseconds earliest, EndOf endOf, Picoseconds now) {
    if (earliest < last_.start) return squeeze(earliest, endOf, now);
    if (earliest <= last_.end) return extend(endOf);
    if (earliest < endOf(earliest)) {
      if (last_.end < now) {
        forgetAll();
      } else {
        earlier_.push_back(last_);
      }
      last_ = {earliest, endOf(earliest)};
    }
    return earliest;
  }

  /// Whether nothing is reserved from `now` on.
  bool isFree(Picoseconds now) const { return last_.end < now; }
  void clear() {
    forgetAll();
    last_ = {};
  }

 private:
  struct Interval {
    Picoseconds start = 0, end = 0;
  };

  Interval last_;                  // mostly a packet comes after all that have reserved, and this one tells
  std::vector<Interval> earlier_;  // those before it
  size_t first_ = 0;               // those before it are forgotten

  void forgetAll() {
    earlier_.clear();
    first_ = 0;
  }

  void forget(Picoseconds now) {
    while (first_ < earlier_.size() && earlier_[first_].end < now) ++first_;
    if (first_ >= 64) {
      earlier_.erase(earlier_.begin(), earlier_.begin() + ptrdiff_t(first_));
      first_ = 0;
    }
  }

  template <class EndOf>
  Picoseconds extend(EndOf endOf) {
    const Picoseconds start = last_.end;
    last_.end = std::max(start, endOf(start));
    return start;
  }

  /// Reserves among those before the last.
  template <class EndOf>
  Picoseconds squeeze(Picoseconds earliest, EndOf endOf, Picoseconds now) {
    forget(now);
    auto next = std::partition_point(earlier_.begin() + ptrdiff_t(first_), earlier_.end(),
                                     [&](const Interval& i) { return i.end <= earliest; });
    Picoseconds start = earliest;
    // What takes no time does not begin while the link is taken either.
    const auto collides = [&](const Interval& i) { return i.start < endOf(start) || i.start == start; };
    for (; next != earlier_.end() && collides(*next); ++next) start = std::max(start, next->end);
    if (next == earlier_.end() && last_.start < endOf(start)) return extend(endOf);
    if (start < endOf(start)) insert({start, endOf(start)}, next);
    return start;
  }

  void insert(Interval taken, std::vector<Interval>::iterator next) {
    Interval& after = next == earlier_.end() ? last_ : *next;
    const bool joinsPrevious = next != earlier_.begin() + ptrdiff_t(first_) && (next - 1)->end == taken.start;
    const bool joinsNext = after.start == taken.end;
    if (joinsPrevious && joinsNext) {
      after.start = (next - 1)->start;
      earlier_.erase(next - 1);
    } else if (joinsPrevious) {
      (next - 1)->end = taken.end;
    } else if (joinsNext) {
      after.start = taken.start;
    } else {
      earlier_.insert(next, taken);
    }
  }
};

}  // namespace neurochip
