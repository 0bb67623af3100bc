import EventStreams
import Neuromorphic
import TestSupport

/// A random small network with every kind of projection, compartment, delay and neuron model, a chip, a mapping and an
/// input: everything that function may and may not depend on.
struct RandomCase {
  var network: Network
  var chip: SmallChip
  var mapping: Mapping
  var input: EventStream
  var steps: Int

  /// - Parameters:
  ///   - mostColumns: of a population; with hundreds, cores hold many blocks of neurons.
  ///   - isFaulty: Whether neurons may be dead and spikes lost; all else is the same.
  init(seed: UInt64, mostColumns: Int = 6, isFaulty: Bool = false) {
    var random = SplitMix64(seed: seed)
    // In a few runs spikes are delayed by as much as chips can.
    let largestDelay = Int.random(in: 0..<12, using: &random) == 0 ? SmallChip().delaySteps : 3
    steps = .random(in: 3...12, using: &random) + (largestDelay > 3 ? largestDelay : 0)
    network = Self.network(largestDelay: largestDelay, mostColumns: mostColumns, &random)
    chip = Self.chip(&random)
    if case .integer(let bits) = network.arithmetic { chip.weightBits = bits }
    mapping = Self.mapping(network, chip, &random)
    // Mostly payloads like those of pixels; in some runs all that the chip carries, so that sums need 64 bits.
    let largest = Int.random(in: 0..<4, using: &random) == 0 ? Int.max : 200
    input = Self.input(network, steps: steps, largest: min(largest, (1 << (chip.payloadBits - 1)) - 1), &random)
    if isFaulty {
      network.faults = Faults(
        deadNeurons: .random(in: 0...0.5, using: &random), lostSpikes: .random(in: 0...0.5, using: &random),
        seed: random.next())
    }
  }

  // MARK: Networks

  private static func network(largestDelay: Int, mostColumns: Int, _ random: inout SplitMix64) -> Network {
    let arithmetic = Network.Arithmetic.integer(weightBits: .random(in: 2...16, using: &random))
    var network = Network(
      arithmetic: arithmetic, inputShape: shape(mostColumns, &random),
      inputExponent: .random(in: -6...0, using: &random))
    let count = Int.random(in: 1...3, using: &random)
    network.populations = (0..<count).map { population("p\($0)", mostColumns, &random) }
    for target in 0..<count {
      network.projections.append(
        projection(from: .input, to: target, in: &network, largestDelay: largestDelay, &random))
      for source in 0..<count where Bool.random(using: &random) {
        network.projections.append(
          projection(from: .population(source), to: target, in: &network, largestDelay: largestDelay, &random))
      }
    }
    return network
  }

  private static func shape(_ mostColumns: Int, _ random: inout SplitMix64) -> Network.Shape {
    Network.Shape(
      rows: .random(in: 1...6, using: &random), columns: .random(in: 1...mostColumns, using: &random),
      channels: .random(in: 1...4, using: &random))
  }

  private static func population(_ name: String, _ mostColumns: Int, _ random: inout SplitMix64) -> Network.Population {
    let stepShift = Int.random(in: 0...4, using: &random)
    let stateExponent = Int.random(in: -12 ... -6, using: &random)
    let scale = NumberScale(
      isInteger: true, stateExponent: stateExponent, payloadExponent: stateExponent + .random(in: 0...6, using: &random)
    )
    let lambda = Double.random(in: 0...1, using: &random)
    let model: any NeuronModel =
      switch NeuronModelName.allCases.randomElement(using: &random) ?? .delta {
      case .delta:
        DeltaModel(
          lambda: lambda, sendThreshold: .random(in: 0.001...0.5, using: &random), stepShift: stepShift,
          isDrivenByResiduals: Bool.random(using: &random))
      case .graded: GradedModel(lambda: lambda, stepShift: stepShift)
      case .lif:
        LIFModel(
          currentDecay: .random(in: 0...4096, using: &random), voltageDecay: .random(in: 0...4096, using: &random),
          bias: .random(in: -0.1...0.3, using: &random), threshold: .random(in: 0.1...1, using: &random),
          refractorySteps: .random(in: 0...3, using: &random))
      case .spiking:
        SpikingModel(
          lambda: lambda, charge: .random(in: 0.01...0.5, using: &random), stepShift: stepShift,
          polarities: .random(in: 1...2, using: &random))
      }
    return Network.Population(
      name: name, shape: shape(mostColumns, &random), model: model, scale: scale,
      traceDecayShift: .random(in: 0...5, using: &random))
  }

  private static func projection(
    from source: Network.Source, to target: Int, in network: inout Network, largestDelay: Int,
    _ random: inout SplitMix64
  ) -> Network.Projection {
    let from = network.shape(of: source), to = network.populations[target].shape
    let connectivity: Network.Connectivity
    switch Int.random(in: 0...2, using: &random) {
    case 0 where from == to: connectivity = .oneToOne(weight: 1, signWeight: .random(in: 0...1, using: &random))
    case 1: connectivity = pairs(from.count, to.count, network.arithmetic, &random)
    default: connectivity = convolution(from, to, in: &network, &random)
    }
    let compartments = network.populations[target].model.compartments.sorted { "\($0)" < "\($1)" }
    return Network.Projection(
      source: source, target: target, compartment: compartments[.random(in: compartments.indices, using: &random)],
      connectivity: connectivity, sign: Bool.random(using: &random) ? 1 : -1,
      delay: .random(in: 0...largestDelay, using: &random))
  }

