// The best that a plain loop does with 8-bit weights and 32-bit sums: what the synapse engine's loop is measured
// against.
#pragma once

#include <stdint.h>

/// sums[r][i] += weights[r][i] × payload over `rows` rows of `count` contiguous values; strides in elements.
void bare_multiply_add(int rows, int count, const int8_t* weights, long weight_stride, int32_t payload, int32_t* sums,
                       long sum_stride);

/// The same with a payload of 1, without the multiplication.
void bare_add(int rows, int count, const int8_t* weights, long weight_stride, int32_t* sums, long sum_stride);
