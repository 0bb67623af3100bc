// The two kinds of numbers: the chip's integers, and reals for studying what the integers cost.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "NeuroChip/parameters.hpp"

namespace neurochip {

/// Integers as the chip has them. Sums are exact; states saturate at the chip's width.
template <class WeightType>
struct Integer {
  using Weight = WeightType;
  using State = int32_t;
  using Sum = int64_t;

  static Sum shiftedDown(Sum value, int shift) { return value >> shift; }  // arithmetic shift: floor
  static State decayed(State value, int shift) { return value - (value >> shift); }
  static State fraction(State value, int shift) { return value >> shift; }
  /// Nearest multiple of 2^shift, as its factor; halves go up.
  static Sum rounded(State value, int shift) {
    return shift == 0 ? Sum(value) : (Sum(value) + (Sum(1) << (shift - 1))) >> shift;
  }
  static State restored(State factor, int shift) { return State(Sum(factor) * (Sum(1) << shift)); }
  /// A message, scaled; bounded so that its product with one weight cannot overflow.
  static Sum payload(double value) {
    if (!(std::abs(value) <= double(int64_t(1) << 46)))
      throw DescriptionError("a message is too large for exact sums of 64 bits");
    return Sum(value);
  }
};

struct Real {
  using Weight = float;
  using State = double;
  using Sum = double;

  static Sum shiftedDown(Sum value, int shift) { return std::ldexp(value, -shift); }
  static State decayed(State value, int shift) { return value - std::ldexp(value, -shift); }
  static State fraction(State value, int shift) { return std::ldexp(value, -shift); }
  static Sum payload(double value) { return value; }
  static Sum rounded(State value, int) { return value; }
  static State restored(State factor, int) { return factor; }
};

/// Clamps to a signed width and counts how often that changed a value.
template <class Numbers>
class Saturation {
 public:
  explicit Saturation(int bits) : limit_((int64_t(1) << (bits - 1)) - 1) {}

  typename Numbers::State operator()(typename Numbers::Sum value) {
    const auto clamped = std::clamp<typename Numbers::Sum>(value, -limit_ - 1, limit_);
    count_ += clamped != value;
    return typename Numbers::State(clamped);
  }
  /// The largest value; the smallest is one further from zero.
  int64_t limit() const { return limit_; }
  /// Counts what was clamped elsewhere.
  void add(int64_t count) { count_ += count; }
  int64_t takeCount() {
    const int64_t count = count_;
    count_ = 0;
    return count;
  }

 private:
  int64_t limit_;
  int64_t count_ = 0;
};

template <>
class Saturation<Real> {
 public:
  explicit Saturation(int) {}
  double operator()(double value) { return value; }
  double limit() const { return std::numeric_limits<double>::infinity(); }
  void add(int64_t) {}
  int64_t takeCount() { return 0; }
};

}  // namespace neurochip
