#include "NeuroChip/function.hpp"

#include "NeuroChip/prefetch.hpp"

namespace neurochip {

namespace {

/// Bands of a population for each thread, so that none waits long for the others.
constexpr size_t bandsPerThread = 4;

}  // namespace

Function::Function(const NetworkDescription& network, const ChipParameters& chip, unsigned threads, Counters& counters)
    : counters_(counters),
      faults_(network.faults),
      populations_(network.populations),
      parts_(makePopulations(network, chip, threads > 1 ? threads * bandsPerThread : 1)),
      fanout_(network, parts_),
      pool_(threads) {
  std::map<CoreId, std::vector<Slice*>> byCore;
  for (size_t i = 0; i < parts_.slices.size(); ++i) {
    byCore[network.placements[i].core].push_back(parts_.slices[i].get());
  }
  for (auto& [core, slices] : byCore) {
    cores_.push_back(core);
    shares_.push_back({std::move(slices), 0});
  }
  activities_.resize(cores_.size() + 1);
  for (const auto& population : parts_.populations)
    for (const Band& band : population->bands()) tasks_.push_back({population.get(), &band});
}

void Function::advance(const std::vector<CoreSpike>& inputs) {
  pool_.run(cores_.size(), [this](size_t core) { update(core); });
  for (const auto& population : parts_.populations) population->endSwap();
  hostActivity().spikes = inputs;
  address();
  listSpikes();
  pool_.run(tasks_.size(), [this](size_t task) { deliver(tasks_[task]); });
  count();
  ++step_;
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

/// The events of the host are no spikes.
bool Function::isLost(const CoreSpike& spike) const {
  return faults_.lostSpikes > 0 && spike.source < populations_.size() &&
         faults_.isLost(step_, spike.source, spike.neuron);
}

/// Looks up where each spike goes, and how much work it is there.
void Function::address() {
  for (Activity& activity : activities_) {
    activity.deliveries.clear();
    activity.firstDelivery.assign(1, 0);
    const auto& spikes = activity.spikes;
    for (size_t i = 0; i < spikes.size(); ++i) {
      if (i + prefetchDistance < spikes.size()) {
        fanout_.prefetch(spikes[i + prefetchDistance].source, spikes[i + prefetchDistance].from);
      }
      if (isLost(spikes[i])) {
        ++counters_.lostSpikes;
      } else {
        fanout_.address(spikes[i].source, spikes[i].from, activity.deliveries);
      }
      activity.firstDelivery.push_back(activity.deliveries.size());
    }
  }
}

void Function::listSpikes() {
  spikes_.clear();
  for (const Activity& activity : activities_) {
    for (size_t i = 0; i < activity.spikes.size(); ++i) {
      if (!activity.goesNowhere(i)) spikes_.push_back(&activity.spikes[i]);
    }
  }
}

void Function::deliver(const Task& task) {
  const Population& population = *task.population;
  for (size_t i = 0; i < spikes_.size(); ++i) {
    if (i + 2 * prefetchDistance < spikes_.size()) population.prefetchBounds(*spikes_[i + 2 * prefetchDistance]);
    if (i + prefetchDistance < spikes_.size()) population.prefetch(*spikes_[i + prefetchDistance]);
    population.deliver(*spikes_[i], *task.band);
  }
}

void Function::count() {
  for (size_t core = 0; core < cores_.size(); ++core) {
    const Activity& activity = activities_[core];
    counters_.updatesActive += activity.activeUpdates;
    counters_.updatesInactive += activity.updates - activity.activeUpdates;
    counters_.spikes += int64_t(activity.spikes.size());
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
  for (const auto& slice : parts_.slices) {
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