  private static func weights(
    _ count: Int, _ arithmetic: Network.Arithmetic, _ random: inout SplitMix64
  ) -> QuantizedWeights {
    let values = (0..<count).map { _ in Float.random(in: -1...1, using: &random) }
    // Only synapses of at most 8 bits can be split.
    let formats = arithmetic.hasNarrowWeights ? WeightFormat.allCases : [.single]
    return QuantizedWeights(
      values, arithmetic: arithmetic, format: formats.randomElement(using: &random) ?? .single)
  }

  private static func pairs(
    _ sources: Int, _ targets: Int, _ arithmetic: Network.Arithmetic, _ random: inout SplitMix64
  ) -> Network.Connectivity {
    var starts = [0]
    var chosen: [Int32] = []
    // The chip model holds neighbours as runs.
    let longest: Int32 = Bool.random(using: &random) ? 1 : 10
    for _ in 0..<sources {
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        let first = Int32.random(in: 0..<Int32(targets), using: &random)
        chosen += first..<min(Int32(targets), first + .random(in: (longest + 1) / 2...longest, using: &random))
      }
      starts.append(chosen.count)
    }
    return .pairs(rowStarts: starts, targets: chosen, weights: weights(chosen.count, arithmetic, &random))
  }

  private static func convolution(
    _ from: Network.Shape, _ to: Network.Shape, in network: inout Network, _ random: inout SplitMix64
  ) -> Network.Connectivity {
    let extent = Int.random(in: 1...5, using: &random)
    network.tables.append(
      ConvolutionTable(
        sourceChannels: from.channels, extent: extent, targetChannels: to.channels,
        weights: weights(from.channels * extent * extent * to.channels, network.arithmetic, &random)))
    return .convolution(
      table: network.tables.count - 1, sourceStride: .random(in: 1...3, using: &random),
      targetStride: .random(in: 1...3, using: &random), origin: .random(in: -2...5, using: &random))
  }

  // MARK: Chips, mappings, inputs

  private static func chip(_ random: inout SplitMix64) -> SmallChip {
    var chip = SmallChip()
    chip.tilesX = .random(in: 1...4, using: &random)
    chip.tilesY = .random(in: 1...4, using: &random)
    chip.coresPerTile = .random(in: 1...3, using: &random)
    chip.hostTile = (.random(in: 0..<chip.tilesX, using: &random), .random(in: 0..<chip.tilesY, using: &random))
    chip.stateBits = .random(in: 10...24, using: &random)
    chip.payloadBits = .random(in: 2...24, using: &random)
    chip.linkOccupancy_ps = .random(in: 0...2000, using: &random)
    chip.chipLinkOccupancy_ps = .random(in: 0...4000, using: &random)
    chip.packetFlits = .random(in: 1...3, using: &random)
    chip.bufferFlits = .random(in: chip.packetFlits...8, using: &random)
    chip.hasMulticast = .random(using: &random)
    // Free operations make many things happen at the same picosecond.
    for operation in ChipOperation.allCases where Bool.random(using: &random) { chip.time_ps[operation] = 0 }
    return chip
  }

  /// Cuts each population at random and throws the pieces on random cores.
  static func mapping(
    _ network: Network, _ chip: SmallChip, chips: Int? = nil, _ random: inout SplitMix64
  ) -> Mapping {
    let chips = chips ?? Int.random(in: 1...2, using: &random)
    let cores = chips * chip.tilesX * chip.tilesY * chip.coresPerTile
    var placements: [Placement] = []
    for (index, population) in network.populations.enumerated() {
      for rows in pieces(population.shape.rows, &random) {
        for columns in pieces(population.shape.columns, &random) {
          for channels in pieces(population.shape.channels, &random) {
            placements.append(
              Placement(
                population: index, core: .random(in: 0..<cores, using: &random),
                box: Box(rows: rows, columns: columns, channels: channels)))
          }
        }
      }
    }
    return Mapping(placements: placements, chips: chips)
  }

  private static func pieces(_ count: Int, _ random: inout SplitMix64) -> [Range<Int>] {
    let cut = Int.random(in: 0...count, using: &random)
    return [0..<cut, cut..<count].filter { !$0.isEmpty }
  }

  private static func input(
    _ network: Network, steps: Int, largest: Int, _ random: inout SplitMix64
  ) -> EventStream {
    let shape = network.inputShape
    return .events(
      for: shape, exponent: network.inputExponent,
      (0..<Int.random(in: 0...60, using: &random)).map { _ in
        (
          step: Int.random(in: 0..<steps, using: &random), place: Int.random(in: 0..<shape.count, using: &random),
          payload: Int.random(in: -largest...largest, using: &random)
        )
      })
  }
}

extension Network.Arithmetic {
  /// Whether weights have at most 8 bits.
  var hasNarrowWeights: Bool {
    if case .integer(let bits) = self { bits <= 8 } else { false }
  }
}
