// What comes to a server that serves one after the other, in order of arrival.
#pragma once

#include <array>
#include <vector>

#include "NeuroChip/time_order.hpp"

namespace neurochip {

/// A packet at the input axons, and how long the synapse engine works on it.
struct Arrival {
  Picoseconds time, service_ps;
};

/// Works out when all has been served. One after the other, free ← max(arrival, free) + service; unrolled, that is the
/// latest, over all arrivals, of the arrival and all services from it on: only those near the latest need be put in
/// order.
class Backlog {
 public:
  /// When the last has been served, if the server is free at `free`. There are arrivals.
  Picoseconds served(const std::vector<Arrival>& arrivals, Picoseconds free);
  /// Puts all in the order of service, for those who want to know when each begins.
  void sort(std::vector<Arrival>& arrivals) { order_.sort(arrivals); }

 private:
  /// What arrives within a part of the time.
  struct Span {
    Picoseconds first = ~Picoseconds(0), last = 0, service_ps = 0;
    Picoseconds later_ps = 0;  // services of later spans

    bool isEmpty() const { return first > last; }
  };
  static constexpr size_t spanCount = 64;

  std::array<Span, spanCount> spans_;
  Picoseconds start_ = 0;
  unsigned shift_ = 0;
  std::vector<Arrival> some_;
  TimeOrder<Arrival> order_;

  size_t spanOf(const Arrival& arrival) const { return size_t((arrival.time - start_) >> shift_); }
  void divide(const std::vector<Arrival>& arrivals);
  /// What follows from each span's first arrival.
  Picoseconds servedFromFirsts(Picoseconds free);
  /// The spans, as bits, in which a later arrival may lead beyond `end`.
  uint64_t spansBeyond(Picoseconds end) const;
  /// What follows from all arrivals of these spans, at least `end`.
  Picoseconds servedFrom(uint64_t spans, const std::vector<Arrival>& arrivals, Picoseconds end);
};

}  // namespace neurochip
