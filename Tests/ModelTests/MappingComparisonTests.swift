import Experiments
import Neuromorphic
import TestSupport
import Testing

extension ChipModelTests {
  /// The balanced mapping against the naive one, by simulation.
  struct MappingComparison {
    /// What is compared of a run.
    private struct Traffic {
      let busiest_ps: UInt64
      let hops: Int
      let packets: Int

      init(_ record: StepRecord) {
        busiest_ps = record.busiestCore_ps
        hops = record.hopsEastWest + record.hopsNorthSouth + record.hopsBetweenChips
        packets = record.packetsSent
      }
    }

    /// The parts of a mapping on cores in their order.
    private func inOrder(_ mapping: Mapping) -> Mapping {
      Mapping(
        placements: mapping.placements.enumerated().map {
          Placement(population: $1.population, core: $0, box: $1.box)
        }, chips: mapping.chips)
    }

    private func sorted(_ spikes: [Spike]) -> [[Int]] {
      spikes.map { [$0.step, $0.population, $0.neuron, Int($0.payload)] }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Measured: busiest core 3.44 times as fast with 1.89 times the packets, and 0.869 times the hops that the same
    /// parts make on cores in their order.
    @Test func onTheDefaultProblemTheBusiestCoreIsThreeTimesAsFastAndPacketsGoLessFar() throws {
      var runner = Runner(keepsSpikes: true)
      var configuration = try defaultRun("camera", bank: "homogeneous")
      configuration.timesteps = 40
      let run = try runner.run(configuration)
      let network = run.lca.network
      let balanced = try Mapping(network, on: run.chip, activity: run.lca.activity)
      #expect(run.mapping.coreCount == 24 && balanced.coreCount > 100 && balanced.chips == 1)
      #expect(balanced.violations(of: network, on: run.chip).isEmpty)
      let after = try simulate(network, balanced, on: run.chip, run.input, steps: 40)
      let ordered = try simulate(network, inOrder(balanced), on: run.chip, run.input, steps: 40)
      #expect(sorted(after.spikes) == sorted(run.spikes) && sorted(ordered.spikes) == sorted(run.spikes))

      let naive = Traffic(run.records[39]), fast = Traffic(after.records[39]), far = Traffic(ordered.records[39])
      #expect(Double(naive.busiest_ps) > 3 * Double(fast.busiest_ps))
      #expect(fast.packets < 2 * naive.packets)
      #expect(far.packets == fast.packets && Double(fast.hops) < 0.9 * Double(far.hops))
    }

    /// Measured: busiest core 0.365 times as long busy, 0.731 times the hops of the same parts in order.
    @Test func onRandomLayersTheBusiestCoreIsFasterAndPacketsGoLessFar() throws {
      var chip = try SmallChip(tilesX: 4, tilesY: 4, coresPerTile: 2).description()
      chip.neuronsPerCore = Sourced(64, .source("test"))
      var busiest = (naive: 0.0, balanced: 0.0), hops = (inOrder: 0, placed: 0)
      for seed in UInt64(1)...12 {
        let random = RandomLayers(seed: seed)
        let mapping = try Mapping(random.network, on: chip)
        func run(_ mapping: Mapping) throws -> Outcome {
          try simulate(random.network, mapping, on: chip, random.input, steps: random.steps)
        }
        let naive = try run(Mapping(random.network, on: chip, strategy: .naive))
        let balanced = try run(mapping), ordered = try run(inOrder(mapping))
        #expect(sorted(naive.spikes) == sorted(balanced.spikes) && naive.states == balanced.states, "seed \(seed)")
        busiest.naive += Double(Traffic(naive.records[11]).busiest_ps)
        busiest.balanced += Double(Traffic(balanced.records[11]).busiest_ps)
        hops.inOrder += Traffic(ordered.records[11]).hops
        hops.placed += Traffic(balanced.records[11]).hops
      }
      #expect(busiest.balanced < 0.4 * busiest.naive, "\(busiest)")
      #expect(Double(hops.placed) < 0.8 * Double(hops.inOrder), "\(hops)")
    }

    /// Small random chips of any limits: what is mapped has every dendrite once, exceeds nothing, and computes the
    /// same.
    @Test func everyMappingKeepsEveryLimitAndIsTheSameEachTime() throws {
      var mapped = 0
      for seed in UInt64(1)...150 {
        let random = RandomCase(seed: seed)
        var generator = SplitMix64(seed: seed)
        var chip = try random.chip.description()
        chip.neuronsPerCore = Sourced(.random(in: 10...150, using: &generator), .source("test"))
        chip.synapticMemory_bytes = Sourced(.random(in: 60...3000, using: &generator), .source("test"))
        chip.inputAxonsPerCore = Sourced(.random(in: 4...200, using: &generator), .source("test"))
        chip.outputAxonsPerCore = Sourced(.random(in: 10...400, using: &generator), .source("test"))
        chip.synapseFormats = Sourced(
          [[.dense], [.sparse], [.sparse, .convolution], [.dense, .sparse, .convolution]].randomElement(
            using: &generator) ?? [.dense], .source("test"))
        for strategy in Mapping.Strategy.allCases {
          guard let mapping = try? Mapping(random.network, on: chip, chipLimit: 4, strategy: strategy) else { continue }
          mapped += 1
          #expect(mapping.violations(of: random.network, on: chip).isEmpty, "seed \(seed), \(strategy)")
          #expect(coversOnce(mapping, random.network), "seed \(seed), \(strategy)")
          #expect(try Mapping(random.network, on: chip, chipLimit: 4, strategy: strategy) == mapping)
          #expect(Mapping.exists(for: random.network, on: chip, chipLimit: 4) || strategy == .naive, "seed \(seed)")
        }
      }
      #expect(mapped > 100, "\(mapped)")
    }

    private func coversOnce(_ mapping: Mapping, _ network: Network) -> Bool {
      network.populations.indices.allSatisfy { population in
        let shape = network.populations[population].shape
        var seen = [Int](repeating: 0, count: shape.count)
        for placement in mapping.placements where placement.population == population {
          for row in placement.box.rows {
            for column in placement.box.columns {
              for channel in placement.box.channels {
                seen[(row * shape.columns + column) * shape.channels + channel] += 1
              }
            }
          }
        }
        return seen.allSatisfy { $0 == 1 }
      }
    }

    /// Two populations that fit one core together lie on one core, if there is only one.
    @Test func populationsShareACoreWhereThatSavesAChip() throws {
      let random = RandomLayers(seed: 3)
      var chip = try SmallChip().description()
      #expect(chip.coreCount == 1)
      let neurons = random.network.populations.reduce(0) { $0 + $1.neuronCount }
      chip.neuronsPerCore = Sourced(neurons, .source("test"))
      let shared = try Mapping(random.network, on: chip, chipLimit: 1)
      #expect(shared.chips == 1 && shared.coreCount == 1 && shared.violations(of: random.network, on: chip).isEmpty)
      chip.neuronsPerCore = Sourced(neurons - 1, .source("test"))
      #expect(throws: NeuromorphicError.self) { _ = try Mapping(random.network, on: chip, chipLimit: 1) }
    }

    /// What the cores did adds up to what the chip did.
    @Test func theCoresActivitiesAddUpToTheChips() throws {
      for seed in UInt64(1)...40 {
        let random = RandomCase(seed: seed)
        let simulation = try Simulation(random.network, mapping: random.mapping, chip: random.chip.description())
        try simulation.inject(random.input)
        let last = try #require(try simulation.run(steps: random.steps).records.last)
        let cores = simulation.coreActivity()
        #expect(cores.map(\.core) == Set(random.mapping.placements.map(\.core)).sorted())
        func sum(_ count: (CoreActivity) -> Int) -> Int { cores.reduce(0) { $0 + count($1) } }
        #expect(sum(\.synapticOperations) == last.synapticOperations && sum(\.spikes) == last.spikes)
        #expect(sum(\.updatesActive) == last.updatesActive && sum(\.updatesInactive) == last.updatesInactive)
        #expect(sum(\.packetsSent) == last.corePackets && sum(\.packetsReceived) == last.packetsReceived)
        let busiest = cores.map(\.busy_ps).max() ?? 0
        #expect(busiest <= last.busiestCore_ps && last.busiestCore_ps <= cores.reduce(0) { $0 + $1.busy_ps })
        for core in cores {
          #expect(max(core.soma_ps, core.engine_ps) <= core.busy_ps && core.busy_ps <= core.soma_ps + core.engine_ps)
        }
        if cores.count == 1 { #expect(busiest == last.busiestCore_ps) }
      }
    }
  }
}
