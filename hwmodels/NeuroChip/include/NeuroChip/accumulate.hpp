// The innermost loop of the synapse engine: one payload times rows of weights, added to rows of accumulators.
#pragma once

#include <cstddef>
#include <cstdint>

#include "NeuroChip/targets.hpp"

namespace neurochip {

/// A rectangle of `rows` rows of `count` contiguous values; strides in elements.
struct Rows {
  int rows = 0;
  int count = 0;
  ptrdiff_t sumStride = 0;
  ptrdiff_t weightStride = 0;
};

// Those of integers are compiled for several instruction sets; the machine's best is chosen when the program is loaded.
void accumulate(const Rows& shape, const int8_t* weights, int32_t payload, int32_t* sums);
void accumulate(const Rows& shape, const int16_t* weights, int32_t payload, int32_t* sums);
void accumulate(const Rows& shape, const int8_t* weights, int64_t payload, int64_t* sums);
void accumulate(const Rows& shape, const int16_t* weights, int64_t payload, int64_t* sums);
void accumulate(const Rows& shape, const float* weights, double payload, double* sums);

/// Adds payload × weights to the sums of `count` rising targets, no two the same.
void accumulate(size_t count, Targets targets, const int8_t* weights, int32_t payload, int32_t* sums);
void accumulate(size_t count, Targets targets, const int16_t* weights, int32_t payload, int32_t* sums);

/// Runs of neighbouring targets: two bounds for each, its first target and the one after its last.
struct Runs {
  const uint32_t* bounds = nullptr;
  size_t count = 0;
  size_t first = 0, end = 0;  ///< of the targets that are added to; the others' weights are passed over
};

/// Adds payload × weights to the sums of runs of targets.
void accumulate(const Runs& runs, const int8_t* weights, int32_t payload, int32_t* sums);
void accumulate(const Runs& runs, const int16_t* weights, int32_t payload, int32_t* sums);
void accumulate(const Runs& runs, const int8_t* weights, int64_t payload, int64_t* sums);
void accumulate(const Runs& runs, const int16_t* weights, int64_t payload, int64_t* sums);
void accumulate(const Runs& runs, const float* weights, double payload, double* sums);

}  // namespace neurochip
