#include "random_case.hpp"

#include <algorithm>
#include <cstring>
#include <map>

namespace sanitizers {

void Pairs::append(std::vector<uint32_t> row, Random& random) {
  std::sort(row.begin(), row.end());
  for (const uint32_t target : row) {
    const bool continues = bounds_.size() > 2 * runStarts_.back() && bounds_.back() == target;
    if (continues) {
      ++bounds_.back();
    } else {
      bounds_.insert(bounds_.end(), {target, target + 1});
    }
    targets_.push_back(target);
    packed_.resize(3 * targets_.size() + 1);
    std::memcpy(&packed_[3 * targets_.size() - 3], &target, 3);
    weights_.append(random.in(-127, 127));
  }
  starts_.push_back(targets_.size());
  runStarts_.push_back(bounds_.size() / 2);
}

rb_pairs Pairs::in(rb_arithmetic arithmetic, Form form) const {
  rb_pairs pairs{};
  pairs.row_starts = starts_.data();
  pairs.rows = starts_.size() - 1;
  pairs.weights = weights_.in(arithmetic);
  if (form == Form::runs) {
    pairs.run_starts = runStarts_.data();
    pairs.run_bounds = bounds_.data();
  } else {
    const bool isPacked = form == Form::threeBytes;
    pairs.targets = isPacked ? packed_.data() : reinterpret_cast<const uint8_t*>(targets_.data());
    pairs.target_width = isPacked ? 3 : 4;
  }
  return pairs;
}

RandomCase::RandomCase(uint64_t seed) : random_(seed) {
  makeChip();
  const uint64_t kind = random_.next() % 5;  // mostly integers
  arithmetic_ = kind < 2 ? RB_INTEGER8 : kind < 4 ? RB_INTEGER16 : RB_REAL;
  input_ = shape();
  network.reset(rb_network_create(arithmetic_, input_.rows, input_.columns, input_.channels));
  require(network != nullptr, "a network could not be created");
  const int32_t count = random_.in(1, 3);
  for (int32_t i = 0; i < count; ++i) addPopulation();
  addProjection(-1, 0);
  const int32_t projections = random_.in(1, 5);
  for (int32_t i = 0; i < projections; ++i) {
    addProjection(random_.in(-1, count - 1), uint32_t(random_.in(0, count - 1)));
  }
  makeEvents();
  if (random_.flip()) {
    check(rb_network_set_faults(network.get(), random_.in(0, 5) / 10.0, random_.in(0, 5) / 10.0, random_.next()));
  }
}

ChipHandle RandomCase::create(const rb_options& options) const {
  rb_chip* created = nullptr;
  check(rb_chip_create(&chip, barrier.data(), barrier.size(), network.get(), &options, &created));
  return ChipHandle(created);
}

Shape RandomCase::shape() { return {random_.in(1, 4), random_.in(1, 5), random_.in(1, 3)}; }

void RandomCase::makeChip() {
  chip.chips = uint32_t(random_.in(1, 2));
  chip.tiles_x = uint32_t(random_.in(1, 3));
  chip.tiles_y = uint32_t(random_.in(1, 3));
  chip.cores_per_tile = uint32_t(random_.in(1, 2));
  chip.state_bits = random_.in(8, 30);
  chip.payload_bits = random_.in(2, 32);
  chip.host_tile_x = uint32_t(random_.in(0, int32_t(chip.tiles_x) - 1));
  chip.host_tile_y = uint32_t(random_.in(0, int32_t(chip.tiles_y) - 1));
  chip.packet_flits = uint32_t(random_.in(1, 3));
  chip.buffer_flits = chip.packet_flits * uint32_t(random_.in(1, 2));
  chip.multicast = random_.flip();
  chip.link_occupancy_ps = uint64_t(random_.in(0, 500));
  chip.chip_link_occupancy_ps = uint64_t(random_.in(0, 900));
  chip.tick_ps = random_.in(0, 3) == 0 ? 50000 : 0;
  rb_cost* costs[] = {
      &chip.update_active, &chip.update_inactive, &chip.spike_out,         &chip.axon_out,   &chip.axon_in, &chip.tile,
      &chip.hop_east_west, &chip.hop_north_south, &chip.hop_between_chips, &chip.host_event, &chip.barrier};
  for (rb_cost* cost : costs) *cost = {double(random_.in(0, 90)), uint64_t(random_.in(0, 2000))};
  for (rb_cost& cost : chip.synaptic_operation) cost = {double(random_.in(0, 90)), uint64_t(random_.in(0, 90))};
  barrier = {{1, 1000}, {4, 4001}};
}

void RandomCase::addPopulation() {
  Population p;
  p.shape = shape();
  std::map<std::string, double> values;
  switch (random_.in(0, 3)) {
    case 0:
      p.model = "delta";
      values = {{"lambda", double(random_.in(0, 40))},
                {"sendThreshold", double(random_.in(1, 30))},
                {"stepShift", double(random_.in(0, 4))},
                {"payloadShift", double(random_.in(0, 3))},
                {"ownShare", double(random_.in(0, 1))}};
      break;
    case 1:
      p.model = "graded";
      values = {{"lambda", double(random_.in(0, 40))},
                {"stepShift", double(random_.in(0, 4))},
                {"payloadShift", double(random_.in(0, 3))}};
      break;
    case 2:
      p.model = "lif";
      values = {{"currentDecay", double(random_.in(0, 4096))},
                {"voltageDecay", double(random_.in(0, 4096))},
                {"refractory", double(random_.in(0, 3))},
                {"bias", double(random_.in(-5, 20))},
                {"threshold", double(random_.in(1, 60))}};
      break;
    default:
      p.model = "spiking";
      p.perDendrite = random_.in(1, 2);
      values = {{"lambda", double(random_.in(0, 10))},
                {"charge", double(random_.in(10, 80))},
                {"payload", 1},
                {"stepShift", double(random_.in(0, 4))},
                {"polarities", double(p.perDendrite)}};
  }
  std::vector<const char*> names;
  std::vector<double> numbers;
  for (const auto& [name, value] : values) {
    names.push_back(name.c_str());
    numbers.push_back(value);
  }
  check(rb_network_add_population(network.get(), p.model.c_str(), p.shape.rows, p.shape.columns, p.shape.channels,
                                  names.data(), numbers.data(), numbers.size()));
  const auto index = uint32_t(populations.size());
  for (const rb_compartment c : {RB_PULSE, RB_HOLD, RB_TRACE}) {
    check(rb_network_set_compartment(network.get(), index, c, random_.in(0, 6), random_.in(0, 5)));
  }
  populations.push_back(p);
  place(index);
}

/// Halves along the columns, if there are two, on cores of any number; one core may hold parts of several populations.
void RandomCase::place(uint32_t population) {
  const Shape& s = populations[population].shape;
  const auto cores = int32_t(chip.chips * chip.tiles_x * chip.tiles_y * chip.cores_per_tile);
  const int32_t cut = s.columns / 2;
  for (const auto& [first, end] : {std::pair(0, cut), std::pair(cut, s.columns)}) {
    if (first == end) continue;
    check(rb_network_place(network.get(), population, uint32_t(random_.in(0, cores - 1)),
                           {0, s.rows, first, end, 0, s.channels}));
  }
}

void RandomCase::addProjection(int32_t source, uint32_t target) {
  rb_projection projection{};
  projection.source = source;
  projection.target = target;
  projection.compartment = rb_compartment(random_.in(RB_PULSE, RB_TRACE));
  projection.sign = random_.flip() ? 1 : -1;
  projection.shift = arithmetic_ == RB_REAL ? 0 : random_.in(0, 6);
  if (source < 0) largestInputShift_ = std::max(largestInputShift_, projection.shift);
  projection.delay = uint32_t(random_.in(0, 3));
  projection.format = rb_synapse_format(random_.in(RB_DENSE, RB_CONVOLUTION));
  const Shape from = source < 0 ? input_ : populations[size_t(source)].shape, to = populations[target].shape;
  const bool isSame = from.rows == to.rows && from.columns == to.columns && from.channels == to.channels;
  if (isSame && random_.flip()) {
    check(rb_network_add_one_to_one(network.get(), projection, random_.in(-9, 9), random_.in(0, 9)));
  } else if (random_.flip()) {
    check(addConvolution(projection, from, to));
  } else {
    check(addPairs(projection, from, to));
  }
}

rb_status RandomCase::addConvolution(const rb_projection& projection, const Shape& source, const Shape& target) {
  const int32_t extent = random_.in(1, 4);
  Weights weights;
  for (int32_t i = 0; i < source.channels * extent * extent * target.channels; ++i) {
    weights.append(random_.in(-127, 127));
  }
  const auto table = uint32_t(tables_++);
  check(rb_network_add_table(network.get(), source.channels, extent, target.channels, weights.in(arithmetic_)));
  return rb_network_add_convolution(network.get(), projection, table, random_.in(1, 3), random_.in(1, 3),
                                    random_.in(-2, extent + 2));
}

rb_status RandomCase::addPairs(const rb_projection& projection, const Shape& source, const Shape& target) {
  Pairs& pairs = pairs_.emplace_back();
  for (size_t row = 0; row < source.count(); ++row) {
    std::vector<uint32_t> targets;
    for (int32_t i = random_.in(0, 4); i > 0; --i) {
      targets.push_back(uint32_t(random_.in(0, int32_t(target.count()) - 1)));
    }
    pairs.append(std::move(targets), random_);
  }
  const rb_pairs added = pairs.in(arithmetic_, Pairs::Form(random_.in(0, 2)));
  return rb_network_add_pairs(network.get(), projection, &added);
}

void RandomCase::makeEvents() {
  const int64_t widest = (int64_t(1) << (chip.payload_bits - 1)) - 1;
  // Half of the cases have payloads of nearly the chip's whole width.
  const auto largest = int32_t(random_.flip() ? widest / 2 : std::min<int64_t>(400, widest));
  // A bound of 31 bits is left by a bit at least.
  hasWideSums = !isReal() && ((int64_t(largest) * 127) << largestInputShift_) > int64_t(1) << 32;
  for (uint32_t i = 0; i < 40; ++i) {
    events.push_back({i / 4, random_.in(0, input_.channels - 1), random_.in(0, input_.rows - 1),
                      random_.in(0, input_.columns - 1), double(random_.in(-largest, largest))});
  }
}

}  // namespace sanitizers
