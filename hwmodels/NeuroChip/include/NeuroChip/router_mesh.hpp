// The `detailed` timing level: every hop of a packet is a timed event, over routers with finite buffers.
#pragma once

#include <memory>
#include <vector>

#include "NeuroChip/router.hpp"

namespace neurochip {

class RouterMesh final : public Interconnect, private Entrance, private Receiver {
 public:
  /// Builds the routers of the smallest rectangle with all cores in use and the host: XY routes do not leave it.
  RouterMesh(const ChipParameters& chip, const Mesh& mesh, const std::vector<CoreId>& cores, Receiver& receiver,
             Barrier& barrier, Counters& counters);

  void attach(Outbox& outbox) override;
  void beginStep() override;
  int64_t crossings(Tile tile, Way way) const override;

 private:
  const Mesh& mesh_;
  Receiver& receiver_;
  Barrier& barrier_;
  Counters& counters_;
  std::vector<std::unique_ptr<Injector>> injectors_;
  std::vector<std::unique_ptr<Router>> routers_;  // by tile; none outside the rectangle

  bool accept(const Packet& packet, Injector& sender) override;
  void arrive(const Delivery& delivery, const Port& from, Picoseconds injected, Picoseconds time) override;
};

}  // namespace neurochip
