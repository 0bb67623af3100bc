// Explicit synapses, as a description and all chips that are made from it share them.
#pragma once

#include <memory>

#include "NeuroChip/weights.hpp"

namespace neurochip {

/// Compressed rows over source neurons; targets are the population's dendrites in global order, rising within a row.
struct Pairs {
  std::vector<uint64_t> rowStarts;
  std::vector<uint32_t> targets;
  Weights weights;

  /// Copies the pairs, and puts each row in order. Throws DescriptionError if the rows or the weights do not hold together.
  static std::shared_ptr<const Pairs> make(Arithmetic arithmetic, const uint64_t* rowStarts, size_t rows,
                                           const uint32_t* targets, const int16_t* integers, const float* reals);
};

}  // namespace neurochip
