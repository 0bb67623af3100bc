// The chip: assembles the blocks and runs timesteps.
#pragma once

#include <memory>
#include <optional>

#include "NeuroChip/host_interface.hpp"

namespace neurochip {

/// A network on a chip, ready to run. At most one may live in a process at a time (SystemC's kernel is global).
class Chip {
 public:
  /// Throws DescriptionError if the description does not hold together.
  Chip(const ChipParameters& parameters, const NetworkDescription& network, const std::string& activityTrace);
  ~Chip();
  Chip(const Chip&) = delete;
  Chip& operator=(const Chip&) = delete;

  void inject(const std::vector<InputEvent>& events);
  void run(uint64_t steps);
  /// A state of all neurons of a population, in global order. Throws DescriptionError if there is none of that name.
  std::vector<double> read(uint32_t population, const std::string& state) const;

  Recorder& recorder() { return recorder_; }
  const Recorder& recorder() const { return recorder_; }
  Picoseconds barrierTime() const { return barrier_->barrierTime(); }
  /// Warnings that SystemC reported; empty when all is well.
  const std::string& warnings() const;

 private:
  struct Kernel;  // the SystemC context, alive as long as the modules

  std::unique_ptr<Kernel> kernel_;
  ChipParameters parameters_;
  std::vector<PopulationDescription> populations_;
  Counters counters_;
  EnergyMeter meter_;
  Recorder recorder_;
  Mesh mesh_;
  std::vector<std::unique_ptr<Slice>> slices_;
  std::unique_ptr<Fanout> fanout_;
  std::unique_ptr<Barrier> barrier_;
  std::unique_ptr<Network> network_;
  std::vector<std::unique_ptr<Core>> cores_;
  std::unique_ptr<HostInterface> host_;
  std::optional<ActivityTrace> activity_;
  bool hasFailed_ = false;

  void placeCores(const NetworkDescription& network, const Core::Surroundings& surroundings);
  void closeStep();
};

}  // namespace neurochip
