// A router of the `detailed` timing level: finite input buffers, round-robin arbitration, links that need a credit.
//
// Packets are forwarded as soon as their head is there (virtual cut-through): one goes on when its link is free and the
// buffer behind it has room for the whole packet; it keeps the link, and its place in the buffer it leaves, until its
// tail has passed, and the tail passes no earlier than it has come over the link before. A core serves a packet once
// its tail is there. With XY routes no buffer waits in a circle, and destinations always drain: it cannot deadlock.
#pragma once

#include <array>
#include <memory>
#include <systemc>
#include <utility>
#include <vector>

#include "NeuroChip/injector.hpp"
#include "NeuroChip/queue.hpp"

namespace neurochip {

class Channel;

/// A queue of packets in front of channels.
class Buffer {
 public:
  explicit Buffer(size_t packets) : capacity_(packets) {}
  virtual ~Buffer() = default;

  bool hasRoom() const { return taken_ < capacity_; }
  /// Keeps a place for a packet that is on its way here.
  void reserve();
  void push(const Packet& packet);

  /// Whether the head has a branch that is to go over this channel.
  bool wants(const Channel& channel) const;
  /// Begins to read the branch that goes over this channel. Several channels may read at once.
  Packet take(Channel& channel);
  /// A branch's tail has left; with the last one, so has the packet.
  void finishRead(const Channel& channel);
  /// Whether a packet behind the head, or one that has not come yet, needs the reads to end.
  bool awaitsReads() const { return queue_.size() > 1 || !hasRoom(); }

 protected:
  struct Branch {
    Channel* channel;
    Packet packet;
  };
  /// Appends the branches of a packet.
  virtual void split(Packet packet, std::vector<Branch>& branches) = 0;
  virtual void roomFreed() = 0;

 private:
  size_t capacity_, taken_ = 0;
  Queue<Packet> queue_;
  std::vector<Branch> branches_;  // of the head: those that still have to go
  std::vector<Channel*> readers_;  // those over which others go

  void announce();
  /// Ends reads whose time is over, and has the channels tell when that of the others is.
  void settleReads();
};

/// A link between two routers, or between a router and its cores or the host.
///
/// That it is free again is an event only if somebody waits for it.
class Channel final : public sc_core::sc_module {
 public:
  SC_HAS_PROCESS(Channel);
  Channel(const sc_core::sc_module_name& name, const LinkKind& kind, Receiver& receiver, Counters& counters);

  void addInput(Buffer& input) { inputs_.push_back(&input); }
  /// Without an output, packets arrive at their core.
  void setOutput(Buffer& output) { output_ = &output; }

  /// The head of an input wants to pass.
  void request() {
    ++waiting_;
    request_.notify(sc_core::SC_ZERO_TIME);
  }
  /// The output has room again.
  void roomFreed() {
    if (std::exchange(needsRoom_, false)) request_.notify(sc_core::SC_ZERO_TIME);
  }
  /// Ends the read of the packet on the link if its time is over, or else when it is.
  void settleRead();
  /// Packets that have passed since the beginning of the run.
  int64_t crossings() const { return crossings_; }

 private:
  const LinkKind& kind_;
  Receiver& receiver_;
  Counters& counters_;
  std::vector<Buffer*> inputs_;
  Buffer* output_ = nullptr;

  sc_core::sc_event request_, free_, arrival_;
  size_t waiting_ = 0;         // heads that want to pass
  bool needsRoom_ = false;     // for one of them
  size_t favoured_ = 0;        // the input that is asked first
  Buffer* reading_ = nullptr;  // whose packet is on the link
  Picoseconds freeAt_ = 0;
  bool isAwaited_ = false;     // so that being free is an event
  Queue<Packet> flights_;
  int64_t crossings_ = 0;

  void arbitrate();
  void awaitFree();
  void becomeFree();
  void finishRead();
  void grant(Buffer& input);
  void arrive();
  Picoseconds arrival(const Packet& packet) const;
};

/// The router of one tile with the links that begin there.
class Router final : public sc_core::sc_module {
 public:
  struct Parameters {
    size_t bufferPackets;         ///< room of each buffer
    uint32_t lanes;               ///< cores of a tile
    bool hasHost;                 ///< whether the host's port is here
    std::vector<Way> neighbours;  ///< ways on which there is another router
  };

  Router(const sc_core::sc_module_name& name, const Mesh& mesh, Tile tile, const Parameters& parameters,
         Receiver& receiver, Counters& counters);
  ~Router() override;

  /// Lets the link that goes that way end at the neighbour.
  void connect(Way way, Router& neighbour);

  bool accept(const Packet& packet, Injector& sender);

  /// Packets that have left that way since the beginning of the run.
  int64_t crossings(Way way) const { return channels_[size_t(way)] ? channels_[size_t(way)]->crossings() : 0; }

 private:
  class Input;
  class Injection;

  const Mesh& mesh_;
  Tile tile_;
  size_t bufferPackets_;
  std::array<std::unique_ptr<Channel>, waysPerTile> channels_;
  std::vector<std::unique_ptr<Input>> inputs_;
  std::vector<std::unique_ptr<Injection>> lanes_;  // by core of the tile
  std::unique_ptr<Injection> host_;

  Channel& channel(Way way) { return *channels_[size_t(way)]; }
  void addInput(Channel& feeder);
};

}  // namespace neurochip
