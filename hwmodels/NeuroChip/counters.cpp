#include "NeuroChip/counters.hpp"

namespace neurochip {

Energy EnergyMeter::energy(const Counters& n) const {
  const auto cost = [](int64_t count, const Cost& each) { return double(count) * each.energy_pJ; };
  Energy e;
  for (size_t f = 0; f < synapseFormatCount; ++f) {
    e.synapse_pJ += cost(n.synapticOperations[f], costs_.synapticOperation[f]);
  }
  e.soma_pJ = cost(n.updatesActive, costs_.updateActive) + cost(n.updatesInactive, costs_.updateInactive) +
              cost(n.spikes, costs_.spikeOut);
  e.axon_pJ = cost(n.corePackets, costs_.axonOut) + cost(n.packetsReceived, costs_.axonIn);
  e.network_pJ = cost(n.packetsSent, costs_.tile) + cost(n.hopsEastWest, costs_.hopEastWest) +
                 cost(n.hopsNorthSouth, costs_.hopNorthSouth) + cost(n.hopsBetweenChips, costs_.hopBetweenChips) +
                 cost(n.barriers, costs_.barrier);
  e.host_pJ = cost(n.hostEvents, costs_.hostEvent);
  return e;
}

}  // namespace neurochip
