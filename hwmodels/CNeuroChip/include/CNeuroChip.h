// The C wall in front of the SystemC chip model: plain data in, status codes out, and no exception crosses it.
//
// Ownership: rb_network and rb_chip are owned by the caller and freed by their destroy functions (NULL is allowed).
// Arrays are borrowed for the call and copied, save those of rb_pairs. Strings are UTF-8, NUL-terminated. Not
// thread-safe; one rb_chip at a time in a process.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  RB_OK = 0,
  RB_INVALID_DESCRIPTION = 1,  // the description does not hold together
  RB_SIMULATION_FAILED = 2     // the model or SystemC's kernel failed
} rb_code;

typedef struct {
  rb_code code;
  char message[480];  // one line; empty if code is RB_OK
} rb_status;

typedef enum { RB_INTEGER8, RB_INTEGER16, RB_REAL } rb_arithmetic;
typedef enum { RB_PULSE, RB_HOLD, RB_TRACE } rb_compartment;

// Formats in which a core's memory holds synapses; arrays by format have this order.
typedef enum { RB_DENSE, RB_SPARSE, RB_CONVOLUTION } rb_synapse_format;
enum { RB_SYNAPSE_FORMATS = 3 };

typedef struct {
  double energy_pJ;
  uint64_t time_ps;
} rb_cost;

typedef struct {
  uint32_t tiles;
  uint64_t time_ps;
} rb_barrier_point;

// How the network on chip is timed: a path reserved at injection, or each hop an event over finite buffers.
typedef enum { RB_APPROXIMATE, RB_DETAILED } rb_timing;

typedef struct {
  rb_timing timing;
  uint32_t threads;            // that compute a step's function; 1 … 256
  bool records_packets;        // for rb_chip_take_packets
  const char* activity_trace;  // path of a VCD without its suffix; NULL for none
} rb_options;

typedef struct {
  uint32_t chips, tiles_x, tiles_y, cores_per_tile;
  int32_t state_bits, payload_bits;
  uint32_t host_tile_x, host_tile_y;
  uint32_t packet_flits, buffer_flits;
  bool multicast;
  uint64_t link_occupancy_ps, chip_link_occupancy_ps, tick_ps;
  rb_cost synaptic_operation[RB_SYNAPSE_FORMATS];
  rb_cost update_active, update_inactive, spike_out, axon_out, axon_in, tile, hop_east_west, hop_north_south,
      hop_between_chips, host_event, barrier;
} rb_chip_parameters;

typedef struct {
  int32_t row0, row1, column0, column1, channel0, channel1;  // half open
} rb_box;

// Common to all projections; see ProjectionDescription in the model.
typedef struct {
  int32_t source;  // a population's index, or -1 for the input port
  uint32_t target;
  rb_compartment compartment;
  int32_t sign, shift;
  uint32_t delay;
  rb_synapse_format format;
} rb_projection;

// Explicit synapses in compressed rows, those of a row by rising target. Row i has the synapses from row_starts[i] on,
// up to row_starts[i + 1]. The arrays are not copied: they must stay as they are until every chip with them is
// destroyed.
typedef struct {
  const size_t* row_starts;  // rows + 1
  size_t rows;
  // One for each synapse, of target_width bytes, 3 or 4, lowest first; NULL if they come in runs of neighbours. Behind
  // the last of three bytes, one more can be read.
  const uint8_t* targets;
  uint32_t target_width;
  // Row i has the runs from run_starts[i] on, up to run_starts[i + 1]; NULL if targets are listed.
  const size_t* run_starts;
  const uint32_t* run_bounds;  // two for each run: its first target, and the one after its last
  const void* weights;         // one for each synapse; int8_t, int16_t or float, as the arithmetic says
} rb_pairs;

typedef struct {
  uint32_t step;
  int32_t channel, row, column;
  double payload;
} rb_event;

typedef struct {
  uint64_t time_ps, neuron;
  uint32_t population, step;
  double payload;
} rb_spike;

// One delivery of a packet to a core.
typedef struct {
  uint32_t step;
  bool from_host;
  uint32_t source, destination, hops;  // cores; the source is undefined if it is the host
  uint64_t injected_ps, delivered_ps, waited_ps;
} rb_packet;

