// What a simulation costs in counts that no machine changes.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Allocations by C++'s `operator new` in this process so far.
uint64_t step_counters_allocations(void);
/// Delta cycles of the live SystemC kernel so far: every event that stands alone in time takes one, events at the same
/// time share it.
uint64_t step_counters_delta_cycles(void);

#ifdef __cplusplus
}
#endif
