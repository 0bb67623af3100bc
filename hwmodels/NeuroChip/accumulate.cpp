#include "NeuroChip/accumulate.hpp"

#include <algorithm>

#include "NeuroChip/clones.hpp"

namespace neurochip {

namespace {

template <class Weight, class Sum>
inline __attribute__((always_inline)) void accumulateRows(const Rows& shape, const Weight* weights, Sum payload,
                                                          Sum* sums) {
  const Rows own = shape;  // what the compiler knows not to change with the sums; else it does not vectorise
  for (int row = 0; row < own.rows; ++row) {
    const Weight* __restrict w = weights + row * own.weightStride;
    Sum* __restrict s = sums + row * own.sumStride;
    for (int i = 0; i < own.count; ++i) s[i] += Sum(w[i]) * payload;
  }
}

/// Where targets lie side by side, their sums are added to as one.
template <class Weight>
inline __attribute__((always_inline)) void accumulateTargets(size_t count, Targets targets, const Weight* weights,
                                                             int32_t payload, int32_t* sums) {
  constexpr size_t run = 16;
  size_t i = 0;
  for (; i + run <= count; i += run) {
    if (targets[i + run - 1] - targets[i] == run - 1) {
      int32_t* __restrict s = sums + targets[i];
      for (size_t k = 0; k < run; ++k) s[k] += weights[i + k] * payload;
    } else {
      for (size_t k = i; k < i + run; ++k) sums[targets[k]] += weights[k] * payload;
    }
  }
  for (; i < count; ++i) sums[targets[i]] += weights[i] * payload;
}

template <class Weight, class Sum>
inline __attribute__((always_inline)) void accumulateRuns(const Runs& runs, const Weight* weights, Sum payload,
                                                          Sum* sums) {
  const Runs own = runs;  // what the compiler knows not to change with the sums
  for (size_t run = 0; run < own.count; ++run) {
    const size_t begin = own.bounds[2 * run], end = own.bounds[2 * run + 1];
    const size_t first = std::max(begin, own.first), last = std::min(end, own.end);
    if (first < last) {
      const Weight* __restrict w = weights + (first - begin);
      Sum* __restrict s = sums + first;
      for (size_t i = 0; i < last - first; ++i) s[i] += Sum(w[i]) * payload;
    }
    weights += end - begin;
  }
}

}  // namespace

NEUROCHIP_CLONES
void accumulate(size_t count, Targets targets, const int8_t* weights, int32_t payload, int32_t* sums) {
  accumulateTargets(count, targets, weights, payload, sums);
}

NEUROCHIP_CLONES
void accumulate(size_t count, Targets targets, const int16_t* weights, int32_t payload, int32_t* sums) {
  accumulateTargets(count, targets, weights, payload, sums);
}

NEUROCHIP_CLONES
void accumulate(const Rows& shape, const int8_t* weights, int32_t payload, int32_t* sums) {
  accumulateRows(shape, weights, payload, sums);
}

NEUROCHIP_CLONES
void accumulate(const Rows& shape, const int16_t* weights, int32_t payload, int32_t* sums) {
  accumulateRows(shape, weights, payload, sums);
}

NEUROCHIP_CLONES
void accumulate(const Rows& shape, const int8_t* weights, int64_t payload, int64_t* sums) {
  accumulateRows(shape, weights, payload, sums);
}

NEUROCHIP_CLONES
void accumulate(const Rows& shape, const int16_t* weights, int64_t payload, int64_t* sums) {
  accumulateRows(shape, weights, payload, sums);
}

void accumulate(const Rows& shape, const float* weights, double payload, double* sums) {
  accumulateRows(shape, weights, payload, sums);
}

NEUROCHIP_CLONES
void accumulate(const Runs& runs, const int8_t* weights, int32_t payload, int32_t* sums) {
  accumulateRuns(runs, weights, payload, sums);
}

NEUROCHIP_CLONES
void accumulate(const Runs& runs, const int16_t* weights, int32_t payload, int32_t* sums) {
  accumulateRuns(runs, weights, payload, sums);
}

NEUROCHIP_CLONES
void accumulate(const Runs& runs, const int8_t* weights, int64_t payload, int64_t* sums) {
  accumulateRuns(runs, weights, payload, sums);
}

NEUROCHIP_CLONES
void accumulate(const Runs& runs, const int16_t* weights, int64_t payload, int64_t* sums) {
  accumulateRuns(runs, weights, payload, sums);
}

void accumulate(const Runs& runs, const float* weights, double payload, double* sums) {
  accumulateRuns(runs, weights, payload, sums);
}

}  // namespace neurochip