// Everything counted from the beginning to the end of one step.
typedef struct {
  uint64_t end_ps, busiest_core_ps, packet_wait_ps;
  int64_t host_events, host_packets, spikes, lost_spikes, packets_sent, packets_received, core_packets, hops_east_west,
      hops_north_south, hops_between_chips;
  int64_t synaptic_operations[RB_SYNAPSE_FORMATS];
  int64_t updates_active, updates_inactive, saturations, overruns, barriers;
  double synapse_pJ, soma_pJ, axon_pJ, network_pJ, host_pJ;
} rb_step;

// What one core did from the beginning to the end of its last step.
typedef struct {
  uint32_t core;
  uint64_t soma_ps, engine_ps, busy_ps;
  int64_t updates_active, updates_inactive, spikes, synaptic_operations, packets_sent, packets_received;
} rb_core_activity;

// How many packets a link between tiles passed from the beginning to the end of its last step.
typedef enum { RB_EAST, RB_WEST, RB_NORTH, RB_SOUTH } rb_way;
typedef struct {
  uint32_t tile_x, tile_y;  // where it begins
  rb_way way;
  int64_t packets;
} rb_link_activity;

typedef struct rb_network rb_network;
typedef struct rb_chip rb_chip;

// Describing a network.
rb_network* rb_network_create(rb_arithmetic arithmetic, int32_t input_rows, int32_t input_columns,
                              int32_t input_channels);
void rb_network_destroy(rb_network* network);
rb_status rb_network_add_population(rb_network* network, const char* model, int32_t rows, int32_t columns,
                                    int32_t channels, const char* const* parameter_names,
                                    const double* parameter_values, size_t parameter_count);
rb_status rb_network_set_compartment(rb_network* network, uint32_t population, rb_compartment compartment,
                                     int32_t floor_shift, int32_t decay_shift);
rb_status rb_network_place(rb_network* network, uint32_t population, uint32_t core, rb_box box);
// Weights are [source channel][offset y][offset x][target channel]; int8_t, int16_t or float, as the arithmetic says.
rb_status rb_network_add_table(rb_network* network, int32_t source_channels, int32_t extent, int32_t target_channels,
                               const void* weights);
rb_status rb_network_add_convolution(rb_network* network, rb_projection projection, uint32_t table,
                                     int32_t source_stride, int32_t target_stride, int32_t origin);
rb_status rb_network_add_pairs(rb_network* network, rb_projection projection, const rb_pairs* pairs);
rb_status rb_network_add_one_to_one(rb_network* network, rb_projection projection, double weight, double sign_weight);
// Probabilities of a neuron to be dead, and of a spike to be lost; a hash of the seed and the place decides.
rb_status rb_network_set_faults(rb_network* network, double dead_neurons, double lost_spikes, uint64_t seed);

// Running it.
rb_status rb_chip_create(const rb_chip_parameters* parameters, const rb_barrier_point* barrier, size_t barrier_points,
                         const rb_network* network, const rb_options* options, rb_chip** chip);
void rb_chip_destroy(rb_chip* chip);
rb_status rb_chip_inject(rb_chip* chip, const rb_event* events, size_t count);
rb_status rb_chip_run(rb_chip* chip, uint64_t steps);
uint64_t rb_chip_barrier_time_ps(const rb_chip* chip);
// SystemC's warnings so far; empty if there are none. Valid until the next call.
const char* rb_chip_warnings(const rb_chip* chip);
// Warnings of all chips of this process.
uint64_t rb_warning_count(void);

// Spikes, packets and step records since they were last taken. Returns the number there is; they are copied (and taken)
// only if `capacity` holds them all.
size_t rb_chip_take_spikes(rb_chip* chip, rb_spike* spikes, size_t capacity);
size_t rb_chip_take_packets(rb_chip* chip, rb_packet* packets, size_t capacity);
size_t rb_chip_take_steps(rb_chip* chip, rb_step* steps, size_t capacity);
// One entry for each core in use, by rising core. Returns their number; copied as far as `capacity` goes.
size_t rb_chip_core_activity(const rb_chip* chip, rb_core_activity* cores, size_t capacity);
// One entry for each link between tiles that packets went over, row by row. Returns their number; copied as far as
// `capacity` goes.
size_t rb_chip_link_activity(const rb_chip* chip, rb_link_activity* links, size_t capacity);
// A named state of each neuron of a population; `count` must be its number of neurons.
rb_status rb_chip_read(const rb_chip* chip, uint32_t population, const char* state, double* values, size_t count);

#ifdef __cplusplus
}
#endif
