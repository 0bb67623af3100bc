#include "NeuroChip/core.hpp"

namespace neurochip {

void Network::attach(CoreId id, Core* core) {
  if (cores_.size() <= id) cores_.resize(id + 1, nullptr);
  cores_[id] = core;
}

void Network::send(const Packet& packet, const Port& from, CoreId destination) {
  barrier_.started();
  cores_[destination]->accept(packet, mesh_.reserve(from, destination, now()));
}

Core::Core(const sc_core::sc_module_name& name, CoreId id, std::vector<Slice*> slices, const Surroundings& chip)
    : sc_module(name), id_(id), slices_(std::move(slices)), chip_(chip), port_(chip.mesh.portOf(id)) {
  SC_METHOD(beginStep);
  sensitive << chip.barrier.stepBegins();
  dont_initialize();
  SC_METHOD(finishSomas);
  sensitive << somasDone_;
  dont_initialize();
  SC_METHOD(sendPackets);
  sensitive << packetDue_;
  dont_initialize();
  SC_METHOD(serve);
  sensitive << engineDue_;
  dont_initialize();
}

/// The function of the whole step is known at once; the processes below play it out in time.
void Core::beginStep() {
  const Costs& costs = chip_.costs;
  spikes_.clear();
  spikeTimes_.clear();
  uint32_t updates = 0, active = 0;
  for (Slice* slice : slices_) {
    active += slice->step(updates, active, spikes_, chip_.counters.saturations);
    updates += slice->neurons();
  }
  const auto updateTime = [&](uint32_t count, uint32_t activeCount) {
    return activeCount * costs.updateActive.time_ps + (count - activeCount) * costs.updateInactive.time_ps;
  };
  const auto step = uint32_t(chip_.barrier.step());
  for (const CoreSpike& spike : spikes_) {
    spikeTimes_.push_back(now() + updateTime(spike.updatesBefore, spike.activeBefore) +
                          (spikeTimes_.size() + 1) * costs.spikeOut.time_ps);
    chip_.recorder.spikes.push_back({spikeTimes_.back(), spike.neuron, spike.source, step, spike.payload});
  }
  chip_.counters.updatesActive += active;
  chip_.counters.updatesInactive += updates - active;
  chip_.counters.spikes += int64_t(spikes_.size());
  somaTime_ = updateTime(updates, active) + spikes_.size() * costs.spikeOut.time_ps;
  somasBusy_ = true;
  somasDone_.notify(duration(somaTime_));

  nextSpike_ = nextDestination_ = 0;
  axonsFree_ = now();
  if (findNextPacket()) {
    chip_.barrier.started();
    packetDue_.notify(duration(axonsFree_ - now()));
  }
}

void Core::finishSomas() {
  somasBusy_ = false;
  chip_.barrier.finished();
}

/// Moves to the next packet, if any, and sets `axonsFree_` to when it leaves the output axons.
bool Core::findNextPacket() {
  while (nextSpike_ < spikes_.size()) {
    const CoreSpike& spike = spikes_[nextSpike_];
    if (nextDestination_ < chip_.fanout.destinations(spike.source, spike.from).size()) {
      axonsFree_ = std::max(axonsFree_, spikeTimes_[nextSpike_]) + chip_.costs.axonOut.time_ps;
      return true;
    }
    ++nextSpike_;
    nextDestination_ = 0;
  }
  return false;
}

void Core::sendPackets() {
  bool more = true;
  while (more && axonsFree_ == now()) {
    const CoreSpike& spike = spikes_[nextSpike_];
    const CoreId destination = chip_.fanout.destinations(spike.source, spike.from)[nextDestination_];
    ++chip_.counters.corePackets;
    chip_.network.send({spike.source, spike.from, spike.payload}, port_, destination);
    ++nextDestination_;
    more = findNextPacket();
  }
  if (more) {
    packetDue_.notify(duration(axonsFree_ - now()));
  } else {
    chip_.barrier.finished();
  }
}

void Core::accept(const Packet& packet, Picoseconds arrival) {
  arrivals_.push({arrival, arrivalCount_++, packet});
  ++queued_;
  if (!engineBusy_) engineDue_.notify(duration(arrivals_.top().time - now()));
}

/// Serves packets in order of arrival: one at a time, each for its synaptic operations.
void Core::serve() {
  // A packet sent in this very picosecond may have asked again; that would cut the next service short.
  engineDue_.cancel();
  if (engineBusy_) {
    engineBusy_ = false;
    chip_.barrier.finished();
  }
  while (!arrivals_.empty()) {
    const Arrival& next = arrivals_.top();
    if (next.time > now()) {
      engineDue_.notify(duration(next.time - now()));
      return;
    }
    const Picoseconds time = deliver(next.packet);
    arrivals_.pop();
    --queued_;
    engineTime_ += time;
    if (time > 0) {
      engineBusy_ = true;
      engineDue_.notify(duration(time));
      return;
    }
    chip_.barrier.finished();
  }
}

Picoseconds Core::deliver(const Packet& packet) {
  PerFormat<int64_t> operations{};
  for (Slice* slice : slices_) {
    const int64_t perDendrite = int64_t(slice->neurons() / slice->box().size());
    for (const auto& synapses : slice->synapses(packet.source)) {
      operations[size_t(synapses->format())] += perDendrite * synapses->deliver(packet.from, packet.payload);
    }
  }
  ++chip_.counters.packetsReceived;
  Picoseconds time = chip_.costs.axonIn.time_ps;
  for (size_t f = 0; f < synapseFormatCount; ++f) {
    chip_.counters.synapticOperations[f] += operations[f];
    time += Picoseconds(operations[f]) * chip_.costs.synapticOperation[f].time_ps;
  }
  return time;
}

Picoseconds Core::closeStep() {
  const Picoseconds busy = std::max(somaTime_, engineTime_);
  engineTime_ = 0;
  return busy;
}

void Core::trace(ActivityTrace& file) const {
  const std::string prefix = std::string("chip.") + basename();
  file.add(somasBusy_, prefix + ".soma_busy");
  file.add(engineBusy_, prefix + ".synapse_engine_busy");
  file.add(queued_, prefix + ".packets_queued");
}

}  // namespace neurochip
