// One link of the mesh whose packets all keep it equally long, being of one flit: the times for which they have
// reserved it.
//
// What lies between two reservations and is shorter than a packet is of no use to any, and counts as reserved. So in
// a slot of time less than two packets long at most one piece begins of what is reserved.
#pragma once

#include <vector>

#include "NeuroChip/link.hpp"

namespace neurochip {

class SlottedLink {
 public:
  /// Longer packets need a `Link`.
  static constexpr Picoseconds longest_ps = 1 << 20;

  /// A packet keeps the link for `length_ps`, which is not 0.
  explicit SlottedLink(Picoseconds length_ps)
      : length_(uint32_t(length_ps)), shift_(63 - __builtin_clzll(2 * length_ps - 1)), pieces_(slots) {}

  /// Reserves the first free time from `earliest` on and returns its beginning. `now` only rises and is not after
  /// `earliest`; what was reserved before it is forgotten.
  Picoseconds reserve(Picoseconds earliest, Picoseconds now) {
    if (isQueue_ || now - base_ > farthest || earliest - now > (slots - 6) << shift_) {
      return reserveFar(earliest, now);
    }
    uint32_t start = uint32_t(earliest - base_);
    const uint32_t slot = start >> shift_;
    return reserve(slot, start) ? base_ + start : reserveLater(slot, earliest, now);
  }

 private:
  /// Reserved time, after `base_`.
  struct Piece {
    uint32_t start = ~uint32_t(0), end = 0;
  };
  static constexpr uint64_t slots = 256;
  static constexpr Picoseconds farthest = Picoseconds(1) << 31;  // from `base_`, so that all slots lie within 32 bits

  uint32_t length_;
  int shift_;                  // a slot lasts 2^shift_ ps: at least one packet, less than two
  std::vector<Piece> pieces_;  // by slot, modulo their number; those of earlier rounds lie in the past
  Picoseconds base_ = 0;       // a multiple of what all slots last
  bool isQueue_ = false;
  Link queue_;  // takes over while packets come, or wait, further ahead than all slots last

  Piece& piece(uint32_t slot) { return pieces_[slot % slots]; }

  /// Moves `start` behind what is in its way in the slot; if there is room then in this slot, reserves.
  bool reserve(uint32_t slot, uint32_t& start) {
    Piece& here = piece(slot);
    const bool isTaken = here.start >> shift_ == slot;
    start = std::max(start, piece(slot - 1).end);
    const bool isInWay = isTaken & (start + length_ > here.start);
    start = std::max(start, isInWay ? here.end : 0);
    if ((start >> shift_ > slot) | (piece(slot + 1).start - start < length_)) return false;
    const Piece taken = isTaken ? here : Piece();
    here = {std::min(taken.start, start), std::max(taken.end, start + length_)};
    return true;
  }

  /// In a later slot than that of `earliest`.
  Picoseconds reserveLater(uint32_t slot, Picoseconds earliest, Picoseconds now);
  /// In the queue, or after a new base.
  Picoseconds reserveFar(Picoseconds earliest, Picoseconds now);
  Picoseconds append(Picoseconds earliest, Picoseconds now) {
    return queue_.reserve(earliest, [this](Picoseconds start) { return start + length_; }, now);
  }
  /// Begins a queue with all that is reserved.
  void queueUp(Picoseconds now);
  void rebase(Picoseconds now);
};

}  // namespace neurochip
