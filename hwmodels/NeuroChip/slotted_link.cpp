#include "NeuroChip/slotted_link.hpp"

namespace neurochip {

Picoseconds SlottedLink::reserveElsewhere(Picoseconds earliest, Picoseconds now) {
  if (isQueue_ && !queue_.isFree(now)) return append(earliest, now);
  isQueue_ = false;
  if (now - base_ > farthest) rebase(now);
  const Slots all(*this);
  if (!all.doReach(earliest, now)) {
    queueUp(now);
    return append(earliest, now);
  }
  return reserveLater(all, uint32_t(earliest - base_) >> shift_, earliest, now);
}

Picoseconds SlottedLink::reserveLater(const Slots& all, uint32_t slot, Picoseconds earliest, Picoseconds now) {
  auto start = uint32_t(earliest - base_);
  Piece &before = all.piece(slot - 1), &here = all.piece(slot);
  const bool isInHere = here.start >> shift_ == slot && start + length_ > here.start && start < here.end;
  Piece* blocking = before.end > start ? &before : isInHere ? &here : nullptr;
  const uint32_t lastSlot = (uint32_t(now - base_) >> shift_) + uint32_t(slots) - 5;
  while (!all.reserve(slot, start)) {
    slot = std::max(slot + 1, start >> shift_);
    if (slot > lastSlot) {  // what begins later would be taken for a piece of an earlier round
      queueUp(now);
      return append(earliest, now);
    }
  }
  // Nothing between is free: the next packet goes on from there.
  if (blocking) blocking->end = std::max(blocking->end, start + length_);
  return base_ + start;
}

void SlottedLink::queueUp(Picoseconds now) {
  isQueue_ = true;
  queue_.clear();
  const auto first = uint32_t(now - base_);
  uint32_t filled = 0;
  for (uint32_t i = 0; i < slots; ++i) {
    const uint32_t slot = (first >> shift_) + i - 1;
    const Piece& taken = pieces_[slot % slots];
    const bool isOfSlot = i == 0 || taken.start >> shift_ == slot;
    const uint32_t start = std::max(i == 0 ? first : taken.start, filled);
    if (!isOfSlot || taken.end <= start || taken.end < first) continue;
    queue_.reserve(base_ + start, [&](Picoseconds) { return base_ + taken.end; }, now);
    filled = taken.end;
  }
}

void SlottedLink::rebase(Picoseconds now) {
  const Picoseconds all = slots << shift_, base = now / all * all, passed = base - base_;
  for (Piece& piece : pieces_) {
    piece.start = piece.start != ~uint32_t(0) && piece.start >= passed ? uint32_t(piece.start - passed) : ~uint32_t(0);
    piece.end = piece.end > passed ? uint32_t(piece.end - passed) : 0;
  }
  base_ = base;
}

}  // namespace neurochip
