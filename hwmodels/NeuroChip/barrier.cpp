#include "NeuroChip/barrier.hpp"

namespace neurochip {

Picoseconds barrierTime(const std::vector<BarrierPoint>& points, uint32_t tiles) {
  if (points.empty()) return 0;
  if (tiles <= points.front().tiles) return points.front().time_ps;
  for (size_t i = 1; i < points.size(); ++i) {
    const auto &a = points[i - 1], &b = points[i];
    if (tiles > b.tiles) continue;
    const int64_t rise = int64_t(b.time_ps) - int64_t(a.time_ps);
    return Picoseconds(int64_t(a.time_ps) + rise * int64_t(tiles - a.tiles) / int64_t(b.tiles - a.tiles));
  }
  return points.back().time_ps;
}

Barrier::Barrier(const sc_core::sc_module_name& name, const ChipParameters& chip, uint32_t tilesInUse,
                 Counters& counters)
    : sc_module(name),
      time_(neurochip::barrierTime(chip.barrier, tilesInUse)),
      tick_(chip.tick_ps),
      counters_(counters) {
  SC_METHOD(close);
  sensitive << closes_;
  dont_initialize();
}

void Barrier::allow(uint64_t steps) {
  remaining_ = steps;
  if (steps > 0) begin();
}

void Barrier::begin() {
  outstanding_ = participants_;
  began_ = now();
  if (beginAction_) beginAction_();
  begins_.notify(sc_core::SC_ZERO_TIME);
}

void Barrier::finished() {
  if (--outstanding_ > 0) return;
  const Picoseconds end = std::max(now(), occupiedUntil_) + time_, due = began_ + tick_;
  if (tick_ > 0 && end > due) ++counters_.overruns;
  closes_.notify(duration(std::max(end, due) - now()));
}

void Barrier::close() {
  ++step_;
  ++counters_.barriers;
  if (closeAction_) closeAction_();
  if (--remaining_ > 0) {
    begin();
  } else {
    sc_core::sc_pause();
  }
}

}  // namespace neurochip
