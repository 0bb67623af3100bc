import EventStreams
import Neuromorphic
import Testing

extension ChipModelTests {
  /// Closed forms of routers, buffers and multicast, to the picosecond.
  @Suite struct DetailedTimingTests {
    /// A chip on which only the mesh takes time.
    private static func meshOnly(_ chip: SmallChip) -> SmallChip {
      var chip = chip
      for operation in ChipOperation.allCases where ![.tile, .hopEastWest, .hopNorthSouth].contains(operation) {
        chip.time_ps[operation] = 0
      }
      return chip
    }

    /// A grant takes a place in the buffer behind the link until the packet's tail has left it again: with room for b
    /// packets a link passes b of them every latency + occupancy, and never more than one an occupancy.
    @Test(arguments: 1...6, [1, 3])
    func aLinkPassesNoMorePacketsThanTheBufferBehindItHasCreditsFor(room: Int, flits: Int) throws {
      var chip = Self.meshOnly(SmallChip(tilesX: 2, packetFlits: flits, bufferFlits: room * flits, linkOccupancy_ps: 0))
      let occupancy = 1000, latency = 4000, packets = 23
      chip.linkOccupancy_ps = occupancy / flits
      let passes = chip.linkOccupancy_ps * flits
      chip.time_ps[.tile] = 2000
      chip.time_ps[.hopEastWest] = latency
      let network = Network.ofUnits(
        [Network.relays("senders", packets), Network.relays("goal", 1)],
        [.pairs(from: .population(0), packets, to: 1, (0..<packets).map { ($0, 0, 100) })])
      let run = try simulate(
        network, .whole(network, on: [0, 1]), on: chip.description(),
        .events(for: network.inputShape, (0..<packets).map { (0, $0, 1) }), steps: 2,
        options: SimulationOptions(timing: .detailed))
      // Grants of the link: the first b at full rate, then each when the one b before it has left the buffer.
      var grants: [Int] = []
      for i in 0..<packets {
        let free = i == 0 ? 2000 : grants[i - 1] + passes
        grants.append(max(free, i < room ? 0 : grants[i - room] + latency + passes))
      }
      #expect(run.work_ps(1) == grants[packets - 1] + latency + (flits - 1) * chip.linkOccupancy_ps)
    }

    /// Two cores of a tile share its port: their packets alternate, where `approximate` serves whoever reserved first.
    @Test func coresOfATileTakeTurns() throws {
      let chip = Self.meshOnly(SmallChip(tilesX: 2, coresPerTile: 2))
      let count = 8
      let network = Network.ofUnits(
        [
          Network.relays("input", 1), Network.relays("a", count), Network.relays("b", count), Network.relays("goal", 1),
        ],
        [
          .pairs(from: .population(0), 1, to: 1, (0..<count).map { (0, $0, 100) }),
          .pairs(from: .population(0), 1, to: 2, (0..<count).map { (0, $0, 100) }),
          .pairs(from: .population(1), count, to: 3, (0..<count).map { ($0, 0, 100) }),
          .pairs(from: .population(2), count, to: 3, (0..<count).map { ($0, 0, 100) }),
        ])
      for timing in TimingLevel.allCases {
        let simulation = try Simulation(
          network, mapping: .whole(network, on: [2, 0, 1, 3]), chip: chip.description(),
          options: SimulationOptions(timing: timing, recordsPackets: true))
        try simulation.inject(.events(for: network.inputShape, [(0, 0, 1)]))
        _ = try simulation.run(steps: 3)
        let arrivals = simulation.takePackets().filter { $0.destination == 3 }.sorted {
          $0.delivered_ps < $1.delivered_ps
        }
        let alternating = (0..<2 * count).map { $0 % 2 }
        #expect(arrivals.count == 2 * count)
        #expect((arrivals.map(\.source) == alternating) == (timing == .detailed))
      }
    }

