#include "validation.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace neurochip {

namespace {

void require(bool condition, const std::string& message) {
  if (!condition) throw DescriptionError(message);
}

/// The same, with a message that is put together only if it is needed.
void require(bool condition, const std::string& where, const char* what) {
  if (!condition) throw DescriptionError(where + what);
}

std::string place(const char* what, size_t index) { return std::string(what) + " " + std::to_string(index); }

/// So long can a single operation last, 1.1 s: products with counts of tiles and flits stay within 64 bits.
constexpr Picoseconds longestTime_ps = Picoseconds(1) << 40;

void validateTimes(const ChipParameters& chip) {
  const Costs& c = chip.costs;
  std::vector<Picoseconds> times{c.updateActive.time_ps,
                                 c.updateInactive.time_ps,
                                 c.spikeOut.time_ps,
                                 c.axonOut.time_ps,
                                 c.axonIn.time_ps,
                                 c.tile.time_ps,
                                 c.hopEastWest.time_ps,
                                 c.hopNorthSouth.time_ps,
                                 c.hopBetweenChips.time_ps,
                                 c.hostEvent.time_ps,
                                 chip.linkOccupancy_ps,
                                 chip.chipLinkOccupancy_ps,
                                 chip.tick_ps};
  for (const Cost& cost : c.synapticOperation) times.push_back(cost.time_ps);
  for (const BarrierPoint& point : chip.barrier) times.push_back(point.time_ps);
  for (const Picoseconds time : times)
    require(time <= longestTime_ps, "an operation can take up to 2^40 ps (1.1 s), not " + std::to_string(time) + " ps");
  uint32_t before = 0;
  for (const BarrierPoint& point : chip.barrier) {
    require(before < point.tiles && point.tiles <= 1u << 20,
            "a barrier's points must come by rising tiles, 1 ... 2^20");
    before = point.tiles;
  }
}

void validateChip(const ChipParameters& chip) {
  require(chip.chips > 0 && chip.tilesX > 0 && chip.tilesY > 0 && chip.coresPerTile > 0,
          "a chip needs at least one core");
  require(chip.stateBits >= 2 && chip.stateBits <= 30, "the state's width must lie in 2 ... 30 bits");
  require(chip.payloadBits >= 1 && chip.payloadBits <= 32, "the payload's width must lie in 1 ... 32 bits");
  require(chip.packetFlits >= 1 && chip.packetFlits <= 1024, "a packet can have 1 ... 1024 flits");
  require(chip.bufferFlits >= chip.packetFlits, "a router's buffer must hold a whole packet");
  require(chip.hostTileX < chip.chips * chip.tilesX && chip.hostTileY < chip.tilesY,
          "the host port lies outside the mesh");
  validateTimes(chip);
}

/// Every dendrite lies on exactly one core.
void validatePlacements(const ChipParameters& chip, const NetworkDescription& network) {
  std::vector<std::vector<bool>> placed;
  for (const auto& p : network.populations) placed.emplace_back(size_t(p.rows) * p.columns * p.channels, false);
  for (size_t i = 0; i < network.placements.size(); ++i) {
    const auto& placement = network.placements[i];
    const auto where = place("placement", i);
    require(placement.core < chip.coreCount(), where + " names core " + std::to_string(placement.core) +
                                                   "; the chip has " + std::to_string(chip.coreCount()));
    require(placement.population < network.populations.size(), where, " names an unknown population");
    const auto& p = network.populations[placement.population];
    const Box& b = placement.box;
    require(0 <= b.row0 && b.row0 < b.row1 && b.row1 <= p.rows && 0 <= b.column0 && b.column0 < b.column1 &&
                b.column1 <= p.columns && 0 <= b.channel0 && b.channel0 < b.channel1 && b.channel1 <= p.channels,
            where, " lies outside its population");
    const Box shape{0, p.rows, 0, p.columns, 0, p.channels};
    for (int32_t r = b.row0; r < b.row1; ++r)
      for (int32_t c = b.column0; c < b.column1; ++c)
        for (int32_t k = b.channel0; k < b.channel1; ++k) {
          auto&& dendrite = placed[placement.population][shape.index(r, c, k)];
          require(!dendrite, where, " overlaps another");
          dendrite = true;
        }
  }
  for (size_t i = 0; i < placed.size(); ++i)
    require(std::find(placed[i].begin(), placed[i].end(), false) == placed[i].end(), place("population", i),
            " is not placed as a whole");
}

void validateConvolution(const NetworkDescription& network, const ProjectionDescription& p, int32_t sourceChannels,
                         const std::string& where) {
  require(p.table < network.tables.size(), where, " names an unknown table");
  const auto& table = network.tables[p.table];
  require(p.sourceStride > 0 && p.targetStride > 0, where, " needs positive strides");
  require(table.sourceChannels == sourceChannels && table.targetChannels == network.populations[p.target].channels,
          where, " has a table for other numbers of channels");
}

void validatePairs(const NetworkDescription& network, const ProjectionDescription& p, size_t sources,
                   const std::string& where) {
  const auto& target = network.populations[p.target];
  require(p.pairs.rows == sources, where, " needs a row for each source");
  p.pairs.validate(size_t(target.rows) * target.columns * target.channels);
}

void validateProjection(const NetworkDescription& network, const ProjectionDescription& p, const std::string& where) {
  require(p.target < network.populations.size(), where, " has an unknown target");
  require(p.source.isInput || p.source.population < network.populations.size(), where, " has an unknown source");
  require(p.sign == 1 || p.sign == -1, where, " needs a sign of 1 or -1");
  require(p.shift >= 0 && p.shift <= 40, where, " has a shift outside 0 ... 40");
  require(p.delay <= 64, where, " has a delay above 64");
  int32_t rows = network.inputRows, columns = network.inputColumns, channels = network.inputChannels;
  if (!p.source.isInput) {
    const auto& source = network.populations[p.source.population];
    rows = source.rows, columns = source.columns, channels = source.channels;
  }
  switch (p.kind) {
    case ProjectionDescription::Kind::convolution:
      validateConvolution(network, p, channels, where);
      break;
    case ProjectionDescription::Kind::pairs:
      validatePairs(network, p, size_t(rows) * columns * channels, where);
      break;
    case ProjectionDescription::Kind::oneToOne: {
      require(network.arithmetic == Arithmetic::real ||
                  (std::trunc(p.weight) == p.weight && std::trunc(p.signWeight) == p.signWeight),
              where, " needs whole weights in integer arithmetic");
      const auto& target = network.populations[p.target];
      require(rows == target.rows && columns == target.columns && channels == target.channels, where,
              " needs equal shapes");
      break;
    }
  }
}

}  // namespace

void validate(const ChipParameters& chip, const NetworkDescription& network) {
  validateChip(chip);
  for (const double share : {network.faults.deadNeurons, network.faults.lostSpikes})
    require(share >= 0 && share <= 1, "a share of dead neurons or lost spikes must lie in 0 ... 1");
  for (size_t i = 0; i < network.populations.size(); ++i) {
    const auto& p = network.populations[i];
    require(p.rows > 0 && p.columns > 0 && p.channels > 0, place("population", i), " is empty");
  }
  for (size_t i = 0; i < network.tables.size(); ++i) {
    const auto& t = network.tables[i];
    require(t.sourceChannels > 0 && t.extent > 0 && t.targetChannels > 0, place("table", i), " is empty");
    const size_t given = weightCount(t.weights);
    const size_t needed = size_t(t.sourceChannels) * t.extent * t.extent * t.targetChannels;
    require(given == needed, place("table", i) + " has " + std::to_string(given) + " weights; " +
                                 std::to_string(needed) + " are needed");
  }
  for (size_t i = 0; i < network.projections.size(); ++i)
    validateProjection(network, network.projections[i], place("projection", i));
  validatePlacements(chip, network);
}

}  // namespace neurochip
