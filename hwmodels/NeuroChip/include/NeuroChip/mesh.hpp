// The geometry of the mesh: tiles of one or more chips in a row, XY routing, and what each kind of link costs.
#pragma once

#include <algorithm>
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

/// When the first and the last flit of a packet are there; with one flit they are one.
struct Ends {
  Picoseconds head = 0, tail = 0;
};

/// What one kind of link does to a packet. Its flits begin to pass one after the other, each once it is there. When
/// they do is a convex function of their number, so the head and the tail tell all.
struct LinkKind {
  Picoseconds latency_ps = 0;              ///< of a flit, until it has passed
  Picoseconds flit_ps = 0;                 ///< until the link takes the next flit
  uint32_t flits = 1;                      ///< of a packet
  int64_t Counters::*crossings = nullptr;  ///< counts packets that pass; none for the ports of a tile

  /// When the tail begins to pass, if the head does at `start`: not before it has come.
  Picoseconds tailStarts(Picoseconds start, Picoseconds tailComes) const {
    return std::max(start + (flits - 1) * flit_ps, tailComes);
  }
  /// Until when the packet keeps the link.
  Picoseconds freeAt(Picoseconds start, Picoseconds tailComes) const { return tailStarts(start, tailComes) + flit_ps; }
  /// When the packet's ends have passed.
  Ends passed(Picoseconds start, Picoseconds tailComes) const {
    return {start + latency_ps, tailStarts(start, tailComes) + latency_ps};
  }
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
  Tile tileOf(CoreId core) const { return tiles_[core]; }
  Port hostPort() const { return {hostTile_, true, 0}; }

  /// The way on from a tile to a core: along x first, then along y, then out.
  Way route(Tile at, CoreId core) const {
    const Tile goal = tiles_[core];
    if (goal.x != at.x) return goal.x > at.x ? Way::east : Way::west;
    if (goal.y != at.y) return goal.y > at.y ? Way::south : Way::north;
    return Way::out;
  }
  /// The tile at the other end of a link that has one.
  static Tile neighbour(Tile tile, Way way) {
    tile.x += (way == Way::east) - (way == Way::west);
    tile.y += (way == Way::south) - (way == Way::north);
    return tile;
  }
  /// Number of a link among those of all tiles.
  size_t linkIndex(Tile tile, Way way) const { return index(tile) * waysPerTile + size_t(way); }
  size_t linkCount() const { return kindOf_.size(); }
  const LinkKind& link(size_t index) const { return kinds_[kindOf_[index]]; }
  const LinkKind& link(Tile tile, Way way) const { return link(linkIndex(tile, way)); }
  /// Visits the links from a tile to a core, the one out of the mesh as the last, by their numbers.
  template <class Visit>
  void forEachLink(Tile from, CoreId core, Visit visit) const {
    const Tile goal = tiles_[core];
    const bool goesWest = goal.x < from.x, goesNorth = goal.y < from.y;
    const uint32_t hopsX = goesWest ? from.x - goal.x : goal.x - from.x;
    const uint32_t hopsY = goesNorth ? from.y - goal.y : goal.y - from.y;
    const size_t alongX = goesWest ? size_t(0) - waysPerTile : waysPerTile;
    const size_t alongY = (goesNorth ? size_t(0) - waysPerTile : waysPerTile) * columns();
    const auto wayX = size_t(goesWest ? Way::west : Way::east), wayY = size_t(goesNorth ? Way::north : Way::south);
    size_t tile = linkIndex(from, Way::east);
    // One loop, as processors guess wrong where one ends.
    for (uint32_t hop = 0; hop < hopsX + hopsY; ++hop) {
      const bool isAlongX = hop < hopsX;
      visit(tile + (isAlongX ? wayX : wayY));
      tile += isAlongX ? alongX : alongY;
    }
    visit(tile + size_t(Way::out));
  }

  uint32_t hops(const Port& from, CoreId goal) const;
  /// Time of a packet that nothing holds up, from its output axons until its tail is at the input axons of its goal:
  /// the latencies of all links, and for each further flit the flit time of the slowest.
  Picoseconds zeroLoadLatency(const Port& from, CoreId goal) const;

 private:
  enum Kind : uint8_t { eastWest, northSouth, betweenChips, in, out, kindCount };

  uint32_t columns_, rows_;
  Tile hostTile_;
  std::vector<Tile> tiles_;  // by core
  LinkKind kinds_[kindCount];
  std::vector<uint8_t> kindOf_;  // by tile and way
};

}  // namespace neurochip
