import EventStreams
import Neuromorphic

extension Network {
  /// A row of relays: each sends its whole input once, as a graded spike, in the step in which it becomes input.
  static func relays(_ name: String, _ count: Int) -> Population {
    Population(
      name: name, shape: Shape(rows: 1, columns: count, channels: 1),
      model: DeltaModel(lambda: 0, sendThreshold: 1, stepShift: 0), scale: .units)
  }

  /// A network of integers in which nothing is scaled, whose host events go one to one into the first population.
  static func ofUnits(_ populations: [Population], _ projections: [Projection]) -> Network {
    Network(
      arithmetic: .integer(weightBits: 8), inputShape: populations[0].shape, inputExponent: 0, populations: populations,
      projections: [
        Projection(source: .input, target: 0, compartment: .hold, connectivity: .oneToOne(weight: 1, signWeight: 0))
      ] + projections)
  }
}

extension Network.Projection {
  /// Pairs (source neuron, target dendrite, weight); weights are whole numbers of at most 127, the largest above 63,
  /// which 8 bits hold as they are.
  static func pairs(
    from source: Network.Source, _ sourceCount: Int, to target: Int, _ pairs: [(source: Int, target: Int, weight: Int)],
    into compartment: Network.Compartment = .hold, delay: Int = 0, bits: Int = 8
  ) -> Network.Projection {
    let sorted = pairs.sorted { ($0.source, $0.target) < ($1.source, $1.target) }
    let starts = (0...sourceCount).map { row in sorted.count { $0.source < row } }
    return Network.Projection(
      source: source, target: target, compartment: compartment,
      connectivity: .pairs(
        rowStarts: starts, targets: sorted.map { Int32($0.target) },
        weights: QuantizedWeights(sorted.map { Float($0.weight) }, arithmetic: .integer(weightBits: bits))),
      delay: delay)
  }
}

extension NumberScale {
  /// States and payloads count in ones.
  static let units = NumberScale(isInteger: true, stateExponent: 0, payloadExponent: 0)
}

extension EventStream {
  /// Events (step, column, payload) for a row of relays, or any shape.
  static func events(
    for shape: Network.Shape, exponent: Int = 0, _ events: [(step: Int, place: Int, payload: Int)]
  ) -> EventStream {
    var stream = EventStream(
      encoder: "test", channels: shape.channels, rows: shape.rows, columns: shape.columns,
      steps: (events.map(\.step).max() ?? 0) + 1, payloadExponent: exponent)
    for event in events.sorted(by: { $0.step < $1.step }) {
      let position = event.place / shape.channels
      stream.append(
        Event(
          step: Int32(event.step), time_ns: 0, channel: Int32(event.place % shape.channels),
          row: Int32(position / shape.columns), column: Int32(position % shape.columns), payload: Int32(event.payload)))
    }
    return stream
  }
}

extension Mapping {
  /// Each population whole on the core given for it.
  static func whole(_ network: Network, on cores: [Int], chips: Int = 1) -> Mapping {
    Mapping(
      placements: network.populations.indices.map { index in
        let shape = network.populations[index].shape
        return Placement(
          population: index, core: cores[index],
          box: Box(rows: 0..<shape.rows, columns: 0..<shape.columns, channels: 0..<shape.channels))
      }, chips: chips)
  }
}

/// What a simulation did.
struct Outcome {
  var records: [StepRecord] = []
  var spikes: [Spike] = []
  /// By population, the states named for its model.
  var states: [[String: [Double]]] = []
  var barrierTime_ps = 0

  /// Duration of a step, the barrier not counted.
  func work_ps(_ step: Int) -> Int {
    Int(records[step].end_ps) - (step == 0 ? 0 : Int(records[step - 1].end_ps)) - barrierTime_ps
  }
}

/// Runs a network on a chip from beginning to end.
func simulate(
  _ network: Network, _ mapping: Mapping, on chip: ChipDescription, _ input: EventStream, steps: Int,
  options: SimulationOptions = SimulationOptions()
) throws -> Outcome {
  let simulation = try Simulation(network, mapping: mapping, chip: chip, options: options)
  try simulation.inject(input)
  let (records, spikes) = try simulation.run(steps: steps)
  return Outcome(
    records: records, spikes: spikes, states: try simulation.states(of: network),
    barrierTime_ps: Int(simulation.barrierTime_ps))
}

extension Simulation {
  /// All states that a network's neuron models have.
  func states(of network: Network) throws -> [[String: [Double]]] {
    try network.populations.indices.map { index in
      Dictionary(
        uniqueKeysWithValues: try network.populations[index].model.states.map { ($0, try state($0, of: index)) })
    }
  }
}

extension Network.Shape {
  /// Where a dendrite lies, given by its index in the whole population.
  func position(_ place: Int) -> (row: Int, column: Int, channel: Int) {
    (place / channels / columns, place / channels % columns, place % channels)
  }
}
