#include "NeuroChip/reserved_paths.hpp"

namespace neurochip {

ReservedPaths::ReservedPaths(const Mesh& mesh, Receiver& receiver, Counters& counters)
    : mesh_(mesh), receiver_(receiver), counters_(counters), links_(size_t(mesh.columns()) * mesh.rows() * waysPerTile) {}

bool ReservedPaths::accept(const Packet& packet, Sender&) {
  now_ = packet.injected_ps;
  spread(packet, packet.from.tile, pass(packet.from.tile, packet.from.isHost ? Way::hostIn : Way::in, now_));
  return true;
}

void ReservedPaths::spread(Packet packet, Tile at, Picoseconds arrival) {
  while (packet.first != packet.last) {
    Way way;
    const Packet branch = firstBranch(mesh_, at, packet, way);
    const Picoseconds passed = pass(at, way, arrival);
    if (way == Way::out) {
      receiver_.arrive(branch, *branch.first, passed);
    } else {
      spread(branch, mesh_.neighbour(at, way), passed);
    }
  }
}

Picoseconds ReservedPaths::pass(Tile at, Way way, Picoseconds arrival) {
  const LinkKind& kind = mesh_.link(at, way);
  const Picoseconds start = links_[mesh_.index(at) * waysPerTile + size_t(way)].reserve(arrival, kind.occupancy_ps, now_);
  counters_.packetWait_ps += start - arrival;
  if (kind.crossings) ++(counters_.*kind.crossings);
  return start + kind.latency_ps;
}

}  // namespace neurochip
