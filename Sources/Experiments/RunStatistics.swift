import EventStreams
import Foundation
import KernelBanks
import Neuromorphic
import Reports
import SparseCoding

extension ChipRun {
  /// Statistics that depend on the machine and the moment; a run that is repeated has all others bit for bit.
  public static let hostDependentStatistics: [StatisticName] = [
    .encodeTime, .latencyWithEncoding, .encodeEnergy, .totalEnergyWithEncoding, .encodeSeconds, .referenceSeconds,
    .hostSeconds, .hostSynopsPerSecond, .hostPeakMemory,
  ]

  /// Latency up to the end of a step, in seconds.
  public func latency_s(at step: Int) -> Double { step == 0 ? 0 : Double(records[step - 1].end_ps) * 1e-12 }

  /// Dynamic energy by unit up to the end of a step.
  func energy(at step: Int) -> EnergyByUnit { step == 0 ? EnergyByUnit() : records[step - 1].energy }

  /// Static power × simulated time, over the chips in use.
  func staticEnergy_J(at step: Int) -> Double {
    (chip.staticPower_W?.value ?? 0) * Double(mapping.chips) * latency_s(at: step)
  }

  /// Everything that `stats.json` says of the run.
  public func statistics() throws -> Statistics {
    var statistics = Statistics()
    addActivity(to: &statistics)
    addTime(to: &statistics)
    addEnergy(to: &statistics)
    addMapping(to: &statistics)
    try addQuality(to: &statistics)
    if let target = configuration.commonObjective { addCommonTarget(target, to: &statistics) }
    addInputCode(to: &statistics)
    addHost(to: &statistics)
    if marks.traffic.isEstimate { statistics.markLayoutAsEstimate() }
    return statistics
  }

  private var counted: StepRecord { countedStep == 0 ? StepRecord() : records[countedStep - 1] }

  private func addActivity(to s: inout Statistics) {
    s.set(.inputEvents, counted.hostEvents)
    s.set(.inputPackets, counted.hostPackets)
    s.set(.inputDropped, inputStage.dropped)
    s.set(.timesteps, countedStep)
    s.set(.spikes, counted.spikes)
    if configuration.faults.lostSpikes > 0 { s.set(.lostSpikes, counted.lostSpikes) }
    s.set(.synops, counted.synapticOperations)
    addSynopsByFormat(to: &s)
    s.set(.activeNeuronUpdates, counted.updatesActive)
    s.set(.inactiveNeuronUpdates, counted.updatesInactive)
    s.set(.packets, counted.corePackets)
    s.set(.hops, counted.hopsEastWest + counted.hopsNorthSouth + counted.hopsBetweenChips)
    s.set(.hopsEastWest, counted.hopsEastWest)
    s.set(.hopsNorthSouth, counted.hopsNorthSouth)
    s.set(.hopsBetweenChips, counted.hopsBetweenChips)
    s.set(.saturations, counted.saturations)
    if chip.tick_ns != nil {
      // Where the times of operations are not published, a step cannot overrun by them.
      s.set(.tickOverruns, counted.overruns, isEstimate: marks.time.isEstimate, missing: marks.time.missing)
    }
  }

  /// Only where there is more than one format in use.
  private func addSynopsByFormat(to s: inout Statistics) {
    let counts = SynapseFormat.allCases.map { ($0, counted.synapticOperationsByFormat[$0]) }.filter { $0.1 > 0 }
    guard counts.count > 1 else { return }
    for (format, count) in counts { s.set(format.statistic, count) }
  }

  private func addTime(to s: inout Statistics) {
    let latency = latency_s(at: countedStep)
    s.set(.latency, latency, marks.time)
    s.set(.barrierTime, Double(barrierTime_ps) * 1e-12 * Double(countedStep), marks.barrier)
    s.set(.busiestCoreTime, Double(counted.busiestCore_ps) * 1e-12, marks.time)
    s.set(.imagesPerSecond, 1 / latency, marks.time)
  }

  private func addEnergy(to s: inout Statistics) {
    let energy = counted.energy
    s.set(.synapseEnergy, energy.synapse_pJ * 1e-12, marks.synapse)
    s.set(.somaEnergy, energy.soma_pJ * 1e-12, marks.soma)
    s.set(.axonEnergy, energy.axon_pJ * 1e-12, marks.axon)
    s.set(.networkEnergy, energy.network_pJ * 1e-12, marks.network)
    s.set(.hostEnergy, energy.host_pJ * 1e-12, marks.host)
    let total_J = totalEnergy_J(at: countedStep)
    s.set(.dynamicEnergy, energy.dynamic_pJ * 1e-12, marks.dynamic)
    s.set(.staticEnergy, staticEnergy_J(at: countedStep), marks.fixed)
    s.set(.totalEnergy, total_J, marks.total)
    s.set(.energyDelayProduct, total_J * latency_s(at: countedStep), marks.total)
    addEncoding(to: &s, total_J: total_J)
  }

