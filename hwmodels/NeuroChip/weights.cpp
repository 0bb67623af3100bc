#include "NeuroChip/weights.hpp"

#include <limits>

namespace neurochip {

namespace {

std::vector<int8_t> narrowed(const int16_t* integers, size_t count) {
  std::vector<int8_t> result;
  result.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    if (integers[i] < std::numeric_limits<int8_t>::min() || integers[i] > std::numeric_limits<int8_t>::max()) {
      throw DescriptionError("the weight " + std::to_string(integers[i]) +
                             " does not fit the network's width of weights");
    }
    result.push_back(int8_t(integers[i]));
  }
  return result;
}

}  // namespace

Weights makeWeights(Arithmetic arithmetic, const int16_t* integers, const float* reals, size_t count) {
  switch (arithmetic) {
    case Arithmetic::integer8:
      return narrowed(integers, integers ? count : 0);
    case Arithmetic::integer16:
      return std::vector<int16_t>(integers, integers + (integers ? count : 0));
    case Arithmetic::real:
      return std::vector<float>(reals, reals + (reals ? count : 0));
  }
  throw DescriptionError("an arithmetic of unknown kind");
}

}  // namespace neurochip
