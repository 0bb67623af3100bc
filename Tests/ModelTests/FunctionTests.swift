import EventStreams
import Neuromorphic
import TestSupport
import Testing

extension ChipModelTests {
  /// What networks compute, bit for bit, whatever the mapping and the costs.
  struct Function {
    private static let chip = SmallChip(tilesX: 3, tilesY: 2, coresPerTile: 2, weightBits: 16)

    private func sorted(_ spikes: [Spike]) -> [[Int]] {
      spikes.map { [$0.step, $0.population, $0.neuron, Int($0.payload)] }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    @Test func timesOfOperationsChangeNothingButTime() throws {
      for seed in UInt64(200)...230 {
        let random = RandomCase(seed: seed)
        var slow = Self.chip, fast = Self.chip
        (slow.stateBits, fast.stateBits) = (16, 16)
        fast.time_ps = [:]
        slow.time_ps[.axonOut] = 0
        slow.time_ps[.synapticOperation] = 1999
        slow.tick_ps = 123_456
        var generator = SplitMix64(seed: seed)
        let mapping = RandomCase.mapping(random.network, slow, chips: 1, &generator)
        let a = try simulate(random.network, mapping, on: slow.description(), random.input, steps: 15)
        let b = try simulate(random.network, mapping, on: fast.description(), random.input, steps: 15)
        #expect(sorted(a.spikes) == sorted(b.spikes) && a.states == b.states, "seed \(seed)")
        #expect(
          a.records[14].energy == b.records[14].energy && a.records[14].hopsEastWest == b.records[14].hopsEastWest)
        #expect(a.records[14].end_ps > b.records[14].end_ps)
      }
    }

    @Test func stepByStepIsTheSameAsAllAtOnce() throws {
      for seed in UInt64(300)...315 {
        let random = RandomCase(seed: seed)
        let chip = try Self.chip.description()
        var generator = SplitMix64(seed: seed)
        let mapping = RandomCase.mapping(random.network, Self.chip, chips: 1, &generator)
        let whole = try simulate(random.network, mapping, on: chip, random.input, steps: 20)

        let simulation = try Simulation(random.network, mapping: mapping, chip: chip)
        try simulation.inject(random.input)
        var parts = Outcome()
        for steps in [1, 0, 1, 7, 1, 10] {
          let (records, spikes) = try simulation.run(steps: steps)
          #expect(records.count == steps)
          parts.records += records
          parts.spikes += spikes
        }
        #expect(parts.records == whole.records && parts.spikes == whole.spikes, "seed \(seed)")
        #expect(try simulation.states(of: random.network) == whole.states)
        #expect(simulation.warnings.isEmpty)
      }
    }
  }
}
