import Foundation
import KernelBanks
import Neuromorphic
import Reports
import SparseCoding

extension ChipRun {
  /// The objective that all banks of a comparison must reach: (1 + gap) × the largest of their optima.
  public struct CommonTarget: Sendable {
    public let objective: Double

    /// - Parameter references: One for each bank.
    public init(_ references: [Reference], gap: Double) {
      objective = (1 + gap) * (references.map(\.optimum.certificate.primal).max() ?? 0)
    }
  }

  /// Latency up to the end of a step, in seconds.
  public func latency_s(at step: Int) -> Double { step == 0 ? 0 : Double(records[step - 1].end_ps) * 1e-12 }

  /// Dynamic energy by unit up to the end of a step.
  func energy(at step: Int) -> EnergyByUnit { step == 0 ? EnergyByUnit() : records[step - 1].energy }

  /// Static power × simulated time, over the chips in use.
  func staticEnergy_J(at step: Int) -> Double {
    (chip.staticPower_W?.value ?? 0) * Double(mapping.chips) * latency_s(at: step)
  }

  /// Everything that `stats.json` says of the run.
  public func statistics(common: CommonTarget? = nil) throws -> Statistics {
    var statistics = Statistics()
    addActivity(to: &statistics)
    addTime(to: &statistics)
    addEnergy(to: &statistics)
    addMapping(to: &statistics)
    try addQuality(to: &statistics)
    if let common { addCommonTarget(common, to: &statistics) }
    addInputCode(to: &statistics)
    addHost(to: &statistics)
    return statistics
  }

  private var counted: StepRecord { countedStep == 0 ? StepRecord() : records[countedStep - 1] }

  private func addActivity(to s: inout Statistics) {
    s.set(.inputEvents, counted.hostEvents)
    s.set(.inputPackets, counted.hostPackets)
    s.set(.inputDropped, inputStage.dropped)
    s.set(.timesteps, countedStep)
    s.set(.spikes, counted.spikes)
    s.set(.synops, counted.synapticOperations)
    s.set(.activeNeuronUpdates, counted.updatesActive)
    s.set(.inactiveNeuronUpdates, counted.updatesInactive)
    s.set(.packets, counted.corePackets)
    s.set(.hops, counted.hopsEastWest + counted.hopsNorthSouth + counted.hopsBetweenChips)
    s.set(.saturations, counted.saturations)
    if chip.tick_ns != nil { s.set(.tickOverruns, counted.overruns) }
  }

  private func addTime(to s: inout Statistics) {
    let marks = chip.timeMarks(multichip: mapping.chips > 1)
    let latency = latency_s(at: countedStep)
    s.set(.latency, latency, isEstimate: marks.isEstimate, missing: marks.missing)
    s.set(
      .barrierTime, Double(barrierTime_ps) * 1e-12 * Double(countedStep),
      isEstimate: chip.barrier.contains { $0.provenance.isEstimate })
    s.set(.busiestCoreTime, Double(counted.busiestCore_ps) * 1e-12, isEstimate: marks.isEstimate, missing: marks.missing)
    s.set(.imagesPerSecond, 1 / latency, isEstimate: marks.isEstimate, missing: marks.missing)
  }

  private func addEnergy(to s: inout Statistics) {
    let energy = counted.energy
    let units: [(StatisticName, Double, [ChipOperation])] = [
      (.synapseEnergy, energy.synapse_pJ, [.synapticOperation]),
      (.somaEnergy, energy.soma_pJ, [.updateActive, .updateInactive, .spikeOut]),
      (.axonEnergy, energy.axon_pJ, [.axonOut, .axonIn]),
      (.networkEnergy, energy.network_pJ, [.tile, .hopEastWest, .hopNorthSouth] + betweenChips),
      (.hostEnergy, energy.host_pJ, [.hostEvent]),
    ]
    for (name, picojoules, operations) in units {
      let marks = chip.energyMarks(operations)
      s.set(name, picojoules * 1e-12, isEstimate: marks.isEstimate, missing: marks.missing)
    }
    let dynamic = chip.energyMarks(units.flatMap(\.2))
    let time = chip.timeMarks(multichip: mapping.chips > 1)
    let fixed = Marks(
      isEstimate: time.isEstimate || chip.staticPower_W?.provenance.isEstimate == true,
      missing: time.missing + (chip.staticPower_W == nil ? ["static_power_W"] : []))
    let both = dynamic.joined(fixed)
    let dynamic_J = energy.dynamic_pJ * 1e-12, static_J = staticEnergy_J(at: countedStep)
    s.set(.dynamicEnergy, dynamic_J, isEstimate: dynamic.isEstimate, missing: dynamic.missing)
    s.set(.staticEnergy, static_J, isEstimate: fixed.isEstimate, missing: fixed.missing)
    s.set(.totalEnergy, dynamic_J + static_J, isEstimate: both.isEstimate, missing: both.missing)
    s.set(
      .energyDelayProduct, (dynamic_J + static_J) * latency_s(at: countedStep), isEstimate: both.isEstimate,
      missing: both.missing)
    addEncoding(to: &s, total_J: dynamic_J + static_J, marks: both)
  }

