#include "NeuroChip/core.hpp"

namespace neurochip {

void appendPackets(Injector& injector, Activity& activity, size_t spike, bool multicast, Picoseconds earliest,
                   Picoseconds first_ps, Picoseconds further_ps) {
  Delivery *first = activity.begin(spike), *last = activity.end(spike);
  Picoseconds cost = first_ps;
  for (; first != last; cost = further_ps) {
    Delivery* end = multicast ? last : first + 1;
    injector.append(earliest, cost, first, end);
    first = end;
  }
}

Core::Core(const sc_core::sc_module_name& name, CoreId id, Activity& activity, const Surroundings& surroundings)
    : sc_module(name),
      activity_(activity),
      chip_(surroundings),
      outputAxons_("output_axons", surroundings.mesh.portOf(id), surroundings.interconnect, surroundings.barrier,
                   surroundings.counters) {
  SC_METHOD(beginStep);
  sensitive << chip_.barrier.stepBegins();
  dont_initialize();
  SC_METHOD(finishSomas);
  sensitive << somasDone_;
  dont_initialize();
  SC_METHOD(serve);
  sensitive << engineDue_;
  dont_initialize();
}

void Core::beginStep() {
  const Costs& costs = chip_.chip.costs;
  const auto updateTime = [&](uint32_t count, uint32_t active) {
    return active * costs.updateActive.time_ps + (count - active) * costs.updateInactive.time_ps;
  };
  for (size_t i = 0; i < activity_.spikes.size(); ++i) {
    const CoreSpike& spike = activity_.spikes[i];
    sendSpike(i, now() + updateTime(spike.updatesBefore, spike.activeBefore) + (i + 1) * costs.spikeOut.time_ps);
  }
  outputAxons_.start();
  somaTime_ = updateTime(activity_.updates, activity_.activeUpdates) + activity_.spikes.size() * costs.spikeOut.time_ps;
  somasBusy_ = true;
  somasDone_.notify(duration(somaTime_));
}

void Core::sendSpike(size_t index, Picoseconds time) {
  const CoreSpike& spike = activity_.spikes[index];
  chip_.recorder.spikes.push_back({time, spike.neuron, spike.source, uint32_t(chip_.barrier.step()), spike.payload});
  const Picoseconds axonOut = chip_.chip.costs.axonOut.time_ps;
  appendPackets(outputAxons_, activity_, index, chip_.chip.multicast, time, axonOut, axonOut);
}

void Core::finishSomas() {
  somasBusy_ = false;
  chip_.barrier.finished();
}

void Core::accept(Picoseconds arrival, Picoseconds service_ps) {
  arrivals_.push({arrival, arrivalCount_++, service_ps});
  ++queued_;
  if (!engineBusy_) engineDue_.notify(duration(arrivals_.top().time - now()));
}

/// Serves packets in order of arrival, one at a time.
void Core::serve() {
  // A packet sent in this very picosecond may have asked again; that would cut the next service short.
  engineDue_.cancel();
  if (engineBusy_) {
    engineBusy_ = false;
    chip_.barrier.finished();
  }
  while (!arrivals_.empty()) {
    const Arrival next = arrivals_.top();
    if (next.time > now()) {
      engineDue_.notify(duration(next.time - now()));
      return;
    }
    arrivals_.pop();
    --queued_;
    ++chip_.counters.packetsReceived;
    engineTime_ += next.service_ps;
    if (next.service_ps > 0) {
      engineBusy_ = true;
      engineDue_.notify(duration(next.service_ps));
      return;
    }
    chip_.barrier.finished();
  }
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
