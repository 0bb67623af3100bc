// Runs the chip model through its C wall, for builds with sanitizers: random chips and networks on both timing levels
// and several threads, refusals, warnings, and many simulations in one process. `make sanitize` builds and runs it.
#include <malloc.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <systemc>
#include <tuple>

#include "link_check.hpp"
#include "order_check.hpp"
#include "random_case.hpp"

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#include <sanitizer/allocator_interface.h>
#define HAS_SANITIZER_ALLOCATOR
#endif

using namespace sanitizers;

namespace {

constexpr uint64_t steps = 16;

/// What may not depend on time, threads, or how a run is cut.
struct Outcome {
  std::vector<std::vector<uint64_t>> spikes;  // by step, (population, neuron)
  std::vector<std::vector<double>> payloads;
  std::vector<double> states;
  int64_t synops = 0, updates = 0, saturations = 0;

  bool operator==(const Outcome& o) const {
    return spikes == o.spikes && payloads == o.payloads && states == o.states && synops == o.synops &&
           updates == o.updates && saturations == o.saturations;
  }
};

const std::vector<const char*>& states(const std::string& model) {
  static const std::vector<const char*> delta{"u", "s"}, graded{"u"}, lif{"u", "v"}, spiking{"V"};
  return model == "delta" ? delta : model == "graded" ? graded : model == "lif" ? lif : spiking;
}

void readStates(const RandomCase& c, const rb_chip* chip, Outcome& outcome) {
  for (uint32_t i = 0; i < c.populations.size(); ++i) {
    const auto& p = c.populations[i];
    std::vector<double> values(p.shape.count() * size_t(p.perDendrite));
    for (const char* name : states(p.model)) {
      check(rb_chip_read(chip, i, name, values.data(), values.size()));
      outcome.states.insert(outcome.states.end(), values.begin(), values.end());
    }
  }
}

void readSpikes(rb_chip* chip, Outcome& outcome) {
  std::vector<rb_spike> spikes(rb_chip_take_spikes(chip, nullptr, 0));
  rb_chip_take_spikes(chip, spikes.data(), spikes.size());
  std::sort(spikes.begin(), spikes.end(), [](const rb_spike& a, const rb_spike& b) {
    return std::tie(a.step, a.population, a.neuron) < std::tie(b.step, b.population, b.neuron);
  });
  for (const rb_spike& s : spikes) {
    outcome.spikes[s.step].push_back(uint64_t(s.population) << 32 | s.neuron);
    outcome.payloads[s.step].push_back(s.payload);
  }
}

Outcome run(const RandomCase& c, const rb_options& options, uint64_t chunk) {
  const ChipHandle chip = c.create(options);
  check(rb_chip_inject(chip.get(), c.events.data(), c.events.size()));
  Outcome outcome;
  outcome.spikes.resize(steps);
  outcome.payloads.resize(steps);
  for (uint64_t done = 0; done < steps; done += chunk) {
    check(rb_chip_run(chip.get(), std::min(chunk, steps - done)));
    readSpikes(chip.get(), outcome);
  }
  std::vector<rb_step> records(rb_chip_take_steps(chip.get(), nullptr, 0));
  require(records.size() == steps, "a step has no record");
  rb_chip_take_steps(chip.get(), records.data(), records.size());
  require(rb_chip_take_steps(chip.get(), nullptr, 0) == 0, "a record was kept after it was taken");
  const rb_step& last = records.back();
  // A multicast packet is received by several cores.
  require(c.chip.multicast ? last.packets_sent <= last.packets_received : last.packets_sent == last.packets_received,
          "a packet was lost");
  for (const int64_t n : last.synaptic_operations) outcome.synops += n;
  outcome.updates = last.updates_active + last.updates_inactive;
  outcome.saturations = last.saturations;
  std::vector<rb_packet> packets(rb_chip_take_packets(chip.get(), nullptr, 0));
  rb_chip_take_packets(chip.get(), packets.data(), packets.size());
  readStates(c, chip.get(), outcome);
  require(std::strlen(rb_chip_warnings(chip.get())) == 0, rb_chip_warnings(chip.get()));
  return outcome;
}

/// The same function on both timing levels, on one thread and on several, in one run and in chunks.
size_t runRandomCases(uint64_t first, uint64_t count, const std::string& folder) {
  const std::string trace = folder + "/activity";
  size_t spiking = 0, wide = 0;
  for (uint64_t seed = first; seed < first + count; ++seed) {
    const RandomCase c(seed);
    const Outcome expected = run(c, {RB_APPROXIMATE, 1, false, nullptr}, steps);
    const rb_options others[] = {
        {RB_DETAILED, 1, true, nullptr}, {RB_APPROXIMATE, 2, true, trace.c_str()}, {RB_DETAILED, 3, false, nullptr}};
    uint64_t chunk = 1;
    for (const rb_options& options : others) {
      const Outcome outcome = run(c, options, chunk += 2);
      const std::string place = "seed " + std::to_string(seed);
      require(c.isReal() || outcome == expected, place + ": function depends on time or threads");
    }
    for (const auto& step : expected.spikes) spiking += step.size();
    wide += c.hasWideSums;
  }
  require(count < 100 || wide > count / 20, "hardly a case adds up in 64 bits");
  return spiking;
}

/// One event into a relay by a weight of 127: its sum needs 64 bits, and so do two of them. The state tells whether all
/// bits were there: the chip keeps what is left of the sum when its last 30 bits are dropped.
void addUpInWideSums() {
  RandomCase c(1);
  c.chip.state_bits = 30;
  c.chip.payload_bits = 32;
  c.chip.host_tile_x = c.chip.host_tile_y = 0;
  c.network.reset(rb_network_create(RB_INTEGER8, 1, 1, 1));
  const char* names[] = {"lambda", "sendThreshold", "stepShift", "payloadShift", "ownShare"};
  const double values[] = {0, 1 << 28, 0, 0, 0};
  check(rb_network_add_population(c.network.get(), "delta", 1, 1, 1, names, values, 5));
  check(rb_network_set_compartment(c.network.get(), 0, RB_HOLD, 30, 0));
  check(rb_network_place(c.network.get(), 0, 0, {0, 1, 0, 1, 0, 1}));
  rb_projection projection{};
  projection.source = -1;
  projection.compartment = RB_HOLD;
  projection.sign = 1;
  projection.shift = 6;
  projection.format = RB_DENSE;
  const size_t starts[] = {0, 1};
  const uint8_t target[] = {0, 0, 0, 0};  // of three bytes, and one more
  const int8_t weight = 127;
  const rb_pairs pairs{starts, 1, target, 3, nullptr, nullptr, &weight};
  check(rb_network_add_pairs(c.network.get(), projection, &pairs));
  const int64_t payload = (int64_t(1) << 31) - 5;
  const rb_event events[] = {{0, 0, 0, 0, double(payload)}, {0, 0, 0, 0, double(payload)}};
  for (const rb_timing timing : {RB_APPROXIMATE, RB_DETAILED}) {
    const ChipHandle chip = c.create({timing, 2, false, nullptr});
    check(rb_chip_inject(chip.get(), events, 2));
    check(rb_chip_run(chip.get(), 2));
    double u = 0;
    check(rb_chip_read(chip.get(), 0, "u", &u, 1));
    const int64_t sum = (2 * payload * weight) << 6;
    require(sum > int64_t(1) << 40 && u == double(sum >> 30), "a sum of 64 bits is wrong");
  }
}

void expectRefusal(const rb_status& status, const char* what) {
  require(status.code == RB_INVALID_DESCRIPTION && std::strlen(status.message) > 0, what);
}

rb_status creation(const RandomCase& c, const rb_chip_parameters& parameters, const rb_options& options) {
  rb_chip* chip = nullptr;
  const rb_status status =
      rb_chip_create(&parameters, c.barrier.data(), c.barrier.size(), c.network.get(), &options, &chip);
  const ChipHandle owner(chip);
  require((chip == nullptr) == (status.code != RB_OK), "a refused chip was created");
  return status;
}

void refuse(uint64_t seed) {
  const RandomCase c(seed);
  const rb_options options{RB_APPROXIMATE, 2, false, nullptr};
  rb_chip_parameters bad = c.chip;
  bad.state_bits = 99;
  expectRefusal(creation(c, bad, options), "states of 99 bits");
  bad = c.chip;
  bad.tiles_x = 0;
  expectRefusal(creation(c, bad, options), "a chip without tiles");
  bad = c.chip;
  bad.tick_ps = (uint64_t(1) << 40) + 1;
  expectRefusal(creation(c, bad, options), "a tick of more than a second");
  bad = c.chip;
  bad.synaptic_operation[1].time_ps = ~uint64_t(0);
  expectRefusal(creation(c, bad, options), "a synaptic operation of half a year");
  for (const double share : {-0.1, 1.1, std::nan("")}) {
    const RandomCase broken(seed);
    check(rb_network_set_faults(broken.network.get(), share, 0, 1));
    expectRefusal(creation(broken, c.chip, options), "a share of dead neurons outside 0 ... 1");
  }
  expectRefusal(creation(c, c.chip, {RB_APPROXIMATE, 0, false, nullptr}), "no threads");
  expectRefusal(creation(c, c.chip, {RB_APPROXIMATE, 1, false, "/dev/null/trace"}), "a trace without a place");

  const ChipHandle chip = c.create(options);
  expectRefusal(creation(c, c.chip, options), "a second live simulation");
  const rb_event outside{0, 99, 0, 0, 1}, late{3, 0, 0, 0, 1}, early{1, 0, 0, 0, 1};
  expectRefusal(rb_chip_inject(chip.get(), &outside, 1), "an event outside the input");
  check(rb_chip_run(chip.get(), 2));
  expectRefusal(rb_chip_inject(chip.get(), &early, 1), "an event in the past");
  check(rb_chip_inject(chip.get(), &late, 1));
  double value = 0;
  expectRefusal(rb_chip_read(chip.get(), 0, "no such state", &value, 1), "an unknown state");
  expectRefusal(rb_chip_read(chip.get(), 99, "u", &value, 1), "an unknown population");
  // The event of step 3 is never reached: a chip may be destroyed with work left.
}

/// A chip with one projection from two inputs to three relays; returns whether it was created.
rb_status creation(const rb_pairs& pairs) {
  RandomCase c(1);
  c.chip.host_tile_x = c.chip.host_tile_y = 0;
  c.network.reset(rb_network_create(RB_INTEGER8, 1, 2, 1));
  const char* names[] = {"lambda", "stepShift", "payloadShift"};
  const double values[] = {0, 0, 0};
  check(rb_network_add_population(c.network.get(), "graded", 1, 3, 1, names, values, 3));
  check(rb_network_place(c.network.get(), 0, 0, {0, 1, 0, 3, 0, 1}));
  rb_projection projection{};
  projection.source = -1;
  projection.compartment = RB_HOLD;
  projection.sign = 1;
  check(rb_network_add_pairs(c.network.get(), projection, &pairs));
  return creation(c, c.chip, {RB_APPROXIMATE, 1, false, nullptr});
}

/// Rows that would make the chip read or write beyond its arrays.
void refusePairs() {
  const size_t starts[] = {0, 2, 3}, falling[] = {0, 3, 2}, late[] = {1, 2, 3}, runStarts[] = {0, 1, 2};
  // Three bytes each, lowest first, and one more.
  const uint8_t targets[] = {0, 0, 0, 2, 0, 0, 1, 0, 0, 0}, unordered[] = {2, 0, 0, 0, 0, 0, 1, 0, 0, 0},
                far[] = {0, 0, 0, 3, 0, 0, 1, 0, 0, 0}, farByte[] = {0, 0, 0, 2, 0, 1, 1, 0, 0, 0};
  const uint32_t bounds[] = {1, 3, 0, 1}, farBounds[] = {2, 4, 0, 1}, shortBounds[] = {1, 2, 0, 1},
                 emptyBounds[] = {2, 1, 0, 1};
  const int8_t weights[] = {1, 2, 3};
  check(creation(rb_pairs{starts, 2, targets, 3, nullptr, nullptr, weights}));
  check(creation(rb_pairs{starts, 2, nullptr, 0, runStarts, bounds, weights}));
  const std::pair<rb_pairs, const char*> refused[] = {
      {{starts, 1, targets, 3, nullptr, nullptr, weights}, "a row that is missing"},
      {{falling, 2, targets, 3, nullptr, nullptr, weights}, "row starts that fall"},
      {{late, 2, targets, 3, nullptr, nullptr, weights}, "row starts from 1"},
      {{starts, 2, unordered, 3, nullptr, nullptr, weights}, "targets that fall"},
      {{starts, 2, far, 3, nullptr, nullptr, weights}, "a target that is not there"},
      {{starts, 2, farByte, 3, nullptr, nullptr, weights}, "a target of which only the highest byte is too large"},
      {{starts, 2, targets, 2, nullptr, nullptr, weights}, "targets of two bytes"},
      {{starts, 2, nullptr, 3, nullptr, nullptr, weights}, "no targets"},
      {{starts, 2, targets, 3, nullptr, nullptr, nullptr}, "no weights"},
      {{starts, 2, nullptr, 0, runStarts, farBounds, weights}, "a run beyond the targets"},
      {{starts, 2, nullptr, 0, runStarts, shortBounds, weights}, "a run that is too short"},
      {{starts, 2, nullptr, 0, runStarts, emptyBounds, weights}, "a run that ends before it begins"}};
  for (const auto& [pairs, what] : refused) expectRefusal(creation(pairs), what);
}

/// What SystemC warns of is kept with the chip, and counted.
void warn(uint64_t seed) {
  const ChipHandle chip = RandomCase(seed).create({RB_APPROXIMATE, 1, false, nullptr});
  const uint64_t before = rb_warning_count();
  SC_REPORT_WARNING("provoked", "on purpose");
  require(std::strstr(rb_chip_warnings(chip.get()), "provoked") != nullptr, "a warning was lost");
  require(rb_warning_count() == before + 1, "a warning was not counted");
}

size_t allocatedBytes() {
#ifdef HAS_SANITIZER_ALLOCATOR
  return __sanitizer_get_current_allocated_bytes();
#else
  return size_t(mallinfo2().uordblks);
#endif
}

/// Bytes that many simulations may leave in one process.
constexpr size_t largestGrowth = 256;

/// Memory in use after 200 simulations is that after 40; refusals and unfinished runs are among them.
size_t growth(const std::string& folder) {
  size_t after40 = 0;
  for (int round = 0; round < 200; ++round) {
    if (round == 40) after40 = allocatedBytes();
    const auto seed = uint64_t(1000 + round % 10);
    if (round % 4 == 0) refuse(seed);
    const std::string trace = folder + "/activity";
    run(RandomCase(seed), {round % 2 ? RB_DETAILED : RB_APPROXIMATE, 2, true, round % 5 ? nullptr : trace.c_str()}, 7);
  }
  const size_t after200 = allocatedBytes();
  return after200 > after40 ? after200 - after40 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s CASES FOLDER\n", argv[0]);
    return 64;
  }
  try {
    const uint64_t cases = std::strtoull(argv[1], nullptr, 10);
    const std::string folder = argv[2];
    const size_t spikes = runRandomCases(1, cases, folder);
    checkLinks();
    checkTimeOrder();
    addUpInWideSums();
    require(cases == 0 || spikes > cases, "the cases hardly spike");
    for (uint64_t seed = 1; seed <= 20; ++seed) refuse(seed);
    refusePairs();
    warn(1);
    const size_t bytes = growth(folder);
    std::printf("%llu random cases with %zu spikes; 200 simulations in one process leave %zu bytes\n",
                static_cast<unsigned long long>(cases), spikes, bytes);
    require(bytes <= largestGrowth, "200 simulations in one process leak");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sanitize: %s\n", error.what());
    return 1;
  }
  return 0;
}
