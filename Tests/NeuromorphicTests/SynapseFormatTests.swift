import Neuromorphic
import Testing

/// What each format takes, against sums done by hand.
@Suite struct SynapseFormatTests {
  private static let lists = SynapseLists(
    weightsPerGroup: 64, headerBits: 10, wordBits: 64, provenance: .source("test"))

  private func chip(_ formats: [SynapseFormat], lists: SynapseLists? = nil) throws -> ChipDescription {
    var chip = try ChipDescription.named("loihi2")
    chip.synapseFormats = Sourced(formats, .source("test"))
    chip.synapseLists = lists
    return chip
  }

  /// 4 × 4 positions of 2 channels, each connected to all within `extent` / 2 positions.
  private func convolution(extent: Int) -> Network {
    let shape = Network.Shape(rows: 4, columns: 4, channels: 2)
    let weights = QuantizedWeights(
      [Float](repeating: 1, count: 4 * extent * extent), arithmetic: .integer(weightBits: 8))
    return network(
      shape, tables: [ConvolutionTable(sourceChannels: 2, extent: extent, targetChannels: 2, weights: weights)],
      .convolution(table: 0, sourceStride: 1, targetStride: 1, origin: extent / 2))
  }

  /// Lists of 70, 1 and no weights into 128 dendrites.
  private var lists: Network {
    let targets = (0..<70).map { Int32($0) } + [127]
    return network(
      .init(rows: 1, columns: 128, channels: 1), tables: [],
      .pairs(
        rowStarts: [0, 70] + [Int](repeating: 71, count: 127), targets: targets,
        weights: QuantizedWeights([Float](repeating: 1, count: 71), arithmetic: .integer(weightBits: 8))))
  }

  private func network(
    _ shape: Network.Shape, tables: [ConvolutionTable], _ connectivity: Network.Connectivity
  ) -> Network {
    Network(
      arithmetic: .integer(weightBits: 8), inputShape: shape, inputExponent: 0,
      populations: [
        .init(
          name: "p", shape: shape, model: DeltaModel(lambda: 1, sendThreshold: 1, stepShift: 3),
          scale: .init(isInteger: true, stateExponent: 0, payloadExponent: 0))
      ], tables: tables,
      projections: [.init(source: .population(0), target: 0, compartment: .hold, connectivity: connectivity)])
  }

  private func needs(_ network: Network, on chip: ChipDescription, _ boxes: [Box]? = nil) -> [CoreNeeds] {
    let shape = network.populations[0].shape
    let boxes = boxes ?? [Box(rows: 0..<shape.rows, columns: 0..<shape.columns, channels: 0..<shape.channels)]
    let placements = boxes.enumerated().map { Placement(population: 0, core: $0, box: $1) }
    return Mapping(placements: placements, chips: 1).needs(of: network, on: chip).map(\.needs)
  }

  private func bytes(_ network: Network, _ formats: [SynapseFormat], lists: SynapseLists? = nil) throws -> Int {
    try needs(network, on: chip(formats, lists: lists))[0].synapticMemory_bytes
  }

  @Test func aConvolutionKeepsOneTable() throws {
    #expect(try bytes(convolution(extent: 5), [.sparse, .convolution]) == 2 * 25 * 2)
  }

  @Test func aDenseRowHasAWeightForEveryDendrite() throws {
    // 32 places, each with 32 weights of a byte; in lists, 32 · 8 + 10 bits fill five words of 64.
    #expect(try bytes(convolution(extent: 5), [.dense]) == 32 * 32)
    #expect(try bytes(convolution(extent: 5), [.dense], lists: Self.lists) == 32 * 5 * 8)
    #expect(try bytes(lists, [.dense]) == 2 * 128)
    // Two groups of 64 · 8 + 10 bits fill nine words each.
    #expect(try bytes(lists, [.dense], lists: Self.lists) == 2 * 2 * 9 * 8)
  }

