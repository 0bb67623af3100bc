#include "CNeuroChip.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "NeuroChip/chip.hpp"

using namespace neurochip;

struct rb_network {
  NetworkDescription description;
};

struct rb_chip {
  Chip chip;
};

namespace {

rb_status failure(rb_code code, const char* message) {
  rb_status status = {code, ""};
  std::snprintf(status.message, sizeof status.message, "%s", message);
  std::replace(status.message, status.message + std::strlen(status.message), '\n', ' ');
  return status;
}

/// Runs `body` and turns whatever it throws into a status.
template <class Body>
rb_status guarded(Body body) {
  try {
    body();
    return {RB_OK, ""};
  } catch (const DescriptionError& error) {
    return failure(RB_INVALID_DESCRIPTION, error.what());
  } catch (const std::bad_alloc&) {
    return failure(RB_SIMULATION_FAILED, "not enough memory for this network");
  } catch (const std::exception& error) {
    return failure(RB_SIMULATION_FAILED, error.what());
  } catch (...) {
    return failure(RB_SIMULATION_FAILED, "the chip model failed for an unknown reason");
  }
}

Cost cost(const rb_cost& c) { return {c.energy_pJ, c.time_ps}; }

ChipParameters parameters(const rb_chip_parameters& p, const rb_barrier_point* barrier, size_t points) {
  ChipParameters result;
  result.chips = p.chips;
  result.tilesX = p.tiles_x;
  result.tilesY = p.tiles_y;
  result.coresPerTile = p.cores_per_tile;
  result.stateBits = p.state_bits;
  result.payloadBits = p.payload_bits;
  result.hostTileX = p.host_tile_x;
  result.hostTileY = p.host_tile_y;
  result.packetFlits = p.packet_flits;
  result.bufferFlits = p.buffer_flits;
  result.multicast = p.multicast;
  result.chipLinkOccupancy_ps = p.chip_link_occupancy_ps;
  result.linkOccupancy_ps = p.link_occupancy_ps;
  result.tick_ps = p.tick_ps;
  for (size_t i = 0; i < points; ++i) result.barrier.push_back({barrier[i].tiles, barrier[i].time_ps});
  static_assert(RB_SYNAPSE_FORMATS == synapseFormatCount);
  const auto& synaptic = p.synaptic_operation;
  result.costs = {{cost(synaptic[RB_DENSE]), cost(synaptic[RB_SPARSE]), cost(synaptic[RB_CONVOLUTION])},
                  cost(p.update_active),
                  cost(p.update_inactive),
                  cost(p.spike_out),
                  cost(p.axon_out),
                  cost(p.axon_in),
                  cost(p.tile),
                  cost(p.hop_east_west),
                  cost(p.hop_north_south),
                  cost(p.hop_between_chips),
                  cost(p.host_event),
                  cost(p.barrier)};
  return result;
}

ChipOptions options(const rb_options& o) {
  if (o.timing != RB_APPROXIMATE && o.timing != RB_DETAILED) throw DescriptionError("there is no such timing level");
  if (o.threads < 1 || o.threads > 256) throw DescriptionError("threads can be 1 ... 256");
  return {TimingLevel(o.timing), o.threads, o.records_packets, o.activity_trace ? o.activity_trace : ""};
}

Compartment checkedCompartment(rb_compartment c) {
  if (c != RB_PULSE && c != RB_HOLD && c != RB_TRACE) throw DescriptionError("there is no such compartment");
  return Compartment(c);
}

SynapseFormat checkedFormat(rb_synapse_format f) {
  if (f != RB_DENSE && f != RB_SPARSE && f != RB_CONVOLUTION)
    throw DescriptionError("there is no such format of synapses");
  return SynapseFormat(f);
}

ProjectionDescription projection(const rb_projection& p, ProjectionDescription::Kind kind) {
  ProjectionDescription result;
  result.source.isInput = p.source < 0;
  result.source.population = p.source < 0 ? 0 : uint32_t(p.source);
  result.target = p.target;
  result.compartment = checkedCompartment(p.compartment);
  result.sign = p.sign;
  result.shift = p.shift;
  result.delay = p.delay;
  result.format = checkedFormat(p.format);
  result.kind = kind;
  return result;
}

/// Moves all records to the caller, if there is room for them; returns their number.
template <class Record, class Copy, class Convert>
size_t take(std::vector<Record>& records, Copy* copies, size_t capacity, Convert convert) {
  const size_t count = records.size();
  if (capacity < count) return count;
  std::transform(records.begin(), records.end(), copies, convert);
  records.clear();
  return count;
}

rb_step step(const StepRecord& r) {
  const Counters& n = r.counters;
  return {r.end_ps,
          r.busiestCore_ps,
          n.packetWait_ps,
          n.hostEvents,
          n.hostPackets,
          n.spikes,
          n.lostSpikes,
          n.packetsSent,
          n.packetsReceived,
          n.corePackets,
          n.hopsEastWest,
          n.hopsNorthSouth,
          n.hopsBetweenChips,
          {n.synapticOperations[0], n.synapticOperations[1], n.synapticOperations[2]},
          n.updatesActive,
          n.updatesInactive,
          n.saturations,
          n.overruns,
          n.barriers,
          r.energy.synapse_pJ,
          r.energy.soma_pJ,
          r.energy.axon_pJ,
          r.energy.network_pJ,
          r.energy.host_pJ};
}

}  // namespace

