import EventStreams
import Neuromorphic
import TestSupport

/// Traffic that loads nothing but the mesh: on each tile one core whose neurons all spike in every step, each to one
/// tile, while everything but hops and ports is free.
struct MeshTraffic {
  /// Where the packets of a tile go.
  enum Pattern: String, CaseIterable {
    /// Any tile with the same probability, its own among them.
    case uniform
    /// From (x, y) to (y, x), on a square mesh.
    case transpose
    /// From (x, y) to the tile across the middle: all packets cross it, in all directions.
    case complement
    /// One packet in four to the tile in the middle, the others uniform.
    case hotspot
  }

  let chip: SmallChip
  /// Destination tile of each packet, by source tile; nil for a spike without targets, which only takes its time.
  let destinations: [[Int?]]

  private var columns: Int { chip.tilesX }
  var packets: Int { destinations.joined().count { $0 != nil } }

  /// - Parameter interval_ps: How far apart the packets of a tile are made; 0 for all at once.
  init(
    _ pattern: Pattern, side: Int, packetsPerTile: Int, chip: SmallChip = Self.chip, interval_ps: Int = 0, seed: UInt64
  ) {
    var chip = chip
    chip.time_ps[.updateActive] = interval_ps
    chip.tilesX = side
    chip.tilesY = side
    var random = SplitMix64(seed: seed)
    let tiles = side * side, middle = (side / 2) * side + side / 2
    let destinations = (0..<tiles).map { tile -> [Int?] in
      (0..<packetsPerTile).map { _ in
        switch pattern {
        case .uniform: Int.random(in: 0..<tiles, using: &random)
        case .transpose: (tile % side) * side + tile / side
        case .complement: tiles - 1 - tile
        case .hotspot:
          Int.random(in: 0..<4, using: &random) == 0 ? middle : Int.random(in: 0..<tiles, using: &random)
        }
      }
    }
    self.init(destinations, chip)
  }

  /// Each pair of tiles once, a tile with itself too, alone on the mesh of a chip.
  init(eachPairOnceOn chip: SmallChip, interval_ps: Int) {
    var chip = chip
    chip.time_ps[.updateActive] = interval_ps
    let tiles = chip.tilesX * chip.tilesY
    let destinations = (0..<tiles).map { tile in
      (0..<tiles * tiles).map { $0 / tiles == tile ? Optional($0 % tiles) : nil }
    }
    self.init(destinations, chip)
  }

  private init(_ destinations: [[Int?]], _ chip: SmallChip) {
    self.destinations = destinations
    self.chip = chip
  }

  /// All is free but the mesh; a link takes a packet a nanosecond, and a hop four.
  static var chip: SmallChip {
    var chip = SmallChip(bufferFlits: 8, linkOccupancy_ps: 1000, barrier: [(1, 0)])
    chip.time_ps = [.tile: 2000, .hopEastWest: 4000, .hopNorthSouth: 4000, .hopBetweenChips: 4000]
    return chip
  }

  /// A chip with a neuron for each packet, on its tile's core; they spike by their bias, and what arrives makes no
  /// difference.
  ///
  /// - Parameter goals: Tiles that each packet goes to, `perTile` packets of one tile after the other.
  static func simulation(
    of goals: [[Int]], perTile: Int, on chip: SmallChip, _ options: SimulationOptions
  ) throws -> Simulation {
    let tiles = goals.count / perTile, targets = goals.joined().map { Int32($0 * perTile) }
    let network = Network(
      arithmetic: .integer(weightBits: 8), inputShape: .init(rows: 1, columns: 1, channels: 1), inputExponent: 0,
      populations: [
        .init(
          name: "tiles", shape: Network.Shape(rows: tiles, columns: perTile, channels: 1),
          model: LIFModel(bias: 1000, threshold: 500), scale: .units)
      ],
      projections: [
        .init(
          source: .population(0), target: 0, compartment: .pulse,
          connectivity: .pairs(
            rowStarts: goals.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }, targets: targets,
            weights: QuantizedWeights(
              Array(repeating: 1, count: targets.count), arithmetic: .integer(weightBits: 8))))
      ])
    let mapping = Mapping(
      placements: (0..<tiles).map {
        Placement(population: 0, core: $0, box: Box(rows: $0..<$0 + 1, columns: 0..<perTile, channels: 0..<1))
      }, chips: 1)
    return try Simulation(network, mapping: mapping, chip: chip.description(), options: options)
  }

  /// Runs it; returns the duration of the last step and all deliveries.
  func run(_ timing: TimingLevel, steps: Int = 1, recordsPackets: Bool = true) throws -> (
    step_ps: Int, packets: [PacketRecord], record: StepRecord, links: [LinkActivity]
  ) {
    let simulation = try Self.simulation(
      of: destinations.joined().map { $0.map { [$0] } ?? [] }, perTile: destinations[0].count, on: chip,
      SimulationOptions(timing: timing, recordsPackets: recordsPackets))
    let records = try simulation.run(steps: steps).records
    let last = records[steps - 1], before = steps > 1 ? Int(records[steps - 2].end_ps) : 0
    return (Int(last.end_ps) - before, simulation.takePackets(), last, simulation.linkActivity())
  }

  /// The busiest link's packets: no network can be done before it has passed them.
  var busiestLinkPackets: Int { linkPackets.values.max() ?? 0 }

  /// Packets of each link by x, y and way: 0 … 3 to the east, west, south and north, 4 and 5 in and out.
  var linkPackets: [[Int]: Int] {
    var load: [[Int]: Int] = [:]
    for (source, goals) in destinations.enumerated() {
      for goal in goals.compactMap({ $0 }) {
        var x = source % columns, y = source / columns
        load[[x, y, 4], default: 0] += 1
        while x != goal % columns {
          load[[x, y, goal % columns > x ? 0 : 1], default: 0] += 1
          x += goal % columns > x ? 1 : -1
        }
        while y != goal / columns {
          load[[x, y, goal / columns > y ? 2 : 3], default: 0] += 1
          y += goal / columns > y ? 1 : -1
        }
        load[[x, y, 5], default: 0] += 1
      }
    }
    return load
  }
}
