#include "link_check.hpp"

#include <optional>

#include "NeuroChip/slotted_link.hpp"
#include "random_case.hpp"

namespace sanitizers {

namespace {

using neurochip::Picoseconds;

/// Tries one time after the other.
class ObviousLink {
 public:
  template <class EndOf>
  Picoseconds reserve(Picoseconds earliest, EndOf endOf) {
    Picoseconds start = earliest;
    while (isTaken(start, endOf(start))) ++start;
    if (start < endOf(start)) taken_.push_back({start, endOf(start)});
    return start;
  }

 private:
  struct Interval {
    Picoseconds start, end;
  };
  std::vector<Interval> taken_;

  /// What takes no time needs its moment free all the same.
  bool isTaken(Picoseconds start, Picoseconds end) const {
    for (const Interval& i : taken_) {
      if ((i.start <= start && start < i.end) || (start < i.end && i.start < end)) return true;
    }
    return false;
  }
};

void checkLink(uint64_t seed) {
  Random random(seed);
  neurochip::Link link;
  ObviousLink obvious;
  Picoseconds now = 100;
  for (int reservation = 0; reservation < 200; ++reservation) {
    now += uint64_t(random.in(0, 3));
    const Picoseconds earliest = now + uint64_t(random.in(0, 30)), tail = earliest + uint64_t(random.in(-8, 8));
    const auto length = uint64_t(random.flip() ? 0 : random.in(1, 6));
    // As links do it: the last flit may come later than the packet could have passed.
    const auto endOf = [&](Picoseconds start) { return std::max(start, tail) + length; };
    const Picoseconds expected = obvious.reserve(earliest, endOf), given = link.reserve(earliest, endOf, now);
    require(given == expected, "link, seed " + std::to_string(seed) + ", reservation " + std::to_string(reservation) +
                                   ": " + std::to_string(given) + " and not " + std::to_string(expected));
  }
}

/// Packets of one length; now and then they come long after all others, or so far ahead that they queue. Half of the
/// links count in a larger unit, up to the longest packets, so that their times pass 2^31 ps.
void checkSlottedLink(uint64_t seed) {
  Random random(seed);
  const auto length = uint64_t(random.in(1, 9));
  const auto longest = int32_t(neurochip::SlottedLink::longest_ps / length);
  const uint64_t unit = random.flip() ? 1 : uint64_t(random.flip() ? longest : random.in(1, longest));
  neurochip::SlottedLink slotted(length * unit);
  std::optional<neurochip::SlottedLink::Reservations> reservations;
  ObviousLink obvious;
  Picoseconds now = uint64_t(random.in(0, 100));
  const int32_t farthest = random.in(0, 3) == 0 ? 9000 : 60;
  for (int reservation = 0; reservation < 300; ++reservation) {
    now += uint64_t(random.in(0, 50) == 0 ? random.in(0, 9000) : random.in(0, int32_t(length)));
    const Picoseconds earliest = now + uint64_t(random.in(0, random.flip() ? farthest : 20));
    const Picoseconds expected = obvious.reserve(earliest, [&](Picoseconds start) { return start + length; });
    if (!reservations || random.in(0, 9) == 0) reservations.emplace(slotted);
    const Picoseconds given = reservations->reserve(earliest * unit, now * unit);
    require(given == expected * unit, "slotted link, seed " + std::to_string(seed) + ", reservation " +
                                   std::to_string(reservation) + ": " + std::to_string(given) + " and not " +
                                   std::to_string(expected * unit));
  }
}

}  // namespace

void checkLinks() {
  for (uint64_t seed = 1; seed <= 500; ++seed) {
    checkLink(seed);
    checkSlottedLink(seed);
  }
}

}  // namespace sanitizers
