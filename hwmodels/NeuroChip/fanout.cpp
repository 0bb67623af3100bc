#include "NeuroChip/fanout.hpp"

#include <algorithm>
#include <utility>

namespace neurochip {

namespace {

Box intersection(const Box& a, const Box& b) {
  return {std::max(a.row0, b.row0),         std::min(a.row1, b.row1),         std::max(a.column0, b.column0),
          std::min(a.column1, b.column1),   std::max(a.channel0, b.channel0), std::min(a.channel1, b.channel1)};
}

bool isEmpty(const Box& b) { return b.row0 >= b.row1 || b.column0 >= b.column1 || b.channel0 >= b.channel1; }

}  // namespace

Fanout::Fanout(const NetworkDescription& network, const Populations& populations, const Costs& costs) : costs_(costs) {
  for (size_t i = 0; i < network.populations.size(); ++i) {
    const auto& p = network.populations[i];
    const Box shape{0, p.rows, 0, p.columns, 0, p.channels};
    layouts_.push_back({shape, populations.populations[i]->perDendrite(), {}, {}});
    sources_.push_back({shape, {}, false, {}});
  }
  sources_.push_back({{0, network.inputRows, 0, network.inputColumns, 0, network.inputChannels}, {}, false, {}});
  for (const auto& placement : network.placements) {
    layouts_[placement.population].slices.push_back({placement.box, placement.core});
    if (placement.core >= counts_.size()) counts_.resize(placement.core + 1, PerFormat<uint32_t>{});
  }
  for (SourceId id = 0; id < sources_.size(); ++id) {
    auto& source = sources_[id];
    for (uint32_t target = 0; target < layouts_.size(); ++target) {
      for (const auto& synapses : populations.populations[target]->synapses(id)) {
        source.targets.push_back({synapses.get(), target});
        source.dependsOnChannel = source.dependsOnChannel || synapses->dependsOnChannel();
      }
    }
    if (!source.dependsOnChannel && !source.targets.empty()) {
      source.rows.resize(size_t(source.shape.rows()) * size_t(source.shape.columns()));
    }
  }
}

void Fanout::address(SourceId id, const SourceNeuron& from, std::vector<Delivery>& deliveries,
                     PerFormat<int64_t>& operations) {
  Source& source = sources_[id];
  if (source.targets.empty()) return;
  if (source.dependsOnChannel) {
    find(source, from, deliveries, operations);
    return;
  }
  Row& row = source.rows[size_t(from.row) * size_t(source.shape.columns()) + size_t(from.column)];
  if (!row.isKnown) {
    find(source, from, row.deliveries, row.operations);
    row.isKnown = true;
  }
  deliveries.insert(deliveries.end(), row.deliveries.begin(), row.deliveries.end());
  for (size_t f = 0; f < synapseFormatCount; ++f) operations[f] += row.operations[f];
}

void Fanout::find(const Source& source, const SourceNeuron& from, std::vector<Delivery>& deliveries,
                  PerFormat<int64_t>& operations) {
  touched_.clear();
  for (const Target& target : source.targets) count(target, from);
  if (!std::is_sorted(touched_.begin(), touched_.end())) std::sort(touched_.begin(), touched_.end());
  for (const CoreId core : touched_) {
    Delivery delivery{core, 0, costs_.axonIn.time_ps};
    for (size_t f = 0; f < synapseFormatCount; ++f) {
      const uint32_t n = std::exchange(counts_[core][f], 0);
      delivery.operations += n;
      delivery.service_ps += n * costs_.synapticOperation[f].time_ps;
      operations[f] += n;
    }
    deliveries.push_back(delivery);
  }
}

void Fanout::count(const Target& target, const SourceNeuron& from) {
  Layout& layout = layouts_[target.population];
  const Reach reach = target.synapses->reach(from);
  const SynapseFormat format = target.synapses->format();
  if (!reach.isList()) {
    for (const Placed& slice : layout.slices) {
      const Box common = intersection(slice.box, reach.box);
      if (!isEmpty(common)) count(slice.core, format, uint32_t(common.size()) * uint32_t(layout.perDendrite));
    }
    return;
  }
  if (layout.coreOf.empty()) {
    layout.coreOf.resize(layout.shape.size());
    for (const Placed& slice : layout.slices)
      for (int32_t r = slice.box.row0; r < slice.box.row1; ++r)
        for (int32_t c = slice.box.column0; c < slice.box.column1; ++c)
          std::fill_n(layout.coreOf.begin() + ptrdiff_t(layout.shape.index(r, c, slice.box.channel0)),
                      slice.box.channels(), slice.core);
  }
  for (size_t i = 0; i < reach.count; ++i) {
    count(layout.coreOf[reach.targets[i]], format, uint32_t(layout.perDendrite));
  }
}

void Fanout::count(CoreId core, SynapseFormat format, uint32_t synapses) {
  auto& counts = counts_[core];
  if (counts == PerFormat<uint32_t>{}) touched_.push_back(core);
  counts[size_t(format)] += synapses;
}

}  // namespace neurochip