  /// A dense input is sent as it is; a sparse one was paid for on the host.
  private func addEncoding(to s: inout Statistics, total_J: Double, marks: Marks) {
    let seconds = inputStage.code?.solution.seconds ?? 0
    let isEstimate = marks.isEstimate || inputStage.code != nil
    let time = chip.timeMarks(multichip: mapping.chips > 1)
    s.set(.encodeTime, seconds)
    s.set(
      .latencyWithEncoding, latency_s(at: countedStep) + seconds, isEstimate: time.isEstimate, missing: time.missing)
    s.set(.encodeEnergy, seconds * configuration.hostPower_W, isEstimate: inputStage.code != nil)
    s.set(
      .totalEnergyWithEncoding, total_J + seconds * configuration.hostPower_W, isEstimate: isEstimate,
      missing: marks.missing)
  }

  private var betweenChips: [ChipOperation] { mapping.chips > 1 ? [.hopBetweenChips] : [] }

  private func addMapping(to s: inout Statistics) {
    s.set(.cores, mapping.coreCount)
    s.set(.chips, mapping.chips)
    s.set(.neurons, lca.network.populations.reduce(0) { $0 + $1.neuronCount })
    s.set(.synapticMemory, Double(mapping.fullestSynapticMemory_bytes(of: lca.network, on: chip)))
    s.set(.hypothetical, !violations.isEmpty)
  }

  private func addQuality(to s: inout Statistics) throws {
    let objective = countedStep == 0 ? reference.problem.objective(of: code) : qualities[countedStep - 1].objective
    let rebuilt = try Quality(
      of: reference.problem.synthesisOperator.synthesis(of: code), against: reference.problem.image)
    s.set(.gap, reference.gap(ofObjective: objective))
    s.set(.objective, objective)
    s.set(.optimalObjective, reference.dualValue)
    if let reachedStep { s.set(.reachedStep, reachedStep) } else { s.setNull(.reachedStep) }
    s.set(.psnr, rebuilt.psnr)
    s.set(.ssim, rebuilt.ssim)
    s.set(.sparseness, code.sparseness)
    s.set(.nonzeros, code.nonzeroCount)
    s.set(.optimalSparseness, reference.optimum.code.sparseness)
    s.set(.optimalNonzeros, reference.optimum.code.nonzeroCount)
    s.set(.optimalPSNR, reference.quality.psnr)
    s.set(.optimalSSIM, reference.quality.ssim)
    s.set(.smallestEigenvalue, lateral.spectrum.smallest)
    s.set(.largestEigenvalue, lateral.spectrum.largest)
    s.set(.stepSize, Double(sign: .plus, exponent: -lca.stepShift, significand: 1))
    s.set(.drifts, lateral.drifts)
  }

  private func addCommonTarget(_ common: CommonTarget, to s: inout Statistics) {
    s.set(.commonTarget, common.objective)
    guard let step = reachedStep(objective: common.objective) else {
      for name in [StatisticName.commonReachedStep, .commonLatency, .commonEnergy] { s.setNull(name) }
      return
    }
    let time = chip.timeMarks(multichip: mapping.chips > 1)
    let total = chip.energyMarks(ChipOperation.allCases.filter { $0 != .hopBetweenChips } + betweenChips).joined(time)
    s.set(.commonReachedStep, step)
    s.set(.commonLatency, latency_s(at: step), isEstimate: time.isEstimate, missing: time.missing)
    s.set(
      .commonEnergy, energy(at: step).dynamic_pJ * 1e-12 + staticEnergy_J(at: step), isEstimate: total.isEstimate,
      missing: total.missing)
  }

  private func addInputCode(to s: inout Statistics) {
    guard let sent = inputStage.code else { return }
    s.set(.codeGap, sent.solution.certificate.relativeGap)
    s.set(.codeLambda, sent.lambda)
    s.set(.codeNonzeros, sent.solution.code.nonzeroCount)
    s.set(.codeSparseness, sent.solution.code.sparseness)
    s.set(.driveGap, sent.driveGap)
    s.set(.encodeSeconds, sent.solution.seconds)
  }

  private func addHost(to s: inout Statistics) {
    s.set(.hostSeconds, hostSeconds)
    let all = records.last?.synapticOperations ?? 0
    s.set(.hostSynopsPerSecond, Double(all) / hostSeconds)
    s.set(.hostPeakMemory, Double(Host.peakMemory_bytes))
  }
}

/// How far a figure can be trusted: whether an estimate enters it, and which costs are not published.
struct Marks {
  let isEstimate: Bool
  let missing: [String]

  func joined(_ other: Marks) -> Marks {
    Marks(isEstimate: isEstimate || other.isEstimate, missing: Set(missing + other.missing).sorted())
  }
}

extension ChipDescription {
  /// Marks of an energy that sums these operations.
  func energyMarks(_ operations: [ChipOperation]) -> Marks {
    Marks(
      isEstimate: operations.contains { self[$0].energy_pJ != nil && self[$0].provenance?.isEstimate == true },
      missing: operations.filter { self[$0].energy_pJ == nil }.map { "\($0.rawValue).energy_pJ" }.sorted())
  }

  /// Marks of every simulated time.
  func timeMarks(multichip: Bool) -> Marks {
    let operations = ChipOperation.allCases.filter { multichip || $0 != .hopBetweenChips }
    return Marks(
      isEstimate: linkOccupancy_ns.provenance.isEstimate || barrier.contains { $0.provenance.isEstimate }
        || operations.contains { self[$0].time_ns != nil && self[$0].provenance?.isEstimate == true },
      missing: operations.filter { self[$0].time_ns == nil }.map { "\($0.rawValue).time_ns" }.sorted())
  }
}

/// Facts about this process.
enum Host {
  /// Largest resident memory so far.
  static var peakMemory_bytes: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }
}
