#include "NeuroChip/reserved_paths.hpp"

namespace neurochip {

ReservedPaths::ReservedPaths(const Mesh& mesh, Receiver& receiver, Barrier& barrier, Counters& counters)
    : mesh_(mesh),
      receiver_(receiver),
      barrier_(barrier),
      counters_(counters),
      links_(size_t(mesh.columns()) * mesh.rows() * waysPerTile) {}

void ReservedPaths::attach(Outbox& outbox) { outboxes_.push_back(&outbox); }

/// Injects the packets of all outboxes by rising time; of those made at the same time, the first outbox's come first.
void ReservedPaths::beginStep() {
  const auto isLater = [](const Sender& a, const Sender& b) {
    return a.ready != b.ready ? a.ready > b.ready : a.outbox->port > b.outbox->port;
  };
  for (Outbox* outbox : outboxes_) {
    if (outbox->departures.empty()) continue;
    const Departure& first = outbox->departures.front();
    senders_.push_back({outbox, 0, std::max(now(), first.earliest) + first.cost_ps});
  }
  std::make_heap(senders_.begin(), senders_.end(), isLater);
  while (!senders_.empty()) {
    std::pop_heap(senders_.begin(), senders_.end(), isLater);
    Sender& sender = senders_.back();
    injected_ = sender.ready;
    const auto& departures = sender.outbox->departures;
    send(sender.outbox->port, departures[sender.next]);
    if (++sender.next == departures.size()) {
      barrier_.occupy(sender.ready);
      sender.outbox->departures.clear();
      senders_.pop_back();
    } else {
      const Departure& next = departures[sender.next];
      sender.ready = std::max(sender.ready, next.earliest) + next.cost_ps;
      std::push_heap(senders_.begin(), senders_.end(), isLater);
    }
  }
}

void ReservedPaths::send(const Port& from, const Departure& departure) {
  if (departure.first == departure.last) return;
  ++counters_.packetsSent;
  ++(from.isHost ? counters_.hostPackets : counters_.corePackets);
  const Ends whole{injected_, injected_};
  const Ends there = pass(from.tile, from.isHost ? Way::hostIn : Way::in, whole);
  spread({departure.first, departure.last, from, injected_, there}, from.tile);
}

void ReservedPaths::spread(Packet packet, Tile at) {
  while (packet.first != packet.last) {
    Way way;
    Packet branch = firstBranch(mesh_, at, packet, way);
    branch.here_ps = pass(at, way, packet.here_ps);
    if (way == Way::out) {
      receiver_.arrive(branch, *branch.first, branch.here_ps.tail);
    } else {
      spread(branch, mesh_.neighbour(at, way));
    }
  }
}

Ends ReservedPaths::pass(Tile at, Way way, Ends here) {
  const LinkKind& kind = mesh_.link(at, way);
  const auto freeAt = [&](Picoseconds start) { return kind.freeAt(start, here.tail); };
  const Picoseconds start = links_[mesh_.index(at) * waysPerTile + size_t(way)].reserve(here.head, freeAt, injected_);
  counters_.packetWait_ps += start - here.head;
  if (kind.crossings) ++(counters_.*kind.crossings);
  return kind.passed(start, here.tail);
}

}  // namespace neurochip
