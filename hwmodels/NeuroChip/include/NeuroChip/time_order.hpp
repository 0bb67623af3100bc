// Stable sorting by time, in memory that is kept.
#pragma once

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "NeuroChip/parameters.hpp"

namespace neurochip {

/// Sorts values by their member `time`; those of the same time keep their order. Allocates only for more than ever.
template <class Timed>
class TimeOrder {
 public:
  void sort(std::vector<Timed>& values) {
    if (values.size() < fewest) {
      sortFew(values);
    } else {
      sortMany(values);
    }
  }

 private:
  static constexpr size_t fewest = 64;
  static constexpr unsigned widestDigit = 10;

  std::vector<Timed> other_;

  static void sortFew(std::vector<Timed>& values) {
    for (size_t i = 1; i < values.size(); ++i) {
      const Timed value = values[i];
      size_t place = i;
      for (; place > 0 && values[place - 1].time > value.time; --place) values[place] = values[place - 1];
      values[place] = value;
    }
  }

  /// By one digit after the other, the least significant first.
  void sortMany(std::vector<Timed>& values) {
    const auto earlier = [](const Timed& a, const Timed& b) { return a.time < b.time; };
    const auto [first, last] = std::minmax_element(values.begin(), values.end(), earlier);
    const Picoseconds start = first->time, span = last->time - start;
    if (span == 0) return;
    const unsigned bits = 64 - unsigned(__builtin_clzll(span)), digits = (bits + widestDigit - 1) / widestDigit;
    const unsigned width = (bits + digits - 1) / digits;
    for (unsigned digit = 0; digit < digits; ++digit) {
      other_.resize(values.size());
      distribute(values, start, digit * width, width);
      values.swap(other_);
    }
  }

  /// Puts values into `other_`, by the digit of their times after `start`.
  void distribute(const std::vector<Timed>& values, Picoseconds start, unsigned shift, unsigned width) {
    const Picoseconds mask = (Picoseconds(1) << width) - 1;
    std::array<uint32_t, size_t(1) << widestDigit> places{};
    for (const Timed& value : values) ++places[(value.time - start) >> shift & mask];
    uint32_t place = 0;
    for (size_t digit = 0; digit <= mask; ++digit) place += std::exchange(places[digit], place);
    for (const Timed& value : values) other_[places[(value.time - start) >> shift & mask]++] = value;
  }
};

}  // namespace neurochip
