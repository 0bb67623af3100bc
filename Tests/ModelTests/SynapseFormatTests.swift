import Neuromorphic
import TestSupport
import Testing

extension ChipModelTests {
  /// Costs of a synaptic operation by memory format.
  struct SynapseFormats {
    /// Prices that no wrong sum can hide behind.
    static let prices = PerFormat(
      dense: (time_ps: 13, energy_pJ: 5), sparse: (time_ps: 17, energy_pJ: 7), convolution: (time_ps: 19, energy_pJ: 11)
    )

    /// 8 × 8 relays drive 8 × 8 others one to one: the first one drives two by pairs, and all drive 5 × 5 by a table.
    private func network() -> Network {
      func relays(_ name: String) -> Network.Population {
        .init(
          name: name, shape: .init(rows: 8, columns: 8, channels: 1),
          model: DeltaModel(lambda: 0, sendThreshold: 1, stepShift: 0), scale: .units)
      }
      var network = Network.ofUnits(
        [relays("from"), relays("to")], [.pairs(from: .population(0), 64, to: 1, [(0, 1, 64), (0, 3, 64)])])
      network.tables = [
        ConvolutionTable(
          sourceChannels: 1, extent: 5, targetChannels: 1,
          weights: QuantizedWeights([Float](repeating: 64, count: 25), arithmetic: .integer(weightBits: 8)))
      ]
      network.projections.append(
        Network.Projection(
          source: .population(0), target: 1, compartment: .hold,
          connectivity: .convolution(table: 0, sourceStride: 1, targetStride: 1, origin: 4)))
      return network
    }

    /// The host's event is one operation; the first relay's spike is two by pairs and 25 by the table. Lists are
    /// smaller than rows here, and one table smaller than lists; pairs have no table.
    @Test(arguments: [
      ([SynapseFormat.dense, .sparse, .convolution], SynapseFormat.convolution, SynapseFormat.sparse),
      ([.dense, .sparse], .sparse, .sparse), ([.dense], .dense, .dense),
    ])
    func anOperationCostsWhatItsFormatCosts(formats: [SynapseFormat], tables: SynapseFormat, lists: SynapseFormat)
      throws
    {
      var chip = SmallChip(tilesX: 2, synapses: Self.prices, formats: formats)
      chip.time_ps[.updateInactive] = 0
      let network = network()
      let run = try simulate(
        network, .whole(network, on: [0, 1]), on: chip.description(), .events(for: network.inputShape, [(0, 0, 1)]),
        steps: 2)
      let (first, last) = (run.records[0], run.records[1])
      for format in SynapseFormat.allCases {
        #expect(first.synapticOperationsByFormat[format] == (format == tables ? 1 : 0))
        let expected = (format == tables ? 1 + 25 : 0) + (format == lists ? 2 : 0)
        #expect(last.synapticOperationsByFormat[format] == expected)
      }
      #expect(last.synapticOperations == 28)
      #expect(
        last.energy.synapse_pJ == Double(26 * Self.prices[tables].energy_pJ + 2 * Self.prices[lists].energy_pJ))
      #expect(
        run.work_ps(0) == chip[.hostEvent] + chip[.tile] + chip[.axonIn] + Self.prices[tables].time_ps)
      let path = chip[.updateActive] + chip[.spikeOut] + chip[.axonOut] + chip[.tile] + chip[.hopEastWest]
      #expect(
        run.work_ps(1)
          == path + chip[.axonIn] + 25 * Self.prices[tables].time_ps + 2 * Self.prices[lists].time_ps)
    }

    @Test func formatsChangeCostsAndNothingElse() throws {
      var formatsSeen = 0
      for seed in UInt64(500)..<520 {
        let random = RandomCase(seed: seed)
        var generator = SplitMix64(seed: seed)
        var chip = SmallChip(tilesX: 2, tilesY: 2, coresPerTile: 2, weightBits: 16)
        let mapping = RandomCase.mapping(random.network, chip, chips: 1, &generator)
        let plain = try simulate(random.network, mapping, on: chip.description(), random.input, steps: 20)
        chip.synapses = Self.prices
        let priced = try simulate(random.network, mapping, on: chip.description(), random.input, steps: 20)
        #expect(priced.spikes.map(\.neuron) == plain.spikes.map(\.neuron) && priced.states == plain.states)
        for (a, b) in zip(priced.records, plain.records) {
          let counts = a.synapticOperationsByFormat
          #expect(counts == b.synapticOperationsByFormat)
          #expect(a.energy.synapse_pJ == Double(5 * counts.dense + 7 * counts.sparse + 11 * counts.convolution))
          #expect(b.energy.synapse_pJ == Double(3 * b.synapticOperations))
        }
        let last = try #require(priced.records.last).synapticOperationsByFormat
        formatsSeen += SynapseFormat.allCases.count { last[$0] > 0 }
      }
      #expect(formatsSeen > 20)
    }
  }
}
