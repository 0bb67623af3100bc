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
/// The same in memory of someone else.
using BorrowedWeights = std::variant<const int8_t*, const int16_t*, const float*>;

inline size_t weightCount(const Weights& weights) {
  return std::visit([](const auto& values) { return values.size(); }, weights);
}

/// Weights that are given in the width of an arithmetic.
Weights copyWeights(Arithmetic arithmetic, const void* weights, size_t count);
BorrowedWeights borrowWeights(Arithmetic arithmetic, const void* weights);

}  // namespace neurochip
