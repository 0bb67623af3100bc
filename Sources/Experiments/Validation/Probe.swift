import EventStreams
import Neuromorphic

extension Network {
  /// A network in which nothing is scaled, with weights of the chip's width.
  init(
    _ populations: [Population], inputs: Int = 1, weightBits: Int, _ projections: [Projection] = []
  ) {
    self.init(
      arithmetic: .integer(weightBits: weightBits), inputShape: .channels(inputs), inputExponent: 0,
      populations: populations, projections: projections)
  }
}

extension Network.Population {
  /// Neurons that do not spike before their input has added up to more than the threshold.
  static func silent(_ count: Int, threshold: Int = 100) -> Self { neurons(count, bias: 0, threshold: threshold) }

  /// Neurons that are active in every step, and spike in every `period`th.
  static func clocks(_ count: Int, period: Int) -> Self { neurons(count, bias: 1, threshold: period - 1) }

  private static func neurons(_ count: Int, bias: Double, threshold: Int) -> Self {
    Self(
      name: "neurons", shape: .channels(count), model: LIFModel(bias: bias, threshold: Double(threshold)),
      scale: NumberScale(isInteger: true, stateExponent: 0, payloadExponent: 0))
  }
}

extension Network.Shape {
  /// Channels at a single position.
  static func channels(_ count: Int) -> Self { Self(rows: 1, columns: 1, channels: count) }
}

extension Network.Projection {
  /// Explicit pairs of weight 0, which cost what any cost and have no effect. Row i has the targets of source neuron i.
  static func pairs(
    from source: Network.Source, to target: Int, targets: [[Int]], weightBits: Int
  ) -> Self {
    let weights = [Float](repeating: 0, count: targets.reduce(0) { $0 + $1.count })
    return Self(
      source: source, target: target, compartment: .pulse,
      connectivity: .pairs(
        rowStarts: targets.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) },
        targets: targets.flatMap { $0.map(Int32.init) },
        weights: QuantizedWeights(weights, arithmetic: .integer(weightBits: weightBits))))
  }

  /// Pairs of weight 0 from all of `inputs` input channels to all of `neurons`.
  static func fromInput(_ inputs: Int, toAll neurons: Int, weightBits: Int) -> Self {
    pairs(from: .input, to: 0, targets: Array(repeating: Array(0..<neurons), count: inputs), weightBits: weightBits)
  }
}

extension EventStream {
  /// Events of payload 1, in order of their steps, for an input of one position.
  static func spikes(channels: Int, at events: [(step: Int, channel: Int)]) -> EventStream {
    var stream = EventStream(
      encoder: "validation", channels: channels, rows: 1, columns: 1, steps: (events.map(\.step).max() ?? 0) + 1,
      payloadExponent: 0)
    for event in events {
      stream.append(
        Event(
          step: Int32(event.step), time_ns: 0, channel: Int32(event.channel), row: 0, column: 0, payload: 1))
    }
    return stream
  }
}

extension Mapping {
  /// Each population cut into equal parts of channels, one on each of its cores.
  static func split(_ network: Network, on cores: [[Int]]) -> Mapping {
    var placements: [Placement] = []
    for (population, cores) in cores.enumerated() {
      let count = network.populations[population].shape.channels
      for (part, core) in cores.enumerated() {
        let channels = part * count / cores.count..<(part + 1) * count / cores.count
        placements.append(
          Placement(population: population, core: core, box: Box(rows: 0..<1, columns: 0..<1, channels: channels)))
      }
    }
    return Mapping(placements: placements, chips: 1)
  }
}

extension ChipDescription {
  /// Number of the core on tile (x, y).
  func core(x: Int, y: Int, _ core: Int = 0) -> Int { (y * tilesX.value + x) * coresPerTile.value + core }

  /// Runs a network from its beginning.
  func probe(_ network: Network, _ mapping: Mapping, _ input: EventStream? = nil, steps: Int = 1) throws -> Probe {
    let simulation = try Simulation(network, mapping: mapping, chip: self)
    if let input { try simulation.inject(input) }
    let sums = try simulation.run(steps: steps).records.last ?? StepRecord()
    return Probe(sums: sums, barrier_s: Double(simulation.barrierTime_ps) * 1e-12)
  }
}

/// What a run counted, from its beginning to its end.
struct Probe {
  let sums: StepRecord
  /// Duration of one barrier.
  let barrier_s: Double

  /// Simulated time, barriers included.
  var time_s: Double { Double(sums.end_ps) * 1e-12 }
  /// Simulated time without the barriers.
  var work_s: Double { time_s - Double(sums.barriers) * barrier_s }
  /// Energy of everything that was counted.
  var dynamic_J: Double { sums.energy.dynamic_pJ * 1e-12 }
  /// Neuron updates of both kinds.
  var updates: Int { sums.updatesActive + sums.updatesInactive }
}
