// Memory of vectors that are filled in every step, one for each core.
#pragma once

#include <algorithm>
#include <vector>

namespace neurochip {

/// Makes room for some values more. Grows by an eighth, as what is doubled is nearly half empty on many cores at once.
template <class Value>
void makeRoom(std::vector<Value>& values, size_t more) {
  if (values.capacity() - values.size() >= more) return;
  values.reserve(values.size() + std::max(more, values.size() / 8 + 16));
}

}  // namespace neurochip
