// Routers and links: XY routing over the tiles of one or more chips in a row.
#pragma once

#include <vector>

#include "NeuroChip/counters.hpp"
#include "NeuroChip/link.hpp"

namespace neurochip {

/// Where a packet enters the mesh.
struct Port {
  uint32_t x = 0, y = 0;  ///< tile, x counted through all chips
  bool isHost = false;    ///< the host's own port of that router
};

/// The `approximate` timing level: a packet reserves its whole path when it is injected, and waits where a link is taken
/// at the time at which it gets there.
///
/// A packet pays the local port of its source tile once (cost `tile`), then each hop; the port of the destination tile
/// only limits the rate. Links pass one packet per `linkOccupancy_ps`.
class Mesh {
 public:
  Mesh(const ChipParameters& chip, Counters& counters);

  Port portOf(CoreId core) const;
  Port hostPort() const { return {chip_.hostTileX, chip_.hostTileY, true}; }

  /// Reserves the path of one packet and returns when it arrives; `now` never falls from call to call.
  Picoseconds reserve(const Port& from, CoreId destination, Picoseconds now);

 private:
  enum Direction { east, west, north, south, localIn, localOut, hostIn, linksPerTile };

  const ChipParameters& chip_;
  Counters& counters_;
  std::vector<Link> links_;
  Picoseconds injected_ = 0;  // when the packet under way was injected

  Picoseconds pass(uint32_t x, uint32_t y, Direction direction, Picoseconds arrival, Picoseconds latency);
  Picoseconds hopAlongX(uint32_t& x, uint32_t y, uint32_t goal, Picoseconds arrival);
};

}  // namespace neurochip
