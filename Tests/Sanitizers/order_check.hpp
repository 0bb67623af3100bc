// Sorting by time beside the standard library's stable sort.
#pragma once

namespace sanitizers {

/// Random values, few and many, near and far apart, many of the same time.
void checkTimeOrder();

}  // namespace sanitizers
