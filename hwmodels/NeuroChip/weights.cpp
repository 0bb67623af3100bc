#include "NeuroChip/weights.hpp"

namespace neurochip {

namespace {

template <class Weight>
std::vector<Weight> copied(const void* weights, size_t count) {
  const auto* values = static_cast<const Weight*>(weights);
  return std::vector<Weight>(values, values + count);
}

}  // namespace

Weights copyWeights(Arithmetic arithmetic, const void* weights, size_t count) {
  switch (arithmetic) {
    case Arithmetic::integer8:
      return copied<int8_t>(weights, count);
    case Arithmetic::integer16:
      return copied<int16_t>(weights, count);
    case Arithmetic::real:
      return copied<float>(weights, count);
  }
  throw DescriptionError("an arithmetic of unknown kind");
}

BorrowedWeights borrowWeights(Arithmetic arithmetic, const void* weights) {
  switch (arithmetic) {
    case Arithmetic::integer8:
      return static_cast<const int8_t*>(weights);
    case Arithmetic::integer16:
      return static_cast<const int16_t*>(weights);
    case Arithmetic::real:
      return static_cast<const float*>(weights);
  }
  throw DescriptionError("an arithmetic of unknown kind");
}

}  // namespace neurochip