  @Test func aSparseListHasAnIndexBesideEachWeight() throws {
    // Along an axis of four places, 3 + 4 + 4 + 3 are within two; an index of 32 dendrites has five bits.
    #expect(try bytes(convolution(extent: 5), [.sparse]) == (14 * 14 * 2 * 2 * (8 + 5) + 7) / 8)
    // Lists of 18, 24 and 32 weights: 244, 322 and 426 bits fill four, six and seven words.
    #expect(try bytes(convolution(extent: 5), [.sparse], lists: Self.lists) == (8 * 4 + 16 * 6 + 8 * 7) * 8)
    #expect(try bytes(lists, [.sparse]) == (71 * (8 + 7) + 7) / 8)
    // 64 + 6 weights of 15 bits and 10 bits: 16 and 2 words; 1 weight: 1 word. An empty list takes nothing.
    #expect(try bytes(lists, [.sparse], lists: Self.lists) == (16 + 2 + 1) * 8)
  }

  @Test func theCheapestFormatOfTheChipIsTaken() throws {
    let convolution = convolution(extent: 5), pairs = lists
    func format(_ network: Network, _ formats: [SynapseFormat], lists: SynapseLists? = nil) throws -> SynapseFormat {
      try network.format(of: network.projections[0], on: chip(formats, lists: lists))
    }
    #expect(try format(convolution, SynapseFormat.allCases) == .convolution)
    #expect(try format(convolution, [.sparse, .dense]) == .dense)
    #expect(try format(convolution, [.sparse]) == .sparse)
    // A table holds no explicit pairs.
    #expect(try format(pairs, SynapseFormat.allCases) == .sparse)
    #expect(try format(pairs, [.convolution, .dense]) == .dense)
    // 1280 B dense and 1472 B sparse with the lists' groups; 1024 B and 1274 B without.
    #expect(try format(convolution, [.sparse, .dense], lists: Self.lists) == .dense)
  }

  @Test func axonsAreOneAChannelOrOneAPlaceThatHasATarget() throws {
    // Two halves of two rows each; along rows only the middle two places reach over.
    let halves = [0..<2, 2..<4].map { Box(rows: $0, columns: 0..<4, channels: 0..<2) }
    let network = convolution(extent: 3)
    for needs in try needs(network, on: chip([.convolution, .sparse]), halves) {
      #expect(needs.inputAxons == 2 && needs.outputAxons == 2 * 2)
    }
    for needs in try needs(network, on: chip([.sparse]), halves) {
      #expect(needs.inputAxons == 3 * 4 * 2 && needs.outputAxons == (2 + 1) * 4 * 2)
    }
    // A multicast packet needs one axon, wherever it goes.
    for (formats, axons) in [([SynapseFormat.convolution, .sparse], 2), ([.sparse], 2 * 4 * 2)] {
      var chip = try chip(formats)
      chip.network.hasMulticast = Sourced(true, .source("test"))
      for needs in needs(network, on: chip, halves) { #expect(needs.outputAxons == axons) }
    }
  }

  @Test func aNeuronThatMaySendToOneCoreMustNotReachTwo() throws {
    var chip = try chip([.sparse])
    chip.outputAxonsPerNeuron = Sourced(1, .source("test"))
    let halves = [0..<2, 2..<4].map { Box(rows: $0, columns: 0..<4, channels: 0..<2) }
    let network = convolution(extent: 3)
    #expect(needs(network, on: chip, halves).map(\.outputAxonsPerNeuron) == [2, 2])
    #expect(needs(network, on: chip)[0].outputAxonsPerNeuron == 1)
    // So a chip with room for one half on a core takes none.
    #expect(throws: Never.self) { _ = try Mapping(network, on: chip) }
    chip.neuronsPerCore = Sourced(16, .source("test"))
    let error = #expect(throws: NeuromorphicError.self) { _ = try Mapping(network, on: chip) }
    #expect(try #require(error).description.contains("2 of output axons of one neuron and has 1"))
  }
}
