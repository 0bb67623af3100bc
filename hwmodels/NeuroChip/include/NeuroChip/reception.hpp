// How what arrived becomes state: one floor shift, then one saturation, after everything has been added.
#pragma once

#include <cstddef>
#include <cstdint>

namespace neurochip {

/// What a compartment keeps of its state, and how it takes up a sum.
struct Reception {
  int floorShift = 0;  ///< of sums
  bool keeps = false;  ///< whether the state stays (`hold`, `trace`)
  bool decays = false;
  int decayShift = 0;  ///< a state that decays loses state >> decayShift
  int64_t limit = 0;   ///< the largest state; the smallest is one further from zero
};

/// Moves sums into states, and sets them to zero. Returns the number of saturations.
int64_t receive(const Reception& reception, int32_t* sums, int32_t* states, size_t count);

/// The same for sums that lie in two parts.
int64_t receive(const Reception& reception, int32_t* sums, int64_t* wideSums, int32_t* states, size_t count);

/// The same for reals, which do not saturate.
int64_t receive(const Reception& reception, double* sums, double* states, size_t count);

}  // namespace neurochip
