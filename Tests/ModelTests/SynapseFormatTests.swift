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

    /// A relay drives five others by two pairs and by a table that reaches all five, and is driven one to one.
    private func network() -> Network {
      let table = ConvolutionTable(
        sourceChannels: 1, extent: 5, targetChannels: 1,
        weights: QuantizedWeights([Float](repeating: 64, count: 25), arithmetic: .integer(weightBits: 8)))
      var network = Network.ofUnits(
        [Network.relays("one", 1), Network.relays("five", 5)],
        [.pairs(from: .population(0), 1, to: 1, [(0, 1, 64), (0, 3, 64)])])
      network.tables = [table]
      network.projections.append(
        Network.Projection(
          source: .population(0), target: 1, compartment: .hold,
          connectivity: .convolution(table: 0, sourceStride: 1, targetStride: 1, origin: 4)))
      return network
    }

    @Test(arguments: [true, false]) func anOperationCostsWhatItsFormatCosts(isShared: Bool) throws {
      let chip = SmallChip(tilesX: 2, synapses: Self.prices, hasSharedConvolution: isShared)
      let network = network()
      let run = try simulate(
        network, .whole(network, on: [0, 1]), on: chip.description(), .events(for: network.inputShape, [(0, 0, 1)]),
        steps: 2)
      // The host's event is one sparse operation; the relay's spike is two, and five of its table.
      #expect(run.records[0].synapticOperationsByFormat == PerFormat(dense: 0, sparse: 1, convolution: 0))
      let last = run.records[1]
      #expect(
        last.synapticOperationsByFormat
          == PerFormat(dense: isShared ? 0 : 5, sparse: 1 + 2, convolution: isShared ? 5 : 0))
      #expect(last.synapticOperations == 8)
      let (time_ps, energy_pJ) = isShared ? Self.prices.convolution : Self.prices.dense
      #expect(last.energy.synapse_pJ == Double(3 * 7 + 5 * energy_pJ))
      // All six relays update in the first step, which ends with the slower of that and the host's packet.
      #expect(run.work_ps(0) == max(chip[.hostEvent] + chip[.tile] + chip[.axonIn] + 17, 5 * chip[.updateInactive]))
      let path = chip[.updateActive] + chip[.spikeOut] + chip[.axonOut] + chip[.tile] + chip[.hopEastWest]
      #expect(run.work_ps(1) == path + chip[.axonIn] + 2 * 17 + 5 * time_ps)
    }

    @Test func formatsChangeCostsAndNothingElse() throws {
      var formatsSeen = 0
      for seed in UInt64(500)..<520 {
        let random = RandomNetwork(seed: seed)
        var generator = SplitMix64(seed: seed)
        var chip = SmallChip(tilesX: 2, tilesY: 2, coresPerTile: 2, weightBits: 12)
        let mapping = RandomNetwork.mapping(random.network, on: chip, chips: 1, &generator)
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
