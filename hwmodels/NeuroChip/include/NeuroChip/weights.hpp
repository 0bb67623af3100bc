// Weights in the width that a network computes with.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "NeuroChip/parameters.hpp"

namespace neurochip {

enum class Arithmetic { integer8, integer16, real };  ///< width of the weights; `real` is for studying quantisation

/// 8-bit or 16-bit integers, or reals.
using Weights = std::variant<std::vector<int8_t>, std::vector<int16_t>, std::vector<float>>;

inline size_t weightCount(const Weights& weights) {
  return std::visit([](const auto& values) { return values.size(); }, weights);
}

/// The weights that an arithmetic computes with: of `integers` or of `reals`, none if it is null. Throws DescriptionError if an
/// integer is too wide.
Weights makeWeights(Arithmetic arithmetic, const int16_t* integers, const float* reals, size_t count);

}  // namespace neurochip
