// The `approximate` timing level: a packet reserves its whole path when it is injected, and waits where a link is taken at
// the time at which it gets there. Buffers are unbounded.
#pragma once

#include <vector>

#include "NeuroChip/interconnect.hpp"
#include "NeuroChip/link.hpp"

namespace neurochip {

class ReservedPaths final : public Interconnect {
 public:
  ReservedPaths(const Mesh& mesh, Receiver& receiver, Counters& counters);

  bool accept(const Packet& packet, Sender& sender) override;

 private:
  const Mesh& mesh_;
  Receiver& receiver_;
  Counters& counters_;
  std::vector<Link> links_;
  Picoseconds now_ = 0;

  void spread(Packet packet, Tile at, Picoseconds arrival);
  Picoseconds pass(Tile at, Way way, Picoseconds arrival);
};

}  // namespace neurochip
