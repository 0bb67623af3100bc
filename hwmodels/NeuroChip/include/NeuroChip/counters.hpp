// What is counted, and what the counts cost.
#pragma once

#include <cstdint>
#include <stdexcept>

#include "NeuroChip/parameters.hpp"

namespace neurochip {

struct Counters {
  int64_t hostEvents = 0;
  int64_t hostPackets = 0;
  int64_t spikes = 0;
  int64_t lostSpikes = 0;   ///< of these, the ones that no output axon took up
  int64_t packetsSent = 0;  ///< from cores and from the host port
  int64_t packetsReceived = 0;
  int64_t corePackets = 0;  ///< of those sent, the ones from cores
  int64_t hopsEastWest = 0;
  int64_t hopsNorthSouth = 0;
  int64_t hopsBetweenChips = 0;
  PerFormat<int64_t> synapticOperations{};
  int64_t updatesActive = 0;
  int64_t updatesInactive = 0;
  int64_t saturations = 0;
  int64_t barriers = 0;
  int64_t overruns = 0;  ///< steps that took longer than the chip's tick
  Picoseconds packetWait_ps = 0;

  /// Many packets can wait together longer than time lasts.
  void addWait(unsigned __int128 time) {
    if (__builtin_add_overflow(packetWait_ps, time, &packetWait_ps))
      throw std::runtime_error(
          "packets have waited for more than 2^64 ps together, further than times are counted: run "
          "fewer steps, or correct the times of the chip's operations");
  }
};

/// Dynamic energy by unit of the chip.
struct Energy {
  double synapse_pJ = 0;
  double soma_pJ = 0;
  double axon_pJ = 0;
  double network_pJ = 0;
  double host_pJ = 0;
};

/// Count × energy per operation, for every operation.
class EnergyMeter {
 public:
  explicit EnergyMeter(const Costs& costs) : costs_(costs) {}
  Energy energy(const Counters& counters) const;

 private:
  Costs costs_;
};

}  // namespace neurochip
