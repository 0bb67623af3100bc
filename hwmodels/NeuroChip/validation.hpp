// Checks that a description holds together, before anything is built from it.
#pragma once

#include "NeuroChip/network.hpp"

namespace neurochip {

/// Throws DescriptionError naming the first thing that is wrong.
void validate(const ChipParameters& chip, const NetworkDescription& network);

}  // namespace neurochip
