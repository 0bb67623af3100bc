#include "NeuroChip/router.hpp"

#include <algorithm>
#include <utility>

namespace neurochip {

namespace {

constexpr const char* names[waysPerTile] = {"east", "west", "north", "south", "out", "in", "host_in"};

}  // namespace

void Buffer::reserve() {
  ++taken_;
  if (!hasRoom()) settleReads();
}

void Buffer::push(const Packet& packet) {
  settleReads();
  queue_.push_back(packet);
  if (queue_.size() == 1) announce();
}

void Buffer::announce() {
  split(queue_.front(), branches_);
  for (const Branch& branch : branches_) branch.channel->request();
}

bool Buffer::wants(const Channel& channel) const {
  return std::any_of(branches_.begin(), branches_.end(), [&](const Branch& b) { return b.channel == &channel; });
}

Packet Buffer::take(Channel& channel) {
  const auto found =
      std::find_if(branches_.begin(), branches_.end(), [&](const Branch& b) { return b.channel == &channel; });
  const Packet packet = found->packet;
  branches_.erase(found);
  readers_.push_back(&channel);
  return packet;
}

void Buffer::finishRead(const Channel& channel) {
  readers_.erase(std::find(readers_.begin(), readers_.end(), &channel));
  if (!readers_.empty() || !branches_.empty()) return;
  queue_.pop_front();
  --taken_;
  roomFreed();
  if (!queue_.empty()) announce();
}

void Buffer::settleReads() {
  for (size_t i = readers_.size(); i > 0; --i) readers_[i - 1]->settleRead();
}

Channel::Channel(const sc_core::sc_module_name& name, const LinkKind& kind, Receiver& receiver, Counters& counters)
    : sc_module(name), kind_(kind), receiver_(receiver), counters_(counters) {
  SC_METHOD(arbitrate);
  sensitive << request_;
  dont_initialize();
  SC_METHOD(becomeFree);
  sensitive << free_;
  dont_initialize();
  SC_METHOD(arrive);
  sensitive << arrival_;
  dont_initialize();
}

void Channel::settleRead() {
  if (!reading_ || isAwaited_) return;
  if (freeAt_ > now()) {
    awaitFree();
  } else {
    finishRead();
  }
}

void Channel::awaitFree() {
  isAwaited_ = true;
  free_.notify(duration(freeAt_ - now()));
}

void Channel::becomeFree() {
  finishRead();
  if (waiting_ > 0) request_.notify(sc_core::SC_ZERO_TIME);
}

void Channel::finishRead() {
  isAwaited_ = false;
  std::exchange(reading_, nullptr)->finishRead(*this);
}

/// Round robin over the inputs, one packet at a time, after what comes and ends at this instant. Where there is no
/// room, the output asks again when there is.
void Channel::arbitrate() {
  settleRead();
  if (reading_ || waiting_ == 0) return;
  if (output_ && !output_->hasRoom()) {
    needsRoom_ = true;
    return;
  }
  for (size_t i = 0; i < inputs_.size(); ++i) {
    const size_t candidate = (favoured_ + i) % inputs_.size();
    if (!inputs_[candidate]->wants(*this)) continue;
    favoured_ = (candidate + 1) % inputs_.size();
    grant(*inputs_[candidate]);
    return;
  }
}

void Channel::grant(Buffer& input) {
  Packet packet = input.take(*this);
  --waiting_;
  counters_.addWait(now() - packet.here_ps.head);
  if (kind_.crossings) ++(counters_.*kind_.crossings);
  ++crossings_;
  reading_ = &input;
  freeAt_ = kind_.freeAt(now(), packet.here_ps.tail);
  if (waiting_ > 0 || input.awaitsReads()) awaitFree();
  if (output_) output_->reserve();
  packet.here_ps = kind_.passed(now(), packet.here_ps.tail);
  if (!output_ && flights_.empty() && arrival(packet) == now()) {
    return receiver_.arrive(*packet.first, packet.from, packet.injected_ps, now());
  }
  flights_.push_back(packet);
  if (flights_.size() == 1) arrival_.notify(duration(arrival(packet) - now()));
}

/// A router sends on what begins to come, a core serves what has come.
Picoseconds Channel::arrival(const Packet& packet) const { return output_ ? packet.here_ps.head : packet.here_ps.tail; }

void Channel::arrive() {
  while (!flights_.empty() && arrival(flights_.front()) <= now()) {
    const Packet packet = flights_.front();
    flights_.pop_front();
    if (output_) {
      output_->push(packet);
    } else {
      receiver_.arrive(*packet.first, packet.from, packet.injected_ps, now());
    }
  }
  if (!flights_.empty()) arrival_.notify(duration(arrival(flights_.front()) - now()));
}

/// What has come over a link and is to be routed.
class Router::Input final : public Buffer {
 public:
  Input(Router& router, Channel& feeder, size_t packets) : Buffer(packets), router_(router), feeder_(feeder) {}

