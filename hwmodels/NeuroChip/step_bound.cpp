#include "NeuroChip/step_bound.hpp"

#include <algorithm>

namespace neurochip {

namespace {

/// Of a packet on the longest way, each flit by itself.
double longestWay_ps(const ChipParameters& chip) {
  const double hops = double(chip.chips) * chip.tilesX + chip.tilesY;
  const Costs& costs = chip.costs;
  const Picoseconds hop =
      std::max({costs.hopEastWest.time_ps, costs.hopNorthSouth.time_ps, costs.hopBetweenChips.time_ps});
  const double flits = chip.packetFlits * double(std::max(chip.linkOccupancy_ps, chip.chipLinkOccupancy_ps));
  return double(costs.tile.time_ps) + hops * double(hop) + (hops + 2) * flits;
}

}  // namespace

StepBound::StepBound(const ChipParameters& chip, Picoseconds barrierTime)
    : costs_(chip.costs),
      delivery_ps_(double(std::max(chip.costs.axonOut.time_ps, chip.costs.hostEvent.time_ps)) + longestWay_ps(chip) +
                   double(chip.costs.axonIn.time_ps)),
      idle_ps_(double(barrierTime) + double(chip.tick_ps)) {}

double StepBound::work_ps(const Activity& activity) const {
  PerFormat<uint64_t> operations{};
  for (const Delivery& delivery : activity.deliveries)
    for (size_t f = 0; f < synapseFormatCount; ++f) operations[f] += delivery.operations[f];
  // A spike without deliveries takes the time of an output axon all the same.
  double work = double(activity.deliveries.size() + activity.spikes.size()) * delivery_ps_ +
                double(activity.spikes.size()) * double(costs_.spikeOut.time_ps) +
                double(activity.activeUpdates) * double(costs_.updateActive.time_ps) +
                double(activity.updates - activity.activeUpdates) * double(costs_.updateInactive.time_ps);
  for (size_t f = 0; f < synapseFormatCount; ++f)
    work += double(operations[f]) * double(costs_.synapticOperation[f].time_ps);
  return work;
}

}  // namespace neurochip
