// Explicit synapses, as a network's description has them. Nothing is copied: whoever describes the network keeps the
// arrays for as long as a chip runs it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "NeuroChip/targets.hpp"
#include "NeuroChip/weights.hpp"

namespace neurochip {

/// Compressed rows over source neurons; targets are the population's dendrites in global order, rising within a row.
/// They are listed, or come as runs of neighbours, which take no memory for each synapse.
struct Pairs {
  const size_t* rowStarts = nullptr;  ///< of synapses, and the end
  size_t rows = 0;
  Targets targets;                      ///< one for each synapse; none if they come in runs
  const size_t* runStarts = nullptr;    ///< by row, of runs, and the end; none if they are listed
  const uint32_t* runBounds = nullptr;  ///< two for each run: its first target, and the one after its last
  BorrowedWeights weights;              ///< one for each synapse

  bool areListed() const { return runStarts == nullptr; }

  /// Throws DescriptionError unless the rows hold together and all targets are among that many dendrites.
  void validate(size_t dendrites) const;
};

}  // namespace neurochip
