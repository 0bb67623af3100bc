import EventStreams
import Experiments
import Neuromorphic
import Reports
import SparseCoding
import TestSupport
import Testing

extension ChipModelTests {
  /// Two synapses for a weight: exact, and twice the work.
  @Suite struct SplitWeights {
    private static let shape = Network.Shape(rows: 4, columns: 4, channels: 2)

    /// The same weights in a format and width; whole multiples of 2^-8, the largest near the widest that two bytes
    /// hold.
    private func network(
      _ weights: [Float], bits: Int, _ format: WeightFormat, isConvolution: Bool, _ model: any NeuronModel
    ) -> Network {
      let rounded = QuantizedWeights(weights, arithmetic: .integer(weightBits: bits), format: format)
      let count = Self.shape.count
      var network = Network(
        arithmetic: .integer(weightBits: bits), inputShape: Self.shape, inputExponent: -3,
        populations: [
          .init(
            name: "cells", shape: Self.shape, model: model,
            scale: .init(isInteger: true, stateExponent: -5, payloadExponent: -4), traceDecayShift: 2)
        ])
      let connectivity: Network.Connectivity
      if isConvolution {
        network.tables = [ConvolutionTable(sourceChannels: 2, extent: 3, targetChannels: 2, weights: rounded)]
        connectivity = .convolution(table: 0, sourceStride: 1, targetStride: 1, origin: 1)
      } else {
        connectivity = .pairs(
          rowStarts: (0...count).map { min(3 * $0, weights.count) },
          targets: weights.indices.map { Int32($0 * 7 % count) }, weights: rounded)
      }
      network.projections = [
        .init(source: .input, target: 0, compartment: .hold, connectivity: connectivity),
        .init(source: .population(0), target: 0, compartment: .hold, connectivity: connectivity, sign: -1, delay: 1),
      ]
      return network
    }

    @Test func twoSynapsesOfAByteDoWhatOneOf16BitsDoes() throws {
      let chip = try SmallChip(weightBits: 16).description()
      var spikes = 0
      for seed in 1...40 as ClosedRange<UInt64> {
        var random = SplitMix64(seed: seed)
        var weights = (0..<36).map { _ in Float(Int.random(in: -32639...32639, using: &random)) / 256 }
        weights[0] = 32639 / 256
        let model: any NeuronModel =
          Bool.random(using: &random)
          ? DeltaModel(lambda: 20, sendThreshold: 5, stepShift: 2) : GradedModel(lambda: 20, stepShift: 3)
        let input = EventStream.events(
          for: Self.shape, exponent: -3,
          (0..<30).map { _ in
            (
              .random(in: 0..<5, using: &random), .random(in: 0..<32, using: &random),
              .random(in: -9...9, using: &random)
            )
          })
        for isConvolution in [false, true] {
          let pair = [(8, WeightFormat.split), (16, .single)].map {
            network(weights, bits: $0, $1, isConvolution: isConvolution, model)
          }
          let mapping = RandomCase.mapping(pair[0], SmallChip(), &random)
          let outcomes = try pair.map {
            try simulate($0, Mapping(placements: mapping.placements, chips: 2), on: chip, input, steps: 12)
          }
          #expect(outcomes[0].states == outcomes[1].states, "seed \(seed)")
          #expect(
            outcomes[0].records.map(\.synapticOperations) == outcomes[1].records.map { 2 * $0.synapticOperations })
          #expect(outcomes[0].records.map(\.packetsSent) == outcomes[1].records.map(\.packetsSent))
          #expect(outcomes[0].records.map(\.saturations) == outcomes[1].records.map(\.saturations))
          spikes += outcomes[0].spikes.count
        }
      }
      #expect(spikes > 2000)
    }

    @Test func theyTakeTwiceTheMemory() throws {
      let weights = (0..<36).map { Float($0 - 18) }
      let model = DeltaModel(lambda: 1, sendThreshold: 1, stepShift: 0)
      var chip = try ChipDescription.named("loihi2")
      chip.synapseLists = nil  // which fill whole words
      for isConvolution in [false, true] {
        let bytes = WeightFormat.allCases.map { format in
          let network = network(weights, bits: 8, format, isConvolution: isConvolution, model)
          let whole = Mapping.whole(network, on: Array(network.populations.indices))
          return whole.fullestSynapticMemory_bytes(of: network, on: chip)
        }
        #expect(bytes[1] == 2 * bytes[0] && bytes[0] >= 36)
      }
    }

    @Test func aRunOfThemSaysSoAndItsGramTableIsNearlyTheBanksOwn() throws {
      var runner = Runner()
      var configuration = try defaultRun("camera", bank: "homogeneous")
      configuration.crop = try Crop(size: 24)
      configuration.timesteps = 20
      let single = try runner.run(configuration)
      configuration.weightFormat = .split
      let split = try runner.run(configuration)
      let (one, two) = (try single.statistics(), try split.statistics())
      #expect(two[.synapsesPerWeight]?.value.number == 2 && one[.synapsesPerWeight] == nil)
      #expect(-single.lateral.spectrum.smallest > 0.1 && -split.lateral.spectrum.smallest < 0.01)
      // Every weight is two operations, and every spike still reaches each of its targets once.
      #expect(try #require(split.records.last).synapticOperations.isMultiple(of: 2))
      let perSpike = [single, split].map { Double($0.records[19].synapticOperations) / Double($0.records[19].spikes) }
      #expect(perSpike[1] > 1.8 * perSpike[0] && perSpike[1] < 2.2 * perSpike[0])
    }

    @Test func theyAreRefusedWhereTheyHaveNoMeaning() throws {
      let network = network(
        [1], bits: 12, .split, isConvolution: false, DeltaModel(lambda: 1, sendThreshold: 1, stepShift: 0))
      let error = #expect(throws: NeuromorphicError.self) {
        _ = try Simulation(
          network, mapping: .whole(network, on: [0]), chip: SmallChip(weightBits: 16).description())
      }
      #expect(try #require(error).description.contains("at most 8 bits"))
    }
  }
}
