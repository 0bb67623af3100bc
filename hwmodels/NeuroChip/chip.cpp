#include "NeuroChip/chip.hpp"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <set>

#include "NeuroChip/reserved_paths.hpp"
#include "NeuroChip/router_mesh.hpp"
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
std::atomic<uint64_t> kernelWarningCount{0};

/// Warnings are kept for the host, errors thrown; nothing is printed and nothing aborts.
void report(const sc_core::sc_report& report, const sc_core::sc_actions&) {
  if (report.get_severity() >= sc_core::SC_ERROR) throw report;
  if (report.get_severity() == sc_core::SC_WARNING) {
    ++kernelWarningCount;
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
    // The context must be the current one while it goes: without one, SystemC makes another and forgets it.
    context.reset();
    sc_core::sc_curr_simcontext = sc_core::sc_default_global_context = nullptr;
  }
};

Chip::Chip(const ChipParameters& parameters, const NetworkDescription& network, const ChipOptions& options)
    : kernel_(std::make_unique<Kernel>()),
      parameters_((validate(parameters, network), parameters)),
      recordsPackets_(options.recordsPackets),
      meter_(parameters.costs),
      mesh_(parameters),
      function_(network, parameters, options.threads, counters_) {
  barrier_ = std::make_unique<Barrier>("barrier", parameters_, tilesInUse(), counters_);
  bound_.emplace(parameters_, barrier_->barrierTime());
  const Core::Surroundings surroundings{parameters_, mesh_, *barrier_, counters_, recorder_, backlog_};
  makeCores(surroundings);
  host_ = std::make_unique<HostInterface>(SourceId(network.populations.size()), inputLimits(network, parameters_),
                                          function_.hostActivity(), surroundings);
  makeInterconnect(options.timing);
  barrier_->setParticipants(uint32_t(cores_.size()));
  barrier_->onBegin([this] { beginStep(); });
  barrier_->onClose([this] { closeStep(); });
  if (!options.activityTrace.empty()) {
    activity_.emplace(options.activityTrace);
    for (const auto& core : cores_) core->trace(*activity_);
    barrier_->trace(*activity_);
  }
}

Chip::~Chip() {
  if (!activity_) return;
  if (!hasFailed_) showLastStep();
  activity_.reset();
}

/// SystemC writes what has changed when time goes on.
void Chip::showLastStep() noexcept {
  try {
    sc_core::sc_start(duration(1));
  } catch (...) {  // without the last step the trace is seen not to be whole
  }
}

uint32_t Chip::tilesInUse() const {
  std::set<CoreId> tiles;
  for (const CoreId core : function_.cores()) tiles.insert(core / parameters_.coresPerTile);
  return uint32_t(tiles.size());
}

void Chip::makeCores(const Core::Surroundings& surroundings) {
  for (size_t i = 0; i < function_.cores().size(); ++i) {
    const CoreId id = function_.cores()[i];
    const std::string name = "core" + std::to_string(id);
    cores_.push_back(std::make_unique<Core>(name.c_str(), id, function_.activity(i), surroundings));
    coreById_.resize(id + 1, nullptr);
    coreById_[id] = cores_.back().get();
  }
}

void Chip::makeInterconnect(TimingLevel timing) {
  Receiver& receiver = *this;
  if (timing == TimingLevel::approximate) {
    interconnect_ = std::make_unique<ReservedPaths>(mesh_, receiver, *barrier_, counters_);
  } else {
    interconnect_ = std::make_unique<RouterMesh>(parameters_, mesh_, function_.cores(), receiver, *barrier_, counters_);
  }
  for (const auto& core : cores_) interconnect_->attach(core->outbox());
  interconnect_->attach(host_->outbox());
}

void Chip::beginStep() {
  function_.advance(host_->takeEvents());
  checkTime();
  for (const auto& core : cores_) core->prepareStep();
  host_->prepareStep();
  interconnect_->beginStep();
}

void Chip::checkTime() {
  double latest_ps = double(now()) + bound_->idle_ps() + bound_->work_ps(function_.hostActivity());
  for (size_t i = 0; i < cores_.size(); ++i) latest_ps += bound_->work_ps(function_.activity(i));
  if (latest_ps < double(endOfTime)) return;
  throw std::runtime_error("timestep " + std::to_string(barrier_->step()) +
                           " could end after 106 days of simulated time (2^63 ps), further than times are counted: run "
                           "fewer steps, or correct the times of the chip's operations");
}

void Chip::inject(const std::vector<InputEvent>& events) { host_->append(events); }

void Chip::run(uint64_t steps) {
  if (steps == 0) return;
  if (hasFailed_) throw std::logic_error("the chip has failed before and cannot go on");
  hasFailed_ = true;  // until the barrier has closed in good order
  try {
    barrier_->allow(steps);
    sc_core::sc_start();
  } catch (const sc_core::sc_report& report) {
    // What a process throws comes back wrapped up; without the file and the line of SystemC it is one line.
    if (std::strcmp(report.get_msg_type(), sc_core::SC_ID_SIMULATION_UNCAUGHT_EXCEPTION_) != 0) throw;
    throw std::runtime_error(report.get_msg());
  }
  if (barrier_->remaining() != 0) throw std::logic_error("the chip stopped before its barrier closed");
  hasFailed_ = false;
}

void Chip::arrive(const Delivery& delivery, const Port& from, Picoseconds injected, Picoseconds time) {
  coreById_[delivery.core]->accept(time, delivery);
  if (!recordsPackets_) return;
  PacketRecord record;
  record.step = uint32_t(barrier_->step());
  record.fromHost = from.isHost;
  record.source = from.core;
  record.destination = delivery.core;
  record.hops = mesh_.hops(from, delivery.core);
  record.injected_ps = injected;
  record.delivered_ps = time;
  record.waited_ps = time - injected - mesh_.zeroLoadLatency(from, delivery.core);
  recorder_.packets.push_back(record);
}

void Chip::closeStep() {
  StepRecord record;
  record.end_ps = now();
  Picoseconds busiest = 0;
  for (const auto& core : cores_) busiest = std::max(busiest, core->closeStep());
  record.busiestCore_ps = busiestCores_ps_ += busiest;
  record.counters = counters_;
  record.energy = meter_.energy(counters_);
  recorder_.steps.push_back(record);
}

const std::string& Chip::warnings() const { return kernelWarnings; }

uint64_t warningCount() { return kernelWarningCount; }

}  // namespace neurochip
