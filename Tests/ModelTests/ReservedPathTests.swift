import Neuromorphic
import TestSupport
import Testing

extension ChipModelTests {
  /// `approximate` timing beside the plainest model of it: packet after packet, link after link, each looking for the
  /// first time at which nobody has it. The chip model takes packets together, a thousand branches at a time.
  @Suite struct ReservedPathTests {
    struct Traffic: CustomTestStringConvertible {
      let side, packetsPerTile, goals, flits: Int
      var testDescription: String {
        "\(side) × \(side) tiles, \(packetsPerTile) packets each to \(goals) tiles, \(flits) flits"
      }
    }

    @Test(
      arguments: [
        Traffic(side: 6, packetsPerTile: 120, goals: 1, flits: 1),
        Traffic(side: 6, packetsPerTile: 120, goals: 1, flits: 3),
        Traffic(side: 6, packetsPerTile: 40, goals: 9, flits: 1),
        Traffic(side: 6, packetsPerTile: 40, goals: 9, flits: 3),
        // A packet to all of so many tiles has more branches than the chip model takes together.
        Traffic(side: 24, packetsPerTile: 1, goals: 576, flits: 1),
      ])
    func packetsArriveWhenLinksInTheOrderOfInjectionAreFree(_ traffic: Traffic) throws {
      let mesh = Mesh(traffic)
      let packets = try mesh.run()
      #expect(packets.count == mesh.goals.reduce(0) { $0 + $1.count })
      var links = PlainLinks(chip: mesh.chip)
      // All tiles send at the same times: of these, the first core's packet goes first.
      let sent = Dictionary(grouping: packets) { [Int($0.injected_ps), $0.source ?? -1] }
      for (key, copies) in sent.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
        let expected = links.arrivals(from: key[1], to: copies.map(\.destination), injected_ps: key[0])
        #expect(copies.map { Int($0.delivered_ps) } == expected)
      }
      #expect(links.passages > 3 * 1024 && links.waited_ps > 0)
    }

    /// Cores whose neurons all spike once, each to some tiles, one after the other.
    private struct Mesh {
      let traffic: Traffic
      let chip: SmallChip
      /// Tiles that a neuron's spike goes to, by rising number.
      let goals: [[Int]]

      init(_ traffic: Traffic) {
        self.traffic = traffic
        var chip = MeshTraffic.chip
        (chip.tilesX, chip.tilesY) = (traffic.side, traffic.side)
        (chip.packetFlits, chip.hasMulticast) = (traffic.flits, traffic.goals > 1)
        chip.time_ps = [.updateActive: 1501, .tile: 41, .hopEastWest: 1301, .hopNorthSouth: 1709]
        self.chip = chip
        var random = SplitMix64(seed: 5)
        let tiles = traffic.side * traffic.side
        goals = (0..<tiles * traffic.packetsPerTile).map { _ in
          (0..<tiles).shuffled(using: &random).prefix(traffic.goals).sorted()
        }
      }

      func run() throws -> [PacketRecord] {
        let simulation = try MeshTraffic.simulation(
          of: goals, perTile: traffic.packetsPerTile, on: chip,
          SimulationOptions(timing: .approximate, recordsPackets: true))
        _ = try simulation.run(steps: 1)
        return simulation.takePackets()
      }
    }

    private struct PlainLinks {
      let chip: SmallChip
      private(set) var passages = 0, waited_ps = 0
      private var taken: [[Int]: [Range<Int>]] = [:]  // by tile and way, by rising time

      init(chip: SmallChip) { self.chip = chip }

      /// When the copies of a packet arrive; where they share a way, they are one.
      mutating func arrivals(from source: Int, to goals: [Int], injected_ps: Int) -> [Int] {
        var passed: [[Int]: Ends] = [:]
        return goals.map { goal in
          var ends = Ends(head: injected_ps, tail: injected_ps)
          for (link, latency_ps) in way(from: source, to: goal) {
            ends = passed[link] ?? pass(link, latency_ps, ends)
            passed[link] = ends
          }
          return ends.tail
        }
      }

      /// When a packet's first and last flit are where it is.
      private struct Ends { var head, tail: Int }

      private mutating func pass(_ link: [Int], _ latency_ps: Int, _ comes: Ends) -> Ends {
        let flit_ps = chip.linkOccupancy_ps, others = chip.packetFlits - 1
        func tailStarts(_ start: Int) -> Int { max(start + others * flit_ps, comes.tail) }
        var start = comes.head
        for other in taken[link, default: []] where other.upperBound > start {
          if tailStarts(start) + flit_ps <= other.lowerBound { break }
          start = other.upperBound
        }
        let mine = start..<tailStarts(start) + flit_ps
        let place = taken[link, default: []].firstIndex { $0.lowerBound > start } ?? taken[link, default: []].count
        taken[link, default: []].insert(mine, at: place)
        passages += 1
        waited_ps += start - comes.head
        return Ends(head: start + latency_ps, tail: tailStarts(start) + latency_ps)
      }

      /// In at a tile, along x, along y, and out.
      private func way(from source: Int, to goal: Int) -> [(link: [Int], latency_ps: Int)] {
        let side = chip.tilesX
        var x = source % side, y = source / side
        var links = [(link: [x, y, 0], latency_ps: chip[.tile])]
        while x != goal % side {
          let step = (goal % side - x).signum()
          links.append(([x, y, step], chip[.hopEastWest]))
          x += step
        }
        while y != goal / side {
          let step = (goal / side - y).signum()
          links.append(([x, y, 2 * step], chip[.hopNorthSouth]))
          y += step
        }
        return links + [([x, y, 3], 0)]
      }
    }
  }
}
