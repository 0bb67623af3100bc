import Foundation
import Neuromorphic
import ReferenceChip
import TestSupport
import Testing

extension ChipModelTests {
  /// Two implementations, written apart: what the SystemC chip computes, the reference chip computes too, however the
  /// chip is timed, computed, driven and mapped.
  @Suite struct ReferenceAgreementTests {
    /// `RHEOBASE_RANDOM_CASES` overrides how many cases are tried.
    static let cases = ProcessInfo.processInfo.environment["RHEOBASE_RANDOM_CASES"].flatMap { UInt64($0) } ?? 3000

    @Test func randomNetworksOnRandomChipsAgreeBitForBit() throws {
      var spikes = 0, saturations = 0, waited = 0, late = 0, lost = 0
      var paths: [AccumulatorPath: Int] = [:]
      for seed in 1...Self.cases {
        let random = RandomCase(seed: seed, isFaulty: seed.isMultiple(of: 3))
        let expected = try ReferenceRun(random)
        let whole = try expected.check(.init(random), seed: seed)
        let chunked = try expected.check(.init(random, variedBy: seed), seed: seed)
        // On the same mapping, timing levels differ in time and in waiting only.
        if seed.isMultiple(of: 2) { #expect(whole.map(\.timeless) == chunked.map(\.timeless), "seed \(seed)") }
        spikes += expected.spikeCount
        saturations += expected.total.saturations
        lost += expected.total.lostSpikes
        late += expected.usesLongDelay ? 1 : 0
        for path in expected.accumulatorPaths { paths[path, default: 0] += 1 }
        waited += whole.last?.packetWait_ps != chunked.last?.packetWait_ps ? 1 : 0
      }
      // The cases must exercise what they are meant to.
      #expect(spikes > 20 * Int(Self.cases))
      #expect(saturations > Int(Self.cases))
      #expect(lost > Int(Self.cases))
      #expect(waited > Int(Self.cases) / 4)
      #expect(late > Int(Self.cases) / 100)
      print("random cases by what their sums need:", paths.map { "\($0.key): \($0.value)" }.sorted())
      for path in AccumulatorPath.allCases { #expect(paths[path, default: 0] > Int(Self.cases) / 100, "\(path)") }
    }

    /// Neurons are advanced in blocks, and sums are taken up in blocks: with many of them on a core, all are the same
    /// neurons.
    @Test func coresOfManyBlocksAgreeBitForBit() throws {
      var distant = 0, large = 0
      for seed in UInt64(1)...60 {
        let random = RandomCase(seed: seed, mostColumns: 900, isFaulty: seed.isMultiple(of: 3))
        let expected = try ReferenceRun(random)
        _ = try expected.check(.init(random), seed: seed)
        large += random.mapping.placements.count { $0.box.count > 512 }
        distant += expected.steps.reduce(0) { $0 + $1.spikes.count { $0.neuron > 1024 } }
      }
      #expect(large > 60 && distant > 10_000)
    }
  }
}

/// How wide weights and sums must be, seen from the exact sums of the reference chip.
private enum AccumulatorPath: CaseIterable {
  /// All that is added in any step of the run proves that 32 bits suffice, or a sum has been beyond them.
  case narrowWeightsNarrowSums, narrowWeightsWideSums, wideWeightsNarrowSums, wideWeightsWideSums
}

/// One way to run a random case; none may make a difference to its function.
private struct Variant {
  var mapping: Mapping
  var options = SimulationOptions()
  /// Lengths of the parts in which it is run.
  var chunks: [Int]

  /// Approximate timing, one thread, in one go.
  init(_ random: RandomCase) {
    mapping = random.mapping
    chunks = [random.steps]
  }

  /// Detailed timing, two threads, in parts, and for every other seed on another mapping.
  init(_ random: RandomCase, variedBy seed: UInt64) {
    self.init(random)
    var generator = SplitMix64(seed: ~seed)
    options = SimulationOptions(timing: .detailed, threads: 2)
    let first = Int.random(in: 0...random.steps, using: &generator)
    chunks = [first, random.steps - first]
    if !seed.isMultiple(of: 2) { mapping = RandomCase.mapping(random.network, random.chip, &generator) }
  }
}

/// What the reference chip makes of a random case.
private struct ReferenceRun {
  let random: RandomCase
  var steps: [ReferenceChip.Step] = []
  /// Counts up to each step.
  var totals: [ReferenceChip.Step] = []
  let chip: ReferenceChip

  var total: ReferenceChip.Step { totals.last ?? ReferenceChip.Step() }
  var spikeCount: Int { steps.reduce(0) { $0 + $1.spikes.count } }

