import HashedNetworks
import Neuromorphic

/// One network on both programs.
struct Comparison {
  let network: HashedNetwork
  let format: SynapseFormat
  /// The chip model's, by timing level.
  let ours: [TimingLevel: ChipRun]
  let theirs: SanaFE
  let simple: SimpleTiming
  private let axonOut_s: Double
  /// Limits of the chip that the network exceeds, initial potentials not counted: they are configured, not sent.
  let exceeded: [String]

  init(_ network: HashedNetwork, on chip: ChipDescription, steps: Int, cycleSteps: Int) throws {
    self.network = network
    var lowered = network.network()
    let lateral = lowered.projections[1]
    format = lowered.format(of: lateral, on: chip)
    lowered.projections = [lateral]
    exceeded = network.mapping(on: chip).violations(of: lowered, on: chip).worst
    var ours: [TimingLevel: ChipRun] = [:]
    for level in TimingLevel.allCases { ours[level] = try ChipRun(network, on: chip, steps: steps, timing: level) }
    self.ours = ours
    theirs = try SanaFE.run(network, format: format, steps: steps, cycleSteps: cycleSteps)
    simple = SimpleTiming(network, on: chip, format: format)
    axonOut_s = (chip[.axonOut].time_ns ?? 0) * 1e-9
  }

  var title: String { "\(network.topology.rawValue) \(network.neurons)" }

  /// What the programs do not agree on, each in a line.
  var differences: [String] {
    let accounts = ours.sorted { $0.key.rawValue < $1.key.rawValue }.flatMap { level, run in
      run.account.differences(from: theirs.account).map { "\(title), \(level.rawValue): \($0)" }
    }
    return accounts + (timeDifferences + ownTimeDifferences).map { "\(title): \($0)" }
  }

  /// On one core nothing but our own timing is at work. SANA-FE's `detailed` lets somas wait for their output axons, so
  /// it may take longer, by one axon a spike at the most.
  private var ownTimeDifferences: [String] {
    guard network.neurons <= HashedNetwork.neuronsPerCore else { return [] }
    return ours.sorted { $0.key.rawValue < $1.key.rawValue }.compactMap { level, run in
      for (step, (mine, time)) in zip(run.times, theirs.times(.detailed)).enumerated() {
        let wait = axonOut_s * Double(theirs.spikes[step].count), slack = time * Account.tolerance
        guard mine - slack...mine + wait + slack ~= time else {
          return
            "step \(step + 1) takes \(mine) s at \(level.rawValue) timing, and \(time) s in the other program's detailed"
        }
      }
      return nil
    }
  }

  /// Their simple time must follow from spikes, connectivity and our chip file's costs.
  private var timeDifferences: [String] {
    for (step, (spikes, time)) in zip(theirs.spikes, theirs.times(.simple)).enumerated() {
      let mine = simple.time(of: spikes)
      if Account.difference(mine, time) > Account.tolerance {
        return ["step \(step + 1) by simple timing takes \(mine) s, and \(time) s in the other program"]
      }
    }
    return []
  }

  /// Comparisons that must fail and do not.
  var missedDamage: [String] {
    guard let account = ours[.approximate]?.account else { return [] }
    return account.damaged.enumerated().compactMap { index, damaged in
      damaged.differences(from: account).count >= 1 ? nil : "\(title): damage \(index) is not found"
    }
  }

  /// Mean time of a step without the barrier, over the first steps.
  func meanTime(_ level: TimingLevel, steps: Int? = nil) -> Double? {
    ours[level].flatMap { Self.mean($0.times, steps).map { mean in mean - (ours[level]?.barrier_s ?? 0) } }
  }

  func meanTime(_ timing: SanaFE.Timing, steps: Int? = nil) -> Double? {
    Self.mean(theirs.times(timing), steps).map { $0 - simple.barrier_s }
  }

  private static func mean(_ times: [Double], _ steps: Int?) -> Double? {
    let counted = times.prefix(steps ?? times.count)
    return counted.isEmpty ? nil : counted.reduce(0, +) / Double(counted.count)
  }
}

extension [CapacityViolation] {
  /// The largest need of each kind.
  fileprivate var worst: [String] {
    Dictionary(grouping: self, by: \.what).values.compactMap { violations in
      violations.max { $0.needed < $1.needed }.map { "\($0.needed) of \($0.available) \($0.what)" }
    }.sorted()
  }
}
