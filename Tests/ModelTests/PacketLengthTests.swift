import EventStreams
import Neuromorphic
import Testing

extension ChipModelTests {
  /// Closed forms of packets of several flits: a core serves one when its tail is there, and the tail comes at the rate
  /// of the slowest link of its path.
  @Suite struct PacketLengthTests {
    static let flits = 3

    private static func chip(link_ps: Int, betweenChips_ps: Int) -> SmallChip {
      SmallChip(
        tilesX: 2, tilesY: 2, coresPerTile: 2, packetFlits: flits, bufferFlits: 8 * flits, linkOccupancy_ps: link_ps,
        chipLinkOccupancy_ps: betweenChips_ps)
    }

    /// One packet from a tile to a tile on a row of two chips, and how long its head alone takes.
    private struct Path {
      let from, to: (x: Int, y: Int)
      let leavesChip: Bool

      func head_ps(_ chip: SmallChip) -> Int {
        let hops = abs(to.x - from.x) - (leavesChip ? 1 : 0)
        return chip[.tile] + hops * chip[.hopEastWest] + abs(to.y - from.y) * chip[.hopNorthSouth]
          + (leavesChip ? chip[.hopBetweenChips] : 0)
      }
    }

    private static let paths = [
      Path(from: (0, 0), to: (0, 0), leavesChip: false), Path(from: (0, 0), to: (1, 0), leavesChip: false),
      Path(from: (1, 1), to: (1, 0), leavesChip: false), Path(from: (0, 0), to: (1, 1), leavesChip: false),
      Path(from: (1, 0), to: (2, 0), leavesChip: true), Path(from: (2, 1), to: (1, 1), leavesChip: true),
      Path(from: (0, 0), to: (3, 1), leavesChip: true), Path(from: (3, 1), to: (0, 0), leavesChip: true),
    ]

    /// A path begins and ends with a port of the chip's own rate: a slow link between chips is left for a faster one, a
    /// fast one for a slower.
    @Test(arguments: TimingLevel.allCases, [(599, 599), (100, 7000), (7000, 100), (0, 800), (800, 0)])
    func thePacketIsServedWhenItsTailHasComeOverTheSlowestLink(
      timing: TimingLevel, rates: (link: Int, betweenChips: Int)
    ) throws {
      let chip = Self.chip(link_ps: rates.link, betweenChips_ps: rates.betweenChips)
      let network = Network.ofUnits(
        [Network.relays("relay", 1), Network.relays("target", 1)],
        [.pairs(from: .population(0), 1, to: 1, [(0, 0, 100)])])
      for path in Self.paths {
        let run = try simulate(
          network,
          .whole(
            network, on: [chip.core(x: path.from.x, y: path.from.y), chip.core(x: path.to.x, y: path.to.y, core: 1)],
            chips: 2), on: chip.description(), .events(for: network.inputShape, [(0, 0, 3)]), steps: 2,
          options: SimulationOptions(timing: timing))
        let slowest = path.leavesChip ? max(rates.link, rates.betweenChips) : rates.link
        let sent = chip[.updateActive] + chip[.spikeOut] + chip[.axonOut]
        #expect(
          run.work_ps(1)
            == sent + path.head_ps(chip) + (Self.flits - 1) * slowest + chip[.axonIn] + chip[.synapticOperation],
          "\(path)")
        #expect(run.records[1].packetWait_ps == 0, "\(path)")
      }
    }

