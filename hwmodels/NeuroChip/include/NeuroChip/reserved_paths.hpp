// The `approximate` timing level: a packet reserves its whole path when it is injected, and waits where a link is taken at
// the time at which its head gets there; it keeps a link until its tail has passed. Buffers are unbounded, so nothing
// holds back a sender: when packets are injected is known as a step begins, and all paths are reserved then, ahead of the
// kernel's time (temporal decoupling in the sense of TLM-2.0).
//
// A link gives its time to packets in the order in which they are injected; what other links do matters to it only by when
// packets come. So packets that are injected one after the other go together, as a wave, over one link after the other.
#pragma once

#include <memory>

#include "NeuroChip/barrier.hpp"
#include "NeuroChip/interconnect.hpp"
#include "NeuroChip/slotted_link.hpp"
#include "NeuroChip/time_order.hpp"

namespace neurochip {

class ReservedPaths final : public Interconnect {
 public:
  ReservedPaths(const Mesh& mesh, Receiver& receiver, Barrier& barrier, Counters& counters);

  void attach(Outbox& outbox) override { outboxes_.push_back(&outbox); }
  void beginStep() override;
  int64_t crossings(Tile tile, Way way) const override { return crossings_[mesh_.linkIndex(tile, way)]; }

 private:
  /// A packet as it is made.
  struct Injection {
    Picoseconds time;
    Delivery *first, *last;
    const Port* from;
  };
  /// A packet, or the branch of one that has come over a link.
  struct Leg {
    Ends here;
    Picoseconds injected;
  };
  /// Over a link: the leg that comes, and the one that goes on. A packet with one goal is one leg all the way.
  struct Passage {
    uint32_t from, to;
  };
  struct Goal {
    Delivery* delivery;
    const Port* from;
    uint32_t leg;
  };

  const Mesh& mesh_;
  Receiver& receiver_;
  Barrier& barrier_;
  Counters& counters_;
  std::vector<Outbox*> outboxes_;
  std::vector<Sender> senders_;  // those that still have packets, in the order of outboxes
  Picoseconds span_ = 1;         // the time in which a wave's packets are injected
  std::vector<Injection> wave_;
  TimeOrder<Injection> order_;
  std::vector<uint32_t> flow_;  // links in an order in which no packet comes back
  // By link.
  std::vector<int64_t> crossings_;
  std::vector<std::vector<Passage>> passages_;  // of the wave, in the order of injection
  std::vector<std::unique_ptr<SlottedLink>> slottedLinks_;
  std::vector<Link> links_;  // those for which packets are too long for slots
  std::vector<Leg> legs_;
  std::vector<Goal> goals_;

  void collectWave();
  /// Takes what the sender injects before `end`; false if it has no more.
  bool collect(Sender& sender, Picoseconds end);
  void inject(const Injection& injection);
  uint32_t addLeg(Picoseconds injected);
  void enlist(size_t link, uint32_t from, uint32_t to) { passages_[link].push_back({from, to}); }
  /// The branches of a packet from a tile on, each a leg of its own.
  void spread(const Port& from, Packet packet, Tile at, uint32_t leg);
  void pass(size_t link);
  template <class Reserve>
  void pass(size_t link, Reserve reserve);
  void deliver();
};

}  // namespace neurochip
