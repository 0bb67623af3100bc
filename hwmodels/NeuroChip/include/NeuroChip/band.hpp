// A part of a population's dendrites that one thread adds up.
#pragma once

#include <algorithm>
#include <vector>

#include "NeuroChip/network.hpp"

namespace neurochip {

/// Whole rows of a population, or a part of its only row. Its dendrites are `first` ... `end` − 1 in global order.
struct Band {
  size_t number = 0;
  int32_t row0 = 0, row1 = 0, column0 = 0, column1 = 0;
  size_t first = 0, end = 0;
};

/// Cuts a population into at most `count` bands of like size, in order.
inline std::vector<Band> makeBands(const Box& shape, size_t count) {
  const bool cutsRows = shape.rows() > 1;
  const int32_t extent = cutsRows ? shape.rows() : shape.columns();
  const size_t perRow = size_t(shape.columns()) * size_t(shape.channels());
  count = std::min(count, size_t(extent));
  std::vector<Band> bands;
  for (size_t i = 0; i < count; ++i) {
    const auto low = int32_t(size_t(extent) * i / count), high = int32_t(size_t(extent) * (i + 1) / count);
    if (cutsRows) {
      bands.push_back({i, low, high, 0, shape.columns(), size_t(low) * perRow, size_t(high) * perRow});
    } else {
      const auto channels = size_t(shape.channels());
      bands.push_back({i, 0, 1, low, high, size_t(low) * channels, size_t(high) * channels});
    }
  }
  return bands;
}

}  // namespace neurochip
