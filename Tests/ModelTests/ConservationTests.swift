import EventStreams
import Experiments
import Foundation
import KernelBanks
import Neuromorphic
import SparseCoding
import TestSupport
import Testing

extension ChipModelTests {
  /// Nothing is lost and everything is paid for, on a photograph.
  struct Conservation {
    /// A network of a small bank on a part of a photograph.
    struct Setting {
      let lca: LCANetwork
      let chip: ChipDescription
      let input: EventStream

      init(_ model: LCAModel, sparse: Bool = false, stride: Int = 2) throws {
        let bank = try BankDesign(name: "small", orientations: 4, bandwidths_deg: [15, 30], size: 7).bank()
        let image = try Image.prepared(contentsOf: photograph("coffee"), crop: Crop(size: 28))
        let problem = try LassoProblem(image: image, bank: bank, lambda: 0.2, stride: stride)
        chip = try ChipDescription.named("loihi2")
        let encoding =
          try sparse
          ? Encoder.sparse.encode(problem.solve().code, EncoderOptions(payloadBits: 16))
          : Encoder.dense.encode(image, EncoderOptions(payloadBits: 16))
        input = encoding.stream
        var options = LCAOptions()
        options.model = model
        lca = try LCANetwork(
          bank: bank, geometry: problem.geometry,
          lateral: LateralWeights(bank: bank, geometry: problem.geometry, arithmetic: options.arithmetic, model: model),
          drive: sparse ? .code(of: bank, primes: model == .delta) : .image, inputExponent: input.payloadExponent,
          largestDrive: problem.lambdaMax + 0.2, stateBits: chip.stateBits.value, options: options)
      }

      /// Synaptic operations of one packet's worth of a source's event, counted by looking at every target.
      func synapses(from source: Network.Source, row: Int, column: Int) -> Int {
        let target = lca.network.populations[0]
        return lca.network.projections.filter { $0.source == source }.reduce(0) { sum, projection in
          switch projection.connectivity {
          case .convolution(let table, let sourceStride, let targetStride, let origin):
            let extent = lca.network.tables[table].extent
            func hits(_ source: Int, _ count: Int) -> Int {
              (0..<count).count { (0..<extent).contains(sourceStride * source - targetStride * $0 + origin) }
            }
            let places = hits(row, target.shape.rows) * hits(column, target.shape.columns)
            return sum + places * target.shape.channels * target.model.neuronsPerDendrite
          case .oneToOne: return sum + target.model.neuronsPerDendrite
          case .pairs(let rows): return sum + rows.count
          }
        }
      }
    }

    private static let settings: [(LCAModel, Bool, Int)] = [
      (.delta, false, 2), (.delta, true, 2), (.delta, false, 3), (.spiking, false, 2), (.spiking, true, 1),
    ]

    @Test func everyPacketArrivesAndEverySynapticOperationFollowsFromSpikesAndConnectivity() throws {
      for (model, sparse, stride) in Self.settings {
        let setting = try Setting(model, sparse: sparse, stride: stride)
        let network = setting.lca.network
        let run = try simulate(network, Mapping(network, on: setting.chip), on: setting.chip, setting.input, steps: 60)
        let last = run.records[59]
        #expect(last.packetsSent == last.packetsReceived && last.packetsSent == last.corePackets + last.hostPackets)
        #expect(last.hostEvents == setting.input.count && last.spikes == run.spikes.count)
        #expect(last.spikes > 100, "\(model), sparse \(sparse), stride \(stride)")

        let shape = network.populations[0].shape, perDendrite = network.populations[0].model.neuronsPerDendrite
        let fromInput = setting.input.reduce(0) {
          $0 + setting.synapses(from: .input, row: Int($1.row), column: Int($1.column))
        }
        let fromSpikes = run.spikes.reduce(0) { sum, spike in
          let (row, column, _) = shape.position(spike.neuron / perDendrite)
          return sum + setting.synapses(from: .population(0), row: row, column: column)
        }
        #expect(last.synapticOperations == fromInput + fromSpikes, "\(model), sparse \(sparse), stride \(stride)")
        #expect(last.updatesActive + last.updatesInactive == 60 * network.populations[0].neuronCount)
        checkEnergy(last, setting.chip)
      }
    }

