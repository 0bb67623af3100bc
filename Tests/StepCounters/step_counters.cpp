#include "StepCounters.h"

#include <atomic>
#include <cstdlib>
#include <new>
#include <systemc>

namespace {
std::atomic<uint64_t> allocations{0};
}

uint64_t step_counters_allocations(void) { return allocations; }
uint64_t step_counters_delta_cycles(void) { return sc_core::sc_delta_count(); }

void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
