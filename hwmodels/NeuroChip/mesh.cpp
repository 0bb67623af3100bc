#include "NeuroChip/mesh.hpp"

#include <algorithm>

namespace neurochip {

Mesh::Mesh(const ChipParameters& chip, Counters& counters)
    : chip_(chip), counters_(counters), links_(size_t(chip.chips) * chip.tilesX * chip.tilesY * linksPerTile) {}

Port Mesh::portOf(CoreId core) const {
  const uint32_t tile = core / chip_.coresPerTile, tilesPerChip = chip_.tilesX * chip_.tilesY;
  const uint32_t onChip = tile % tilesPerChip;
  return {tile / tilesPerChip * chip_.tilesX + onChip % chip_.tilesX, onChip / chip_.tilesX, false};
}

Picoseconds Mesh::pass(uint32_t x, uint32_t y, Direction direction, Picoseconds arrival, Picoseconds latency) {
  auto& link = links_[(size_t(y) * chip_.chips * chip_.tilesX + x) * linksPerTile + direction];
  const Picoseconds start = link.reserve(arrival, chip_.linkOccupancy_ps, injected_);
  counters_.packetWait_ps += start - arrival;
  return start + latency;
}

Picoseconds Mesh::hopAlongX(uint32_t& x, uint32_t y, uint32_t goal, Picoseconds arrival) {
  const bool eastward = goal > x;
  const uint32_t next = eastward ? x + 1 : x - 1;
  const bool leavesChip = next / chip_.tilesX != x / chip_.tilesX;
  const Cost& cost = leavesChip ? chip_.costs.hopBetweenChips : chip_.costs.hopEastWest;
  ++(leavesChip ? counters_.hopsBetweenChips : counters_.hopsEastWest);
  const Picoseconds passed = pass(x, y, eastward ? east : west, arrival, cost.time_ps);
  x = next;
  return passed;
}

Picoseconds Mesh::reserve(const Port& from, CoreId destination, Picoseconds now) {
  const Port goal = portOf(destination);
  uint32_t x = from.x, y = from.y;
  ++counters_.packetsSent;
  injected_ = now;
  Picoseconds t = pass(x, y, from.isHost ? hostIn : localIn, now, chip_.costs.tile.time_ps);
  while (x != goal.x) t = hopAlongX(x, y, goal.x, t);
  while (y != goal.y) {
    const bool southward = goal.y > y;
    t = pass(x, y, southward ? south : north, t, chip_.costs.hopNorthSouth.time_ps);
    y = southward ? y + 1 : y - 1;
    ++counters_.hopsNorthSouth;
  }
  return pass(x, y, localOut, t, 0);
}

}  // namespace neurochip
