#include "NeuroChip/mesh.hpp"

#include <stdexcept>

namespace neurochip {

Mesh::Mesh(const ChipParameters& chip)
    : chips_(chip.chips),
      tilesX_(chip.tilesX),
      tilesY_(chip.tilesY),
      coresPerTile_(chip.coresPerTile),
      hostTile_{chip.hostTileX, chip.hostTileY} {
  const Picoseconds occupancy = chip.packetFlits * chip.linkOccupancy_ps;
  const Picoseconds chipOccupancy = chip.packetFlits * chip.chipLinkOccupancy_ps;
  eastWest_ = {chip.costs.hopEastWest.time_ps, occupancy, &Counters::hopsEastWest};
  northSouth_ = {chip.costs.hopNorthSouth.time_ps, occupancy, &Counters::hopsNorthSouth};
  betweenChips_ = {chip.costs.hopBetweenChips.time_ps, chipOccupancy, &Counters::hopsBetweenChips};
  in_ = {chip.costs.tile.time_ps, occupancy, nullptr};
  out_ = {0, occupancy, nullptr};
}

Port Mesh::portOf(CoreId core) const {
  const uint32_t tile = core / coresPerTile_, tilesPerChip = tilesX_ * tilesY_;
  const uint32_t onChip = tile % tilesPerChip;
  return {{tile / tilesPerChip * tilesX_ + onChip % tilesX_, onChip / tilesX_}, false, core};
}

Way Mesh::route(Tile at, CoreId core) const {
  const Tile goal = portOf(core).tile;
  if (goal.x != at.x) return goal.x > at.x ? Way::east : Way::west;
  if (goal.y != at.y) return goal.y > at.y ? Way::south : Way::north;
  return Way::out;
}

Tile Mesh::neighbour(Tile tile, Way way) const {
  switch (way) {
    case Way::east: return {tile.x + 1, tile.y};
    case Way::west: return {tile.x - 1, tile.y};
    case Way::south: return {tile.x, tile.y + 1};
    case Way::north: return {tile.x, tile.y - 1};
    case Way::out:
    case Way::in:
    case Way::hostIn: break;
  }
  throw std::logic_error("a tile's own port has no neighbour");
}

const LinkKind& Mesh::link(Tile tile, Way way) const {
  switch (way) {
    case Way::east:
    case Way::west: return neighbour(tile, way).x / tilesX_ == tile.x / tilesX_ ? eastWest_ : betweenChips_;
    case Way::south:
    case Way::north: return northSouth_;
    case Way::in:
    case Way::hostIn: return in_;
    case Way::out: break;
  }
  return out_;
}

template <class Visit>
void Mesh::follow(Tile tile, CoreId goal, Visit visit) const {
  for (Way way = route(tile, goal); way != Way::out; way = route(tile, goal)) {
    visit(link(tile, way));
    tile = neighbour(tile, way);
  }
}

uint32_t Mesh::hops(const Port& from, CoreId goal) const {
  uint32_t count = 0;
  follow(from.tile, goal, [&](const LinkKind&) { ++count; });
  return count;
}

Picoseconds Mesh::zeroLoadLatency(const Port& from, CoreId goal) const {
  Picoseconds latency = in_.latency_ps + out_.latency_ps;
  follow(from.tile, goal, [&](const LinkKind& link) { latency += link.latency_ps; });
  return latency;
}

}  // namespace neurochip
