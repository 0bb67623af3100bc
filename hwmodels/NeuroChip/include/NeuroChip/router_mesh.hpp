// The `detailed` timing level: every hop of a packet is a timed event, over routers with finite buffers.
#pragma once

#include <memory>
#include <vector>

#include "NeuroChip/router.hpp"

namespace neurochip {

class RouterMesh final : public Interconnect {
 public:
  /// Builds the routers of the smallest rectangle with all cores in use and the host: XY routes do not leave it.
  RouterMesh(const ChipParameters& chip, const Mesh& mesh, const std::vector<CoreId>& cores, Receiver& receiver,
             Counters& counters);

  bool accept(const Packet& packet, Sender& sender) override;

 private:
  const Mesh& mesh_;
  std::vector<std::unique_ptr<Router>> routers_;  // by tile; none outside the rectangle
};

}  // namespace neurochip
