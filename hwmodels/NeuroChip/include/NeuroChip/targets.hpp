// Numbers of dendrites as explicit synapses list them: packed, as there are more of them than of anything else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace neurochip {

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "packed targets are read lowest byte first"
#endif

/// Each is in three bytes, or in four where a number needs them, lowest first. All are read as four bytes, so there
/// must be one more behind the last of three.
struct Targets {
  const uint8_t* bytes = nullptr;
  uint32_t width = 4;  ///< bytes of each

  uint32_t mask() const { return width == 3 ? 0xffffff : 0xffffffff; }
  uint32_t operator[](size_t place) const {
    uint32_t four;
    std::memcpy(&four, bytes + place * width, sizeof four);
    return four & mask();
  }
  Targets from(size_t place) const { return {bytes + place * width, width}; }

  /// The first place from `first` on, before `end`, with such a target or a greater one; targets rise there.
  size_t lowerBound(size_t first, size_t end, size_t target) const {
    while (first < end) {
      const size_t middle = first + (end - first) / 2;
      if ((*this)[middle] < target) {
        first = middle + 1;
      } else {
        end = middle;
      }
    }
    return first;
  }
};

}  // namespace neurochip
