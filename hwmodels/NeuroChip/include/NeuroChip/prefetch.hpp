// Memory that is brought near before it is read.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace neurochip {

/// Spikes come from anywhere, so what belongs to one is asked for while those this far before it are dealt with.
constexpr size_t prefetchDistance = 8;

/// Asks for all cache lines of some values.
template <class Value>
void prefetch(const Value* values, size_t count) {
  constexpr size_t perLine = 64 / sizeof(Value);
  for (size_t i = 0; i < count; i += perLine) __builtin_prefetch(values + i);
}

enum class Access { reading, writing };

/// Asks for what lies so many values behind one. It need not be there: the address is no pointer until it is asked for.
template <Access access, class Value>
void prefetchAhead(const Value* value, size_t count) {
  const auto address = reinterpret_cast<uintptr_t>(value) + count * sizeof(Value);
  __builtin_prefetch(reinterpret_cast<const void*>(address), access == Access::writing);
}

/// Puts values that are read at places far apart into large pages, so that the processor need not look up each place.
/// Where the system has none, all stays as it is.
template <class Value>
void useLargePages(const Value* values, size_t count) {
#if defined(__linux__)
  constexpr int collapse = 25;  // MADV_COLLAPSE, which not all C libraries name
  constexpr uintptr_t page = uintptr_t(1) << 21;
  const auto begin = reinterpret_cast<uintptr_t>(values);
  const uintptr_t first = (begin + page - 1) / page * page, end = (begin + count * sizeof(Value)) / page * page;
  if (first < end) madvise(reinterpret_cast<void*>(first), end - first, collapse);
#else
  (void)values, (void)count;
#endif
}

}  // namespace neurochip