  /// A dense input is sent as it is; a sparse one was paid for on the host, with energy for the time that its
  /// processors worked. What events from a file cost is not known.
  private func addEncoding(to s: inout Statistics, total_J: Double) {
    guard configuration.events == nil else {
      for name in [StatisticName.encodeTime, .latencyWithEncoding, .encodeEnergy, .totalEnergyWithEncoding] {
        s.setNull(name)
      }
      return
    }
    let seconds = inputStage.code?.solution.seconds ?? 0
    let energy_J = (inputStage.code?.solution.processorSeconds ?? 0) * configuration.hostPower_W
    // The host's power is an assumption.
    let encoding = Marks(isEstimate: inputStage.code != nil, missing: [])
    s.set(.encodeTime, seconds)
    s.set(.latencyWithEncoding, latency_s(at: countedStep) + seconds, marks.time)
    s.set(.encodeEnergy, energy_J, encoding)
    s.set(.totalEnergyWithEncoding, total_J + energy_J, marks.total + encoding)
  }

  var marks: CostMarks {
    CostMarks(
      chip, isMultichip: mapping.chips > 1, timing: configuration.timing,
      countsDown: input.encoder == EventStreams.Encoder.sparseLatency.rawValue)
  }

  func totalEnergy_J(at step: Int) -> Double {
    energy(at: step).dynamic_pJ * 1e-12 + staticEnergy_J(at: step)
  }

  private func addMapping(to s: inout Statistics) {
    s.set(.cores, mapping.coreCount)
    s.set(.chips, mapping.chips)
    s.set(.neurons, lca.network.populations.reduce(0) { $0 + $1.neuronCount })
    s.set(.synapticMemory, Double(mapping.fullestSynapticMemory_bytes(of: lca.network, on: chip)))
    if configuration.weightFormat != .single {
      s.set(.synapsesPerWeight, configuration.weightFormat.synapsesPerWeight)
    }
    s.set(.hypothetical, !hypotheses.isEmpty)
    addCoreLoad(to: &s, marks: marks.time)
  }

  private func addQuality(to s: inout Statistics) throws {
    let objective = countedStep == 0 ? reference.problem.objective(of: code) : qualities[countedStep - 1].objective
    let rebuilt = try Quality(
      of: reference.problem.synthesisOperator.synthesis(of: code), against: reference.problem.image)
    s.set(.gap, reference.gap(ofObjective: objective))
    s.set(.objective, objective)
    if let floor {
      s.set(.floor, floor.gap)
      s.set(.floorStep, floor.step)
    }
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
    // What is known of drift is of weights without noise.
    let sound = configuration.weightNoise == 0 ? lateral : nil
    if let drifts = sound?.drifts { s.set(.drifts, drifts) } else { s.setNull(.drifts) }
    if let steps = sound?.driftSteps(stepShift: lca.stepShift) {
      s.set(.driftSteps, Int(steps.rounded(.up)))
    } else {
      s.setNull(.driftSteps)
    }
  }

  private func addCommonTarget(_ target: Double, to s: inout Statistics) {
    s.set(.commonTarget, target)
    guard let step = reachedStep(objective: target) else {
      for name in [StatisticName.commonReachedStep, .commonLatency, .commonEnergy] { s.setNull(name) }
      return
    }
    s.set(.commonReachedStep, step)
    s.set(.commonLatency, latency_s(at: step), marks.time)
    s.set(.commonEnergy, totalEnergy_J(at: step), marks.total)
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
    s.set(.referenceSeconds, reference.optimum.seconds)
    s.set(.hostSeconds, hostSeconds)
    let all = records.last?.synapticOperations ?? 0
    s.set(.hostSynopsPerSecond, Double(all) / hostSeconds)
    s.set(.hostPeakMemory, Double(Host.peakMemory_bytes))
  }
}

extension SynapseFormat {
  fileprivate var statistic: StatisticName {
    switch self {
    case .dense: .denseSynops
    case .sparse: .sparseSynops
    case .convolution: .convolutionSynops
    }
  }
}

extension Statistics {
  fileprivate mutating func set(_ name: StatisticName, _ value: Double, _ marks: Marks) {
    set(name, value, isEstimate: marks.isEstimate, missing: marks.missing)
  }
}

/// Facts about this process.
enum Host {
  /// Largest resident memory so far. Where the system tells it, of this program alone: what `getrusage` counts began
  /// before the process became this program, with the memory of the one that started it.
  static var peakMemory_bytes: Int {
    if let peak = MachineMemory.value("VmHWM:", in: "/proc/self/status") { return peak << 10 }
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }
}
