/// The places of a source that reach a box through a projection without explicit pairs: a product of rows, columns and
/// channels.
struct SourceGrid {
  /// For each row of the source, how many rows of the box it reaches.
  let rows: [Int]
  /// For each column of the source, how many columns of the box it reaches.
  let columns: [Int]
  /// Channels of the source that reach the box.
  let channels: Range<Int>
  /// Dendrites reached at each position of the box.
  let dendritesPerPosition: Int

  /// Places of the source that reach the box.
  var count: Int { Self.reaching(rows) * Self.reaching(columns) * channels.count }
  /// Pairs of a place and a dendrite of the box.
  var pairs: Int { rows.reduce(0, +) * columns.reduce(0, +) * channels.count * dendritesPerPosition }

  /// Whether every place of another grid is a place of this one.
  func covers(_ other: SourceGrid) -> Bool {
    zip(rows, other.rows).allSatisfy { $0 > 0 || $1 == 0 }
      && zip(columns, other.columns).allSatisfy { $0 > 0 || $1 == 0 }
      && channels.lowerBound <= other.channels.lowerBound && channels.upperBound >= other.channels.upperBound
  }

  /// How many of the source's lists have which length; only lists that are not empty.
  var listLengths: [(length: Int, lists: Int)] {
    let ofRows = Self.histogram(rows), ofColumns = Self.histogram(columns)
    return ofRows.flatMap { row in
      ofColumns.map { (row.value * $0.value * dendritesPerPosition, row.count * $0.count * channels.count) }
    }
  }

  private static func reaching(_ hits: [Int]) -> Int { hits.reduce(0) { $0 + ($1 > 0 ? 1 : 0) } }

  private static func histogram(_ hits: [Int]) -> [(value: Int, count: Int)] {
    Dictionary(hits.filter { $0 > 0 }.map { ($0, 1) }, uniquingKeysWith: +).map { ($0.key, $0.value) }
  }
}

extension Network {
  /// The places that reach a box through a projection; nil for explicit pairs.
  func grid(of projection: Projection, into box: Box) -> SourceGrid? {
    let source = shape(of: projection.source)
    switch projection.connectivity {
    case .pairs: return nil
    case .oneToOne:
      return SourceGrid(
        rows: (0..<source.rows).map { box.rows.contains($0) ? 1 : 0 },
        columns: (0..<source.columns).map { box.columns.contains($0) ? 1 : 0 },
        channels: box.channels.clamped(to: 0..<source.channels), dendritesPerPosition: 1)
    case .convolution(let table, let sourceStride, let targetStride, let origin):
      let extent = tables[table].extent
      func hits(_ count: Int, _ targets: Range<Int>) -> [Int] {
        (0..<count).map { place in
          // Offset = sourceStride · place − targetStride · target + origin lies in 0 ..< extent.
          let highest = (sourceStride * place + origin).dividedDown(by: targetStride)
          let lowest = (sourceStride * place + origin - extent).dividedDown(by: targetStride) + 1
          return max(0, min(highest, targets.upperBound - 1) - max(lowest, targets.lowerBound) + 1)
        }
      }
      return SourceGrid(
        rows: hits(source.rows, box.rows), columns: hits(source.columns, box.columns),
        channels: 0..<source.channels, dendritesPerPosition: box.channels.count)
    }
  }
}

extension Int {
  /// The quotient by a positive number, rounded towards minus infinity.
  fileprivate func dividedDown(by divisor: Int) -> Int {
    self >= 0 ? self / divisor : -((divisor - 1 - self) / divisor)
  }
}

/// For each dendrite of a population, the box of a list that it lies in; −1 if it is in none.
struct BoxIndex {
  let boxCount: Int
  private(set) var places: [Int32]

  init(_ boxes: [Box], of shape: Network.Shape) {
    boxCount = boxes.count
    places = [Int32](repeating: -1, count: shape.count)
    for (index, box) in boxes.enumerated() {
      for row in box.rows {
        for column in box.columns {
          for channel in box.channels {
            places[shape.place(row: row, column: column, channel: channel)] = Int32(index)
          }
        }
      }
    }
  }

  /// Visits each list of explicit pairs that ends in a box: the source's place, the box, and the number of weights.
  func forEachList(of rows: SynapseRows, _ visit: (_ source: Int, _ box: Int, _ length: Int) -> Void) {
    var lengths = [Int](repeating: 0, count: boxCount)
    var touched: [Int] = []
    for source in 0..<(rows.rowStarts.count - 1) {
      for target in rows.targets(of: source) {
        let box = Int(places[Int(target)])
        if box < 0 { continue }
        if lengths[box] == 0 { touched.append(box) }
        lengths[box] += 1
      }
      for box in touched {
        visit(source, box, lengths[box])
        lengths[box] = 0
      }
      touched.removeAll(keepingCapacity: true)
    }
  }
}
