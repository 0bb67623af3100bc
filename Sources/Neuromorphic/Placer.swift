import DataFiles
import Foundation

/// Puts the parts of a plan on the cores of the mesh so that packets make few hops: a compact block of tiles at the
/// host port, then simulated annealing over exchanges of two cores' contents, with an explicit seed.
struct Placer {
  private let plan: LayoutPlan
  private let chip: ChipDescription
  /// Cores of the block, in the plan's order first.
  private var cores: [Int]
  /// Expected packets in a step between two units (what shares a core), both directions added up.
  private var traffic: [[Float]]
  /// Expected packets in a step from the host port to each unit.
  private var fromHost: [Float]

  /// More units than this stay in the order of the plan, which keeps neighbours together.
  private static let largestAnnealed = 1024
  /// Exchanges that annealing tries for each core.
  private static let movesPerCore = 500
  /// Additions that it may spend, for a time well below a second.
  private static let annealingBudget = 24_000_000

  init(_ plan: LayoutPlan, model: CapacityModel, activity: ActivityEstimate, seed: UInt64) {
    self.plan = plan
    chip = model.chip
    let units = plan.coreCount
    cores = Self.block(of: units, on: model.chip, chips: plan.chips)
    traffic = []
    fromHost = []
    guard units <= Self.largestAnnealed, units > 1 else { return }
    measureTraffic(model, activity)
    anneal(seed: seed)
  }

  /// The plan's parts on their cores.
  var placements: [Placement] {
    plan.placements.map { Placement(population: $0.population, core: cores[$0.core], box: $0.box) }
  }

  // MARK: Traffic

  /// Empty cores of the block are units without traffic.
  private mutating func measureTraffic(_ model: CapacityModel, _ activity: ActivityEstimate) {
    traffic = [[Float]](repeating: [Float](repeating: 0, count: cores.count), count: cores.count)
    fromHost = [Float](repeating: 0, count: cores.count)
    let load = LoadModel(model: model, activity: activity)
    for (source, targets) in Layout(model: model, placements: plan.placements).senders().enumerated() {
      let isInput = source == plan.placements.count
      let rate = load.rate(of: isInput ? .input : .population(plan.placements[source].population))
      for (target, places) in targets.sorted(by: { $0.key < $1.key }) {
        let packets = Float(rate * Double(places)), to = plan.placements[target].core
        if isInput {
          fromHost[to] += packets
        } else {
          let from = plan.placements[source].core
          traffic[from][to] += packets
          traffic[to][from] += packets
        }
      }
    }
  }

  // MARK: Places

  /// The cores of the smallest block of tiles that holds so many units, as square as the mesh allows, at the host port;
  /// tile after tile, to and fro along the shorter side.
  private static func block(of units: Int, on chip: ChipDescription, chips: Int) -> [Int] {
    let meshWidth = chips * chip.tilesX.value, meshHeight = chip.tilesY.value
    let tiles = (units + chip.coresPerTile.value - 1) / chip.coresPerTile.value
    let height = (1...meshHeight).min { cost(tiles, $0, meshWidth) < cost(tiles, $1, meshWidth) } ?? meshHeight
    let width = (tiles + height - 1) / height
    let left = min(max(0, chip.hostTile.value[0] - width / 2), meshWidth - width)
    let top = min(max(0, chip.hostTile.value[1] - height / 2), meshHeight - height)
    return (0..<tiles).flatMap { index -> [Int] in
      let column = index / height, row = column % 2 == 0 ? index % height : height - 1 - index % height
      let x = left + column, y = top + row
      let onChip = y * chip.tilesX.value + x % chip.tilesX.value
      let tile = x / chip.tilesX.value * chip.tilesX.value * chip.tilesY.value + onChip
      return (0..<chip.coresPerTile.value).map { tile * chip.coresPerTile.value + $0 }
    }
  }

  /// Half the perimeter of a block of that height; infinite if the mesh is not wide enough.
  private static func cost(_ tiles: Int, _ height: Int, _ meshWidth: Int) -> Int {
    let width = (tiles + height - 1) / height
    return width > meshWidth ? .max : width + height
  }

  // MARK: Annealing

  private mutating func anneal(seed: UInt64) {
    let count = cores.count
    var tiles = cores.map { Mapping.tile(ofCore: $0, on: chip) }.map { (x: Float($0.x), y: Float($0.y)) }
    let host = (x: Float(chip.hostTile.value[0]), y: Float(chip.hostTile.value[1]))
    var random = SeededGenerator(seed: seed)
    let moves = min(Self.annealingBudget / count, Self.movesPerCore * count)
    // Falls from the size of a typical change to next to nothing.
    var temperature = meanChange(tiles)
    let cooling = moves > 0 ? exp(-7 / Float(moves)) : 1
    for _ in 0..<moves {
      let a = Int.random(in: 0..<count, using: &random), b = Int.random(in: 0..<count, using: &random)
      temperature *= cooling
      guard tiles[a] != tiles[b] else { continue }
      let change = Self.change(a, b, tiles, traffic, fromHost, host)
      guard change <= 0 || Float.random(in: 0..<1, using: &random) < exp(-change / temperature) else { continue }
      tiles.swapAt(a, b)
      cores.swapAt(a, b)
    }
  }

  /// Mean packets of a unit: what a move by one hop changes.
  private func meanChange(_ tiles: [(x: Float, y: Float)]) -> Float {
    let all = traffic.reduce(0) { $0 + $1.reduce(0, +) } + fromHost.reduce(0, +)
    return max(all / Float(tiles.count), .leastNormalMagnitude)
  }

  /// Hops × packets that exchanging two units adds.
  private static func change(
    _ a: Int, _ b: Int, _ tiles: [(x: Float, y: Float)], _ traffic: [[Float]], _ fromHost: [Float],
    _ host: (x: Float, y: Float)
  ) -> Float {
    let (ta, tb) = (tiles[a], tiles[b])
    var sum = (fromHost[a] - fromHost[b]) * (distance(tb, host) - distance(ta, host))
    let (rowA, rowB) = (traffic[a], traffic[b])
    for other in tiles.indices where other != a && other != b {
      let tile = tiles[other]
      sum += (rowA[other] - rowB[other]) * (distance(tb, tile) - distance(ta, tile))
    }
    return sum
  }

  private static func distance(_ a: (x: Float, y: Float), _ b: (x: Float, y: Float)) -> Float {
    abs(a.x - b.x) + abs(a.y - b.y)
  }
}
