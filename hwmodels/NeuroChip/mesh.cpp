#include "NeuroChip/mesh.hpp"

namespace neurochip {

Mesh::Mesh(const ChipParameters& chip)
    : columns_(chip.chips * chip.tilesX), rows_(chip.tilesY), hostTile_{chip.hostTileX, chip.hostTileY} {
  const uint32_t flits = chip.packetFlits;
  const Picoseconds flit = chip.linkOccupancy_ps;
  kinds_[eastWest] = {chip.costs.hopEastWest.time_ps, flit, flits, &Counters::hopsEastWest};
  kinds_[northSouth] = {chip.costs.hopNorthSouth.time_ps, flit, flits, &Counters::hopsNorthSouth};
  kinds_[betweenChips] = {chip.costs.hopBetweenChips.time_ps, chip.chipLinkOccupancy_ps, flits,
                          &Counters::hopsBetweenChips};
  kinds_[in] = {chip.costs.tile.time_ps, flit, flits, nullptr};
  kinds_[out] = {0, flit, flits, nullptr};

  for (CoreId core = 0; core < chip.coreCount(); ++core) {
    const uint32_t tile = core / chip.coresPerTile, tilesPerChip = chip.tilesX * chip.tilesY,
                   onChip = tile % tilesPerChip;
    tiles_.push_back({tile / tilesPerChip * chip.tilesX + onChip % chip.tilesX, onChip / chip.tilesX});
  }
  for (uint32_t y = 0; y < rows_; ++y) {
    for (uint32_t x = 0; x < columns_; ++x) {
      const Kind eastward = (x + 1) % chip.tilesX == 0 ? betweenChips : eastWest;
      const Kind westward = x % chip.tilesX == 0 ? betweenChips : eastWest;
      // In the order of Way.
      kindOf_.insert(kindOf_.end(), {eastward, westward, northSouth, northSouth, out, in, in});
    }
  }
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
  Ends ends = kinds_[in].passed(0, 0);
  const auto pass = [&](const LinkKind& link) { ends = link.passed(ends.head, ends.tail); };
  follow(from.tile, goal, pass);
  pass(kinds_[out]);
  return ends.tail;
}

}  // namespace neurochip
