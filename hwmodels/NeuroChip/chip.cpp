#include "NeuroChip/chip.hpp"

#include <atomic>
#include <cstdlib>
#include <set>

#include "validation.hpp"

namespace neurochip {

namespace {

std::atomic<bool> kernelInUse{false};

/// Claims the process's one kernel for as long as it lives.
struct KernelClaim {
  KernelClaim() {
    if (kernelInUse.exchange(true)) {
      throw DescriptionError("another simulation is alive in this process; SystemC runs one at a time");
    }
  }
  ~KernelClaim() { kernelInUse = false; }
};
std::string kernelWarnings;

/// Warnings are kept for the host, errors thrown; nothing is printed and nothing aborts.
void report(const sc_core::sc_report& report, const sc_core::sc_actions&) {
  if (report.get_severity() >= sc_core::SC_ERROR) throw report;
  if (report.get_severity() == sc_core::SC_WARNING) {
    kernelWarnings += std::string(report.get_msg_type()) + ": " + report.get_msg() + "; ";
  }
}

InputLimits inputLimits(const NetworkDescription& network, const ChipParameters& chip) {
  InputLimits limits;
  limits.shape = {0, network.inputRows, 0, network.inputColumns, 0, network.inputChannels};
  if (network.arithmetic != Arithmetic::real) {
    // A chip with binary spikes still has the sign of an axon.
    limits.largestPayload = chip.payloadBits == 1 ? 1 : double((int64_t(1) << (chip.payloadBits - 1)) - 1);
  }
  return limits;
}

}  // namespace

/// Holds the one SystemC context of the process; a fresh one for each chip.
struct Chip::Kernel {
  KernelClaim claim;
  std::unique_ptr<sc_core::sc_simcontext> context;

  Kernel() {
    ::setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 0);
    kernelWarnings.clear();
    context = std::make_unique<sc_core::sc_simcontext>();
    sc_core::sc_curr_simcontext = sc_core::sc_default_global_context = context.get();
    sc_core::sc_report_handler::set_handler(report);
  }
  ~Kernel() {
    sc_core::sc_curr_simcontext = sc_core::sc_default_global_context = nullptr;
    context.reset();
  }
};

Chip::Chip(const ChipParameters& parameters, const NetworkDescription& network, const std::string& activityTrace)
    : kernel_(std::make_unique<Kernel>()),
      parameters_(parameters),
      populations_(network.populations),
      meter_(parameters.costs),
      mesh_((validate(parameters, network), parameters_), counters_),
      slices_(makeSlices(network, parameters_)),
      fanout_(std::make_unique<Fanout>(network, slices_)) {
  std::set<uint32_t> tiles;
  for (const auto& placement : network.placements) tiles.insert(placement.core / parameters_.coresPerTile);
  barrier_ = std::make_unique<Barrier>("barrier", parameters_, uint32_t(tiles.size()), counters_);
  network_ = std::make_unique<Network>(mesh_, *barrier_);
  const Core::Surroundings surroundings{parameters_.costs, mesh_, *network_, *barrier_, *fanout_, counters_, recorder_};
  placeCores(network, surroundings);
  host_ = std::make_unique<HostInterface>("host", SourceId(network.populations.size()),
                                          inputLimits(network, parameters_), surroundings);
  barrier_->setParticipants(uint32_t(cores_.size()) + 1);
  barrier_->onClose([this] { closeStep(); });
  if (!activityTrace.empty()) {
    activity_.emplace(activityTrace);
    for (const auto& core : cores_) core->trace(*activity_);
  }
}

Chip::~Chip() { activity_.reset(); }

void Chip::placeCores(const NetworkDescription& network, const Core::Surroundings& surroundings) {
  std::map<CoreId, std::vector<Slice*>> byCore;
  for (size_t i = 0; i < slices_.size(); ++i) byCore[network.placements[i].core].push_back(slices_[i].get());
  for (auto& [id, slices] : byCore) {
    const std::string name = "core" + std::to_string(id);
    cores_.push_back(std::make_unique<Core>(name.c_str(), id, std::move(slices), surroundings));
    network_->attach(id, cores_.back().get());
  }
}

void Chip::inject(const std::vector<InputEvent>& events) { host_->append(events); }

void Chip::run(uint64_t steps) {
  if (steps == 0) return;
  if (hasFailed_) throw std::logic_error("the chip has failed before and cannot go on");
  hasFailed_ = true;  // until the barrier has closed in good order
  barrier_->allow(steps);
  sc_core::sc_start();
  if (barrier_->remaining() != 0) throw std::logic_error("the chip stopped before its barrier closed");
  hasFailed_ = false;
}

void Chip::closeStep() {
  StepRecord record;
  record.end_ps = now();
  Picoseconds busiest = 0;
  for (const auto& core : cores_) busiest = std::max(busiest, core->closeStep());
  record.busiestCore_ps = busiest + (recorder_.steps.empty() ? 0 : recorder_.steps.back().busiestCore_ps);
  record.counters = counters_;
  record.energy = meter_.energy(counters_);
  recorder_.steps.push_back(record);
}

std::vector<double> Chip::read(uint32_t population, const std::string& state) const {
  if (population >= populations_.size()) throw DescriptionError("there is no population " + std::to_string(population));
  const auto& p = populations_[population];
  const Box shape{0, p.rows, 0, p.columns, 0, p.channels};
  const size_t perDendrite = size_t(neuronsPerDendrite(p));
  std::vector<double> result(shape.size() * perDendrite, 0), part;
  for (const auto& slice : slices_) {
    if (slice->population() != population) continue;
    if (!slice->read(state, part)) throw DescriptionError("neuron model '" + p.model + "' has no state '" + state + "'");
    const Box& box = slice->box();
    size_t next = 0;
    for (int32_t r = box.row0; r < box.row1; ++r)
      for (int32_t c = box.column0; c < box.column1; ++c)
        for (int32_t k = box.channel0; k < box.channel1; ++k)
          for (size_t n = 0; n < perDendrite; ++n) result[shape.index(r, c, k) * perDendrite + n] = part[next++];
  }
  return result;
}

const std::string& Chip::warnings() const { return kernelWarnings; }

}  // namespace neurochip
