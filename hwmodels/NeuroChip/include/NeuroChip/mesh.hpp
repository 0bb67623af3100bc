// The geometry of the mesh: tiles of one or more chips in a row, XY routing, and what each kind of link costs.
#pragma once

#include <vector>

#include "NeuroChip/counters.hpp"

namespace neurochip {

/// A tile; x is counted through all chips.
struct Tile {
  uint32_t x = 0, y = 0;
  bool operator==(const Tile& other) const { return x == other.x && y == other.y; }
};

/// Where a core or the host is attached to the mesh.
struct Port {
  Tile tile;
  bool isHost = false;
  CoreId core = 0;  ///< unless it is the host's
  /// Cores by number, then the host.
  bool operator>(const Port& other) const { return isHost != other.isHost ? isHost : core > other.core; }
};

/// The links of a tile: to its neighbours, to and from its cores, and from the host.
enum class Way : uint8_t { east, west, north, south, out, in, hostIn };
constexpr size_t waysPerTile = 7;

/// What one kind of link does to a packet.
struct LinkKind {
  Picoseconds latency_ps = 0;              ///< until the packet's head has passed
  Picoseconds occupancy_ps = 0;            ///< until the link takes the next packet
  int64_t Counters::*crossings = nullptr;  ///< counts packets that pass; none for the ports of a tile
};

/// A packet pays the local port of its source tile once (cost `tile`), then each hop; the port of the destination tile
/// only limits the rate. A link passes one flit per `linkOccupancy_ps`.
class Mesh {
 public:
  explicit Mesh(const ChipParameters& chip);

  uint32_t columns() const { return columns_; }
  uint32_t rows() const { return rows_; }
  size_t index(Tile tile) const { return size_t(tile.y) * columns() + tile.x; }
  Port portOf(CoreId core) const { return {tiles_[core], false, core}; }
  Port hostPort() const { return {hostTile_, true, 0}; }

  /// The way on from a tile to a core: along x first, then along y, then out.
  Way route(Tile at, CoreId core) const {
    const Tile goal = tiles_[core];
    if (goal.x != at.x) return goal.x > at.x ? Way::east : Way::west;
    if (goal.y != at.y) return goal.y > at.y ? Way::south : Way::north;
    return Way::out;
  }
  Tile neighbour(Tile tile, Way way) const;
  const LinkKind& link(Tile tile, Way way) const { return kinds_[kindOf_[index(tile) * waysPerTile + size_t(way)]]; }

  uint32_t hops(const Port& from, CoreId goal) const;
  /// Time of a packet that nothing holds up, from its output axons to the input axons of its goal.
  Picoseconds zeroLoadLatency(const Port& from, CoreId goal) const;

 private:
  enum Kind : uint8_t { eastWest, northSouth, betweenChips, in, out, kindCount };

  uint32_t columns_, rows_;
  Tile hostTile_;
  std::vector<Tile> tiles_;  // by core
  LinkKind kinds_[kindCount];
  std::vector<uint8_t> kindOf_;  // by tile and way

  /// Calls `visit` for each link of the path between the ports, theirs not among them.
  template <class Visit>
  void follow(Tile tile, CoreId goal, Visit visit) const;
};

}  // namespace neurochip
