/// A population cut into channel groups and spatial tiles.
struct Cut: Equatable {
  let shape: Network.Shape
  let channelGroups: Int
  let rowTiles: Int
  let columnTiles: Int

  var count: Int { channelGroups * rowTiles * columnTiles }

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

  /// The largest box; of several the one in the middle, where most of a convolution's pairs are.
  var largest: Box {
    Box(
      rows: Self.largestPart(shape.rows, rowTiles), columns: Self.largestPart(shape.columns, columnTiles),
      channels: Self.largestPart(shape.channels, channelGroups))
  }

  private static func largestPart(_ count: Int, _ parts: Int) -> Range<Int> {
    let parts = Self.parts(of: count, parts)
    let middle = parts.count / 2
    let order = parts.indices.sorted { abs($0 - middle) < abs($1 - middle) }
    return parts[order.max { parts[$0].count < parts[$1].count } ?? 0]
  }

  /// Splits a range as evenly as possible.
  private static func parts(of count: Int, _ parts: Int) -> [Range<Int>] {
    (0..<parts).map { $0 * count / parts..<($0 + 1) * count / parts }.filter { !$0.isEmpty }
  }

  /// All cuts of a shape whose largest boxes differ, the largest first along each axis; along long axes only some.
  static func all(of shape: Network.Shape, atMost limit: Int) -> [Cut] {
    let axes = [shape.rows, shape.columns, shape.channels].count { $0 > 1 }
    let perAxis = axes > 1 ? 24 : 256
    let counts = [shape.rows, shape.columns, shape.channels].map { partCounts($0, atMost: perAxis) }
    let cuts = counts[0].flatMap { rows in
      counts[1].flatMap { columns in
        counts[2].map { Cut(shape: shape, channelGroups: $0, rowTiles: rows, columnTiles: columns) }
      }
    }
    return thinned(cuts.sorted { $0.count < $1.count }, atMost: limit)
  }

  /// For each size of the largest part the fewest parts that give it.
  private static func partCounts(_ count: Int, atMost limit: Int) -> [Int] {
    var counts: [Int] = []
    var parts = 1
    while parts <= count {
      counts.append(parts)
      let size = (count + parts - 1) / parts
      parts = size == 1 ? count + 1 : (count + size - 2) / (size - 1)
    }
    return thinned(counts, atMost: limit)
  }

  /// Some of a list, evenly, first and last included.
  private static func thinned<Element>(_ list: [Element], atMost limit: Int) -> [Element] {
    guard list.count > limit, limit > 1 else { return list }
    return (0..<limit).map { list[$0 * (list.count - 1) / (limit - 1)] }
  }
}

/// The naive mapping's cuts.
extension Cut {
  /// For each spatial cut, few to many tiles, the least number of channel groups that fits; of these the fewest cores.
  static func coarsest(of index: Int, _ model: CapacityModel, onlyReporting: Bool) throws -> Cut {
    let shape = model.network.populations[index].shape
    var best: Cut?
    var fewest = Int.max
    for (rowTiles, columnTiles) in spatialCuts(shape) where rowTiles * columnTiles < fewest {
      guard
        let groups = leastGroups(
          shape, below: (fewest - 1) / (rowTiles * columnTiles),
          fits: {
            let cut = Cut(shape: shape, channelGroups: $0, rowTiles: rowTiles, columnTiles: columnTiles)
            return model.needs(of: index, cut.largest).fits(model.chip)
          })
      else { continue }
      best = Cut(shape: shape, channelGroups: groups, rowTiles: rowTiles, columnTiles: columnTiles)
      fewest = groups * rowTiles * columnTiles
    }
    guard let best else {
      if onlyReporting { return byNeuronsOnly(index, model) }
      throw NeuromorphicError(model.refusal(of: index, box: finest(of: shape).largest), exceedsCapacity: true)
    }
    return best.lightened()
  }

  static func finest(of shape: Network.Shape) -> Cut {
    Cut(shape: shape, channelGroups: shape.channels, rowTiles: shape.rows, columnTiles: shape.columns)
  }

  /// As many channel groups as the neurons alone need.
  static func byNeuronsOnly(_ index: Int, _ model: CapacityModel) -> Cut {
    let shape = model.network.populations[index].shape
    let available = model.chip.neuronsPerCore.value
    let groups = (model.neurons(index, Box(shape)) + available - 1) / available
    return Cut(shape: shape, channelGroups: min(shape.channels, groups), rowTiles: 1, columnTiles: 1)
  }

  /// A quarter more groups at the most, if the largest one gets smaller.
  private func lightened() -> Cut {
    func size(_ groups: Int) -> Int { (shape.channels + groups - 1) / groups }
    let candidates = channelGroups...max(channelGroups, min(shape.channels, channelGroups * 5 / 4))
    guard let lightest = candidates.min(by: { size($0) < size($1) }), size(lightest) < size(channelGroups) else {
      return self
    }
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