 protected:
  void split(Packet packet, std::vector<Branch>& branches) override {
    while (packet.first != packet.last) {
      Way way;
      const Packet branch = firstBranch(router_.mesh_, router_.tile_, packet, way);
      branches.push_back({&router_.channel(way), branch});
    }
  }
  void roomFreed() override { feeder_.roomFreed(); }

 private:
  Router& router_;
  Channel& feeder_;
};

/// What a core or the host has sent and the router has not yet taken.
class Router::Injection final : public Buffer {
 public:
  Injection(Channel& channel, size_t packets) : Buffer(packets), channel_(channel) {}

  bool accept(const Packet& packet, Injector& sender) {
    if (!hasRoom()) {
      waiting_ = &sender;
      return false;
    }
    reserve();
    push(packet);
    return true;
  }

 protected:
  void split(Packet packet, std::vector<Branch>& branches) override { branches.push_back({&channel_, packet}); }
  void roomFreed() override {
    if (waiting_) std::exchange(waiting_, nullptr)->resume();
  }

 private:
  Channel& channel_;
  Injector* waiting_ = nullptr;
};

Router::Router(const sc_core::sc_module_name& name, const Mesh& mesh, Tile tile, const Parameters& parameters,
               Receiver& receiver, Counters& counters)
    : sc_module(name), mesh_(mesh), tile_(tile), bufferPackets_(parameters.bufferPackets) {
  const auto addChannel = [&](Way way) {
    channels_[size_t(way)] = std::make_unique<Channel>(names[size_t(way)], mesh.link(tile, way), receiver, counters);
  };
  for (const Way way : parameters.neighbours) addChannel(way);
  addChannel(Way::out);
  addChannel(Way::in);
  addInput(channel(Way::in));
  for (uint32_t lane = 0; lane < parameters.lanes; ++lane) {
    lanes_.push_back(std::make_unique<Injection>(channel(Way::in), bufferPackets_));
    channel(Way::in).addInput(*lanes_.back());
  }
  if (!parameters.hasHost) return;
  addChannel(Way::hostIn);
  addInput(channel(Way::hostIn));
  host_ = std::make_unique<Injection>(channel(Way::hostIn), bufferPackets_);
  channel(Way::hostIn).addInput(*host_);
}

Router::~Router() = default;

void Router::addInput(Channel& feeder) {
  inputs_.push_back(std::make_unique<Input>(*this, feeder, bufferPackets_));
  feeder.setOutput(*inputs_.back());
  for (const Way way : {Way::east, Way::west, Way::north, Way::south, Way::out}) {
    if (channels_[size_t(way)]) channel(way).addInput(*inputs_.back());
  }
}

void Router::connect(Way way, Router& neighbour) { neighbour.addInput(channel(way)); }

bool Router::accept(const Packet& packet, Injector& sender) {
  return (packet.from.isHost ? *host_ : *lanes_[packet.from.core % lanes_.size()]).accept(packet, sender);
}

}  // namespace neurochip
