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

uint32_t Mesh::hops(const Port& from, CoreId goal) const {
  const Tile a = from.tile, b = tiles_[goal];
  return std::max(a.x, b.x) - std::min(a.x, b.x) + std::max(a.y, b.y) - std::min(a.y, b.y);
}

Picoseconds Mesh::zeroLoadLatency(const Port& from, CoreId goal) const {
  Ends ends = kinds_[in].passed(0, 0);
  forEachLink(from.tile, goal, [&](size_t index) { ends = link(index).passed(ends.head, ends.tail); });
  return ends.tail;
}

}  // namespace neurochip
