// What a chip computes in a timestep, apart from when. The processes of cores, host and network then play it out in
// time.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "NeuroChip/counters.hpp"
#include "NeuroChip/fanout.hpp"
#include "NeuroChip/worker_pool.hpp"

namespace neurochip {

/// What one core (or the host) does in a step.
struct Activity {
  uint32_t updates = 0, activeUpdates = 0;
  std::vector<CoreSpike> spikes;      ///< in the order of updates (of injection, for the host)
  std::vector<Delivery> deliveries;   ///< of all spikes, one after the other, each by rising core
  std::vector<size_t> firstDelivery;  ///< of each spike, and the end

  /// Lost, or without targets.
  bool goesNowhere(size_t spike) const { return firstDelivery[spike] == firstDelivery[spike + 1]; }
  Delivery* begin(size_t spike) { return deliveries.data() + firstDelivery[spike]; }
  Delivery* end(size_t spike) { return deliveries.data() + firstDelivery[spike + 1]; }
};

/// The populations of a network with their slices on cores, and their function.
///
/// Neurons are updated core by core, spikes added up band by band of a population, whatever cores these lie on: sums
/// are exact, so the order does not matter. Cores and bands are worked on in parallel.
class Function {
 public:
  /// Throws DescriptionError if the network does not hold together.
  Function(const NetworkDescription& network, const ChipParameters& chip, unsigned threads, Counters& counters);

  /// Cores in use, by rising number.
  const std::vector<CoreId>& cores() const { return cores_; }

  /// One step: dendrites swap, neurons update, spikes and these input events are delivered, to become input of later
  /// steps.
  void advance(const std::vector<CoreSpike>& inputs);

  Activity& activity(size_t core) { return activities_[core]; }
  Activity& hostActivity() { return activities_.back(); }

  /// A state of all neurons of a population, in global order. Throws DescriptionError if there is none of that name.
  std::vector<double> read(uint32_t population, const std::string& state) const;

 private:
  /// What is worked out for one core, without a look at the others.
  struct Share {
    std::vector<Slice*> slices;
    int64_t saturations = 0;
  };
  struct Task {
    const Population* population;
    const Band* band;
  };

  Counters& counters_;
  Faults faults_;
  uint64_t step_ = 0;
  std::vector<PopulationDescription> populations_;
  Populations parts_;
  Fanout fanout_;
  WorkerPool pool_;
  std::vector<CoreId> cores_;
  std::vector<Share> shares_;         // by index in `cores_`
  std::vector<Activity> activities_;  // the same, then the host's
  std::vector<const CoreSpike*> spikes_;  // of a step, those that go somewhere
  std::vector<Task> tasks_;               // of delivery

  void update(size_t core);
  bool isLost(const CoreSpike& spike) const;
  void address();
  void listSpikes();
  void deliver(const Task& task);
  void count();
};

}  // namespace neurochip
