#include "NeuroChip/pairs.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace neurochip {

namespace {

template <class Weight>
void sortRow(uint32_t* targets, Weight* weights, size_t count) {
  if (std::is_sorted(targets, targets + count)) return;
  std::vector<std::pair<uint32_t, Weight>> row;
  row.reserve(count);
  for (size_t i = 0; i < count; ++i) row.push_back({targets[i], weights[i]});
  std::sort(row.begin(), row.end());
  for (size_t i = 0; i < count; ++i) std::tie(targets[i], weights[i]) = row[i];
}

}  // namespace

std::shared_ptr<const Pairs> Pairs::make(Arithmetic arithmetic, const uint64_t* rowStarts, size_t rows,
                                         const uint32_t* targets, const int16_t* integers, const float* reals) {
  if (!rowStarts || rows == 0 || (!targets && rowStarts[rows] > 0)) {
    throw DescriptionError("a projection has no rows or no targets");
  }
  auto pairs = std::make_shared<Pairs>();
  pairs->rowStarts.assign(rowStarts, rowStarts + rows + 1);
  const auto& starts = pairs->rowStarts;
  if (starts.front() != 0 || !std::is_sorted(starts.begin(), starts.end())) {
    throw DescriptionError("a projection has row starts that do not rise from 0");
  }
  const size_t all = starts.back();
  pairs->targets.assign(targets, targets + all);
  pairs->weights = makeWeights(arithmetic, integers, reals, all);
  if (weightCount(pairs->weights) != all) {
    throw DescriptionError("a projection has " + std::to_string(weightCount(pairs->weights)) + " weights; " +
                           std::to_string(all) + " are needed");
  }
  std::visit(
      [&](auto& weights) {
        for (size_t row = 0; row < rows; ++row) {
          sortRow(pairs->targets.data() + starts[row], weights.data() + starts[row], starts[row + 1] - starts[row]);
        }
      },
      pairs->weights);
  return pairs;
}

}  // namespace neurochip
