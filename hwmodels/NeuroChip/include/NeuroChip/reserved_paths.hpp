// The `approximate` timing level: a packet reserves its whole path when it is injected, and waits where a link is taken at
// the time at which its head gets there; it keeps a link until its tail has passed. Buffers are unbounded, so nothing
// holds back a sender: when packets are injected is known as a step begins, and all paths are reserved then, ahead of the
// kernel's time (temporal decoupling in the sense of TLM-2.0).
#pragma once

#include "NeuroChip/barrier.hpp"
#include "NeuroChip/interconnect.hpp"
#include "NeuroChip/link.hpp"

namespace neurochip {

class ReservedPaths final : public Interconnect {
 public:
  ReservedPaths(const Mesh& mesh, Receiver& receiver, Barrier& barrier, Counters& counters);

  void attach(Outbox& outbox) override;
  void beginStep() override;
  int64_t crossings(Tile tile, Way way) const override { return crossings_[mesh_.linkIndex(tile, way)]; }

 private:
  const Mesh& mesh_;
  Receiver& receiver_;
  Barrier& barrier_;
  Counters& counters_;
  std::vector<Outbox*> outboxes_;
  std::vector<Link> links_;
  std::vector<int64_t> crossings_;  // by link
  std::vector<Sender> senders_;     // a heap, the earliest on top
  Picoseconds injected_ = 0;        // when the packet under way was

  static bool isEarlier(const Sender& a, const Sender& b) {
    return a.ready() != b.ready() ? a.ready() < b.ready() : b.port() > a.port();
  }
  /// Lets the sender at that place of the heap sink until none below it is earlier.
  void sink(size_t place);
  /// Takes the first sender on to its next packet, or out if it has none.
  void advanceFirst();
  void send(const Sender& sender);
  /// A packet with one delivery takes its only path.
  void carry(const Packet& packet);
  /// One with several branches out from a tile.
  void spread(Packet packet, Tile at);
  /// When the ends of a packet that come at `here` have passed the link.
  Ends pass(size_t link, Ends here);
};

}  // namespace neurochip
