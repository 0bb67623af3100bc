// How packets get from output axons to input axons. The two timing levels are two interconnects: `ReservedPaths`
// (approximate) and `RouterMesh` (detailed). They differ in time and in waiting, in nothing else.
#pragma once

#include <algorithm>
#include <vector>

#include "NeuroChip/function.hpp"
#include "NeuroChip/mesh.hpp"

namespace neurochip {

/// One spike or event on its way: to one core, or to several where the chip has multicast.
struct Packet {
  Delivery* first = nullptr;  ///< its deliveries, this packet's alone
  Delivery* last = nullptr;
  Port from;
  Picoseconds injected_ps = 0;  ///< when it was done with the output axons
  Ends here_ps;                 ///< when its ends have come to where it is or next will be
};

/// What happens to a packet at its goals.
class Receiver {
 public:
  virtual ~Receiver() = default;
  /// The tail of a delivery reaches its core at that time, not before now; its packet was injected there and then.
  virtual void arrive(const Delivery& delivery, const Port& from, Picoseconds injected, Picoseconds time) = 0;
};

/// A spike or event to be sent, not before its time.
struct Departure {
  Picoseconds earliest = 0;
  Delivery* first = nullptr;
  Delivery* last = nullptr;
};

/// What a core or the host sends in a step, in order. A spike leaves in one packet with all its deliveries where the
/// chip has multicast, else in one packet for each; one without deliveries only takes the time of its first packet.
struct Outbox {
  Port port;
  bool isMulticast = false;
  Picoseconds first_ps = 0, further_ps = 0;  ///< making the first packet of a spike, and each further one
  std::vector<Departure> departures;
};

/// Goes through the packets of an outbox.
class Sender {
 public:
  explicit Sender(Outbox& outbox) : outbox_(&outbox) {}

  const Port& port() const { return outbox_->port; }
  /// When the packet is made.
  Picoseconds ready() const { return ready_; }
  /// The packet's deliveries; none if there is no packet to send.
  Delivery* first() const { return first_; }
  Delivery* last() const { return last_; }

  /// Goes to the first packet of a step that begins at `start`; false if there is none.
  bool begin(Picoseconds start) {
    next_ = 0;
    return nextDeparture(start);
  }
  /// Goes to the next packet, the one before having gone at `gone`; false, and the outbox is empty, if there is none.
  bool advance(Picoseconds gone) {
    if (last_ == end_) return nextDeparture(gone);
    first_ = last_++;
    ready_ = gone + outbox_->further_ps;
    return true;
  }

 private:
  Outbox* outbox_;
  Picoseconds ready_ = 0;
  Delivery *first_ = nullptr, *last_ = nullptr, *end_ = nullptr;
  size_t next_ = 0;

  bool nextDeparture(Picoseconds gone) {
    if (next_ == outbox_->departures.size()) {
      outbox_->departures.clear();
      return false;
    }
    const Departure& d = outbox_->departures[next_++];
    first_ = d.first;
    end_ = d.last;
    last_ = outbox_->isMulticast || first_ == end_ ? end_ : first_ + 1;
    ready_ = std::max(gone, d.earliest) + outbox_->first_ps;
    return true;
  }
};

class Interconnect {
 public:
  virtual ~Interconnect() = default;
  /// Sends from this outbox in every step. Before the first step.
  virtual void attach(Outbox& outbox) = 0;
  /// The outboxes are filled for the step that begins now; they are empty when it closes.
  virtual void beginStep() = 0;
  /// Packets that have gone over a link since the beginning of the run.
  virtual int64_t crossings(Tile tile, Way way) const = 0;
};

/// Takes off a packet what goes on from a tile the same way as its first delivery. Where it leaves the mesh, each core
/// gets a copy of its own. The order of the others is kept: which branch is first decides who waits.
inline Packet firstBranch(const Mesh& mesh, Tile at, Packet& packet, Way& way) {
  way = mesh.route(at, packet.first->core);
  Packet branch = packet;
  branch.last = packet.first + 1;
  if (way != Way::out) {
    for (Delivery* d = branch.last; d != packet.last; ++d) {
      if (mesh.route(at, d->core) == way) std::rotate(branch.last++, d, d + 1);
    }
  }
  packet.first = branch.last;
  return branch;
}

}  // namespace neurochip
