#include "NeuroChip/reception.hpp"

#include <algorithm>

#include "NeuroChip/arithmetic.hpp"
#include "NeuroChip/clones.hpp"

namespace neurochip {

namespace {

/// Sums that are looked at together: where all are zero, a state that stays is not touched.
constexpr size_t blockSize = 64;

template <class Numbers>
inline __attribute__((always_inline)) typename Numbers::Sum kept(const Reception& r, typename Numbers::State state) {
  return !r.keeps ? 0 : r.decays ? Numbers::decayed(state, r.decayShift) : state;
}

inline __attribute__((always_inline)) int64_t receiveBlock(const Reception& r, int32_t* sums, int32_t* states,
                                                           size_t count) {
  int64_t saturations = 0;
  for (size_t i = 0; i < count; ++i) {
    const int64_t sum = kept<Integer<int8_t>>(r, states[i]) + (int64_t(sums[i]) >> r.floorShift);
    const int64_t state = std::clamp(sum, -r.limit - 1, r.limit);
    saturations += state != sum;
    states[i] = int32_t(state);
    sums[i] = 0;
  }
  return saturations;
}

}  // namespace

NEUROCHIP_CLONES int64_t receive(const Reception& reception, int32_t* sums, int32_t* states, size_t count) {
  const Reception r = reception;  // what the compiler knows not to change with the states
  const bool stays = r.keeps && !r.decays;
  int64_t saturations = 0;
  for (size_t first = 0; first < count; first += blockSize) {
    const size_t size = std::min(blockSize, count - first);
    int32_t any = 0;
    for (size_t i = first; i < first + size; ++i) any |= sums[i];
    if (any != 0 || !stays) saturations += receiveBlock(r, sums + first, states + first, size);
  }
  return saturations;
}

int64_t receive(const Reception& r, int32_t* sums, int64_t* wideSums, int32_t* states, size_t count) {
  int64_t saturations = 0;
  for (size_t i = 0; i < count; ++i) {
    const int64_t sum = kept<Integer<int8_t>>(r, states[i]) + ((sums[i] + wideSums[i]) >> r.floorShift);
    const int64_t state = std::clamp(sum, -r.limit - 1, r.limit);
    saturations += state != sum;
    states[i] = int32_t(state);
    sums[i] = 0;
    wideSums[i] = 0;
  }
  return saturations;
}

int64_t receive(const Reception& r, double* sums, double* states, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    states[i] = kept<Real>(r, states[i]) + Real::shiftedDown(sums[i], r.floorShift);
    sums[i] = 0;
  }
  return 0;
}

}  // namespace neurochip
