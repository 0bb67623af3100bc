/// A box of a population's dendrites; ranges of rows, columns and channels.
public struct Box: Hashable, Sendable {
  /// Rows of positions.
  public let rows: Range<Int>
  /// Columns of positions.
  public let columns: Range<Int>
  /// Channels (kernels).
  public let channels: Range<Int>

  /// A box of these ranges.
  public init(rows: Range<Int>, columns: Range<Int>, channels: Range<Int>) {
    self.rows = rows
    self.columns = columns
    self.channels = channels
  }

  /// Number of dendrites.
  public var count: Int { rows.count * columns.count * channels.count }
}

/// Which part of which population lies on which core.
public struct Placement: Hashable, Sendable {
  /// Index of the population.
  public let population: Int
  /// Cores are counted tile by tile, along x first, chip after chip.
  public let core: Int
  /// Which of its dendrites.
  public let box: Box

  /// A box of a population on a core.
  public init(population: Int, core: Int, box: Box) {
    self.population = population
    self.core = core
    self.box = box
  }
}

/// A network laid out on one or more chips.
public struct Mapping: Equatable, Sendable {
  /// Every part and its core.
  public let placements: [Placement]
  /// Chips in a row.
  public let chips: Int

  /// A mapping made by hand; the chip model checks it.
  public init(placements: [Placement], chips: Int) {
    self.placements = placements
    self.chips = chips
  }

  /// Number of cores in use.
  public var coreCount: Int { Set(placements.map(\.core)).count }
}

extension Mapping {
  /// Lays each population out by channel group × spatial tile: the coarsest cut that fits a core, with up to a quarter
  /// more cores than the least if that lightens the busiest one.
  ///
  /// Populations follow one another on cores of their own. With `onlyReporting`, one core's limits may be exceeded (a
  /// single dendrite's table too large, or more chips than `chipLimit`); `CapacityReport` then says by how much.
  ///
  /// - Throws: `NeuromorphicError` naming the core's limit, the need and what would fit.
  public init(_ network: Network, on chip: ChipDescription, chipLimit: Int = 64, onlyReporting: Bool = false) throws {
    let model = CapacityModel(network: network, chip: chip)
    var placements: [Placement] = []
    var nextCore = 0
    for index in network.populations.indices {
      let cut = try Cut.coarsest(of: index, in: network, model: model, onlyReporting: onlyReporting)
      for box in cut.boxes {
        placements.append(Placement(population: index, core: nextCore, box: box))
        nextCore += 1
      }
    }
    let chips = max(1, (nextCore + chip.coreCount - 1) / chip.coreCount)
    guard chips <= chipLimit || onlyReporting else {
      throw NeuromorphicError(
        "the network needs \(nextCore) cores of \(chip.name), \(chips) chips; at most \(chipLimit) chips are allowed: "
          + "use a smaller image, a larger stride or fewer kernels, or allow more chips")
    }
    self.init(placements: placements, chips: chips)
  }
}

/// A population cut into channel groups and spatial tiles.
struct Cut {
  let shape: Network.Shape
  let channelGroups: Int
  let rowTiles: Int
  let columnTiles: Int

  var boxes: [Box] {
    var boxes: [Box] = []
    for rows in Self.parts(of: shape.rows, rowTiles) {
      for columns in Self.parts(of: shape.columns, columnTiles) {
        for channels in Self.parts(of: shape.channels, channelGroups) {
          boxes.append(Box(rows: rows, columns: columns, channels: channels))
        }
      }
    }
    return boxes
  }

  /// The largest box.
  var largest: Box {
    Box(
      rows: 0..<Self.largestPart(shape.rows, rowTiles), columns: 0..<Self.largestPart(shape.columns, columnTiles),
      channels: 0..<Self.largestPart(shape.channels, channelGroups))
  }

  private static func largestPart(_ count: Int, _ parts: Int) -> Int { (count + parts - 1) / parts }

  /// Splits a range as evenly as possible.
  private static func parts(of count: Int, _ parts: Int) -> [Range<Int>] {
    (0..<parts).map { $0 * count / parts..<($0 + 1) * count / parts }.filter { !$0.isEmpty }
  }

  /// For each spatial cut, few to many tiles, the least number of channel groups that fits; of these the fewest cores.
  static func coarsest(of index: Int, in network: Network, model: CapacityModel, onlyReporting: Bool) throws -> Cut {
    let shape = network.populations[index].shape
    var best: Cut?
    var fewest = Int.max
    for (rowTiles, columnTiles) in spatialCuts(shape) where rowTiles * columnTiles < fewest {
      guard
        let groups = leastGroups(
          shape, below: (fewest - 1) / (rowTiles * columnTiles),
          fits: {
            model.fits(
              index, Cut(shape: shape, channelGroups: $0, rowTiles: rowTiles, columnTiles: columnTiles).largest)
          })
      else { continue }
      best = Cut(shape: shape, channelGroups: groups, rowTiles: rowTiles, columnTiles: columnTiles)
      fewest = groups * rowTiles * columnTiles
    }
    let finest = Cut(shape: shape, channelGroups: shape.channels, rowTiles: shape.rows, columnTiles: shape.columns)
    guard let best else {
      if onlyReporting { return byNeuronsOnly(index, shape, model) }
      throw NeuromorphicError(model.refusal(of: index, box: finest.largest))
    }
    return best.lightened()
  }

  /// As many channel groups as the neurons alone need.
  private static func byNeuronsOnly(_ index: Int, _ shape: Network.Shape, _ model: CapacityModel) -> Cut {
    let whole = Cut(shape: shape, channelGroups: 1, rowTiles: 1, columnTiles: 1)
    let available = model.chip.neuronsPerCore.value
    let groups = (model.neurons(index, whole.largest) + available - 1) / available
    return Cut(shape: shape, channelGroups: min(shape.channels, groups), rowTiles: 1, columnTiles: 1)
  }

  /// A quarter more groups at the most, if the largest one gets smaller.
  private func lightened() -> Cut {
    let size = Self.largestPart(shape.channels, channelGroups)
    let candidates = channelGroups...max(channelGroups, min(shape.channels, channelGroups * 5 / 4))
    let lightest = candidates.min { Self.largestPart(shape.channels, $0) < Self.largestPart(shape.channels, $1) }
    guard let lightest, Self.largestPart(shape.channels, lightest) < size else { return self }
    return Cut(shape: shape, channelGroups: lightest, rowTiles: rowTiles, columnTiles: columnTiles)
  }

  /// Square-ish cuts: tiles along rows and columns in step.
  private static func spatialCuts(_ shape: Network.Shape) -> [(Int, Int)] {
    (1...max(shape.rows, shape.columns)).map { (min($0, shape.rows), min($0, shape.columns)) }
  }

  /// Smaller groups need no more memory, so the least number that fits can be bisected.
  private static func leastGroups(_ shape: Network.Shape, below limit: Int, fits: (Int) -> Bool) -> Int? {
    var low = 1
    var high = min(shape.channels, max(limit, 0))
    guard high >= 1, fits(high) else { return nil }
    while low < high {
      let middle = (low + high) / 2
      if fits(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