    /// A core whose packets find no room holds back the next ones; nothing else is held up, and nothing is lost.
    @Test func aFullBufferHoldsBackTheOutputAxons() throws {
      var chip = Self.meshOnly(SmallChip(tilesX: 2, bufferFlits: 1, linkOccupancy_ps: 1000))
      chip.time_ps[.axonOut] = 1
      let count = 5
      let network = Network.ofUnits(
        [Network.relays("senders", count), Network.relays("goal", 1)],
        [.pairs(from: .population(0), count, to: 1, (0..<count).map { ($0, 0, 100) })])
      let simulation = try Simulation(
        network, mapping: .whole(network, on: [0, 1]), chip: chip.description(),
        options: SimulationOptions(timing: .detailed, recordsPackets: true))
      try simulation.inject(.events(for: network.inputShape, (0..<count).map { (0, $0, 1) }))
      _ = try simulation.run(steps: 2)
      let packets = simulation.takePackets().filter { $0.source == 0 }
      #expect(packets.count == count)
      // Each buffer holds one packet: the core's, the router's for its tile, and the next router's. The core's is free
      // when its packet's tail has left over the port; that waits until the router's is free, and that for the next
      // one's.
      let occupancy = 1000, axon = 1
      let nextIsFree = chip[.tile] + chip[.hopEastWest] + occupancy
      #expect(
        packets.map { Int($0.injected_ps - packets[0].injected_ps) } == [
          0, axon, occupancy + axon, chip[.tile] + occupancy + occupancy + axon,
          nextIsFree + occupancy + occupancy + axon,
        ])
    }

    /// A packet to three tiles of a column and one more core crosses each link once, pays its axon and its tile once,
    /// and arrives everywhere as if it were alone.
    @Test(arguments: TimingLevel.allCases, [false, true])
    func multicastCrossesEachLinkOnce(timing: TimingLevel, multicast: Bool) throws {
      let chip = SmallChip(tilesX: 3, tilesY: 3, coresPerTile: 2, hasMulticast: multicast, linkOccupancy_ps: 0)
      let network = Network.ofUnits(
        [Network.relays("source", 1)] + (0..<4).map { Network.relays("goal \($0)", 1) },
        (1...4).map { .pairs(from: .population(0), 1, to: $0, [(0, 0, 100)]) })
      let goals = [chip.core(x: 2, y: 0), chip.core(x: 2, y: 1), chip.core(x: 2, y: 2), chip.core(x: 2, y: 2, core: 1)]
      let simulation = try Simulation(
        network, mapping: .whole(network, on: [0] + goals), chip: chip.description(),
        options: SimulationOptions(timing: timing, recordsPackets: true))
      try simulation.inject(.events(for: network.inputShape, [(0, 0, 1)]))
      let records = try simulation.run(steps: 2).records
      let sent = records[1].corePackets - records[0].corePackets
      #expect(sent == (multicast ? 1 : 4))
      #expect(records[1].packetsReceived - records[0].packetsReceived == 4)
      #expect(records[1].hopsEastWest - records[0].hopsEastWest == (multicast ? 2 : 8))
      #expect(records[1].hopsNorthSouth - records[0].hopsNorthSouth == (multicast ? 2 : 5))
      let axons = records[1].energy.axon_pJ - records[0].energy.axon_pJ
      #expect(axons == Double(sent * 113 + 4 * 13))
      let packets = simulation.takePackets().filter { $0.source == 0 }.sorted { $0.destination < $1.destination }
      #expect(packets.map(\.destination) == goals.sorted() && packets.map(\.hops) == [2, 3, 4, 4])
      for packet in packets {
        let south = packet.hops - 2
        #expect(
          Int(packet.delivered_ps - packet.injected_ps)
            == chip[.tile] + 2 * chip[.hopEastWest] + south * chip[.hopNorthSouth])
        #expect(packet.waited_ps == 0)
      }
    }

    /// A link between chips has an occupancy of its own.
    @Test(arguments: TimingLevel.allCases)
    func aLinkBetweenChipsPassesPacketsAtItsOwnRate(timing: TimingLevel) throws {
      var chip = Self.meshOnly(SmallChip(bufferFlits: 64, linkOccupancy_ps: 100, chipLinkOccupancy_ps: 7000))
      chip.time_ps[.hopBetweenChips] = 5003
      let count = 9
      let network = Network.ofUnits(
        [Network.relays("senders", count), Network.relays("goal", 1)],
        [.pairs(from: .population(0), count, to: 1, (0..<count).map { ($0, 0, 100) })])
      let run = try simulate(
        network, .whole(network, on: [0, 1], chips: 2), on: chip.description(),
        .events(for: network.inputShape, (0..<count).map { (0, $0, 1) }), steps: 2,
        options: SimulationOptions(timing: timing))
      #expect(run.work_ps(1) == chip[.tile] + 5003 + (count - 1) * 7000)
      #expect(run.records[1].hopsBetweenChips == count)
    }
  }
}
