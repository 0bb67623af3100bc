#include "NeuroChip/router_mesh.hpp"

#include <string>

namespace neurochip {

namespace {

struct Rectangle {
  Tile first, last;

  explicit Rectangle(Tile tile) : first(tile), last(tile) {}
  void include(Tile tile) {
    first = {std::min(first.x, tile.x), std::min(first.y, tile.y)};
    last = {std::max(last.x, tile.x), std::max(last.y, tile.y)};
  }
  std::vector<Tile> tiles() const {
    std::vector<Tile> all;
    for (uint32_t y = first.y; y <= last.y; ++y)
      for (uint32_t x = first.x; x <= last.x; ++x) all.push_back({x, y});
    return all;
  }
  std::vector<Way> neighbours(Tile tile) const {
    std::vector<Way> ways;
    if (tile.x < last.x) ways.push_back(Way::east);
    if (tile.x > first.x) ways.push_back(Way::west);
    if (tile.y > first.y) ways.push_back(Way::north);
    if (tile.y < last.y) ways.push_back(Way::south);
    return ways;
  }
};

}  // namespace

RouterMesh::RouterMesh(const ChipParameters& chip, const Mesh& mesh, const std::vector<CoreId>& cores,
                       Receiver& receiver, Barrier& barrier, Counters& counters)
    : mesh_(mesh),
      receiver_(receiver),
      barrier_(barrier),
      counters_(counters),
      routers_(size_t(mesh.columns()) * mesh.rows()) {
  Rectangle used(mesh.hostPort().tile);
  for (const CoreId core : cores) used.include(mesh.portOf(core).tile);
  Receiver& itself = *this;
  for (const Tile tile : used.tiles()) {
    const std::string name = "router_" + std::to_string(tile.x) + "_" + std::to_string(tile.y);
    const Router::Parameters parameters{chip.bufferFlits / chip.packetFlits, chip.coresPerTile,
                                        tile == mesh.hostPort().tile, used.neighbours(tile)};
    routers_[mesh.index(tile)] = std::make_unique<Router>(name.c_str(), mesh, tile, parameters, itself, counters);
  }
  for (const Tile tile : used.tiles()) {
    for (const Way way : used.neighbours(tile)) {
      routers_[mesh.index(tile)]->connect(way, *routers_[mesh.index(mesh.neighbour(tile, way))]);
    }
  }
}

void RouterMesh::attach(Outbox& outbox) {
  const std::string name = "injector" + (outbox.port.isHost ? "_host" : std::to_string(outbox.port.core));
  Entrance& entrance = *this;
  injectors_.push_back(std::make_unique<Injector>(name.c_str(), outbox, entrance, barrier_, counters_));
}

void RouterMesh::beginStep() {
  for (const auto& injector : injectors_) injector->start();
}

int64_t RouterMesh::crossings(Tile tile, Way way) const {
  const auto& router = routers_[mesh_.index(tile)];
  return router ? router->crossings(way) : 0;
}

bool RouterMesh::accept(const Packet& packet, Injector& sender) {
  return routers_[mesh_.index(packet.from.tile)]->accept(packet, sender);
}

void RouterMesh::arrive(const Delivery& delivery, const Port& from, Picoseconds injected, Picoseconds time) {
  receiver_.arrive(delivery, from, injected, time);
  barrier_.finished();  // its flight
}

}  // namespace neurochip
