#include "NeuroChip/reserved_paths.hpp"

#include "NeuroChip/prefetch.hpp"

namespace neurochip {

namespace {

/// Packets that are put in order together: so few that they stay in the nearest cache.
constexpr size_t wavePackets = 1024;
/// Legs that travel together: so few that they stay there too, so many that each link has a good number of them.
constexpr size_t travellingLegs = 1024;
/// As many cores send in turn, what one sends next has long left the nearest cache when it does.
constexpr size_t deliveriesAhead = 8;
constexpr Picoseconds longestSenderTime = Picoseconds(1) << 60;

}  // namespace

ReservedPaths::ReservedPaths(const Mesh& mesh, Receiver& receiver, Barrier& barrier, Counters& counters)
    : mesh_(mesh),
      receiver_(receiver),
      barrier_(barrier),
      counters_(counters),
      passages_(mesh.linkCount()),
      crossings_(mesh.linkCount()),
      slottedLinks_(mesh.linkCount()),
      links_(mesh.linkCount()) {
  const auto add = [&](Way way, bool isMirrored) {
    for (size_t i = 0; i < mesh.linkCount() / waysPerTile; ++i) {
      const size_t tile = isMirrored ? mesh.linkCount() / waysPerTile - 1 - i : i;
      flow_.push_back(uint32_t(tile * waysPerTile + size_t(way)));
    }
  };
  for (const Way way : {Way::in, Way::hostIn, Way::east}) add(way, false);
  add(Way::west, true);
  add(Way::south, false);
  add(Way::north, true);
  add(Way::out, false);
}

/// Injects the packets of all outboxes by rising time; of those made at the same time, the first outbox's come first.
void ReservedPaths::beginStep() {
  for (Outbox* outbox : outboxes_) {
    Sender sender(*outbox);
    if (sender.begin(now())) senders_.push_back(sender);
  }
  while (!senders_.empty()) {
    collectWave();
    for (const Injection& injection : wave_) inject(injection);
  }
  travel();
}

void ReservedPaths::collectWave() {
  const auto earlier = [](const Sender& a, const Sender& b) { return a.ready() < b.ready(); };
  senderTime_ = std::max<Picoseconds>(senderTime_, senders_.size());
  const Picoseconds span = senderTime_ / senders_.size();
  const Picoseconds end = std::min_element(senders_.begin(), senders_.end(), earlier)->ready() + span;
  wave_.clear();
  size_t left = 0;
  for (Sender& sender : senders_) {
    if (collect(sender, end)) senders_[left++] = sender;
  }
  senders_.erase(senders_.begin() + ptrdiff_t(left), senders_.end());
  order_.sort(wave_);
  // The last wave of a step has what is left, however long it might have been.
  if (wave_.size() < wavePackets / 2 && !senders_.empty()) senderTime_ = std::min(2 * senderTime_, longestSenderTime);
  if (wave_.size() > wavePackets) senderTime_ = (senderTime_ + 1) / 2;
}

bool ReservedPaths::collect(Sender& sender, Picoseconds end) {
  while (sender.ready() < end) {
    const Picoseconds time = sender.ready();
    prefetchAhead<Access::reading>(sender.first(), deliveriesAhead);
    if (sender.first() != sender.last()) wave_.push_back({time, sender.first(), sender.last(), &sender.port()});
    if (sender.advance(time)) continue;
    barrier_.occupy(time);
    return false;
  }
  return true;
}

void ReservedPaths::inject(const Injection& injection) {
  if (legs_.size() >= travellingLegs) travel();
  const Port& from = *injection.from;
  ++counters_.packetsSent;
  ++(from.isHost ? counters_.hostPackets : counters_.corePackets);
  const uint32_t leg = addLeg(injection.time);
  enlist(mesh_.linkIndex(from.tile, from.isHost ? Way::hostIn : Way::in), leg, leg);
  if (injection.last - injection.first == 1) {
    mesh_.forEachLink(from.tile, injection.first->core, [&](size_t link) { enlist(link, leg, leg); });
    goals_.emplace_back(injection.first, &from, leg);
  } else {
    spread(from, {injection.first, injection.last, from, injection.time, {}}, from.tile, leg);
  }
}

void ReservedPaths::spread(const Port& from, Packet packet, Tile at, uint32_t leg) {
  while (packet.first != packet.last) {
    Way way;
    const Packet branch = firstBranch(mesh_, at, packet, way);
    const uint32_t next = addLeg(packet.injected_ps);
    enlist(mesh_.linkIndex(at, way), leg, next);
    if (way == Way::out) {
      goals_.emplace_back(branch.first, &from, next);
    } else {
      spread(from, branch, mesh_.neighbour(at, way), next);
    }
  }
}

uint32_t ReservedPaths::addLeg(Picoseconds injected) {
  legs_.emplace_back(injected);
  return uint32_t(legs_.size() - 1);
}

void ReservedPaths::travel() {
  for (const uint32_t link : flow_) {
    if (!passages_[link].empty()) pass(link);
  }
  deliver();
}

void ReservedPaths::pass(size_t link) {
  const LinkKind& kind = mesh_.link(link);
  const auto count = int64_t(passages_[link].size());
  crossings_[link] += count;
  if (kind.crossings) counters_.*kind.crossings += count;
  const auto passedAsOne = [latency_ps = kind.latency_ps](Picoseconds start, Picoseconds) {
    return Ends{start + latency_ps, start + latency_ps};
  };
  if (kind.flits == 1 && kind.flit_ps == 0) {
    pass(link, [](const Leg& leg) { return leg.here.head; }, passedAsOne);
  } else if (kind.flits == 1 && kind.flit_ps <= SlottedLink::longest_ps) {
    if (!slottedLinks_[link]) slottedLinks_[link] = std::make_unique<SlottedLink>(kind.flit_ps);
    SlottedLink::Reservations reservations(*slottedLinks_[link]);
    pass(link, [&](const Leg& leg) { return reservations.reserve(leg.here.head, leg.injected); }, passedAsOne);
  } else {
    const auto reserve = [&](const Leg& leg) {
      const auto freeAt = [&](Picoseconds start) { return kind.freeAt(start, leg.here.tail); };
      return links_[link].reserve(leg.here.head, freeAt, leg.injected);
    };
    pass(link, reserve, [&](Picoseconds start, Picoseconds tail) { return kind.passed(start, tail); });
  }
}

template <class Reserve, class Passed>
void ReservedPaths::pass(size_t link, Reserve reserve, Passed passed) {
  Leg* const legs = legs_.data();
  unsigned __int128 waited = 0;
  for (const Passage passage : passages_[link]) {
    const Leg before = legs[passage.from];
    const Picoseconds start = reserve(before);
    waited += start - before.here.head;
    legs[passage.to].here = passed(start, before.here.tail);
  }
  counters_.addWait(waited);
  passages_[link].clear();
}

void ReservedPaths::deliver() {
  for (const Goal& goal : goals_) {
    const Leg& leg = legs_[goal.leg];
    receiver_.arrive(*goal.delivery, *goal.from, leg.injected, leg.here.tail);
  }
  goals_.clear();
  legs_.clear();
}

}  // namespace neurochip
