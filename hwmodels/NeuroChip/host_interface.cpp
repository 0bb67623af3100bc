#include "NeuroChip/host_interface.hpp"

#include <cmath>

namespace neurochip {

HostInterface::HostInterface(SourceId source, const InputLimits& limits, Activity& activity,
                             const Core::Surroundings& surroundings)
    : source_(source), limits_(limits), activity_(activity), chip_(surroundings) {
  outbox_.port = chip_.mesh.hostPort();
  outbox_.isMulticast = chip_.chip.multicast;
  outbox_.first_ps = chip_.chip.costs.hostEvent.time_ps;
}

void HostInterface::append(const std::vector<InputEvent>& events) {
  uint64_t earliest = next_ < events_.size() ? events_.back().step : chip_.barrier.step();
  for (const InputEvent& event : events) {
    check(event, earliest);
    earliest = event.step;
  }
  events_.erase(events_.begin(), events_.begin() + ptrdiff_t(next_));
  next_ = 0;
  events_.insert(events_.end(), events.begin(), events.end());
}

void HostInterface::check(const InputEvent& event, uint64_t earliest) const {
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
}

const std::vector<CoreSpike>& HostInterface::takeEvents() {
  taken_.clear();
  if (next_ == events_.size()) release();
  for (; next_ < events_.size() && events_[next_].step == chip_.barrier.step(); ++next_) {
    const InputEvent& event = events_[next_];
    CoreSpike spike;
    spike.source = source_;
    spike.from = {event.row, event.column, event.channel};
    spike.payload = event.payload;
    taken_.push_back(spike);
  }
  return taken_;
}

/// The events of a run often come all at once, many more than any step has spikes: they leave no memory behind.
void HostInterface::release() {
  if (events_.empty()) return;
  // `= {}` would keep a vector's memory.
  events_ = std::vector<InputEvent>();
  next_ = 0;
  taken_ = std::vector<CoreSpike>();
  activity_ = Activity();
  outbox_.departures = std::vector<Departure>();
}

void HostInterface::prepareStep() {
  for (size_t i = 0; i < activity_.spikes.size(); ++i) {
    outbox_.departures.push_back({now(), activity_.begin(i), activity_.end(i)});
  }
  chip_.counters.hostEvents += int64_t(activity_.spikes.size());
}

}  // namespace neurochip