  var accumulatorPaths: [AccumulatorPath] {
    guard case .integer(let bits) = random.network.arithmetic else { return [] }
    let isNarrow = random.network.arithmetic.hasNarrowWeights
    // A message grows the bound on sums by its largest weight, at most 2^(bits − 1) times what it adds.
    let mustBeNarrow = steps.contains { 0 < $0.addedMagnitude && $0.addedMagnitude <= Int(Int32.max) >> (bits - 1) }
    let mustBeWide = steps.contains { $0.largestSum > Int32.max }
    return (mustBeNarrow ? [isNarrow ? .narrowWeightsNarrowSums : .wideWeightsNarrowSums] : [])
      + (mustBeWide ? [isNarrow ? .narrowWeightsWideSums : .wideWeightsWideSums] : [])
  }

  /// Whether something arrived later than any short delay allows, in time to be seen.
  var usesLongDelay: Bool {
    random.network.projections.contains { projection in
      projection.delay > 3
        && steps.dropLast(projection.delay + 1).contains { step in
          step.spikes.contains { .population($0.population) == projection.source }
        }
    }
  }

  init(_ random: RandomCase) throws {
    self.random = random
    var chip = try ReferenceChip(
      random.network, stateBits: random.chip.stateBits, payloadBits: random.chip.payloadBits)
    chip.inject(random.input)
    var total = ReferenceChip.Step()
    for _ in 0..<random.steps {
      steps.append(chip.advance())
      total.add(steps[steps.count - 1])
      totals.append(total)
    }
    self.chip = chip
  }

  /// Runs the SystemC chip and compares everything that function decides; returns its records.
  func check(_ variant: Variant, seed: UInt64) throws -> [StepRecord] {
    let simulation = try Simulation(
      random.network, mapping: variant.mapping, chip: random.chip.description(), options: variant.options)
    try simulation.inject(random.input)
    var records: [StepRecord] = []
    var spikes: [Spike] = []
    for chunk in variant.chunks {
      let part = try simulation.run(steps: chunk)
      records += part.records
      spikes += part.spikes
    }
    let place = "seed \(seed), \(variant.options.timing)"
    for step in 0..<random.steps {
      let ours = spikes.filter { $0.step == step }.map {
        ReferenceSpike(population: $0.population, neuron: $0.neuron, payload: Int($0.payload))
      }.sorted { ($0.population, $0.neuron) < ($1.population, $1.neuron) }
      #expect(ours == steps[step].spikes, "\(place), step \(step)")
      check(records[step], against: totals[step], "\(place), step \(step)")
    }
    let traffic = ExpectedTraffic(random.network, variant.mapping, random.chip)
    let sent = spikes.filter {
      !random.network.faults.isLost(step: $0.step, population: $0.population, neuron: $0.neuron)
    }
    #expect(
      records.map(TrafficCounts.init) == traffic.counts(of: random.input, sent, steps: random.steps), "\(place)")
    try checkStates(of: simulation, place)
    #expect(simulation.warnings.isEmpty, "\(place): \(simulation.warnings)")
    return records
  }

  private func check(_ record: StepRecord, against expected: ReferenceChip.Step, _ place: String) {
    #expect(record.synapticOperations == expected.synapticOperations, "\(place)")
    #expect(record.lostSpikes == expected.lostSpikes, "\(place)")
    #expect(record.updatesActive == expected.updatesActive, "\(place)")
    #expect(record.updatesInactive == expected.updatesInactive, "\(place)")
    #expect(record.saturations == expected.saturations, "\(place)")
    #expect(record.packetsSent == record.corePackets + record.hostPackets, "\(place)")
  }

  private func checkStates(of simulation: Simulation, _ place: String) throws {
    for (index, states) in try simulation.states(of: random.network).enumerated() {
      let unit = Double(sign: .plus, exponent: random.network.populations[index].scale.stateExponent, significand: 1)
      for (name, values) in states {
        let expected = try #require(chip.state(name, of: index)).map { Double($0) * unit }
        #expect(values == expected, "\(place), state \(name)")
      }
    }
  }
}

extension StepRecord {
  /// The record without what timing levels may differ in.
  fileprivate var timeless: StepRecord {
    var record = self
    record.end_ps = 0
    record.packetWait_ps = 0
    record.overruns = 0
    return record
  }
}

extension ReferenceChip.Step {
  fileprivate mutating func add(_ other: Self) {
    lostSpikes += other.lostSpikes
    synapticOperations += other.synapticOperations
    updatesActive += other.updatesActive
    updatesInactive += other.updatesInactive
    saturations += other.saturations
  }
}