rb_network* rb_network_create(rb_arithmetic arithmetic, int32_t rows, int32_t columns, int32_t channels) {
  try {
    auto network = std::make_unique<rb_network>();
    if (arithmetic != RB_INTEGER8 && arithmetic != RB_INTEGER16 && arithmetic != RB_REAL) return nullptr;
    network->description.arithmetic = Arithmetic(arithmetic);
    network->description.inputRows = rows;
    network->description.inputColumns = columns;
    network->description.inputChannels = channels;
    return network.release();
  } catch (...) {
    return nullptr;
  }
}

void rb_network_destroy(rb_network* network) { delete network; }

rb_status rb_network_add_population(rb_network* network, const char* model, int32_t rows, int32_t columns,
                                    int32_t channels, const char* const* names, const double* values, size_t count) {
  return guarded([&] {
    PopulationDescription p;
    p.model = model;
    for (size_t i = 0; i < count; ++i) p.parameters[names[i]] = values[i];
    p.rows = rows;
    p.columns = columns;
    p.channels = channels;
    network->description.populations.push_back(std::move(p));
  });
}

rb_status rb_network_set_compartment(rb_network* network, uint32_t population, rb_compartment compartment,
                                     int32_t floor_shift, int32_t decay_shift) {
  return guarded([&] {
    if (population >= network->description.populations.size())
      throw DescriptionError("a compartment of an unknown population");
    if (floor_shift < 0 || floor_shift > 62 || decay_shift < 0 || decay_shift > 30)
      throw DescriptionError("a compartment's shift is out of range");
    const auto kind = int(checkedCompartment(compartment));
    network->description.populations[population].compartments[kind] = {floor_shift, decay_shift};
  });
}

rb_status rb_network_place(rb_network* network, uint32_t population, uint32_t core, rb_box b) {
  return guarded([&] {
    network->description.placements.push_back(
        {population, core, {b.row0, b.row1, b.column0, b.column1, b.channel0, b.channel1}});
  });
}

rb_status rb_network_add_table(rb_network* network, int32_t source_channels, int32_t extent, int32_t target_channels,
                               const void* weights) {
  return guarded([&] {
    if (source_channels <= 0 || extent <= 0 || target_channels <= 0) throw DescriptionError("a table is empty");
    const size_t count = size_t(source_channels) * size_t(extent) * size_t(extent) * size_t(target_channels);
    if (!weights) throw DescriptionError("a table has no weights");
    network->description.tables.push_back(
        {source_channels, extent, target_channels, copyWeights(network->description.arithmetic, weights, count)});
  });
}

rb_status rb_network_add_convolution(rb_network* network, rb_projection p, uint32_t table, int32_t source_stride,
                                     int32_t target_stride, int32_t origin) {
  return guarded([&] {
    auto description = projection(p, ProjectionDescription::Kind::convolution);
    description.table = table;
    description.sourceStride = source_stride;
    description.targetStride = target_stride;
    description.origin = origin;
    network->description.projections.push_back(std::move(description));
  });
}

