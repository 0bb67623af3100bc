// Stable sorting by time, in memory that is kept.
#pragma once

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "NeuroChip/parameters.hpp"

namespace neurochip {

/// Sorts values by their member `time`; those of the same time keep their order. Allocates only for more than ever,
/// and may serve many: values stay in their own memory.
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
    if (other_.size() < values.size()) other_.resize(values.size());
    Timed *from = values.data(), *to = other_.data();
    for (unsigned digit = 0; digit < digits; ++digit, std::swap(from, to)) {
      distribute(from, values.size(), to, start, digit * width, width);
    }
    if (from != values.data()) std::copy_n(from, values.size(), values.data());
  }

  /// Puts values elsewhere, by the digit of their times after `start`.
  static void distribute(const Timed* values, size_t count, Timed* to, Picoseconds start, unsigned shift,
                         unsigned width) {
    const Picoseconds mask = (Picoseconds(1) << width) - 1;
    std::array<uint32_t, size_t(1) << widestDigit> places{};
    for (size_t i = 0; i < count; ++i) ++places[(values[i].time - start) >> shift & mask];
    uint32_t place = 0;
    for (size_t digit = 0; digit <= mask; ++digit) place += std::exchange(places[digit], place);
    for (size_t i = 0; i < count; ++i) to[places[(values[i].time - start) >> shift & mask]++] = values[i];
  }
};

}  // namespace neurochip
