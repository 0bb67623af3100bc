#include "NeuroChip/fanout.hpp"

namespace neurochip {

Fanout::Fanout(const NetworkDescription& network, const std::vector<std::unique_ptr<Slice>>& slices) {
  for (const auto& p : network.populations)
    sources_.push_back({{0, p.rows, 0, p.columns, 0, p.channels}, {}, false, {}});
  sources_.push_back({{0, network.inputRows, 0, network.inputColumns, 0, network.inputChannels}, {}, false, {}});
  for (SourceId id = 0; id < sources_.size(); ++id) {
    auto& source = sources_[id];
    for (size_t i = 0; i < slices.size(); ++i) {
      for (const auto& synapses : slices[i]->synapses(id)) {
        source.targets.push_back({network.placements[i].core, synapses.get()});
        source.channelMatters = source.channelMatters || synapses->dependsOnChannel();
      }
    }
    if (!source.channelMatters) source.shape.channel1 = 1;
    if (!source.targets.empty()) source.rows.resize(source.shape.size());
  }
}

const std::vector<CoreId>& Fanout::destinations(SourceId id, const SourceNeuron& from) {
  static const std::vector<CoreId> none;
  auto& source = sources_[id];
  if (source.targets.empty()) return none;
  Row& row = source.rows[source.shape.index(from.row, from.column, source.channelMatters ? from.channel : 0)];
  if (!row.known) {
    for (const Target& target : source.targets) {
      if (target.synapses->reaches(from)) row.cores.push_back(target.core);
    }
    std::sort(row.cores.begin(), row.cores.end());
    row.cores.erase(std::unique(row.cores.begin(), row.cores.end()), row.cores.end());
    row.known = true;
  }
  return row.cores;
}

}  // namespace neurochip
