import Neuromorphic
import SparseCoding
import TestSupport
import Testing

@Suite struct MappingTests {
  private func network(
    _ shape: Network.Shape, extent: Int = 5,
    model: any NeuronModel = DeltaModel(lambda: 1, sendThreshold: 1, stepShift: 3)
  ) -> Network {
    let count = shape.channels * extent * extent * shape.channels
    let weights = QuantizedWeights([Float](repeating: 1, count: count), arithmetic: .integer(weightBits: 8))
    return Network(
      arithmetic: .integer(weightBits: 8), inputShape: shape, inputExponent: 0,
      populations: [
        .init(
          name: "coding", shape: shape, model: model,
          scale: .init(isInteger: true, stateExponent: 0, payloadExponent: 0))
      ],
      tables: [
        ConvolutionTable(
          sourceChannels: shape.channels, extent: extent, targetChannels: shape.channels, weights: weights)
      ],
      projections: [
        .init(
          source: .population(0), target: 0, compartment: .hold,
          connectivity: .convolution(table: 0, sourceStride: 1, targetStride: 1, origin: 2))
      ])
  }

  private func chip(_ change: (inout ChipDescription) -> Void = { _ in }) throws -> ChipDescription {
    var chip = try ChipDescription.named("loihi2")
    change(&chip)
    return chip
  }

  private func limit(_ value: Int) -> Sourced<Int> { Sourced(value, .source("test")) }

  private static let shapes = [
    Network.Shape(rows: 1, columns: 1, channels: 1), .init(rows: 27, columns: 27, channels: 144),
    .init(rows: 40, columns: 7, channels: 13), .init(rows: 3, columns: 90, channels: 31),
    .init(rows: 101, columns: 99, channels: 5),
  ]

