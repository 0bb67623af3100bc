import EventStreams

/// Names the recorded spikes of a population; made by `NetworkBuilder.recordSpikes`.
public struct SpikeProbe: Hashable, Sendable {
  let population: Int
}

/// Names the recorded values of a state; made by `NetworkBuilder.recordState`.
public struct StateProbe: Hashable, Sendable {
  let population: Int
  let state: String
  let neurons: [Int]
  let every: Int
}

/// What a run did, and what its probes saw.
public struct Recording: Sendable {
  /// Counts, times and energies from the beginning to the end of each step; `marks` says how far to trust them.
  public let steps: [StepRecord]
  /// What is estimated and what is missing in times, energies, packets and hops of `steps`.
  public let marks: CostMarks
  /// Where the neurons lay.
  public let mapping: Mapping
  private let network: Network
  private let spikes: [SpikeProbe: [Spike]]
  private let states: [StateProbe: StateRecording]

  fileprivate init(_ network: Network, _ mapping: Mapping, _ marks: CostMarks, _ probing: Probing) {
    self.marks = marks
    self.network = network
    self.mapping = mapping
    steps = probing.records
    spikes = probing.spikes
    states = probing.states
  }

  /// The spikes that a probe saw; none if the network was built without it.
  public subscript(probe: SpikeProbe) -> SpikeRecording {
    guard let spikes = spikes[probe], network.populations.indices.contains(probe.population) else {
      return SpikeRecording(population: "", shape: .vector(1), neuronsPerDendrite: 1, payloadUnit: 1, spikes: [])
    }
    let population = network.populations[probe.population]
    return SpikeRecording(
      population: population.name, shape: population.shape, neuronsPerDendrite: population.model.neuronsPerDendrite,
      payloadUnit: Double(1).timesPowerOfTwo(population.scale.payloadExponent), spikes: spikes)
  }

  /// The values that a probe saw; none if the network was built without it.
  public subscript(probe: StateProbe) -> StateRecording {
    states[probe] ?? StateRecording(state: probe.state, neurons: probe.neurons)
  }
}

extension BuiltNetwork {
  /// Runs the network from its beginning, on one or more of its chips.
  ///
  /// - Parameters:
  ///   - input: The host's events; nil for none.
  ///   - steps: Timesteps.
  ///   - mapping: Where the neurons lie; nil for the standard mapping.
  ///   - options: Timing level and threads.
  ///   - onSpikes: Told the spikes of all populations after each step, for a file that memory would not hold.
  /// - Throws: `NeuromorphicError` if the network does not fit the chip, the stream is not in the input's shape and
  ///   unit, or another simulation is alive; `EventStreamError` if the stream does not hold together.
  public func run(
    _ input: EventStream? = nil, steps: Int, mapping: Mapping? = nil, options: SimulationOptions = SimulationOptions(),
    onSpikes: ([Spike]) throws -> Void = { _ in }
  ) throws -> Recording {
    guard steps >= 0 else { throw NeuromorphicError("\(steps) steps cannot be run") }
    let mapping = try mapping ?? Mapping(network, on: chip)
    if let input, input.payloadExponent != network.inputExponent {
      throw NeuromorphicError(
        "the event stream counts in 2^\(input.payloadExponent), the network's input in 2^\(network.inputExponent)")
    }
    let simulation = try Simulation(network, mapping: mapping, chip: chip, options: options)
    if let input { try simulation.inject(input) }
    var probing = Probing(self)
    // Step by step, so that only the spikes that are recorded are in memory.
    for _ in 0..<steps {
      let (records, spikes) = try simulation.run(steps: 1)
      try probing.observe(records, spikes, simulation)
      try onSpikes(spikes)
    }
    let marks = CostMarks(chip, isMultichip: mapping.chips > 1, timing: options.timing)
    return Recording(network, mapping, marks, probing)
  }
}

/// Collects what probes see while a network runs.
private struct Probing {
  private(set) var records: [StepRecord] = []
  private(set) var spikes: [SpikeProbe: [Spike]]
  private(set) var states: [StateProbe: StateRecording]

  init(_ built: BuiltNetwork) {
    spikes = Dictionary(uniqueKeysWithValues: built.spikeProbes.map { ($0, []) })
    states = Dictionary(
      uniqueKeysWithValues: built.stateProbes.map { ($0, StateRecording(state: $0.state, neurons: $0.neurons)) })
  }

  mutating func observe(_ newRecords: [StepRecord], _ newSpikes: [Spike], _ simulation: Simulation) throws {
    records += newRecords
    for spike in newSpikes { spikes[SpikeProbe(population: spike.population)]?.append(spike) }
    for probe in states.keys where records.count.isMultiple(of: probe.every) {
      let all = try simulation.state(probe.state, of: probe.population)
      states[probe]?.append(step: records.count - 1, probe.neurons.map { all[$0] })
    }
  }
}
