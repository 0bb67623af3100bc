#include "BareLoop.h"

#if defined(__clang__) && defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("avx512bw", "avx2", "default")))
#else
#define CLONES
#endif

CLONES void bare_multiply_add(int rows, int count, const int8_t* weights, long weight_stride, int32_t payload,
                              int32_t* sums, long sum_stride) {
  for (int r = 0; r < rows; ++r) {
    const int8_t* restrict w = weights + r * weight_stride;
    int32_t* restrict s = sums + r * sum_stride;
    for (int i = 0; i < count; ++i) s[i] += w[i] * payload;
  }
}

CLONES void bare_add(int rows, int count, const int8_t* weights, long weight_stride, int32_t* sums, long sum_stride) {
  for (int r = 0; r < rows; ++r) {
    const int8_t* restrict w = weights + r * weight_stride;
    int32_t* restrict s = sums + r * sum_stride;
    for (int i = 0; i < count; ++i) s[i] += w[i];
  }
}
