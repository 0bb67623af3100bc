#include "order_check.hpp"

#include <algorithm>

#include "NeuroChip/time_order.hpp"
#include "random_case.hpp"

namespace sanitizers {

void checkTimeOrder() {
  struct Value {
    neurochip::Picoseconds time;
    size_t number;
  };
  neurochip::TimeOrder<Value> order;
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    Random random(seed);
    const neurochip::Picoseconds start = random.next() >> 1;
    const int bits = random.in(0, 63);
    std::vector<Value> values(size_t(random.flip() ? random.in(0, 100) : random.in(0, 3000)));
    for (size_t i = 0; i < values.size(); ++i) values[i] = {start + (random.next() >> 1 >> (63 - bits)), i};
    std::vector<Value> expected = values;
    std::stable_sort(expected.begin(), expected.end(), [](const Value& a, const Value& b) { return a.time < b.time; });
    order.sort(values);
    const auto isSame = [](const Value& a, const Value& b) { return a.time == b.time && a.number == b.number; };
    require(std::equal(values.begin(), values.end(), expected.begin(), expected.end(), isSame),
            "order by time, seed " + std::to_string(seed));
  }
}

}  // namespace sanitizers
