#pragma once

#include <stdint.h>

/// Counts what a whole program allocates: linked into it, it stands in front of glibc's `malloc`.

/// Whether there is something to count with: only with glibc.
int allocation_meter_works(void);

/// Begins a measurement.
void allocation_meter_begin(void);

/// Bytes by which the memory in use has grown at the most since the beginning.
int64_t allocation_meter_peak(void);