rb_status rb_network_add_pairs(rb_network* network, rb_projection p, const rb_pairs* pairs) {
  return guarded([&] {
    auto description = projection(p, ProjectionDescription::Kind::pairs);
    const auto weights = borrowWeights(network->description.arithmetic, pairs->weights);
    description.pairs = {pairs->row_starts,
                         pairs->rows,
                         {pairs->targets, pairs->target_width},
                         pairs->run_starts,
                         pairs->run_bounds,
                         weights};
    network->description.projections.push_back(std::move(description));
  });
}

rb_status rb_network_add_one_to_one(rb_network* network, rb_projection p, double weight, double sign_weight) {
  return guarded([&] {
    auto description = projection(p, ProjectionDescription::Kind::oneToOne);
    description.weight = weight;
    description.signWeight = sign_weight;
    network->description.projections.push_back(std::move(description));
  });
}

rb_status rb_network_set_faults(rb_network* network, double dead_neurons, double lost_spikes, uint64_t seed) {
  return guarded([&] { network->description.faults = {dead_neurons, lost_spikes, seed}; });
}

rb_status rb_chip_create(const rb_chip_parameters* p, const rb_barrier_point* barrier, size_t points,
                         const rb_network* network, const rb_options* o, rb_chip** chip) {
  *chip = nullptr;
  return guarded(
      [&] { *chip = new rb_chip{Chip(parameters(*p, barrier, points), network->description, options(*o))}; });
}

void rb_chip_destroy(rb_chip* chip) { delete chip; }

rb_status rb_chip_inject(rb_chip* chip, const rb_event* events, size_t count) {
  return guarded([&] {
    std::vector<InputEvent> copies;
    copies.reserve(count);
    for (size_t i = 0; i < count; ++i) {
      copies.push_back({events[i].step, events[i].channel, events[i].row, events[i].column, events[i].payload});
    }
    chip->chip.inject(copies);
  });
}

rb_status rb_chip_run(rb_chip* chip, uint64_t steps) {
  return guarded([&] { chip->chip.run(steps); });
}

uint64_t rb_chip_barrier_time_ps(const rb_chip* chip) { return chip->chip.barrierTime(); }

const char* rb_chip_warnings(const rb_chip* chip) { return chip->chip.warnings().c_str(); }

uint64_t rb_warning_count(void) { return warningCount(); }

size_t rb_chip_take_spikes(rb_chip* chip, rb_spike* spikes, size_t capacity) {
  return take(chip->chip.recorder().spikes, spikes, capacity,
              [](const SpikeRecord& s) -> rb_spike { return {s.time_ps, s.neuron, s.population, s.step, s.payload}; });
}

size_t rb_chip_take_packets(rb_chip* chip, rb_packet* packets, size_t capacity) {
  return take(chip->chip.recorder().packets, packets, capacity, [](const PacketRecord& p) -> rb_packet {
    return {p.step, p.fromHost, p.source, p.destination, p.hops, p.injected_ps, p.delivered_ps, p.waited_ps};
  });
}

size_t rb_chip_take_steps(rb_chip* chip, rb_step* steps, size_t capacity) {
  return take(chip->chip.recorder().steps, steps, capacity, step);
}

size_t rb_chip_core_activity(const rb_chip* chip, rb_core_activity* cores, size_t capacity) {
  const size_t count = chip->chip.coreCount();
  for (size_t i = 0; i < capacity && i < count; ++i) {
    const CoreActivity& a = chip->chip.coreActivity(i);
    cores[i] = {a.core,          a.soma_ps,         a.engine_ps, a.busy_ps,
                a.updatesActive, a.updatesInactive, a.spikes,    a.synapticOperations,
                a.packetsSent,   a.packetsReceived};
  }
  return count;
}

size_t rb_chip_link_activity(const rb_chip* chip, rb_link_activity* links, size_t capacity) {
  size_t count = 0;
  chip->chip.forEachLink([&](const LinkActivity& link) {
    if (count < capacity) links[count] = {link.tile.x, link.tile.y, rb_way(link.way), link.packets};
    ++count;
  });
  return count;
}

rb_status rb_chip_read(const rb_chip* chip, uint32_t population, const char* state, double* values, size_t count) {
  return guarded([&] {
    const auto read = chip->chip.read(population, state);
    if (read.size() != count)
      throw DescriptionError("the population has " + std::to_string(read.size()) + " neurons, not " +
                             std::to_string(count));
    std::copy(read.begin(), read.end(), values);
  });
}
