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

  class Reservations;

 private:
  /// Reserved time, after `base_`.
  struct Piece {
    uint32_t start = ~uint32_t(0), end = 0;
  };
  static constexpr uint64_t slots = 256;
  static constexpr Picoseconds farthest = Picoseconds(1) << 31;  // from `base_`, so that all slots lie within 32 bits

  /// What the reservation of a free slot needs, as it is between changes of the base and of the queue.
  struct Slots {
    Piece* pieces;
    uint32_t length;
    int shift;
    Picoseconds base, reach;  // slots reach less far than that from now; 0 if the queue has taken over

    explicit Slots(SlottedLink& link)
        : pieces(link.pieces_.data()),
          length(link.length_),
          shift(link.shift_),
          base(link.base_),
          reach(link.isQueue_ ? 0 : ((slots - 6) << shift) + 1) {}

    Piece& piece(uint32_t slot) const { return pieces[slot % slots]; }
    bool doReach(Picoseconds earliest, Picoseconds now) const {
      return (earliest - now < reach) & (now - base <= farthest);
    }

    /// Moves `start` behind what is in its way in the slot; if there is room then in this slot, reserves.
    inline __attribute__((always_inline)) bool reserve(uint32_t slot, uint32_t& start) const {
      Piece& here = piece(slot);
      const bool isTaken = here.start >> shift == slot;
      start = std::max(start, piece(slot - 1).end);
      const bool isInWay = isTaken & (start + length > here.start);
      start = std::max(start, isInWay ? here.end : 0);
      if ((start >> shift > slot) | (piece(slot + 1).start - start < length)) return false;
      const Piece taken = isTaken ? here : Piece();
      here = {std::min(taken.start, start), std::max(taken.end, start + length)};
      return true;
    }
  };

  uint32_t length_;
  int shift_;                  // a slot lasts 2^shift_ ps: at least one packet, less than two
  std::vector<Piece> pieces_;  // by slot, modulo their number; those of earlier rounds lie in the past
  Picoseconds base_ = 0;       // a multiple of what all slots last
  bool isQueue_ = false;
  Link queue_;  // takes over while packets come, or wait, further ahead than all slots last

  /// Not in the slot of `earliest`, or not with this base.
  Picoseconds reserveElsewhere(Picoseconds earliest, Picoseconds now);
  /// In a later slot.
  Picoseconds reserveLater(const Slots& all, uint32_t slot, Picoseconds earliest, Picoseconds now);
  Picoseconds append(Picoseconds earliest, Picoseconds now) {
    return queue_.reserve(earliest, [this](Picoseconds start) { return start + length_; }, now);
  }
  /// Begins a queue with all that is reserved.
  void queueUp(Picoseconds now);
  void rebase(Picoseconds now);
};

/// Packets that reserve a link one after the other. What seldom changes between them is not read again for each.
class SlottedLink::Reservations {
 public:
  explicit Reservations(SlottedLink& link) : link_(link), slots_(link) {}

  /// Reserves the first free time from `earliest` on and returns its beginning. `now` only rises and is not after
  /// `earliest`; what was reserved before it is forgotten.
  inline __attribute__((always_inline)) Picoseconds reserve(Picoseconds earliest, Picoseconds now) {
    if (slots_.doReach(earliest, now)) {
      auto start = uint32_t(earliest - slots_.base);
      if (slots_.reserve(start >> slots_.shift, start)) return slots_.base + start;
    }
    const Picoseconds start = link_.reserveElsewhere(earliest, now);
    slots_ = Slots(link_);
    return start;
  }

 private:
  SlottedLink& link_;
  Slots slots_;
};

}  // namespace neurochip
