import Neuromorphic
import TestSupport
import Testing

extension ChipModelTests {
  /// The synapse engine beside the plainest model of it. The chip model puts in order only what may decide when all is
  /// done.
  @Suite struct SynapseEngineTests {
    /// Operations so short that engines mostly wait, so long that packets do, and between.
    @Test(arguments: TimingLevel.allCases, [10, 150, 300, 450, 600, 5000])
    func packetsAreServedOneAfterTheOtherInTheOrderOfArrival(timing: TimingLevel, operation_ps: Int) throws {
      var chip = MeshTraffic.chip
      (chip.tilesX, chip.tilesY) = (4, 4)
      (chip.time_ps[.synapticOperation], chip.time_ps[.axonIn]) = (operation_ps, 97)
      for seed in 0..<10 {
        let run = try Self.run(on: chip, timing, seed: UInt64(seed))
        let ends = Dictionary(grouping: run.packets, by: \.destination).values.map { packets in
          packets.sorted { $0.delivered_ps < $1.delivered_ps }.reduce(0) { free, packet in
            let synapses = Self.synapses(from: packet.source ?? 0, to: packet.destination)
            return max(free, Int(packet.delivered_ps)) + 97 + synapses * operation_ps
          }
        }
        #expect(Int(run.end_ps) == ends.max(), "seed \(seed)")
      }
    }

    /// Of each spike of a tile in another.
    private static func synapses(from source: Int, to goal: Int) -> Int { 1 + (3 * source + goal) % 5 }

    /// Each tile sends packets to any tiles, one after the other.
    private static func run(
      on chip: SmallChip, _ timing: TimingLevel, seed: UInt64
    ) throws -> (end_ps: UInt64, packets: [PacketRecord]) {
      var random = SplitMix64(seed: seed)
      let tiles = 16, perTile = 100
      let goals = (0..<tiles * perTile).map { packet in
        let goal = Int.random(in: 0..<tiles, using: &random)
        return Array(repeating: goal, count: synapses(from: packet / perTile, to: goal))
      }
      let simulation = try MeshTraffic.simulation(
        of: goals, perTile: perTile, on: chip, SimulationOptions(timing: timing, recordsPackets: true))
      let records = try simulation.run(steps: 1).records
      return (records[0].end_ps, simulation.takePackets())
    }
  }
}
