#include "NeuroChip/population.hpp"

#include <map>

#include "NeuroChip/pair_synapses.hpp"

namespace neurochip {

namespace {

template <class Numbers>
class TypedPopulation final : public Population {
 public:
  TypedPopulation(const PopulationDescription& description, size_t bands, const bool (&used)[compartmentCount],
                  uint32_t largestDelay, size_t sourceCount)
      : sums({0, description.rows, 0, description.columns, 0, description.channels}, bands, used, largestDelay),
        perDendrite_(neuronsPerDendrite(description)),
        synapses_(sourceCount) {}

  const std::vector<Band>& bands() const override { return sums.bands(); }
  const std::vector<std::unique_ptr<Synapses>>& synapses(SourceId source) const override { return synapses_[source]; }
  void endSwap() override { sums.endSwap(); }
  int perDendrite() const override { return perDendrite_; }
  void add(SourceId source, std::unique_ptr<Synapses> synapses) { synapses_[source].push_back(std::move(synapses)); }

  DendriteSums<Numbers> sums;

 private:
  int perDendrite_;
  std::vector<std::vector<std::unique_ptr<Synapses>>> synapses_;  // by source
};

/// Builds typed populations and connects them; projections that read a table the same way share it.
template <class Numbers>
class PopulationBuilder {
 public:
  using Weight = typename Numbers::Weight;

  PopulationBuilder(const NetworkDescription& network, const ChipParameters& chip, size_t bands)
      : network_(network), chip_(chip), bands_(bands) {}

  Populations build() {
    Populations all;
    for (uint32_t i = 0; i < network_.populations.size(); ++i) populations_.push_back(population(i));
    for (const auto& p : network_.projections) populations_[p.target]->add(sourceId(p), synapses(p));
    for (const auto& placement : network_.placements) {
      all.slices.push_back(std::make_unique<TypedSlice<Numbers>>(placement, network_.populations[placement.population],
                                                                 populations_[placement.population]->sums, chip_, network_.faults));
    }
    for (auto& population : populations_) all.populations.push_back(std::move(population));
    return all;
  }

 private:
  const NetworkDescription& network_;
  const ChipParameters& chip_;
  size_t bands_;
  std::vector<std::unique_ptr<TypedPopulation<Numbers>>> populations_;
  std::map<std::pair<uint32_t, int32_t>, std::shared_ptr<const OrderedTable<Weight>>> tables_;

  std::unique_ptr<TypedPopulation<Numbers>> population(uint32_t index) {
    bool used[compartmentCount] = {};
    uint32_t largestDelay = 0;
    for (const auto& p : network_.projections) {
      if (p.target != index) continue;
      used[int(p.compartment)] = true;
      largestDelay = std::max(largestDelay, p.delay);
    }
    return std::make_unique<TypedPopulation<Numbers>>(network_.populations[index], bands_, used, largestDelay,
                                                      network_.populations.size() + 1);
  }

  SourceId sourceId(const ProjectionDescription& p) const {
    return p.source.isInput ? SourceId(network_.populations.size()) : p.source.population;
  }

  Box sourceShape(const ProjectionDescription& p) const {
    if (p.source.isInput) return {0, network_.inputRows, 0, network_.inputColumns, 0, network_.inputChannels};
    const auto& from = network_.populations[p.source.population];
    return {0, from.rows, 0, from.columns, 0, from.channels};
  }

  std::unique_ptr<Synapses> synapses(const ProjectionDescription& p) {
    auto& sums = populations_[p.target]->sums;
    switch (p.kind) {
      case ProjectionDescription::Kind::convolution:
        return std::make_unique<ConvolutionSynapses<Numbers>>(p, table(p), sums);
      case ProjectionDescription::Kind::pairs:
        return makePairSynapses<Numbers>(p, sourceShape(p), sums);
      case ProjectionDescription::Kind::oneToOne:
        return std::make_unique<OneToOneSynapses<Numbers>>(p, sums);
    }
    throw DescriptionError("a projection of unknown kind");
  }

  std::shared_ptr<const OrderedTable<Weight>> table(const ProjectionDescription& p) {
    auto& shared = tables_[{p.table, p.targetStride}];
    if (!shared) {
      const TableDescription& table = network_.tables[p.table];
      shared = std::make_shared<OrderedTable<Weight>>(table, p.targetStride);
    }
    return shared;
  }
};

}  // namespace

Populations makePopulations(const NetworkDescription& network, const ChipParameters& chip, size_t bands) {
  switch (network.arithmetic) {
    case Arithmetic::integer8:
      return PopulationBuilder<Integer<int8_t>>(network, chip, bands).build();
    case Arithmetic::integer16:
      return PopulationBuilder<Integer<int16_t>>(network, chip, bands).build();
    case Arithmetic::real:
      return PopulationBuilder<Real>(network, chip, bands).build();
  }
  throw DescriptionError("an arithmetic of unknown kind");
}

}  // namespace neurochip
