import EventStreams
import Neuromorphic
import TestSupport

/// Small random networks with every kind of projection, compartment, delay and neuron model, and random ways to lay them out.
struct RandomNetwork {
  let network: Network
  let input: EventStream
  let stateBits: Int
  let payloadBits: Int

  init(seed: UInt64) {
    var g = SplitMix64(seed: seed)
    let populations = (0..<Int.random(in: 1...3, using: &g)).map { Self.population("p\($0)", &g) }
    let inputShape = Bool.random(using: &g) ? populations[0].shape : Self.shape(&g)
    var network = Network(
      arithmetic: .integer(weightBits: Bool.random(using: &g) ? 8 : 12), inputShape: inputShape,
      inputExponent: Int.random(in: -3...0, using: &g), populations: populations)
    network.addProjection(from: .input, to: 0, &g)
    for _ in 0..<Int.random(in: 1...5, using: &g) {
      let source = Int.random(in: -1..<populations.count, using: &g)
      network.addProjection(
        from: source < 0 ? .input : .population(source), to: Int.random(in: 0..<populations.count, using: &g), &g)
    }
    self.network = network
    stateBits = [12, 16, 24].randomElement(using: &g)!
    payloadBits = [6, 12, 20].randomElement(using: &g)!
    input = .events(
      for: inputShape, exponent: network.inputExponent,
      (0..<60).map { _ in
        (
          Int.random(in: 0..<12, using: &g), Int.random(in: 0..<inputShape.count, using: &g),
          Int.random(in: -400...400, using: &g)
        )
      })
  }

  private static func shape(_ g: inout SplitMix64) -> Network.Shape {
    Network.Shape(
      rows: Int.random(in: 1...5, using: &g), columns: Int.random(in: 1...5, using: &g),
      channels: Int.random(in: 1...3, using: &g))
  }

  private static func population(_ name: String, _ g: inout SplitMix64) -> Network.Population {
    let stateExponent = Int.random(in: -4...0, using: &g)
    let model: any NeuronModel =
      Bool.random(using: &g)
      ? DeltaModel(
        lambda: Double(Int.random(in: 0...40, using: &g)), sendThreshold: Double(Int.random(in: 1...30, using: &g)),
        stepShift: Int.random(in: 0...4, using: &g))
      : SpikingModel(
        lambda: Double(Int.random(in: 0...10, using: &g)), charge: Double(Int.random(in: 10...80, using: &g)),
        stepShift: Int.random(in: 0...4, using: &g), polarities: Int.random(in: 1...2, using: &g))
    return Network.Population(
      name: name, shape: shape(&g), model: model,
      scale: NumberScale(
        isInteger: true, stateExponent: stateExponent, payloadExponent: stateExponent + Int.random(in: 0...3, using: &g)
      ),
      traceDecayShift: Int.random(in: 0...5, using: &g))
  }

  /// Random boxes of each population on random cores; several may share one.
  static func mapping(_ network: Network, on chip: SmallChip, chips: Int, _ g: inout SplitMix64) -> Mapping {
    let cores = chips * chip.tilesX * chip.tilesY * chip.coresPerTile
    let placements = network.populations.indices.flatMap { index in
      let shape = network.populations[index].shape
      let rows = cuts(shape.rows, &g), columns = cuts(shape.columns, &g), channels = cuts(shape.channels, &g)
      return rows.flatMap { r in
        columns.flatMap { c in
          channels.map {
            Placement(
              population: index, core: Int.random(in: 0..<cores, using: &g), box: Box(rows: r, columns: c, channels: $0)
            )
          }
        }
      }
    }
    return Mapping(placements: placements, chips: chips)
  }

  private static func cuts(_ count: Int, _ g: inout SplitMix64) -> [Range<Int>] {
    let parts = Int.random(in: 1...min(3, count), using: &g)
    return (0..<parts).map { $0 * count / parts..<($0 + 1) * count / parts }
  }
}

extension Network {
  fileprivate mutating func addProjection(from source: Source, to target: Int, _ g: inout SplitMix64) {
    let sourceShape = shape(of: source), targetShape = populations[target].shape
    let compartment = populations[target].model.compartments.sorted { "\($0)" < "\($1)" }.randomElement(using: &g)!
    let connectivity: Connectivity
    switch Int.random(in: 0..<3, using: &g) {
    case 0 where sourceShape == targetShape:
      connectivity = .oneToOne(
        weight: Double([-2, 1, 3].randomElement(using: &g)!), signWeight: Double(Int.random(in: -9...9, using: &g)))
    case 1:
      connectivity = pairs(sourceShape, targetShape, &g)
    default:
      connectivity = convolution(sourceShape, targetShape, &g)
    }
    projections.append(
      Projection(
        source: source, target: target, compartment: compartment, connectivity: connectivity,
        sign: Bool.random(using: &g) ? 1 : -1, delay: Int.random(in: 0...3, using: &g)))
  }

  private func pairs(_ source: Shape, _ target: Shape, _ g: inout SplitMix64) -> Connectivity {
    var starts = [0], targets: [Int32] = []
    for _ in 0..<source.count {
      targets += (0..<Int.random(in: 0...3, using: &g)).map { _ in Int32.random(in: 0..<Int32(target.count), using: &g)
      }
      starts.append(targets.count)
    }
    return .pairs(rowStarts: starts, targets: targets, weights: weights(targets.count, &g))
  }

  private mutating func convolution(_ source: Shape, _ target: Shape, _ g: inout SplitMix64) -> Connectivity {
    let extent = Int.random(in: 1...5, using: &g)
    tables.append(
      ConvolutionTable(
        sourceChannels: source.channels, extent: extent, targetChannels: target.channels,
        weights: weights(source.channels * extent * extent * target.channels, &g)))
    return .convolution(
      table: tables.count - 1, sourceStride: Int.random(in: 1...3, using: &g),
      targetStride: Int.random(in: 1...3, using: &g),
      origin: Int.random(in: -2...4, using: &g))
  }

  private func weights(_ count: Int, _ g: inout SplitMix64) -> QuantizedWeights {
    let scale = Float(sign: .plus, exponent: Int.random(in: -4 ... -1, using: &g), significand: 1)
    return QuantizedWeights(
      (0..<count).map { _ in scale * Float.random(in: -4...4, using: &g) }, arithmetic: arithmetic)
  }
}
