#include "NeuroChip/accumulate.hpp"

#if defined(__clang__) && defined(__x86_64__) && defined(__linux__)
#if !__has_feature(thread_sanitizer)  // the choice between clones runs before its runtime is there
#define NEUROCHIP_CLONES __attribute__((target_clones("avx512bw", "avx2", "default")))
#endif
#endif
#ifndef NEUROCHIP_CLONES
#define NEUROCHIP_CLONES
#endif

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

}  // namespace

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

}  // namespace neurochip
