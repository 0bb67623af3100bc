import EventStreams
import Neuromorphic
import TestSupport

/// A network in which everything is a hash of an integer (splitmix64), so that two programs build the same one without
/// a file between them. `Tests/Oracles/sanafe_run.py` has the same definition.
///
///     neuron i    v₀ = hash(2⁶⁰ + i) mod P, bias 1, threshold P − 1/2, reset to 0, no leak; a current lasts one step
///     synapse s   s = i · F + k (k < F), of source i; weight (hash(3 · 2⁶⁰ + s) mod 33 − 16) / 64
///     target      rand: hash(2 · 2⁶⁰ + s) mod N     local: the F nearest neighbours on a ring     all: k
///     grid        a square grid, convolved with a kernel of 3 × 3 whose weights are those of synapses 0 … 8
///
/// Weights are multiples of 1/64 and the threshold one of 1/2: integers in units of 1/64 hold them exactly.
public struct HashedNetwork: Sendable {
  /// Who is connected with whom.
  public enum Topology: String, Sendable {
    case rand, local, all, grid
  }

  /// Who is connected with whom.
  public let topology: Topology
  /// Number of neurons.
  public let neurons: Int
  /// Synapses of a source; of no meaning to `grid`.
  public let fanout: Int
  /// Mean steps between spikes, P.
  public let period: Int

  /// A network of these sizes.
  public init(topology: Topology, neurons: Int, fanout: Int, period: Int) {
    self.topology = topology
    self.neurons = neurons
    self.fanout = fanout
    self.period = period
  }

  /// Neurons of a core.
  public static let neuronsPerCore = 1024
  private static let weightBits = 8

  /// Side of a grid.
  private var side: Int { Int(Double(neurons).squareRoot()) }

  private static func hash(_ value: UInt64) -> UInt64 {
    var generator = SplitMix64(seed: value)
    return generator.next()
  }

  private func potential(_ neuron: Int) -> Int { Int(Self.hash(1 << 60 + UInt64(neuron)) % UInt64(period)) }

  /// A synapse's weight in units of 1/64.
  private func units(_ synapse: Int) -> Int { Int(Self.hash(3 << 60 + UInt64(synapse)) % 33) - 16 }

  private func target(_ source: Int, _ k: Int) -> Int {
    switch topology {
    case .rand: Int(Self.hash(2 << 60 + UInt64(source * fanout + k)) % UInt64(neurons))
    case .local:
      (source + k - fanout / 2 + (k < fanout / 2 ? 0 : 1) + neurons) % neurons
    case .all, .grid: k
    }
  }

  /// Targets of a neuron, by enumeration; what the chip's connectivity must come to.
  public func targets(of source: Int) -> [Int] {
    guard topology == .grid else { return (0..<fanout).map { target(source, $0) } }
    let (row, column) = source.quotientAndRemainder(dividingBy: side)
    return (0..<9).compactMap { offset in
      let (r, c) = (row + 1 - offset / 3, column + 1 - offset % 3)
      return (0..<side).contains(r) && (0..<side).contains(c) ? r * side + c : nil
    }
  }

  private var shape: Network.Shape {
    topology == .grid
      ? Network.Shape(rows: side, columns: side, channels: 1) : Network.Shape(rows: 1, columns: neurons, channels: 1)
  }

  /// The network for the chip. Its neurons have no initial potential, so the first step gives it to them: the bias
  /// alone makes 1, and `start` adds v₀ − 1 to the input of the second. From then on step t is the other program's step
  /// t.
  public func network() -> Network {
    let model = LIFModel(bias: 1, threshold: Double(period) - 0.5)
    let population = Network.Population(
      name: "p", shape: shape, model: model, scale: NumberScale(isInteger: true, stateExponent: -6, payloadExponent: 0))
    let initial = (0..<neurons).map { Float(potential($0) - 1) }
    return Network(
      arithmetic: .integer(weightBits: Self.weightBits), inputShape: shape, inputExponent: 0, populations: [population],
      tables: topology == .grid ? [kernel] : [],
      projections: [
        .init(
          source: .input, target: 0, compartment: .pulse,
          connectivity: .pairs(
            rowStarts: Array(0...neurons), weights: quantized(initial), target: { Int32($0) })),
        .init(source: .population(0), target: 0, compartment: .pulse, connectivity: connectivity),
      ])
  }

  /// One binary event for each neuron, in the first step.
  public var start: EventStream {
    var stream = EventStream(
      encoder: "crosscheck", channels: 1, rows: shape.rows, columns: shape.columns, payloadExponent: 0)
    for neuron in 0..<neurons {
      stream.append(
        Event(
          step: 0, time_ns: 0, channel: 0, row: Int32(neuron / shape.columns), column: Int32(neuron % shape.columns),
          payload: 1))
    }
    return stream
  }

  private var connectivity: Network.Connectivity {
    if topology == .grid { return .convolution(table: 0, sourceStride: 1, targetStride: 1, origin: 1) }
    return .pairs(
      rowStarts: (0...neurons).map { $0 * fanout },
      weights: QuantizedWeights(count: neurons * fanout, exponent: -6) { Int16(units($0)) },
      target: { Int32(target($0 / fanout, $0 % fanout)) })
  }

  private var kernel: ConvolutionTable {
    ConvolutionTable(
      sourceChannels: 1, extent: 3, targetChannels: 1,
      weights: QuantizedWeights(integers: (0..<9).map { Int16(units($0)) }, exponent: -6))
  }

  private func quantized(_ weights: [Float]) -> QuantizedWeights {
    let quantized = QuantizedWeights(weights, arithmetic: .integer(weightBits: Self.weightBits))
    precondition(quantized.values == weights, "the weights are not exact")
    return quantized
  }

  /// Neurons fill one core after the other, in the other program's order of tiles: along y first.
  public func mapping(on chip: ChipDescription) -> Mapping {
    let rowsPerCore = Self.neuronsPerCore / shape.columns
    let boxes = stride(from: 0, to: neurons, by: Self.neuronsPerCore).map { first in
      let end = min(neurons, first + Self.neuronsPerCore)
      return shape.rows == 1
        ? Box(rows: 0..<1, columns: first..<end, channels: 0..<1)
        : Box(
          rows: first / shape.columns..<first / shape.columns + min(rowsPerCore, shape.rows - first / shape.columns),
          columns: 0..<shape.columns, channels: 0..<1)
    }
    return Mapping(
      placements: boxes.enumerated().map { index, box in
        Placement(population: 0, core: Self.core(index, on: chip), box: box)
      }, chips: 1)
  }

  /// The chip's number of the other program's core.
  private static func core(_ index: Int, on chip: ChipDescription) -> Int {
    let (tile, offset) = index.quotientAndRemainder(dividingBy: chip.coresPerTile.value)
    let (x, y) = tile.quotientAndRemainder(dividingBy: chip.tilesY.value)
    return (y * chip.tilesX.value + x) * chip.coresPerTile.value + offset
  }

  /// Which of the cores in use a neuron lies on.
  public static func coreIndex(_ neuron: Int) -> Int { neuron / neuronsPerCore }

  /// Cores in use.
  public var coreCount: Int { (neurons + Self.neuronsPerCore - 1) / Self.neuronsPerCore }
}
