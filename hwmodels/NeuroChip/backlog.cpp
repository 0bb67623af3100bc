#include "NeuroChip/backlog.hpp"

namespace neurochip {

Picoseconds Backlog::served(const std::vector<Arrival>& arrivals, Picoseconds free) {
  divide(arrivals);
  const Picoseconds end = servedFromFirsts(free);
  const uint64_t beyond = spansBeyond(end);
  return beyond == 0 ? end : servedFrom(beyond, arrivals, end);
}

void Backlog::divide(const std::vector<Arrival>& arrivals) {
  const auto earlier = [](const Arrival& a, const Arrival& b) { return a.time < b.time; };
  const auto [first, last] = std::minmax_element(arrivals.begin(), arrivals.end(), earlier);
  start_ = first->time;
  shift_ = 0;
  while ((last->time - start_) >> shift_ >= spanCount) ++shift_;
  spans_.fill({});
  for (const Arrival& arrival : arrivals) {
    Span& span = spans_[spanOf(arrival)];
    span.first = std::min(span.first, arrival.time);
    span.last = std::max(span.last, arrival.time);
    span.service_ps += arrival.service_ps;
  }
}

Picoseconds Backlog::servedFromFirsts(Picoseconds free) {
  Picoseconds end = 0, later_ps = 0;
  for (size_t i = spanCount; i-- > 0;) {
    Span& span = spans_[i];
    if (span.isEmpty()) continue;
    span.later_ps = later_ps;
    later_ps += span.service_ps;
    end = std::max(end, span.first + later_ps);
  }
  return std::max(end, free + later_ps);
}

uint64_t Backlog::spansBeyond(Picoseconds end) const {
  uint64_t beyond = 0;
  for (size_t i = 0; i < spanCount; ++i) {
    const Span& span = spans_[i];
    const bool canBe = span.last > span.first && span.last + span.service_ps + span.later_ps > end;
    beyond |= uint64_t(canBe) << i;
  }
  return beyond;
}

Picoseconds Backlog::servedFrom(uint64_t spans, const std::vector<Arrival>& arrivals, Picoseconds end) {
  some_.clear();
  for (const Arrival& arrival : arrivals) {
    if (spans >> spanOf(arrival) & 1) some_.push_back(arrival);
  }
  order_.sort(some_);
  size_t last = spanCount;
  Picoseconds later_ps = 0;
  for (size_t i = some_.size(); i-- > 0;) {
    const size_t span = spanOf(some_[i]);
    if (std::exchange(last, span) != span) later_ps = spans_[span].later_ps;
    later_ps += some_[i].service_ps;
    end = std::max(end, some_[i].time + later_ps);
  }
  return end;
}

}  // namespace neurochip
