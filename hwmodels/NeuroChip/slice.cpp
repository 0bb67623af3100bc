#include "NeuroChip/slice.hpp"

#include <limits>
#include <tuple>
#include <type_traits>

namespace neurochip {

namespace {

/// The description's weights in the width that the network computes with.
template <class Weight>
std::vector<Weight> converted(const std::vector<int16_t>& integers, const std::vector<float>& reals) {
  if constexpr (std::is_same_v<Weight, float>) {
    return reals;
  } else {
    std::vector<Weight> result;
    result.reserve(integers.size());
    for (const int16_t w : integers) {
      if (w < std::numeric_limits<Weight>::min() || w > std::numeric_limits<Weight>::max()) {
        throw DescriptionError("the weight " + std::to_string(w) + " does not fit the network's width of weights");
      }
      result.push_back(Weight(w));
    }
    return result;
  }
}

template <class Numbers>
class TypedSlice final : public Slice {
 public:
  TypedSlice(const PlacementDescription& placement, const PopulationDescription& population, size_t sourceCount,
             const bool (&used)[compartmentCount], uint32_t largestDelay, const ChipParameters& chip)
      : population_(placement.population),
        shape_{0, population.rows, 0, population.columns, 0, population.channels},
        box_(placement.box),
        perDendrite_(neuronsPerDendrite(population)),
        dendrites(population, box_.size(), used, largestDelay, chip.stateBits),
        somas_(makeSomas<Numbers>(population, box_.size(), chip)),
        synapses_(sourceCount) {}

  SourceId population() const override { return population_; }
  const Box& box() const override { return box_; }
  const std::vector<std::unique_ptr<Synapses>>& synapses(SourceId source) const override { return synapses_[source]; }
  uint32_t neurons() const override { return uint32_t(box_.size()) * uint32_t(perDendrite_); }
  void add(SourceId source, std::unique_ptr<Synapses> synapses) { synapses_[source].push_back(std::move(synapses)); }

  uint32_t step(uint32_t updatesBefore, uint32_t activeBefore, std::vector<CoreSpike>& spikes,
                int64_t& saturations) override {
    saturations += dendrites.swap();
    emissions_.clear();
    const uint32_t active = somas_->update(dendrites, emissions_);
    saturations += somas_->takeSaturations();
    for (const Emission& e : emissions_) spikes.push_back(spike(e, updatesBefore, activeBefore));
    return active;
  }

  bool read(const std::string& state, std::vector<double>& values) const override {
    return somas_->read(state, values);
  }

 private:
  SourceId population_;
  Box shape_, box_;
  int perDendrite_;

 public:
  Dendrites<Numbers> dendrites;

 private:
  std::unique_ptr<Somas<Numbers>> somas_;
  std::vector<std::vector<std::unique_ptr<Synapses>>> synapses_;
  std::vector<Emission> emissions_;

  CoreSpike spike(const Emission& e, uint32_t updatesBefore, uint32_t activeBefore) const {
    const auto dendrite = int32_t(e.neuron / uint32_t(perDendrite_));
    CoreSpike s;
    s.source = population_;
    s.from.channel = box_.channel0 + dendrite % box_.channels();
    s.from.column = box_.column0 + dendrite / box_.channels() % box_.columns();
    s.from.row = box_.row0 + dendrite / box_.channels() / box_.columns();
    s.neuron = uint64_t(shape_.index(s.from.row, s.from.column, s.from.channel)) * uint64_t(perDendrite_) +
               e.neuron % uint32_t(perDendrite_);
    s.updatesBefore = updatesBefore + e.neuron + 1;
    s.activeBefore = activeBefore + e.activeUpdates;
    s.payload = e.payload;
    return s;
  }
};

/// Builds typed slices and connects them; cores that need the same part of a table share it.
template <class Numbers>
class SliceBuilder {
 public:
  using Weight = typename Numbers::Weight;

  SliceBuilder(const NetworkDescription& network, const ChipParameters& chip) : network_(network), chip_(chip) {
    for (const auto& table : network.tables)
      tableWeights_.push_back(converted<Weight>(table.integerWeights, table.realWeights));
  }

  std::vector<std::unique_ptr<Slice>> slices() {
    std::vector<std::unique_ptr<Slice>> result;
    for (const auto& placement : network_.placements) result.push_back(slice(placement));
    return result;
  }

 private:
  const NetworkDescription& network_;
  const ChipParameters& chip_;
  std::vector<std::vector<Weight>> tableWeights_;
  std::map<std::tuple<uint32_t, int32_t, int32_t, int32_t>, std::shared_ptr<const TableSlice<Weight>>> tables_;

  std::unique_ptr<TypedSlice<Numbers>> slice(const PlacementDescription& placement) {
    const auto& population = network_.populations.at(placement.population);
    bool used[compartmentCount] = {};
    uint32_t largestDelay = 0;
    for (const auto& p : network_.projections) {
      if (p.target != placement.population) continue;
      used[int(p.compartment)] = true;
      largestDelay = std::max(largestDelay, p.delay);
    }
    auto result = std::make_unique<TypedSlice<Numbers>>(placement, population, network_.populations.size() + 1, used,
                                                        largestDelay, chip_);
    for (const auto& p : network_.projections) {
      if (p.target == placement.population) result->add(sourceId(p), synapses(p, placement.box, result->dendrites));
    }
    return result;
  }

  SourceId sourceId(const ProjectionDescription& p) const {
    return p.source.isInput ? SourceId(network_.populations.size()) : p.source.population;
  }

  Box sourceShape(const ProjectionDescription& p) const {
    if (p.source.isInput) return {0, network_.inputRows, 0, network_.inputColumns, 0, network_.inputChannels};
    const auto& from = network_.populations.at(p.source.population);
    return {0, from.rows, 0, from.columns, 0, from.channels};
  }

  std::unique_ptr<Synapses> synapses(const ProjectionDescription& p, const Box& box, Dendrites<Numbers>& dendrites) {
    switch (p.kind) {
      case ProjectionDescription::Kind::convolution:
        return std::make_unique<ConvolutionSynapses<Numbers>>(p, box, tableSlice(p, box), dendrites);
      case ProjectionDescription::Kind::pairs:
        return std::make_unique<PairSynapses<Numbers>>(p, converted<Weight>(p.integerWeights, p.realWeights),
                                                       network_.populations.at(p.target), sourceShape(p), box,
                                                       dendrites);
      case ProjectionDescription::Kind::oneToOne:
        return std::make_unique<OneToOneSynapses<Numbers>>(p, box, dendrites);
    }
    throw DescriptionError("a projection of unknown kind");
  }

  std::shared_ptr<const TableSlice<Weight>> tableSlice(const ProjectionDescription& p, const Box& box) {
    auto& shared = tables_[{p.table, p.targetStride, box.channel0, box.channel1}];
    if (!shared) {
      shared = std::make_shared<TableSlice<Weight>>(network_.tables.at(p.table), tableWeights_.at(p.table),
                                                    p.targetStride, box.channel0, box.channel1);
    }
    return shared;
  }
};

}  // namespace

std::vector<std::unique_ptr<Slice>> makeSlices(const NetworkDescription& network, const ChipParameters& chip) {
  switch (network.arithmetic) {
    case Arithmetic::integer8:
      return SliceBuilder<Integer<int8_t>>(network, chip).slices();
    case Arithmetic::integer16:
      return SliceBuilder<Integer<int16_t>>(network, chip).slices();
    case Arithmetic::real:
      return SliceBuilder<Real>(network, chip).slices();
  }
  throw DescriptionError("an arithmetic of unknown kind");
}

}  // namespace neurochip
