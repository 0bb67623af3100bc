// What a chip computes in a timestep, apart from when. The processes of cores, host and network then play it out in time.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "NeuroChip/counters.hpp"
#include "NeuroChip/fanout.hpp"
#include "NeuroChip/worker_pool.hpp"

namespace neurochip {

/// A spike or input event at one of the cores that have targets of it.
struct Delivery {
  CoreId core = 0;
  Picoseconds service_ps = 0;  ///< time of its input axon and of its synaptic operations there
};

/// What one core (or the host) does in a step.
struct Activity {
  uint32_t updates = 0, activeUpdates = 0;
  int64_t synapticOperations = 0;     ///< served here
  std::vector<CoreSpike> spikes;      ///< in the order of updates (of injection, for the host)
  std::vector<Delivery> deliveries;   ///< of all spikes, one after the other, each by rising core
  std::vector<size_t> firstDelivery;  ///< of each spike, and the end

  Delivery* begin(size_t spike) { return deliveries.data() + firstDelivery[spike]; }
  Delivery* end(size_t spike) { return deliveries.data() + firstDelivery[spike + 1]; }
};

/// The slices of all cores in use, and their function.
///
/// Sums are exact, so the order in which a core's deliveries are added up does not matter; cores are computed in parallel.
class Function {
 public:
  /// Throws DescriptionError if the network does not hold together.
  Function(const NetworkDescription& network, const ChipParameters& chip, unsigned threads, Counters& counters);

  /// Cores in use, by rising number.
  const std::vector<CoreId>& cores() const { return cores_; }

  /// One step: dendrites swap, neurons update, spikes and these input events are delivered, to become input of later steps.
  void advance(const std::vector<CoreSpike>& inputs);

  Activity& activity(size_t core) { return activities_[core]; }
  Activity& hostActivity() { return activities_.back(); }

  /// A state of all neurons of a population, in global order. Throws DescriptionError if there is none of that name.
  std::vector<double> read(uint32_t population, const std::string& state) const;

 private:
  /// A delivery to a core, before its operations are known.
  struct Arrival {
    const CoreSpike* spike;
    Delivery* delivery;
  };
  /// What is worked out for one core, without a look at the others.
  struct Share {
    std::vector<Slice*> slices;
    std::vector<Arrival> arrivals;
    int64_t saturations = 0;
    PerFormat<int64_t> synapticOperations{};
  };

  Costs costs_;
  Counters& counters_;
  std::vector<PopulationDescription> populations_;
  std::vector<std::unique_ptr<Slice>> slices_;
  Fanout fanout_;
  WorkerPool pool_;
  std::vector<CoreId> cores_;
  std::vector<size_t> indices_;       // of a core's number in `cores_`
  std::vector<Share> shares_;         // by core
  std::vector<Activity> activities_;  // by core, and the host's

  void update(size_t core);
  void address();
  void deliver(size_t core);
  void count();
};

}  // namespace neurochip
