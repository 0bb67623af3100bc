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
  /// The tail of a delivery of the packet reaches its core at that time, not before now.
  virtual void arrive(const Packet& packet, const Delivery& delivery, Picoseconds time) = 0;
};

/// A packet to be made: not before its time, and once the one before it has gone. Without deliveries it only takes its time.
struct Departure {
  Picoseconds earliest = 0, cost_ps = 0;
  Delivery* first = nullptr;
  Delivery* last = nullptr;
};

/// What a core or the host sends in a step, in order.
struct Outbox {
  Port port;
  std::vector<Departure> departures;

  /// Appends the packets of one spike or event: one with all deliveries where the chip has multicast, else one for each.
  /// Making the first takes `first_ps`, each further one `further_ps`. Without targets there is no packet.
  void append(Activity& activity, size_t spike, bool multicast, Picoseconds earliest, Picoseconds first_ps,
              Picoseconds further_ps);
};

class Interconnect {
 public:
  virtual ~Interconnect() = default;
  /// Sends from this outbox in every step. Before the first step.
  virtual void attach(Outbox& outbox) = 0;
  /// The outboxes are filled for the step that begins now; they are empty when it closes.
  virtual void beginStep() = 0;
};

/// Takes off a packet what goes on from a tile the same way as its first delivery. Where it leaves the mesh, each core gets a
/// copy of its own. The order of the others is kept: which branch is first decides who waits.
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
