// Memory that is brought near before it is read.
#pragma once

#include <cstddef>

namespace neurochip {

/// Spikes come from anywhere, so what belongs to one is asked for while those this far before it are dealt with.
constexpr size_t prefetchDistance = 8;

/// Asks for all cache lines of some values.
template <class Value>
void prefetch(const Value* values, size_t count) {
  constexpr size_t perLine = 64 / sizeof(Value);
  for (size_t i = 0; i < count; i += perLine) __builtin_prefetch(values + i);
}

}  // namespace neurochip
