// The `approximate` timing level: a packet reserves its whole path when it is injected, and waits where a link is taken
// at the time at which its head gets there; it keeps a link until its tail has passed. Buffers are unbounded, so
// nothing holds back a sender: when packets are injected is known as a step begins, and all paths are reserved then,
// ahead of the kernel's time (temporal decoupling in the sense of TLM-2.0).
//
// A link gives its time to packets in the order in which they are injected; what other links do matters to it only by
// when packets come. So packets that are injected one after the other travel together, over one link after the other.
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
  /// A packet, or the branch of one that has come over a link. A packet with one goal is one leg all the way.
  struct Leg {
    Ends here;
    Picoseconds injected;

    explicit Leg(Picoseconds injected) : here{injected, injected}, injected(injected) {}
  };
  /// Over a link: the leg that comes, and the one that goes on.
  struct Passage {
    uint32_t from, to;
  };
  struct Goal {
    Delivery* delivery;
    const Port* from;
    uint32_t leg;

    Goal(Delivery* delivery, const Port* from, uint32_t leg) : delivery(delivery), from(from), leg(leg) {}
  };

  const Mesh& mesh_;
  Receiver& receiver_;
  Barrier& barrier_;
  Counters& counters_;
  std::vector<Outbox*> outboxes_;
  std::vector<Sender> senders_;  // those that still have packets, in the order of outboxes
  Picoseconds senderTime_ = 1;   // in which a wave's packets are injected, times their senders
  std::vector<Injection> wave_;
  TimeOrder<Injection> order_;
  std::vector<uint32_t> flow_;  // links in an order in which no packet comes back
  // Packets that travel, in the order of injection.
  std::vector<Leg> legs_;
  std::vector<Goal> goals_;
  std::vector<std::vector<Passage>> passages_;  // by link
  // By link.
  std::vector<int64_t> crossings_;
  std::vector<std::unique_ptr<SlottedLink>> slottedLinks_;
  std::vector<Link> links_;  // those for which packets are too long for slots

  void collectWave();
  /// Takes what the sender injects before `end`; false if it has no more.
  bool collect(Sender& sender, Picoseconds end);
  void inject(const Injection& injection);
  /// The branches of a packet from a tile on, each a leg of its own.
  void spread(const Port& from, Packet packet, Tile at, uint32_t leg);
  uint32_t addLeg(Picoseconds injected);
  // Called for each link of each packet; left to itself, the compiler does not take it in.
  inline __attribute__((always_inline)) void enlist(size_t link, uint32_t from, uint32_t to) {
    passages_[link].push_back({from, to});
  }
  /// All that have been injected pass one link after the other.
  void travel();
  void pass(size_t link);
  /// When a leg begins to pass, and where its ends are then.
  template <class Reserve, class Passed>
  void pass(size_t link, Reserve reserve, Passed passed);
  void deliver();
};

}  // namespace neurochip
