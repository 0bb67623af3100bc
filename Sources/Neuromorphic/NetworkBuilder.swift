import EventStreams

/// Describes a network of spiking neurons by names and in real units, and lowers it to the numbers of a chip.
///
///     var network = NetworkBuilder(input: .vector(100))
///     let cells = try network.addPopulation("cells", shape: .vector(20), model: LIFModel(threshold: 1))
///     try network.connectInput(to: cells, .random(probability: 0.1, weight: 0.3, seed: 1))
///     let spikes = try network.recordSpikes(of: cells)
///     let noise = try EventStream.poisson(rates: Array(repeating: 0.05, count: 100), channels: 100, steps: 500, seed: 2)
///     let recording = try network.build(on: .named("loihi2")).run(noise, steps: 500)
///     print(recording[spikes].counts)
///
/// **How real values become the chip's numbers** (`build(on:)`):
/// - States count in 2^s. s is the smallest exponent with which the chip's width holds the population's `largestState`;
///   unless that is given, it is 32 times the model's largest level (threshold, bias, λ), or less on a narrow chip, so
///   that 12 bits remain for the level. States beyond it are clipped, and the run counts that (`saturations`).
/// - Payloads are worth what the model says: 1 for a spike of `lif`.
/// - The weights of each projection are integers of the chip's width times the power of two with the smallest squared
///   error (`QuantizedWeights`). Sums are exact, and rounded down to 2^s once a step.
///
/// `BuiltNetwork.summary` tells all units, and the largest error of each projection.
public struct NetworkBuilder: Sendable {
  /// A population of a builder.
  public struct PopulationID: Hashable, Sendable {
    /// What it is called.
    public let name: String
    /// Its place among all populations of the builder, and of the network that is built.
    public let index: Int
  }

  struct Population: Sendable {
    let name: String
    let shape: Network.Shape
    let model: any NeuronModel
    let largestState: Double?
    let traceDecayShift: Int
  }

  struct Projection: Sendable {
    let source: Network.Source
    let target: Int
    let synapses: RealSynapses
    let compartment: Network.Compartment
    let delay: Int
    let weightFormat: WeightFormat
  }

  /// What is broken on the chip.
  public var faults = Faults()
  let inputShape: Network.Shape
  let inputExponent: Int
  private(set) var populations: [Population] = []
  private(set) var projections: [Projection] = []
  private(set) var spikeProbes: [SpikeProbe] = []
  private(set) var stateProbes: [StateProbe] = []

  /// A network without neurons.
  ///
  /// - Parameters:
  ///   - shape: Places of the host's events: all inputs share the chip's one port.
  ///   - payloadExponent: An event's value is its payload × 2^payloadExponent, as in its stream.
  public init(input shape: Network.Shape = .vector(1), payloadExponent: Int = 0) {
    inputShape = shape
    inputExponent = payloadExponent
  }

  /// Adds neurons of one model.
  ///
  /// - Parameters:
  ///   - name: What messages and files call it.
  ///   - largestState: Largest magnitude that its states reach, in real units; nil for a multiple of the model's
  ///     largest level.
  ///   - traceDecay: What a `trace` compartment loses of its value each step: 1, 1/2, 1/4, …
  /// - Throws: `NeuromorphicError` naming the population, if the name is taken or a number impossible.
  public mutating func addPopulation(
    _ name: String, shape: Network.Shape, model: any NeuronModel, largestState: Double? = nil, traceDecay: Double = 1
  ) throws(NeuromorphicError) -> PopulationID {
    guard !name.isEmpty, !populations.contains(where: { $0.name == name }) else {
      throw NeuromorphicError(
        name.isEmpty ? "a population needs a name" : "there is a population '\(name)' already; names are unique")
    }
    let title = "the population '\(name)'"
    try shape.validate(title)
    guard (largestState ?? model.largestLevel).isScale else {
      throw NeuromorphicError(
        "\(title) has the largest state \(largestState ?? model.largestLevel); give a largestState above 0 that is not extreme"
      )
    }
    if let spiking = model as? SpikingModel, spiking.charge.significand != 1 {
      throw NeuromorphicError("\(title) has the charge \(spiking.charge); a power of two is needed, as spikes carry it")
    }
    try (model as? LIFModel)?.validate(title)
    guard traceDecay > 0, traceDecay <= 1, traceDecay.significand == 1, traceDecay.exponent >= -30 else {
      throw NeuromorphicError("\(title) has the trace decay \(traceDecay); it can be 1, 1/2, 1/4, … 2^-30")
    }
    populations.append(
      Population(
        name: name, shape: shape, model: model, largestState: largestState,
        traceDecayShift: -Int(traceDecay.exponent)))
    return PopulationID(name: name, index: populations.count - 1)
  }

