// Exact sums of one compartment of a population over one step: the same whatever the order in which packets arrive.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <mutex>
#include <vector>

#include "NeuroChip/accumulate.hpp"
#include "NeuroChip/arithmetic.hpp"
#include "NeuroChip/band.hpp"
#include "NeuroChip/reception.hpp"

namespace neurochip {

/// Sums in 32 bits as long as the magnitudes added so far prove that nothing overflows, else in 64. Should they not
/// even prove it for 64, the run fails rather than wrap round. Different bands may be added to at once.
template <class Numbers>
class Accumulator {
 public:
  using Weight = typename Numbers::Weight;

  Accumulator(const Box& shape, const std::vector<Band>& bands)
      : perRow_(size_t(shape.columns()) * size_t(shape.channels())), narrow_(shape.size(), 0) {
    for (const Band& band : bands) bounds_.emplace_back(size_t(band.row1 - band.row0));
  }

  /// Adds payload × weights to whole rows of targets from `row` on, the first at `first`. `largestWeight` bounds the
  /// weights' magnitude.
  void add(const Band& band, int32_t row, const Rows& shape, const Weight* weights, int64_t payload,
           int64_t largestWeight, size_t first) {
    const int64_t growth = product(payload, largestWeight);
    if (isNarrow(band, row, shape.rows, growth)) {
      accumulate(shape, weights, int32_t(payload), narrow_.data() + first);
    } else {
      accumulate(shape, weights, payload, wide().data() + first);
    }
  }

  /// Adds payload × weights to targets of the band, by rising target. No target's weights add up to more than
  /// `largestWeight`; `areDistinct` if no target comes twice.
  void add(const Band& band, Targets targets, const Weight* weights, size_t count, bool areDistinct,
           int64_t payload, int64_t largestWeight) {
    const int64_t growth = product(payload, largestWeight);
    if (reserve(band, growth)) {
      const auto p = int32_t(payload);
      if (areDistinct) {
        accumulate(count, targets, weights, p, narrow_.data());
      } else {
        for (size_t i = 0; i < count; ++i) narrow_[targets[i]] += p * weights[i];
      }
    } else {
      auto& sums = wide();
      for (size_t i = 0; i < count; ++i) sums[targets[i]] += payload * weights[i];
    }
  }

  /// The same to the band's part of runs of targets.
  void add(const Band& band, const Runs& runs, const Weight* weights, int64_t payload, int64_t largestWeight) {
    if (reserve(band, product(payload, largestWeight))) {
      accumulate(runs, weights, int32_t(payload), narrow_.data());
    } else {
      accumulate(runs, weights, payload, wide().data());
    }
  }

  /// Adds one value to one sum, which lies in that row.
  void add(const Band& band, int32_t row, size_t index, int64_t value) {
    if (isNarrow(band, row, 1, std::llabs(value))) {
      narrow_[index] += int32_t(value);
    } else {
      wide()[index] += value;
    }
  }

  /// Whether nothing was added.
  bool isEmpty() const {
    for (const Bounds& b : bounds_)
      if (b.isUsed) return false;
    return true;
  }

  /// Whether some sums lie in 64 bits.
  bool usesWide() const {
    for (const Bounds& b : bounds_)
      if (b.wide != 0) return true;
    return false;
  }

  /// Moves the sums from `first` on into as many states. Returns the number of saturations.
  int64_t take(size_t first, size_t count, bool usesWide, const Reception& reception, int32_t* states) {
    int32_t* narrow = narrow_.data() + first;
    return usesWide ? receive(reception, narrow, wide_.data() + first, states, count)
                    : receive(reception, narrow, states, count);
  }

  /// All sums have been taken.
  void reset() {
    for (Bounds& b : bounds_) b.reset();
  }

 private:
  static constexpr int64_t largestNarrow = std::numeric_limits<int32_t>::max();
  static constexpr int64_t largestWide = int64_t(1) << 62;

  /// No narrow sum exceeds what was added to the whole band and to its row since the band's sums were last moved; no
  /// wide sum exceeds `wide`.
  struct Bounds {
    int64_t wholeBand = 0, largestRow = 0, wide = 0;
    bool isUsed = false;
    std::vector<int64_t> rows;

    explicit Bounds(size_t count) : rows(count, 0) {}
    void reset() {
      if (!isUsed) return;
      wholeBand = largestRow = wide = 0;
      isUsed = false;
      std::fill(rows.begin(), rows.end(), 0);
    }
  };

