import Foundation
import Neuromorphic
import TestSupport
import Testing

extension ChipModelTests {
  /// The mesh under traffic of its own: what goes in comes out, in order, and no faster than its links allow.
  @Suite struct MeshTrafficTests {
    @Test(arguments: TimingLevel.allCases, [1, 3])
    func alonePacketsTakeTheZeroLoadLatency(timing: TimingLevel, flits: Int) throws {
      var chip = MeshTraffic.chip
      (chip.tilesX, chip.tilesY) = (5, 4)
      (chip.packetFlits, chip.linkOccupancy_ps) = (flits, 599)
      chip.time_ps = [.tile: 41, .hopEastWest: 1301, .hopNorthSouth: 1709]
      let traffic = MeshTraffic(eachPairOnceOn: chip, interval_ps: 20_011)
      let run = try traffic.run(timing)
      #expect(run.packets.count == 400 && Set(run.packets.map { [$0.source, $0.destination] }).count == 400)
      for packet in run.packets {
        let source = try #require(packet.source), goal = packet.destination
        let x = abs(goal % 5 - source % 5), y = abs(goal / 5 - source / 5)
        #expect(packet.hops == x + y)
        #expect(Int(packet.delivered_ps - packet.injected_ps) == 41 + x * 1301 + y * 1709 + (flits - 1) * 599)
        #expect(packet.waited_ps == 0)
      }
      // Over all pairs, |Δx| adds up to 40 a pair of rows, and |Δy| to 20 a pair of columns.
      #expect(run.record.hopsEastWest == 40 * 16 && run.record.hopsNorthSouth == 20 * 25)
    }

    @Test(arguments: TimingLevel.allCases, MeshTraffic.Pattern.allCases)
    func eachLinkCountsThePacketsWhoseWayItIs(timing: TimingLevel, pattern: MeshTraffic.Pattern) throws {
      let traffic = MeshTraffic(pattern, side: 5, packetsPerTile: 40, seed: 3)
      let links = try traffic.run(timing).links
      let ways: [LinkActivity.Way] = [.east, .west, .south, .north]
      let counted = Dictionary(
        uniqueKeysWithValues: links.map { ([$0.x, $0.y, ways.firstIndex(of: $0.way) ?? -1], $0.packets) })
      #expect(counted == traffic.linkPackets.filter { $0.key[2] < 4 })
    }

    /// At saturation the busiest link decides. A real mesh stays below it, as heads of queues block those behind them.
    @Test(
      arguments: [
        (MeshTraffic.Pattern.uniform, 0.7), (.transpose, 0.95), (.hotspot, 0.9),
      ])
    func saturationStaysBelowTheBusiestLinkAndComesCloseToIt(pattern: MeshTraffic.Pattern, share: Double) throws {
      let traffic = MeshTraffic(pattern, side: 8, packetsPerTile: 200, seed: 7)
      let bound = traffic.busiestLinkPackets * traffic.chip.linkOccupancy_ps
      for timing in TimingLevel.allCases {
        let run = try traffic.run(timing)
        let efficiency = Double(bound) / Double(run.step_ps)
        let perTile = Double(traffic.destinations[0].count * traffic.chip.linkOccupancy_ps) / Double(run.step_ps)
        print(
          "saturation, 8 × 8 tiles, \(pattern.rawValue), \(timing.rawValue): "
            + String(format: "%.3f packets a tile and link time, %.3f of the busiest link", perTile, efficiency))
        #expect(efficiency <= 1)
        #expect(efficiency >= share, "\(timing)")
      }
    }

    /// Packets of a pair of tiles take the same path, and no queue on it lets one overtake another.
    @Test(arguments: TimingLevel.allCases, [MeshTraffic.Pattern.uniform, .hotspot])
    func noPacketIsLostAndNoneOvertakesAnotherOfItsPair(timing: TimingLevel, pattern: MeshTraffic.Pattern) throws {
      for seed in UInt64(1)...4 {
        var chip = MeshTraffic.chip
        chip.bufferFlits = [2, 4, 8, 16][Int(seed) - 1]
        chip.packetFlits = seed == 2 ? 3 : 1
        let traffic = MeshTraffic(pattern, side: 6, packetsPerTile: 100, chip: chip, seed: seed)
        let run = try traffic.run(timing)
        var counts: [[Int]: Int] = [:], lastInjected: [[Int]: UInt64] = [:], lastDelivered: [[Int]: UInt64] = [:]
        for packet in run.packets.sorted(by: { ($0.injected_ps, $0.delivered_ps) < ($1.injected_ps, $1.delivered_ps) })
        {
          let pair = [try #require(packet.source), packet.destination]
          counts[pair, default: 0] += 1
          #expect(packet.injected_ps >= lastInjected[pair, default: 0])
          #expect(packet.delivered_ps > lastDelivered[pair, default: 0])
          lastInjected[pair] = packet.injected_ps
          lastDelivered[pair] = packet.delivered_ps
        }
        var expected: [[Int]: Int] = [:]
        for (source, goals) in traffic.destinations.enumerated() {
          for goal in goals.compactMap({ $0 }) { expected[[source, goal], default: 0] += 1 }
        }
        #expect(counts == expected)
        #expect(run.record.packetsSent == 3600 && run.record.packetsReceived == 3600)
      }
    }

    /// The smallest buffers, and all packets of a tile made at once, far more than the mesh can hold: if routers could
    /// wait in a circle, they would. Ten million packets in all as a long test.
    @Test(arguments: MeshTraffic.Pattern.allCases) func detailedTimingDoesNotDeadlock(pattern: MeshTraffic.Pattern)
      throws
    {
      var chip = MeshTraffic.chip
      chip.bufferFlits = 1
      let steps = LongTests.areOn ? 16 : 1
      let traffic = MeshTraffic(
        pattern, side: 8, packetsPerTile: LongTests.areOn ? 2500 : 250, chip: chip, seed: 3)
      let run = try traffic.run(.detailed, steps: steps, recordsPackets: false)
      #expect(run.record.packetsSent == steps * traffic.packets)
      #expect(run.record.packetsReceived == run.record.packetsSent)
      // The pressure lasts: on average a packet waits for longer than it takes.
      #expect(Int(run.record.packetWait_ps) > 10 * chip[.hopEastWest] * run.record.packetsSent)
    }
  }
}
