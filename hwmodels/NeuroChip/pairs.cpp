#include "NeuroChip/pairs.hpp"

#include <algorithm>

namespace neurochip {

namespace {

void require(bool condition, const char* problem) {
  if (!condition) throw DescriptionError(std::string("a projection has ") + problem);
}

void validateStarts(const size_t* starts, size_t rows) {
  require(starts && starts[0] == 0 && std::is_sorted(starts, starts + rows + 1), "row starts that do not rise from 0");
}

void validateTargets(const Pairs& pairs, size_t row, size_t dendrites) {
  const size_t first = pairs.rowStarts[row], end = pairs.rowStarts[row + 1];
  for (size_t i = first + 1; i < end; ++i) {
    require(pairs.targets[i - 1] <= pairs.targets[i], "a row whose targets do not rise");
  }
  require(first == end || pairs.targets[end - 1] < dendrites, "a target that does not exist");
}

void validateRuns(const Pairs& pairs, size_t row, size_t dendrites) {
  size_t synapses = 0;
  uint32_t last = 0;
  for (size_t run = pairs.runStarts[row]; run < pairs.runStarts[row + 1]; ++run) {
    const uint32_t first = pairs.runBounds[2 * run], end = pairs.runBounds[2 * run + 1];
    require(first < end && first >= last, "a row whose targets do not rise");
    require(end <= dendrites, "a target that does not exist");
    synapses += end - first;
    last = end - 1;
  }
  require(synapses == pairs.rowStarts[row + 1] - pairs.rowStarts[row], "runs of another length than their row");
}

}  // namespace

void Pairs::validate(size_t dendrites) const {
  validateStarts(rowStarts, rows);
  const bool hasWeights = std::visit([](const auto* values) { return values != nullptr; }, weights);
  require(rowStarts[rows] == 0 || hasWeights, "no weights");
  if (areListed()) {
    require(rowStarts[rows] == 0 || targets.bytes, "no targets");
    require(targets.width == 3 || targets.width == 4, "targets that are not of three or four bytes");
    for (size_t row = 0; row < rows; ++row) validateTargets(*this, row, dendrites);
  } else {
    validateStarts(runStarts, rows);
    require(runStarts[rows] == 0 || runBounds, "no bounds of runs");
    for (size_t row = 0; row < rows; ++row) validateRuns(*this, row, dendrites);
  }
}

}  // namespace neurochip
