#include "NeuroChip/reserved_paths.hpp"

namespace neurochip {

ReservedPaths::ReservedPaths(const Mesh& mesh, Receiver& receiver, Barrier& barrier, Counters& counters)
    : mesh_(mesh),
      receiver_(receiver),
      barrier_(barrier),
      counters_(counters),
      links_(size_t(mesh.columns()) * mesh.rows() * waysPerTile),
      crossings_(links_.size()) {}

void ReservedPaths::attach(Outbox& outbox) { outboxes_.push_back(&outbox); }

/// Injects the packets of all outboxes by rising time; of those made at the same time, the first outbox's come first.
void ReservedPaths::beginStep() {
  for (Outbox* outbox : outboxes_) {
    Sender sender(*outbox);
    if (sender.begin(now())) senders_.push_back(sender);
  }
  for (size_t place = senders_.size() / 2; place > 0; --place) sink(place - 1);
  while (!senders_.empty()) {
    send(senders_.front());
    advanceFirst();
  }
}

void ReservedPaths::advanceFirst() {
  Sender& first = senders_.front();
  const Picoseconds gone = first.ready();
  if (!first.advance(gone)) {
    barrier_.occupy(gone);
    first = senders_.back();
    senders_.pop_back();
  }
  if (!senders_.empty()) sink(0);
}

void ReservedPaths::sink(size_t place) {
  const Sender sinking = senders_[place];
  const size_t count = senders_.size();
  for (size_t child = 2 * place + 1; child < count; child = 2 * place + 1) {
    if (child + 1 < count && isEarlier(senders_[child + 1], senders_[child])) ++child;
    if (!isEarlier(senders_[child], sinking)) break;
    senders_[place] = senders_[child];
    place = child;
  }
  senders_[place] = sinking;
}

void ReservedPaths::send(const Sender& sender) {
  if (sender.first() == sender.last()) return;
  const Port& from = sender.port();
  ++counters_.packetsSent;
  ++(from.isHost ? counters_.hostPackets : counters_.corePackets);
  injected_ = sender.ready();
  Packet packet{sender.first(), sender.last(), from, injected_, {injected_, injected_}};
  packet.here_ps = pass(mesh_.linkIndex(from.tile, from.isHost ? Way::hostIn : Way::in), packet.here_ps);
  if (packet.last - packet.first == 1) {
    carry(packet);
  } else {
    spread(packet, from.tile);
  }
}

void ReservedPaths::carry(const Packet& packet) {
  Tile at = packet.from.tile;
  Ends here = packet.here_ps;
  for (Way way = mesh_.route(at, packet.first->core);; way = mesh_.route(at, packet.first->core)) {
    here = pass(mesh_.linkIndex(at, way), here);
    if (way == Way::out) break;
    at = mesh_.neighbour(at, way);
  }
  receiver_.arrive(packet, *packet.first, here.tail);
}

void ReservedPaths::spread(Packet packet, Tile at) {
  while (packet.first != packet.last) {
    Way way;
    Packet branch = firstBranch(mesh_, at, packet, way);
    branch.here_ps = pass(mesh_.linkIndex(at, way), packet.here_ps);
    if (way == Way::out) {
      receiver_.arrive(branch, *branch.first, branch.here_ps.tail);
    } else {
      spread(branch, mesh_.neighbour(at, way));
    }
  }
}

Ends ReservedPaths::pass(size_t link, Ends here) {
  const LinkKind& kind = mesh_.link(link);
  const auto freeAt = [&](Picoseconds start) { return kind.freeAt(start, here.tail); };
  const Picoseconds start = links_[link].reserve(here.head, freeAt, injected_);
  counters_.addWait(start - here.head);
  if (kind.crossings) ++(counters_.*kind.crossings);
  ++crossings_[link];
  return kind.passed(start, here.tail);
}

}  // namespace neurochip
