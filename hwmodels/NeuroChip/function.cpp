#include "NeuroChip/function.hpp"

namespace neurochip {

Function::Function(const NetworkDescription& network, const ChipParameters& chip, unsigned threads, Counters& counters)
    : costs_(chip.costs),
      counters_(counters),
      populations_(network.populations),
      slices_(makeSlices(network, chip)),
      fanout_(network, slices_),
      pool_(threads) {
  std::map<CoreId, std::vector<Slice*>> byCore;
  for (size_t i = 0; i < slices_.size(); ++i) byCore[network.placements[i].core].push_back(slices_[i].get());
  for (auto& [core, slices] : byCore) {
    indices_.resize(core + 1);
    indices_[core] = cores_.size();
    cores_.push_back(core);
    shares_.push_back({std::move(slices), {}, 0, 0});
  }
  activities_.resize(cores_.size() + 1);
}

void Function::advance(const std::vector<CoreSpike>& inputs) {
  pool_.run(cores_.size(), [this](size_t core) { update(core); });
  hostActivity().spikes = inputs;
  address();
  pool_.run(cores_.size(), [this](size_t core) { deliver(core); });
  count();
}

void Function::update(size_t core) {
  Activity& activity = activities_[core];
  activity.updates = activity.activeUpdates = 0;
  activity.spikes.clear();
  shares_[core].saturations = 0;
  for (Slice* slice : shares_[core].slices) {
    activity.activeUpdates +=
        slice->step(activity.updates, activity.activeUpdates, activity.spikes, shares_[core].saturations);
    activity.updates += slice->neurons();
  }
}

/// Looks up where each spike goes, and hands each core what comes to it.
void Function::address() {
  for (Share& share : shares_) share.arrivals.clear();
  for (Activity& activity : activities_) {
    activity.deliveries.clear();
    activity.firstDelivery.assign(1, 0);
    for (const CoreSpike& spike : activity.spikes) {
      for (const CoreId core : fanout_.destinations(spike.source, spike.from)) activity.deliveries.push_back({core, 0});
      activity.firstDelivery.push_back(activity.deliveries.size());
    }
    for (size_t i = 0; i < activity.spikes.size(); ++i) {
      for (Delivery* d = activity.begin(i); d != activity.end(i); ++d) {
        shares_[indices_[d->core]].arrivals.push_back({&activity.spikes[i], d});
      }
    }
  }
}

void Function::deliver(size_t core) {
  Share& share = shares_[core];
  share.synapticOperations = {};
  for (const Arrival& arrival : share.arrivals) {
    PerFormat<int64_t> operations{};
    for (Slice* slice : share.slices) {
      const int64_t perDendrite = int64_t(slice->neurons() / slice->box().size());
      for (const auto& synapses : slice->synapses(arrival.spike->source)) {
        operations[size_t(synapses->format())] +=
            perDendrite * synapses->deliver(arrival.spike->from, arrival.spike->payload);
      }
    }
    arrival.delivery->service_ps = costs_.axonIn.time_ps;
    for (size_t f = 0; f < synapseFormatCount; ++f) {
      share.synapticOperations[f] += operations[f];
      arrival.delivery->service_ps += Picoseconds(operations[f]) * costs_.synapticOperation[f].time_ps;
    }
  }
}

void Function::count() {
  for (size_t core = 0; core < cores_.size(); ++core) {
    Activity& activity = activities_[core];
    activity.synapticOperations = 0;
    counters_.updatesActive += activity.activeUpdates;
    counters_.updatesInactive += activity.updates - activity.activeUpdates;
    counters_.spikes += int64_t(activity.spikes.size());
    for (size_t f = 0; f < synapseFormatCount; ++f) {
      activity.synapticOperations += shares_[core].synapticOperations[f];
      counters_.synapticOperations[f] += shares_[core].synapticOperations[f];
    }
    counters_.saturations += shares_[core].saturations;
  }
}

std::vector<double> Function::read(uint32_t population, const std::string& state) const {
  if (population >= populations_.size()) {
    throw DescriptionError("there is no population " + std::to_string(population));
  }
  const auto& p = populations_[population];
  const Box shape{0, p.rows, 0, p.columns, 0, p.channels};
  const size_t perDendrite = size_t(neuronsPerDendrite(p));
  std::vector<double> result(shape.size() * perDendrite, 0), part;
  for (const auto& slice : slices_) {
    if (slice->population() != population) continue;
    if (!slice->read(state, part)) {
      throw DescriptionError("neuron model '" + p.model + "' has no state '" + state + "'");
    }
    const Box& box = slice->box();
    size_t next = 0;
    for (int32_t r = box.row0; r < box.row1; ++r)
      for (int32_t c = box.column0; c < box.column1; ++c)
        for (int32_t k = box.channel0; k < box.channel1; ++k)
          for (size_t n = 0; n < perDendrite; ++n) result[shape.index(r, c, k) * perDendrite + n] = part[next++];
  }
  return result;
}

}  // namespace neurochip