  /// Connects two populations, or one with itself. A spike of step t is input in step t + 1 + delay.
  ///
  /// - Parameters:
  ///   - compartment: What the spikes add to; nil for `hold` where the target's model reads it, else for `pulse`.
  ///   - delay: Further steps of axonal delay; chips have a largest one.
  ///   - weightFormat: `split` for weights of twice the chip's width in two synapses each.
  /// - Throws: `NeuromorphicError` naming the projection, if the connections do not fit the populations.
  public mutating func connect(
    _ source: PopulationID, to target: PopulationID, _ connections: Connections,
    into compartment: Network.Compartment? = nil, delay: Int = 0, weightFormat: WeightFormat = .single
  ) throws(NeuromorphicError) {
    try checkIsHere(source)
    try add(connections, from: .population(source.index), to: target, compartment, delay, weightFormat)
  }

  /// Connects the host's input events with a population; parameters and errors are those of `connect`.
  public mutating func connectInput(
    to target: PopulationID, _ connections: Connections, into compartment: Network.Compartment? = nil, delay: Int = 0,
    weightFormat: WeightFormat = .single
  ) throws(NeuromorphicError) {
    try add(connections, from: .input, to: target, compartment, delay, weightFormat)
  }

  /// Records all spikes of a population.
  ///
  /// - Returns: What names them in the run's `Recording`.
  /// - Throws: `NeuromorphicError` if the population is not of this builder.
  public mutating func recordSpikes(of population: PopulationID) throws(NeuromorphicError) -> SpikeProbe {
    try checkIsHere(population)
    let probe = SpikeProbe(population: population.index)
    if !spikeProbes.contains(probe) { spikeProbes.append(probe) }
    return probe
  }

  /// Records a state after steps `every` − 1, 2 · `every` − 1, …, counted from 0.
  ///
  /// - Parameters:
  ///   - state: Its name in the neuron model, for example `v`.
  ///   - neurons: Which neurons; nil for all.
  /// - Returns: What names the values in the run's `Recording`.
  /// - Throws: `NeuromorphicError` if the model has no such state, or the population no such neuron.
  public mutating func recordState(
    _ state: String, of population: PopulationID, neurons: [Int]? = nil, every: Int = 1
  ) throws(NeuromorphicError) -> StateProbe {
    try checkIsHere(population)
    let recorded = populations[population.index]
    let title = "the population '\(recorded.name)'"
    guard recorded.model.states.contains(state) else {
      throw NeuromorphicError(
        "\(title) has no state '\(state)'; neurons of the model '\(recorded.model.name.rawValue)' have "
          + recorded.model.states.joined(separator: ", "))
    }
    let count = recorded.shape.count * recorded.model.neuronsPerDendrite
    if let neuron = neurons?.first(where: { !(0..<count).contains($0) }) {
      throw NeuromorphicError("\(title) has no neuron \(neuron) to record; it has \(count), from 0")
    }
    guard every >= 1 else { throw NeuromorphicError("\(title) is to be recorded every \(every) steps; 1 is the least") }
    let probe = StateProbe(
      population: population.index, state: state, neurons: neurons ?? Array(0..<count), every: every)
    if !stateProbes.contains(probe) { stateProbes.append(probe) }
    return probe
  }

  private mutating func add(
    _ connections: Connections, from source: Network.Source, to target: PopulationID,
    _ compartment: Network.Compartment?, _ delay: Int, _ weightFormat: WeightFormat
  ) throws(NeuromorphicError) {
    try checkIsHere(target)
    let from: (name: String, shape: Network.Shape)
    switch source {
    case .input: from = ("the input", inputShape)
    case .population(let index): from = ("'\(populations[index].name)'", populations[index].shape)
    }
    let title = "the projection from \(from.name) to '\(target.name)'"
    let model = populations[target.index].model
    let chosen = compartment ?? (model.compartments.contains(.hold) ? .hold : .pulse)
    guard model.compartments.contains(chosen) else {
      throw NeuromorphicError(
        "\(title) goes into '\(chosen)', which the neuron model '\(model.name.rawValue)' does not read")
    }
    guard (0...Network.Projection.largestDelay).contains(delay) else {
      throw NeuromorphicError(
        "\(title) has a delay of \(delay) steps; it can be 0 to \(Network.Projection.largestDelay)")
    }
    let synapses = try RealSynapses(
      connections, from: from.shape, to: populations[target.index].shape, title: title)
    projections.append(
      Projection(
        source: source, target: target.index, synapses: synapses, compartment: chosen, delay: delay,
        weightFormat: weightFormat))
  }

  private func checkIsHere(_ population: PopulationID) throws(NeuromorphicError) {
    guard populations.indices.contains(population.index), populations[population.index].name == population.name else {
      throw NeuromorphicError("the population '\(population.name)' belongs to another builder")
    }
  }
}

extension Network.Shape {
  /// A row of places without geometry, as channels of one position.
  public static func vector(_ count: Int) -> Network.Shape { Network.Shape(rows: 1, columns: 1, channels: count) }
}

extension Double {
  /// Whether powers of two can be chosen by it.
  fileprivate var isScale: Bool { (0x1p-512...0x1p+512).contains(self) }
}