    @Test(arguments: TimingLevel.allCases) func anEventOfTheHostIsServedWhenItsTailIsThere(timing: TimingLevel) throws {
      let chip = Self.chip(link_ps: 599, betweenChips_ps: 4001)
      let network = Network.ofUnits([Network.relays("relay", 1)], [])
      for (tile, head, slowest) in [((0, 0), 0, 599), ((1, 0), 1301, 599), ((2, 0), 1301 + 5003, 4001)] {
        let run = try simulate(
          network, .whole(network, on: [chip.core(x: tile.0, y: tile.1)], chips: 2), on: chip.description(),
          .events(for: network.inputShape, [(0, 0, 3)]), steps: 1, options: SimulationOptions(timing: timing))
        #expect(
          run.work_ps(0)
            == chip[.hostEvent] + chip[.tile] + head + 2 * slowest + chip[.axonIn] + chip[.synapticOperation])
      }
    }

    /// Packets made at once follow one another at the rate of the slowest link, whichever side of it is faster.
    @Test(arguments: TimingLevel.allCases, [(100, 7000), (7000, 100)])
    func packetsFollowOneAnotherAtTheRateOfTheSlowestLink(
      timing: TimingLevel, rates: (link: Int, betweenChips: Int)
    ) throws {
      var chip = Self.chip(link_ps: rates.link, betweenChips_ps: rates.betweenChips)
      chip.time_ps[.updateActive] = 0
      chip.time_ps[.spikeOut] = 0
      chip.time_ps[.axonOut] = 0
      let count = 5
      let network = Network.ofUnits(
        [Network.relays("senders", count), Network.relays("goal", 1)],
        [.pairs(from: .population(0), count, to: 1, (0..<count).map { ($0, 0, 100) })])
      let packets = try packets(
        network, on: [0, chip.core(x: 3, y: 0)], chip, Array(0..<count), steps: 2, timing: timing)
      let arrivals = packets.filter { $0.source == 0 }.map { Int($0.delivered_ps - $0.injected_ps) }.sorted()
      let first = chip[.tile] + 2 * chip[.hopEastWest] + chip[.hopBetweenChips] + 2 * 7000
      // The first buffer, of eight packets, takes all of them as soon as they are made.
      #expect(arrivals == (0..<count).map { first + $0 * Self.flits * 7000 })
    }

    /// A packet comes slowly from another chip; one of the tile that it comes to wants the same fast link. It waits
    /// until the tail of the first has come and gone, though the link could have passed three flits long before.
    @Test(arguments: TimingLevel.allCases)
    func aFastLinkIsKeptUntilTheTailHasComeOverTheSlowOne(timing: TimingLevel) throws {
      var chip = Self.chip(link_ps: 100, betweenChips_ps: 7000)
      chip.time_ps[.updateInactive] = 3001
      let idle = 2
      let network = Network.ofUnits(
        [
          Network.relays("input", 2), Network.relays("slow", 1), Network.relays("near", idle + 1),
          Network.relays("goal", 1),
        ],
        [
          .pairs(from: .population(0), 2, to: 1, [(0, 0, 100)]),
          .pairs(from: .population(0), 2, to: 2, [(1, idle, 100)]),
          .pairs(from: .population(1), 1, to: 3, [(0, 0, 100)]),
          .pairs(from: .population(2), idle + 1, to: 3, [(idle, 0, 100)]),
        ])
      let cores = [chip.core(x: 0, y: 1), chip.core(x: 1, y: 0), chip.core(x: 2, y: 0), chip.core(x: 3, y: 0)]
      let packets = try packets(network, on: cores, chip, [0, 1], steps: 3, timing: timing)
      let slow = try #require(packets.first { $0.source == cores[1] })
      let near = try #require(packets.first { $0.source == cores[2] })
      let slowHead = Int(slow.injected_ps) + chip[.tile] + chip[.hopBetweenChips]
      let nearHead = Int(near.injected_ps) + chip[.tile]
      let free = slowHead + 2 * 7000 + 100
      // The near one comes when the flits of the slow one would have passed at the link's own rate, but have not come.
      #expect(slowHead + Self.flits * 100 < nearHead && nearHead < free)
      #expect(Int(slow.delivered_ps) == slowHead + 2 * 7000 + chip[.hopEastWest] && slow.waited_ps == 0)
      #expect(Int(near.delivered_ps) == free + chip[.hopEastWest] + 2 * 100)
      #expect(Int(near.waited_ps) == free - nearHead)
    }

    private func packets(
      _ network: Network, on cores: [Int], _ chip: SmallChip, _ driven: [Int], steps: Int, timing: TimingLevel
    ) throws -> [PacketRecord] {
      let simulation = try Simulation(
        network, mapping: .whole(network, on: cores, chips: 2), chip: chip.description(),
        options: SimulationOptions(timing: timing, recordsPackets: true))
      try simulation.inject(.events(for: network.inputShape, driven.map { (0, $0, 1) }))
      _ = try simulation.run(steps: steps)
      return simulation.takePackets()
    }
  }
}