  size_t perRow_;
  std::vector<int32_t> narrow_;
  std::vector<int64_t> wide_;
  std::once_flag hasWide_;
  std::vector<Bounds> bounds_;  // by band

  /// The magnitude of a message at one target.
  static int64_t product(int64_t payload, int64_t largestWeight) {
    int64_t growth = 0;
    if (__builtin_mul_overflow(std::llabs(payload), largestWeight, &growth)) refuse();
    return growth;
  }

  [[noreturn]] static void refuse() {
    throw DescriptionError("the messages of a step are too large for exact sums of 64 bits");
  }

  /// Makes room for `growth` in each of some rows: true if their narrow sums have it, false if the wide ones must.
  bool isNarrow(const Band& band, int32_t row, int32_t rows, int64_t growth) {
    Bounds& b = bounds_[band.number];
    b.isUsed = true;
    if (growth > largestNarrow) return reserveWide(b, growth);
    // Before any row is reserved: it takes back what rows have reserved.
    if (b.wholeBand > 0 && b.wholeBand + b.largestRow + growth > largestNarrow) widen(band, b);
    for (int32_t r = row; r < row + rows; ++r) reserve(band, b, r, growth);
    return true;
  }

  /// Room in one row, moving only its own sums.
  void reserve(const Band& band, Bounds& b, int32_t row, int64_t growth) {
    const auto place = size_t(row - band.row0);
    int64_t& rowBound = b.rows[place];
    if (b.wholeBand + rowBound + growth > largestNarrow) {
      widen(b, rowBound, band.first + place * perRow_, std::min(perRow_, band.end - band.first));
      rowBound = 0;
    }
    rowBound += growth;
    b.largestRow = std::max(b.largestRow, rowBound);
  }

  /// The same for all rows of a band.
  bool reserve(const Band& band, int64_t growth) {
    Bounds& b = bounds_[band.number];
    b.isUsed = true;
    if (growth > largestNarrow) return reserveWide(b, growth);
    if (b.wholeBand + b.largestRow + growth > largestNarrow) widen(band, b);
    b.wholeBand += growth;
    return true;
  }

  bool reserveWide(Bounds& b, int64_t growth) {
    if (growth > largestWide - b.wide) refuse();
    b.wide += growth;
    return false;
  }

  void widen(const Band& band, Bounds& b) {
    widen(b, b.wholeBand + b.largestRow, band.first, band.end - band.first);
    b.wholeBand = b.largestRow = 0;
    std::fill(b.rows.begin(), b.rows.end(), 0);
  }

  /// Moves narrow sums, bounded by `bound`, to the wide ones.
  void widen(Bounds& b, int64_t bound, size_t first, size_t count) {
    reserveWide(b, bound);
    auto& sums = wide();
    for (size_t i = first; i < first + count; ++i) {
      sums[i] += narrow_[i];
      narrow_[i] = 0;
    }
  }

  std::vector<int64_t>& wide() {
    std::call_once(hasWide_, [this] { wide_.assign(narrow_.size(), 0); });
    return wide_;
  }
};

template <>
class Accumulator<Real> {
 public:
  Accumulator(const Box& shape, const std::vector<Band>& bands) : sums_(shape.size(), 0.0), isUsed_(bands.size(), 0) {}

  void add(const Band& band, int32_t, const Rows& shape, const float* weights, double payload, double, size_t first) {
    accumulate(shape, weights, payload, sums_.data() + first);
    isUsed_[band.number] = 1;
  }
  void add(const Band& band, Targets targets, const float* weights, size_t count, bool, double payload, double) {
    for (size_t i = 0; i < count; ++i) sums_[targets[i]] += payload * double(weights[i]);
    isUsed_[band.number] = 1;
  }
  void add(const Band& band, const Runs& runs, const float* weights, double payload, double) {
    accumulate(runs, weights, payload, sums_.data());
    isUsed_[band.number] = 1;
  }
  void add(const Band& band, int32_t, size_t index, double value) {
    sums_[index] += value;
    isUsed_[band.number] = 1;
  }
  bool isEmpty() const { return std::find(isUsed_.begin(), isUsed_.end(), 1) == isUsed_.end(); }
  bool usesWide() const { return false; }
  int64_t take(size_t first, size_t count, bool, const Reception& reception, double* states) {
    return receive(reception, sums_.data() + first, states, count);
  }
  void reset() { std::fill(isUsed_.begin(), isUsed_.end(), uint8_t(0)); }

 private:
  std::vector<double> sums_;
  std::vector<uint8_t> isUsed_;  // by band
};

}  // namespace neurochip
