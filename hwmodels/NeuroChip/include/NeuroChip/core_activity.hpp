// What one core or link did from the beginning of a run to the end of its last step.
#pragma once

#include "NeuroChip/mesh.hpp"

namespace neurochip {

struct CoreActivity {
  CoreId core = 0;
  Picoseconds soma_ps = 0;    ///< somas busy
  Picoseconds engine_ps = 0;  ///< synapse engine busy
  Picoseconds busy_ps = 0;    ///< the longer of the two in each step, added up
  int64_t updatesActive = 0;
  int64_t updatesInactive = 0;
  int64_t spikes = 0;
  int64_t synapticOperations = 0;
  int64_t packetsSent = 0;
  int64_t packetsReceived = 0;
};

/// A link between two tiles.
struct LinkActivity {
  Tile tile;            ///< where it begins
  Way way = Way::east;  ///< where it leads
  int64_t packets = 0;
};

}  // namespace neurochip
