// What happened, for the host to read: spikes, one record per step, and (on request) a VCD of the cores' activity.
#pragma once

#include <fstream>
#include <systemc>
#include <vector>

#include "NeuroChip/counters.hpp"

namespace neurochip {

struct SpikeRecord {
  Picoseconds time_ps = 0;
  uint64_t neuron = 0;
  uint32_t population = 0;
  uint32_t step = 0;
  double payload = 0;
};

/// Everything counted up to the end of one step.
struct StepRecord {
  Picoseconds end_ps = 0;
  Picoseconds busiestCore_ps = 0;  ///< busy time of each step's busiest core, added up
  Counters counters;
  Energy energy;
};

/// One delivery of a packet to a core.
struct PacketRecord {
  uint32_t step = 0;
  bool fromHost = false;
  CoreId source = 0;  ///< unless it is from the host
  CoreId destination = 0;
  uint32_t hops = 0;
  Picoseconds injected_ps = 0;   ///< done with the output axons
  Picoseconds delivered_ps = 0;  ///< at the input axons
  Picoseconds waited_ps = 0;     ///< delivered later than over an empty network
};

struct Recorder {
  std::vector<SpikeRecord> spikes;    ///< since the host last took them
  std::vector<PacketRecord> packets;  ///< the same; on request only
  std::vector<StepRecord> steps;      ///< the same
};

/// A VCD file written by SystemC; closed by the destructor. SystemC does not say when the disk is full: that the file
/// is whole can be seen from its last signal.
class ActivityTrace {
 public:
  /// `path` without the suffix .vcd, which SystemC adds. Throws DescriptionError if the file cannot be written.
  explicit ActivityTrace(const std::string& path) {
    // SystemC opens the file late, and divides by zero where it cannot.
    if (!std::ofstream(path + ".vcd")) throw DescriptionError(path + ".vcd: the trace cannot be written");
    file_ = sc_core::sc_create_vcd_trace_file(path.c_str());
    file_->set_time_unit(1, sc_core::SC_PS);
  }
  ~ActivityTrace() { sc_core::sc_close_vcd_trace_file(file_); }
  ActivityTrace(const ActivityTrace&) = delete;
  ActivityTrace& operator=(const ActivityTrace&) = delete;

  template <class Value>
  void add(const Value& variable, const std::string& name) {
    sc_core::sc_trace(file_, variable, name);
  }

 private:
  sc_core::sc_trace_file* file_ = nullptr;
};

}  // namespace neurochip
