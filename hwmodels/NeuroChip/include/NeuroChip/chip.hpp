// The chip: assembles the blocks and runs timesteps.
#pragma once

#include <memory>
#include <optional>

#include "NeuroChip/host_interface.hpp"
#include "NeuroChip/step_bound.hpp"

namespace neurochip {

/// How the network on chip is timed; see interconnect.hpp.
enum class TimingLevel { approximate, detailed };

struct ChipOptions {
  TimingLevel timing = TimingLevel::approximate;
  unsigned threads = 1;  ///< that compute a step's function
  bool recordsPackets = false;
  std::string activityTrace;  ///< path of a VCD without its suffix; empty for none
};

/// A network on a chip, ready to run. At most one may live in a process at a time (SystemC's kernel is global).
class Chip final : private Receiver {
 public:
  /// Throws DescriptionError if the description does not hold together.
  Chip(const ChipParameters& parameters, const NetworkDescription& network, const ChipOptions& options);
  ~Chip() override;
  Chip(const Chip&) = delete;
  Chip& operator=(const Chip&) = delete;

  void inject(const std::vector<InputEvent>& events);
  /// Throws std::runtime_error that names the step if simulated time could leave its range in it.
  void run(uint64_t steps);
  /// A state of all neurons of a population, in global order. Throws DescriptionError if there is none of that name.
  std::vector<double> read(uint32_t population, const std::string& state) const {
    return function_.read(population, state);
  }

  /// By rising core, those in use.
  size_t coreCount() const { return cores_.size(); }
  const CoreActivity& coreActivity(size_t place) const { return cores_[place]->totals(); }
  /// Visits the links between tiles that packets went over, row by row.
  template <class Visit>
  void forEachLink(Visit visit) const {
    for (uint32_t y = 0; y < mesh_.rows(); ++y) {
      for (uint32_t x = 0; x < mesh_.columns(); ++x) {
        for (const Way way : {Way::east, Way::west, Way::north, Way::south}) {
          const int64_t packets = interconnect_->crossings({x, y}, way);
          if (packets > 0) visit(LinkActivity{{x, y}, way, packets});
        }
      }
    }
  }

  Recorder& recorder() { return recorder_; }
  Picoseconds barrierTime() const { return barrier_->barrierTime(); }
  /// Warnings that SystemC reported; empty when all is well.
  const std::string& warnings() const;

 private:
  struct Kernel;  // the SystemC context, alive as long as the modules

  std::unique_ptr<Kernel> kernel_;
  ChipParameters parameters_;
  bool recordsPackets_;
  Counters counters_;
  Picoseconds busiestCores_ps_ = 0;  // of all steps so far
  EnergyMeter meter_;
  Recorder recorder_;
  Mesh mesh_;
  Function function_;
  std::unique_ptr<Barrier> barrier_;
  std::optional<StepBound> bound_;
  std::unique_ptr<Interconnect> interconnect_;
  Backlog backlog_;                           // of one core after the other
  std::vector<std::unique_ptr<Core>> cores_;  // those in use
  std::vector<Core*> coreById_;
  std::unique_ptr<HostInterface> host_;
  std::optional<ActivityTrace> activity_;
  bool hasFailed_ = false;

  uint32_t tilesInUse() const;
  void makeCores(const Core::Surroundings& surroundings);
  void arrive(const Delivery& delivery, const Port& from, Picoseconds injected, Picoseconds time) override;
  void makeInterconnect(TimingLevel timing);
  void showLastStep() noexcept;
  void beginStep();
  void checkTime();
  void closeStep();
};

/// Warnings that SystemC reported in this process.
uint64_t warningCount();

}  // namespace neurochip
