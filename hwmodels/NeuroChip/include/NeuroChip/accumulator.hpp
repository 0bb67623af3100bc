// Exact sums of one compartment over one step: the same whatever the order in which packets arrive.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <vector>

#include "NeuroChip/accumulate.hpp"
#include "NeuroChip/arithmetic.hpp"

namespace neurochip {

/// Sums in 32 bits as long as the magnitudes added so far prove that nothing overflows, else in 64. Should they not even
/// prove it for 64, the run fails rather than wrap round.
template <class Numbers>
class Accumulator {
 public:
  explicit Accumulator(size_t count) : narrow_(count, 0) {}

  /// Adds payload × weights over rows that start at `first`. `largestWeight` bounds the weights' magnitude.
  void add(const Rows& shape, const typename Numbers::Weight* weights, int64_t payload, int64_t largestWeight,
           size_t first) {
    const int64_t growth = std::llabs(payload) * largestWeight;
    if (growth > largestNarrow) {
      reserveWide(growth);
      accumulate(shape, weights, payload, wide().data() + first);
      return;
    }
    reserve(growth);
    accumulate(shape, weights, int32_t(payload), narrow_.data() + first);
  }

  /// Adds one value to one sum.
  void add(size_t index, int64_t value) {
    reserveWide(std::llabs(value));
    wide()[index] += value;
  }

  bool isEmpty() const { return bound_ == 0 && wideBound_ == 0; }

  int64_t operator[](size_t index) const { return narrow_[index] + (wide_.empty() ? 0 : wide_[index]); }

  void clear() {
    if (bound_ != 0) std::fill(narrow_.begin(), narrow_.end(), 0);
    if (wideBound_ != 0) std::fill(wide_.begin(), wide_.end(), 0);
    bound_ = wideBound_ = 0;
  }

 private:
  static constexpr int64_t largestNarrow = std::numeric_limits<int32_t>::max();
  static constexpr int64_t largestWide = int64_t(1) << 62;

  std::vector<int32_t> narrow_;
  std::vector<int64_t> wide_;
  int64_t bound_ = 0;      // no narrow sum exceeds this
  int64_t wideBound_ = 0;  // no wide sum exceeds this

  void reserve(int64_t growth) {
    if (bound_ + growth > largestNarrow) {
      reserveWide(bound_);
      auto& sums = wide();
      for (size_t i = 0; i < narrow_.size(); ++i) sums[i] += narrow_[i];
      std::fill(narrow_.begin(), narrow_.end(), 0);
      bound_ = 0;
    }
    bound_ += growth;
  }

  void reserveWide(int64_t growth) {
    if (growth > largestWide - wideBound_)
      throw DescriptionError("the messages of a step are too large for exact sums of 64 bits");
    wideBound_ += growth;
  }

  std::vector<int64_t>& wide() {
    if (wide_.empty()) wide_.assign(narrow_.size(), 0);
    return wide_;
  }
};

template <>
class Accumulator<Real> {
 public:
  explicit Accumulator(size_t count) : sums_(count, 0.0) {}

  void add(const Rows& shape, const float* weights, double payload, double, size_t first) {
    accumulate(shape, weights, payload, sums_.data() + first);
    dirty_ = true;
  }
  void add(size_t index, double value) {
    sums_[index] += value;
    dirty_ = true;
  }
  bool isEmpty() const { return !dirty_; }
  double operator[](size_t index) const { return sums_[index]; }
  void clear() {
    if (dirty_) std::fill(sums_.begin(), sums_.end(), 0.0);
    dirty_ = false;
  }

 private:
  std::vector<double> sums_;
  bool dirty_ = false;
};

}  // namespace neurochip
