#include "NeuroChip/fanout.hpp"

#include <algorithm>
#include <utility>

#include "NeuroChip/room.hpp"

namespace neurochip {

namespace {

Box intersection(const Box& a, const Box& b) {
  return {std::max(a.row0, b.row0),       std::min(a.row1, b.row1),         std::max(a.column0, b.column0),
          std::min(a.column1, b.column1), std::max(a.channel0, b.channel0), std::min(a.channel1, b.channel1)};
}

/// Deliveries of a source are kept if they serve at least so many synapses each on average: as much memory as their
/// list.
constexpr uint64_t fewestOfACore = 8;
/// To so few cores they are kept in any case.
constexpr size_t fewCores = 4;

bool isEmpty(const Box& b) { return b.row0 >= b.row1 || b.column0 >= b.column1 || b.channel0 >= b.channel1; }

}  // namespace

Fanout::Fanout(const NetworkDescription& network, const Populations& populations) {
  for (size_t i = 0; i < network.populations.size(); ++i) {
    const auto& p = network.populations[i];
    const Box shape{0, p.rows, 0, p.columns, 0, p.channels};
    layouts_.push_back({shape, populations.populations[i]->perDendrite(), {}, {}});
    sources_.push_back({shape, {}, false, {}});
  }
  sources_.push_back({{0, network.inputRows, 0, network.inputColumns, 0, network.inputChannels}, {}, false, {}});
  CoreId cores = 0;
  for (const auto& placement : network.placements) {
    layouts_[placement.population].slices.push_back({placement.box, placement.core});
    cores = std::max(cores, placement.core + 1);
  }
  counts_.resize(cores);
  isTouched_.resize((cores + 63) / 64, 0);
  for (SourceId id = 0; id < sources_.size(); ++id) {
    auto& source = sources_[id];
    for (uint32_t target = 0; target < layouts_.size(); ++target) {
      for (const auto& synapses : populations.populations[target]->synapses(id)) {
        source.targets.push_back({synapses.get(), target});
        source.dependsOnChannel = source.dependsOnChannel || synapses->dependsOnChannel();
      }
    }
    if (!source.dependsOnChannel) source.shape.channel1 = 1;
    if (!source.targets.empty()) source.rows.resize(source.shape.size());
  }
}

void Fanout::prefetch(SourceId id, const SourceNeuron& from) const {
  const Source& source = sources_[id];
  if (!source.targets.empty()) __builtin_prefetch(&source.rows[place(source, from)]);
}

void Fanout::address(SourceId id, const SourceNeuron& from, std::vector<Delivery>& deliveries) {
  Source& source = sources_[id];
  if (source.targets.empty()) return;
  Row& row = source.rows[place(source, from)];
  if (row.state == Row::kept) {
    const auto first = kept_.begin() + ptrdiff_t(row.first);
    makeRoom(deliveries, row.count);
    deliveries.insert(deliveries.end(), first, first + row.count);
    return;
  }
  const size_t before = deliveries.size();
  find(source, from, deliveries);
  if (row.state == Row::unknown) keep(row, deliveries.data() + before, deliveries.size() - before);
}

/// Keeps what was found, unless it takes more memory than it saves work: a source with few targets on each of many
/// cores is counted again when it spikes.
void Fanout::keep(Row& row, const Delivery* first, size_t count) {
  uint64_t synapses = 0;
  for (size_t i = 0; i < count; ++i)
    for (const uint32_t n : first[i].operations) synapses += n;
  if (count > fewCores && synapses < fewestOfACore * count) {
    row.state = Row::scattered;
    return;
  }
  row = {Row::kept, uint32_t(count), kept_.size()};
  kept_.insert(kept_.end(), first, first + count);
}

void Fanout::find(const Source& source, const SourceNeuron& from, std::vector<Delivery>& deliveries) {
  for (const Target& target : source.targets) count(target, from);
  size_t touched = 0;
  for (const uint64_t word : isTouched_) touched += size_t(__builtin_popcountll(word));
  makeRoom(deliveries, touched);
  for (size_t word = 0; word < isTouched_.size(); ++word) {
    for (uint64_t bits = std::exchange(isTouched_[word], 0); bits != 0; bits &= bits - 1) {
      Delivery& delivery = deliveries.emplace_back();
      delivery.core = CoreId(word * 64 + size_t(__builtin_ctzll(bits)));
      delivery.operations = std::exchange(counts_[delivery.core], {});
    }
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
  if (layout.coreOf.empty()) layout.locate();
  for (size_t i = 0; i < reach.count; ++i) {
    count(layout.coreOf[reach.targets[i]], format, uint32_t(layout.perDendrite));
  }
}

void Fanout::Layout::locate() {
  coreOf.resize(shape.size());
  for (const Placed& slice : slices)
    for (int32_t r = slice.box.row0; r < slice.box.row1; ++r)
      for (int32_t c = slice.box.column0; c < slice.box.column1; ++c)
        std::fill_n(coreOf.begin() + ptrdiff_t(shape.index(r, c, slice.box.channel0)), slice.box.channels(),
                    slice.core);
}

}  // namespace neurochip