    private func checkEnergy(_ r: StepRecord, _ chip: ChipDescription) {
      func cost(_ count: Int, _ operation: ChipOperation) -> Double { Double(count) * (chip[operation].energy_pJ ?? 0) }
      let parts = [
        (r.energy.synapse_pJ, cost(r.synapticOperations, .synapticOperation)),
        (
          r.energy.soma_pJ,
          cost(r.updatesActive, .updateActive) + cost(r.updatesInactive, .updateInactive) + cost(r.spikes, .spikeOut)
        ),
        (r.energy.axon_pJ, cost(r.corePackets, .axonOut) + cost(r.packetsReceived, .axonIn)),
        (
          r.energy.network_pJ,
          cost(r.packetsSent, .tile) + cost(r.hopsEastWest, .hopEastWest) + cost(r.hopsNorthSouth, .hopNorthSouth)
            + cost(r.hopsBetweenChips, .hopBetweenChips) + cost(r.barriers, .barrier)
        ),
        (r.energy.host_pJ, cost(r.hostEvents, .hostEvent)),
      ]
      for (given, expected) in parts { #expect(abs(given - expected) <= 1e-12 * expected) }
      let sum = parts.reduce(0) { $0 + $1.1 }
      #expect(abs(r.energy.dynamic_pJ - sum) <= 1e-12 * sum && sum > 0)
    }

    /// Every unit pays for each of its operations, to the picojoule, with costs that cannot be mixed up.
    @Test func energyIsCountTimesCostForEveryOperation() throws {
      let chip = SmallChip(tilesX: 2, tilesY: 2, coresPerTile: 2, weightBits: 16)
      for seed in UInt64(400)...420 {
        let random = RandomCase(seed: seed)
        var generator = SplitMix64(seed: seed)
        let mapping = RandomCase.mapping(random.network, chip, chips: 2, &generator)
        let description = try chip.description()
        let run = try simulate(random.network, mapping, on: description, random.input, steps: 20)
        for (index, record) in run.records.enumerated() {
          let e = record.energy
          #expect(e.synapse_pJ == Double(3 * record.synapticOperations))
          #expect(e.soma_pJ == Double(83 * record.updatesActive + 53 * record.updatesInactive + 71 * record.spikes))
          #expect(e.axon_pJ == Double(113 * record.corePackets + 13 * record.packetsReceived))
          #expect(
            e.network_pJ
              == Double(
                2 * record.packetsSent + 5 * record.hopsEastWest + 7 * record.hopsNorthSouth + 29
                  * record.hopsBetweenChips + 1009 * record.barriers))
          #expect(e.host_pJ == Double(43 * record.hostEvents))
          #expect(record.barriers == index + 1)
        }
        let expected = ExpectedTraffic(random.network, mapping, chip).counts(of: random.input, run.spikes, steps: 20)
        #expect(TrafficCounts(run.records[19]) == expected[19], "seed \(seed)")
      }
    }

    @Test func twoRunsAreTheSameToTheLastBitWithAndWithoutATrace() throws {
      let setting = try Setting(.delta)
      let network = setting.lca.network
      let mapping = try Mapping(network, on: setting.chip)
      let first = try simulate(network, mapping, on: setting.chip, setting.input, steps: 40)
      let second = try simulate(network, mapping, on: setting.chip, setting.input, steps: 40)
      #expect(first.records == second.records && first.spikes == second.spikes && first.states == second.states)
      try withTemporaryFolder { folder in
        let traced = try simulate(
          network, mapping, on: setting.chip, setting.input, steps: 40,
          options: SimulationOptions(activityTrace: "\(folder)/activity"))
        #expect(traced.records == first.records && traced.spikes == first.spikes && traced.states == first.states)
        #expect(FileManager.default.fileExists(atPath: "\(folder)/activity.vcd"))
      }
    }

    @Test func whereNeuronsLieChangesTrafficAndTimeButNoSpikeAndNoState() throws {
      for model in [LCAModel.delta, .spiking] {
        let setting = try Setting(model)
        let network = setting.lca.network, shape = network.populations[0].shape
        let coarse = try Mapping(network, on: setting.chip)
        // One core a channel; and quarters on the far corners of two chips.
        let byChannel = Mapping(
          placements: (0..<shape.channels).map {
            Placement(
              population: 0, core: $0, box: Box(rows: 0..<shape.rows, columns: 0..<shape.columns, channels: $0..<$0 + 1)
            )
          }, chips: 1)
        let half = shape.rows / 2
        let quarters = Mapping(
          placements: [0..<half, half..<shape.rows].enumerated().flatMap { (i, rows) in
            [0..<half, half..<shape.columns].enumerated().map { (j, columns) in
              Placement(
                population: 0, core: [0, 31, 127, 255][2 * i + j],
                box: Box(rows: rows, columns: columns, channels: 0..<shape.channels))
            }
          }, chips: 2)
        var neurons: [[[Int]]] = [], packets: Set<Int> = [], ends: Set<UInt64> = []
        var states: [[[String: [Double]]]] = []
        for mapping in [coarse, byChannel, quarters] {
          let run = try simulate(network, mapping, on: setting.chip, setting.input, steps: 50)
          neurons.append(
            run.spikes.map { [$0.step, $0.neuron, Int($0.payload)] }.sorted { $0.lexicographicallyPrecedes($1) })
          states.append(run.states)
          packets.insert(run.records[49].corePackets)
          ends.insert(run.records[49].end_ps)
          #expect(run.records[49].packetsSent == run.records[49].packetsReceived)
        }
        #expect(
          neurons[0] == neurons[1] && neurons[0] == neurons[2] && states[0] == states[1] && states[0] == states[2])
        #expect(packets.count == 3 && ends.count == 3 && neurons[0].count > 300)
      }
    }
  }
}
