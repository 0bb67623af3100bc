#include "NeuroChip/core.hpp"

#include <utility>

#include "NeuroChip/prefetch.hpp"
#include "NeuroChip/room.hpp"

namespace neurochip {

namespace {

/// As many cores receive in turn, where one writes next has long left the nearest cache when it does.
constexpr size_t arrivalsAhead = 4;

}  // namespace

Core::Core(const sc_core::sc_module_name& name, CoreId id, Activity& activity, const Surroundings& surroundings)
    : sc_module(name), activity_(activity), chip_(surroundings) {
  outbox_.port = chip_.mesh.portOf(id);
  outbox_.isMulticast = chip_.chip.multicast;
  outbox_.first_ps = outbox_.further_ps = chip_.chip.costs.axonOut.time_ps;
  totals_.core = id;
  SC_METHOD(beginStep);
  sensitive << chip_.barrier.stepBegins();
  dont_initialize();
  SC_METHOD(finishSomas);
  sensitive << somasDone_;
  dont_initialize();
  SC_METHOD(finishEngine);
  sensitive << engineDone_;
  dont_initialize();
}

void Core::prepareStep() {
  const Costs& costs = chip_.chip.costs;
  const auto updateTime = [&](uint32_t count, uint32_t active) {
    return active * costs.updateActive.time_ps + (count - active) * costs.updateInactive.time_ps;
  };
  const auto step = uint32_t(chip_.barrier.step());
  for (size_t i = 0; i < activity_.spikes.size(); ++i) {
    const CoreSpike& spike = activity_.spikes[i];
    const Picoseconds time =
        now() + updateTime(spike.updatesBefore, spike.activeBefore) + (i + 1) * costs.spikeOut.time_ps;
    chip_.recorder.spikes.push_back({time, spike.neuron, spike.source, step, spike.payload});
    const int64_t destinations = activity_.end(i) - activity_.begin(i);
    totals_.packetsSent += chip_.chip.multicast ? std::min<int64_t>(destinations, 1) : destinations;
    if (destinations > 0) outbox_.departures.push_back({time, activity_.begin(i), activity_.end(i)});
  }
  somaTime_ = updateTime(activity_.updates, activity_.activeUpdates) + activity_.spikes.size() * costs.spikeOut.time_ps;
}

void Core::beginStep() {
  somasBusy_ = true;
  somasDone_.notify(duration(somaTime_));
  if (!arrivals_.empty()) serveArrivals();
}

void Core::serveArrivals() {
  if (engineTrace_) {
    chip_.backlog.sort(arrivals_);
    for (const Arrival& arrival : arrivals_) serve(arrival.time, arrival.service_ps);
  } else {
    engineFree_ = chip_.backlog.served(arrivals_, engineFree_);
  }
  arrivals_.clear();
  occupyEngine();
}

void Core::finishSomas() {
  somasBusy_ = false;
  chip_.barrier.finished();
}

void Core::accept(Picoseconds arrival, const Delivery& delivery) {
  Picoseconds service_ps = chip_.chip.costs.axonIn.time_ps;
  for (size_t f = 0; f < synapseFormatCount; ++f) {
    operations_[f] += delivery.operations[f];
    service_ps += delivery.operations[f] * chip_.chip.costs.synapticOperation[f].time_ps;
  }
  engineTime_ += service_ps;
  ++chip_.counters.packetsReceived;
  ++totals_.packetsReceived;
  if (arrival > now()) {
    makeRoom(arrivals_, 1);
    arrivals_.push_back({arrival, service_ps});
    prefetchAhead<Access::writing>(&arrivals_.back(), arrivalsAhead);
  } else {
    serve(arrival, service_ps);
    occupyEngine();
  }
}

/// The synapse engine serves packets in order of arrival, one at a time.
void Core::serve(Picoseconds arrival, Picoseconds service_ps) {
  const Picoseconds begin = std::max(arrival, engineFree_);
  engineFree_ = begin + service_ps;
  if (engineTrace_) engineTrace_->add(arrival, begin, engineFree_);
}

void Core::occupyEngine() {
  if (engineBusy_) return;
  engineBusy_ = true;
  chip_.barrier.started();
  engineDone_.notify(duration(engineFree_ - now()));
}

void Core::finishEngine() {
  if (engineFree_ > now()) {  // more has come since
    engineDone_.notify(duration(engineFree_ - now()));
    return;
  }
  engineBusy_ = false;
  chip_.barrier.finished();
}

Picoseconds Core::closeStep() {
  const Picoseconds busy = std::max(somaTime_, engineTime_);
  totals_.soma_ps += somaTime_;
  totals_.engine_ps += engineTime_;
  totals_.busy_ps += busy;
  totals_.updatesActive += activity_.activeUpdates;
  totals_.updatesInactive += activity_.updates - activity_.activeUpdates;
  totals_.spikes += int64_t(activity_.spikes.size());
  for (size_t f = 0; f < synapseFormatCount; ++f) {
    chip_.counters.synapticOperations[f] += operations_[f];
    totals_.synapticOperations += std::exchange(operations_[f], 0);
  }
  engineTime_ = 0;
  return busy;
}

void Core::trace(ActivityTrace& file) {
  const std::string prefix = std::string("chip.") + basename();
  file.add(somasBusy_, prefix + ".soma_busy");
  engineTrace_ = std::make_unique<EngineTrace>((std::string(basename()) + "_engine_trace").c_str());
  engineTrace_->trace(file, prefix);
}

}  // namespace neurochip
