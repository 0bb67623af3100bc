// How packets get from output axons to input axons. The two timing levels are two interconnects: `ReservedPaths`
// (approximate) and `RouterMesh` (detailed). They differ in time and in waiting, in nothing else.
#pragma once

#include <algorithm>

#include "NeuroChip/function.hpp"
#include "NeuroChip/mesh.hpp"

namespace neurochip {

/// One spike or event on its way: to one core, or to several where the chip has multicast.
struct Packet {
  Delivery* first = nullptr;  ///< its deliveries, this packet's alone
  Delivery* last = nullptr;
  Port from;
  Picoseconds injected_ps = 0;  ///< when it was done with the output axons
  Picoseconds waitsSince_ps = 0;
};

/// What happens to a packet at its goals.
class Receiver {
 public:
  virtual ~Receiver() = default;
  /// A delivery of the packet reaches its core at that time, not before now.
  virtual void arrive(const Packet& packet, const Delivery& delivery, Picoseconds time) = 0;
};

/// Who puts packets on the network and may have to wait.
class Sender {
 public:
  virtual ~Sender() = default;
  /// There is room again after a refusal.
  virtual void resume() = 0;
};

class Interconnect {
 public:
  virtual ~Interconnect() = default;
  /// Takes a packet now; or refuses, and resumes the sender when there is room.
  virtual bool accept(const Packet& packet, Sender& sender) = 0;
};

/// Takes off a packet what goes on from a tile the same way as its first delivery. Where it leaves the mesh, each core gets a
/// copy of its own.
inline Packet firstBranch(const Mesh& mesh, Tile at, Packet& packet, Way& way) {
  way = mesh.route(at, packet.first->core);
  Packet branch = packet;
  branch.last = way == Way::out ? packet.first + 1 : std::partition(packet.first, packet.last, [&](const Delivery& d) {
    return mesh.route(at, d.core) == way;
  });
  packet.first = branch.last;
  return branch;
}

}  // namespace neurochip