  @Test(arguments: shapes, Mapping.Strategy.allCases)
  func everyDendriteLiesOnExactlyOneCoreAndEveryCoreHasRoom(shape: Network.Shape, strategy: Mapping.Strategy) throws {
    let network = network(shape)
    for neurons in [8192, 700, 64] {
      let chip = try chip { $0.neuronsPerCore = limit(neurons) }
      let mapping = try Mapping(network, on: chip, chipLimit: 4096, strategy: strategy)
      var seen = Array(repeating: 0, count: shape.count)
      for placement in mapping.placements {
        #expect(placement.box.count <= neurons)
        for r in placement.box.rows {
          for c in placement.box.columns {
            for k in placement.box.channels { seen[(r * shape.columns + c) * shape.channels + k] += 1 }
          }
        }
      }
      #expect(seen.allSatisfy { $0 == 1 })
      #expect(mapping.violations(of: network, on: chip).isEmpty)
      #expect(Set(mapping.placements.map(\.core)).count == mapping.placements.count)
      #expect(mapping.placements.allSatisfy { $0.core < mapping.chips * chip.coreCount })
      // Even: along each axis parts differ by one at the most.
      let parts = mapping.placements.map { [$0.box.rows.count, $0.box.columns.count, $0.box.channels.count] }
      for axis in 0..<3 { #expect((parts.map { $0[axis] }.max() ?? 0) - (parts.map { $0[axis] }.min() ?? 0) <= 1) }
    }
  }

  @Test func neitherFewerCoresThanNeededNorManyMore() throws {
    for shape in Self.shapes {
      let network = network(shape, extent: 1)
      let chip = try chip { $0.neuronsPerCore = limit(500) }
      let cores = try Mapping(network, on: chip, chipLimit: 4096, strategy: .naive).coreCount
      let least = (shape.count + 499) / 500
      #expect(cores >= least && cores <= max(1, 3 * least), "\(shape)")
      // The balanced one uses more cores, but no more chips.
      let balanced = try Mapping(network, on: chip, chipLimit: 4096)
      #expect(balanced.coreCount >= least && balanced.chips <= (cores + 127) / 128, "\(shape)")
    }
  }

  @Test func eachLimitIsKeptAndTheRefusalNamesItTheNeedAndWhatWouldFit() throws {
    let network = network(.init(rows: 4, columns: 4, channels: 16))
    // Even one dendrite needs 16 · 25 weights of a byte, 16 input axons, 1 output axon, 1 neuron.
    let cases: [((inout ChipDescription) -> Void, String, Int)] = [
      ({ $0.synapticMemory_bytes = self.limit(399) }, "399 B", 400),
      ({ $0.inputAxonsPerCore = self.limit(15) }, "15", 16),
      ({ $0.coreMemory_bytes = self.limit(408) }, "408 B", 409),
    ]
    for (change, available, needed) in cases {
      let chip = try chip(change)
      let error = #expect(throws: NeuromorphicError.self) { _ = try Mapping(network, on: chip) }
      let message = try #require(error).description
      #expect(
        message.contains("coding") && message.contains("loihi2") && message.contains(available)
          && message.contains("\(needed)")
          && message.contains("would fit") && !message.contains("\n"), "\(message)")
      #expect(throws: Never.self) { _ = try Mapping(network, on: chip, onlyReporting: true) }
    }
    // One more is enough.
    #expect(throws: Never.self) {
      _ = try Mapping(network, on: chip { $0.synapticMemory_bytes = limit(400) })
      _ = try Mapping(network, on: chip { $0.inputAxonsPerCore = limit(16) })
      _ = try Mapping(network, on: chip { $0.coreMemory_bytes = limit(409) })
    }
  }

  @Test func moreChipsThanAllowedAreRefusedWithTheirNumber() throws {
    let network = network(.init(rows: 40, columns: 40, channels: 16))
    let chip = try chip { $0.neuronsPerCore = limit(100) }
    let mapping = try Mapping(network, on: chip)
    #expect(mapping.chips == (mapping.coreCount + 127) / 128 && mapping.chips >= 2)
    #expect(try Mapping(network, on: chip, chipLimit: mapping.chips) == mapping)
    let error = #expect(throws: NeuromorphicError.self) {
      _ = try Mapping(network, on: chip, chipLimit: mapping.chips - 1)
    }
    #expect(
      try #require(error).description.contains("\(mapping.chips) chips; one chip is allowed") == (mapping.chips == 2))
    let ofTwo = #expect(throws: NeuromorphicError.self) {
      _ = try Mapping(network, on: try self.chip { $0.neuronsPerCore = limit(50) }, chipLimit: 2)
    }
    #expect(try #require(ofTwo).description.contains("chips; at most 2 chips are allowed"))
  }

  /// Of two populations one has cuts that fit, the other has none.
  @Test func aPopulationThatFitsNoCoreIsReportedBesideOneThatDoes() throws {
    var options = LCAOptions()
    options.model = .residual
    let network = try LCANetwork.outline(
      CodeGeometry(imageHeight: 16, imageWidth: 16, kernelCount: 8, kernelSize: 6, stride: 2, boundary: .valid),
      isDrivenByCode: false, stateBits: 24, options: options
    ).network
    // A coefficient needs its kernel's 36 bytes, a pixel the 8 · 36 of all.
    let chip = try chip { $0.synapticMemory_bytes = limit(100) }
    #expect(throws: NeuromorphicError.self) { try Mapping(network, on: chip) }
    let mapping = try Mapping(network, on: chip, onlyReporting: true)
    let exceeding = Set(mapping.violations(of: network, on: chip).map(\.core))
    let pixels = Set(mapping.placements.filter { $0.population == 1 }.map(\.core))
    #expect(!exceeding.isEmpty && exceeding == pixels)
    #expect(mapping.placements.contains { $0.population == 0 })
  }

  /// The quick answer for thousands of cores is what pair by pair counting gives for that core, and with a dendrite on
  /// each core, where all parts are equal, the most of any.
  @Test(arguments: [1, 64, 700, 8192], [LCAModel.delta, .residual])
  func whatTheMiddleOfAPopulationNeedsIsCountedAsPairByPair(neurons: Int, model: LCAModel) throws {
    var options = LCAOptions()
    options.model = model
    for (kernels, isDrivenByCode) in [(3, true), (7, false)] {
      let network = try LCANetwork.outline(
        CodeGeometry(imageHeight: 30, imageWidth: 30, kernelCount: kernels, kernelSize: 6, stride: 2, boundary: .valid),
        isDrivenByCode: isDrivenByCode, stateBits: 24, options: options
      ).network
      for hasLimit in [false, true] {
        let chip = try chip {
          $0.neuronsPerCore = limit(neurons)
          if hasLimit { $0.outputAxonsPerNeuron = limit(4096) }
        }
        let mapping = try Mapping.unplaced(network, on: chip, chipLimit: 64)
        let all = Dictionary(uniqueKeysWithValues: mapping.needs(of: network, on: chip).map { ($0.core, $0.needs) })
        for (population, middle) in mapping.needsOfParts(of: network, on: chip).enumerated() {
          let cores = mapping.placements.filter { $0.population == population }.compactMap { all[$0.core] }
          #expect(middle.parts == cores.count)
          // Of the most connected neuron, the one in the box's middle is a lower bound.
          let same = cores.filter {
            var needs = $0
            needs.outputAxonsPerNeuron = middle.needs.outputAxonsPerNeuron
            return needs == middle.needs && $0.outputAxonsPerNeuron >= middle.needs.outputAxonsPerNeuron
          }
          #expect(!same.isEmpty && (middle.needs.outputAxonsPerNeuron > 0) == hasLimit)
          #expect(cores.allSatisfy { $0.neurons <= middle.needs.neurons })
          guard neurons == 1 else { continue }
          #expect(cores.map(\.outputAxons).max() == middle.needs.outputAxons)
          #expect(cores.map(\.outputAxonsPerNeuron).max() == middle.needs.outputAxonsPerNeuron)
        }
      }
    }
  }

  /// Two boxes that fit alone need not fit together.
  @Test func partsThatShareACoreShareItsCapacity() throws {
    let network = network(.init(rows: 4, columns: 4, channels: 2))
    let chip = try chip { $0.neuronsPerCore = limit(16) }
    let halves = [0..<1, 1..<2].map { Box(rows: 0..<4, columns: 0..<4, channels: $0) }
    let apart = Mapping(placements: halves.enumerated().map { .init(population: 0, core: $0, box: $1) }, chips: 1)
    let together = Mapping(placements: halves.map { .init(population: 0, core: 3, box: $0) }, chips: 1)
    #expect(apart.violations(of: network, on: chip).isEmpty)
    let violation = try #require(together.violations(of: network, on: chip).first)
    #expect(violation.description == "core 3 needs 32 of neurons and has 16")
  }
}
