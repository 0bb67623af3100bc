/// The identifier that the linker gave the running program, which Swift's Glibc does not tell.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Copies the beginning of the GNU build ID of the running program, a hash of what it was linked from. Returns how
/// many bytes it has copied: `capacity`, fewer if the ID is shorter, 0 if there is none.
size_t build_id(uint8_t *bytes, size_t capacity);
