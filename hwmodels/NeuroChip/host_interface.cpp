#include "NeuroChip/host_interface.hpp"

#include <cmath>

namespace neurochip {

HostInterface::HostInterface(const sc_core::sc_module_name& name, SourceId source, const InputLimits& limits,
                             const Core::Surroundings& chip)
    : sc_module(name), source_(source), limits_(limits), chip_(chip) {
  SC_METHOD(beginStep);
  sensitive << chip.barrier.stepBegins();
  dont_initialize();
  SC_METHOD(inject);
  sensitive << eventDue_;
  dont_initialize();
}

void HostInterface::append(const std::vector<InputEvent>& events) {
  uint64_t earliest = next_ < events_.size() ? events_.back().step : chip_.barrier.step();
  for (const InputEvent& event : events) {
    if (event.step < earliest) {
      throw DescriptionError("input events must come by rising step and not before the current one: got step " +
                             std::to_string(event.step) + " after " + std::to_string(earliest));
    }
    if (!limits_.shape.contains(event.row, event.column, event.channel)) {
      throw DescriptionError("an input event at channel " + std::to_string(event.channel) + ", row " +
                             std::to_string(event.row) + ", column " + std::to_string(event.column) +
                             " lies outside the network's input");
    }
    if (!(std::abs(event.payload) <= limits_.largestPayload)) {
      throw DescriptionError("an input event has the payload " + std::to_string(int64_t(event.payload)) +
                             "; the chip's payloads reach " + std::to_string(int64_t(limits_.largestPayload)));
    }
    earliest = event.step;
  }
  events_.insert(events_.end(), events.begin(), events.end());
}

void HostInterface::beginStep() {
  if (hasEventNow()) {
    eventDue_.notify(duration(chip_.costs.hostEvent.time_ps));
  } else {
    chip_.barrier.finished();
  }
}

void HostInterface::inject() {
  const Picoseconds each = chip_.costs.hostEvent.time_ps;
  do {
    const InputEvent& event = events_[next_++];
    const SourceNeuron from{event.row, event.column, event.channel};
    ++chip_.counters.hostEvents;
    for (const CoreId destination : chip_.fanout.destinations(source_, from)) {
      ++chip_.counters.hostPackets;
      chip_.network.send({source_, from, event.payload}, chip_.mesh.hostPort(), destination);
    }
  } while (each == 0 && hasEventNow());
  if (hasEventNow()) {
    eventDue_.notify(duration(each));
  } else {
    chip_.barrier.finished();
  }
}

}  // namespace neurochip
