// Explicit synapses: rows of weights, whose targets are listed or come as runs of neighbours.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "NeuroChip/prefetch.hpp"
#include "NeuroChip/synapses.hpp"

namespace neurochip {

/// What both have in common; the arrays belong to whoever described the network.
template <class Numbers>
class PairSynapses : public Synapses {
 public:
  using Weight = typename Numbers::Weight;

  PairSynapses(const ProjectionDescription& p, const Box& source, DendriteSums<Numbers>& sums)
      : Synapses(p.format),
        pairs_(p.pairs),
        weights_(std::get<const Weight*>(p.pairs.weights)),
        sums_(sums),
        compartment_(p.compartment),
        sign_(p.sign),
        shift_(p.shift),
        delay_(p.delay),
        source_(source) {
    useLargePages(weights_, pairs_.rowStarts[pairs_.rows]);
  }

  bool dependsOnChannel() const override { return true; }

 protected:
  Pairs pairs_;
  const Weight* weights_;
  DendriteSums<Numbers>& sums_;
  int64_t largestWeight_ = 0;  // magnitudes of a source's weights at one target, added up
  bool areDistinct_ = true;    // whether no source has two synapses with one target

  size_t row(const SourceNeuron& s) const { return source_.index(s.row, s.column, s.channel); }
  auto scaled(double payload) const { return Numbers::payload(std::ldexp(payload * sign_, shift_)); }
  Accumulator<Numbers>& arriving() { return sums_.arriving(compartment_, delay_); }

  /// Brings near the weights of a row.
  void prefetchWeights(size_t row) const {
    const size_t first = pairs_.rowStarts[row];
    neurochip::prefetch(weights_ + first, std::min(pairs_.rowStarts[row + 1] - first, farthestPrefetch));
  }

  /// Takes up the next synapse of a row, by rising target.
  void bound(size_t synapse, bool hasTargetOfLast) {
    const auto magnitude = int64_t(std::ceil(std::abs(double(weights_[synapse]))));
    areDistinct_ = areDistinct_ && !hasTargetOfLast;
    together_ = (hasTargetOfLast ? together_ : 0) + magnitude;
    largestWeight_ = std::max(largestWeight_, together_);
  }

  /// Synapses of a source that are brought near at once; the processor goes on by itself.
  static constexpr size_t farthestPrefetch = 128;

 private:
  Compartment compartment_;
  int sign_, shift_;
  uint32_t delay_;
  Box source_;
  int64_t together_ = 0;
};

/// A target for each synapse.
template <class Numbers>
class ListedSynapses final : public PairSynapses<Numbers> {
 public:
  ListedSynapses(const ProjectionDescription& p, const Box& source, DendriteSums<Numbers>& sums)
      : PairSynapses<Numbers>(p, source, sums), starts_(p.pairs.rowStarts), targets_(p.pairs.targets) {
    for (size_t row = 0; row < p.pairs.rows; ++row)
      for (size_t i = starts_[row]; i < starts_[row + 1]; ++i)
        this->bound(i, i > starts_[row] && targets_[i] == targets_[i - 1]);
    useLargePages(targets_.bytes, starts_[p.pairs.rows] * targets_.width);
  }

  Reach reach(const SourceNeuron& s) const override {
    const size_t row = this->row(s);
    return {{}, targets_.from(starts_[row]), starts_[row + 1] - starts_[row]};
  }

  void prefetchBounds(const SourceNeuron& s) const override { __builtin_prefetch(&starts_[this->row(s)]); }

  void prefetch(const SourceNeuron& s) const override {
    const size_t row = this->row(s), count = starts_[row + 1] - starts_[row];
    neurochip::prefetch(targets_.from(starts_[row]).bytes, std::min(count, this->farthestPrefetch) * targets_.width);
    this->prefetchWeights(row);
  }

  void deliver(const SourceNeuron& s, double payload, const Band& band) override {
    const auto scaled = this->scaled(payload);
    const size_t row = this->row(s);
    size_t first = starts_[row], end = starts_[row + 1];
    if (this->sums_.bands().size() > 1) {
      first = targets_.lowerBound(first, end, band.first);
      end = targets_.lowerBound(first, end, band.end);
    }
    if (first == end) return;
    this->arriving().add(band, targets_.from(first), this->weights_ + first, end - first, this->areDistinct_, scaled,
                         this->largestWeight_);
  }

 private:
  const size_t* starts_;
  Targets targets_;
};

/// Runs of neighbouring targets, whose weights are added as they lie.
template <class Numbers>
class RunSynapses final : public PairSynapses<Numbers> {
 public:
  RunSynapses(const ProjectionDescription& p, const Box& source, DendriteSums<Numbers>& sums)
      : PairSynapses<Numbers>(p, source, sums), starts_(p.pairs.runStarts), bounds_(p.pairs.runBounds) {
    size_t synapse = 0;
    for (size_t row = 0; row < p.pairs.rows; ++row)
      for (size_t run = starts_[row]; run < starts_[row + 1]; ++run)
        for (uint32_t target = bounds_[2 * run]; target < bounds_[2 * run + 1]; ++target)
          this->bound(synapse++, run > starts_[row] && target + 1 == bounds_[2 * run - 1]);
    useLargePages(bounds_, 2 * starts_[p.pairs.rows]);
  }

  /// A list that lasts until the next call.
  Reach reach(const SourceNeuron& s) const override {
    const Runs all = runs(this->row(s), 0, 0);
    reached_.clear();
    for (size_t run = 0; run < all.count; ++run)
      for (uint32_t target = all.bounds[2 * run]; target < all.bounds[2 * run + 1]; ++target)
        reached_.push_back(target);
    return {{}, {reinterpret_cast<const uint8_t*>(reached_.data()), sizeof(uint32_t)}, reached_.size()};
  }

  void prefetchBounds(const SourceNeuron& s) const override {
    const size_t row = this->row(s);
    __builtin_prefetch(&starts_[row]);
    __builtin_prefetch(&this->pairs_.rowStarts[row]);
  }

  void prefetch(const SourceNeuron& s) const override {
    const size_t row = this->row(s);
    neurochip::prefetch(bounds_ + 2 * starts_[row], 2 * std::min(starts_[row + 1] - starts_[row], farthestRun));
    this->prefetchWeights(row);
  }

  void deliver(const SourceNeuron& s, double payload, const Band& band) override {
    const auto scaled = this->scaled(payload);
    const size_t row = this->row(s);
    const Runs all = runs(row, band.first, band.end);
    if (all.count == 0 || all.bounds[0] >= band.end || all.bounds[2 * all.count - 1] <= band.first) return;
    this->arriving().add(band, all, this->weights_ + this->pairs_.rowStarts[row], scaled, this->largestWeight_);
  }

 private:
  const size_t* starts_;
  const uint32_t* bounds_;
  mutable std::vector<uint32_t> reached_;

  static constexpr size_t farthestRun = 16;

  Runs runs(size_t row, size_t first, size_t end) const {
    return {bounds_ + 2 * starts_[row], starts_[row + 1] - starts_[row], first, end};
  }
};

template <class Numbers>
std::unique_ptr<Synapses> makePairSynapses(const ProjectionDescription& p, const Box& source,
                                           DendriteSums<Numbers>& sums) {
  if (p.pairs.areListed()) return std::make_unique<ListedSynapses<Numbers>>(p, source, sums);
  return std::make_unique<RunSynapses<Numbers>>(p, source, sums);
}

}  // namespace neurochip
