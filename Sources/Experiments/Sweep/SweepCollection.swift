import DataFiles
import Foundation
import Reports

extension Sweep {
  /// Gathers the statistics of all points that are done.
  public func table(progress: ProgressHandler = { _ in }) -> SweepTable {
    let all = statistics(progress)
    let names = Self.columns(Set(all.flatMap { $0.statistics.ordered.map(\.name) }))
    let rows = all.map { point, statistics in
      let columns = names.map { statistics[$0] }
      let marks = columns.enumerated().compactMap { place, statistic -> (Int, StatisticMarks)? in
        guard let statistic, statistic.value.asNumber != nil else { return nil }
        let marks = statistics.marks(of: statistic)
        return marks.isEmpty ? nil : (place, marks)
      }
      return SweepTable.Point(
        id: point.id, axisValues: point.axisValues, values: columns.map { $0?.known.asNumber },
        marks: Dictionary(uniqueKeysWithValues: marks))
    }
    return SweepTable(axes: axes.map(SweepTable.axisName), statistics: names, points: rows)
  }

  /// Writes `sweep.csv`, `marks.csv` and `sweep.sqlite` of all points that are done.
  ///
  /// - Returns: what was written.
  /// - Throws: `ExperimentError` if the folder has gone, `FileError` if a file cannot be written.
  @discardableResult
  public func collect(progress: ProgressHandler = { _ in }) throws -> SweepTable {
    try files.checkIsThere()
    let lock = try SweepCollectionLock(files)
    defer { withExtendedLifetime(lock) {} }
    let table = table(progress: progress)
    progress("writing \(folder)/sweep.sqlite")
    try table.write(to: URL(fileURLWithPath: folder))
    try SweepDatabase(table).write(to: "\(folder)/sweep.sqlite")
    return table
  }

  private func statistics(_ progress: ProgressHandler) -> [(point: Point, statistics: Statistics)] {
    points.enumerated().compactMap { place, point in
      if place.isMultiple(of: 50) {
        progress(.init("reading results", done: Double(place), of: Double(points.count), unit: "points"))
      }
      return (try? files.statistics(of: point.id)).map { (point, $0.withTarget(of: point)) }
    }
  }

  /// Names in the order of the catalog, those of the host last.
  private static func columns(_ names: Set<String>) -> [String] {
    let catalog = StatisticName.allCases.map(\.rawValue)
    let host = Set(hostColumns)
    let ordered = catalog.filter(names.contains) + names.subtracting(catalog).sorted()
    return ordered.filter { !host.contains($0) } + ordered.filter(host.contains)
  }

  /// Statistics that differ when a point is run again.
  static let hostColumns = ChipRun.hostDependentStatistics.map(\.rawValue)
}

extension Statistics {
  /// With what only the plan tells: that a point was to run to its target.
  fileprivate func withTarget(of point: Sweep.Point) -> Statistics {
    guard let reached = self[.reachedStep] else { return self }
    var all = self
    all.set(.missedTarget, point.runsToTarget && reached.value == .null)
    return all
  }
}

extension Statistic.Value {
  /// Numbers as they are, flags as 1 and 0.
  fileprivate var asNumber: Double? { if case .flag(let flag) = self { flag ? 1 : 0 } else { number } }
}

/// `sweep.sqlite`: the table `points` with the columns of `sweep.csv`, `marks` with those of `marks.csv`, and
/// `statistics`, which says what each statistic is.
struct SweepDatabase {
  private let table: SweepTable

  init(_ table: SweepTable) { self.table = table }

  func write(to path: String) throws {
    try AtomicFile.write(to: path) { partial in
      let writer = try SQLiteWriter(path: partial, schema: schema)
      let points = try writer.table("points", columns: 1 + table.axes.count + table.statistics.count)
      for point in table.points {
        let values = zip(table.statistics, point.values).map { name, value in
          value.map { Self.value($0, of: name) } ?? .null
        }
        try points.append(row: [.text(point.id)] + point.axisValues.map(Self.axisValue) + values)
      }
      let marks = try writer.table("marks", columns: 5)
      for point in table.points {
        for (place, mark) in point.marks.sorted(by: { $0.key < $1.key }) {
          try marks.append(
            .text(point.id), .text(table.statistics[place]), .integer(mark.isEstimate ? 1 : 0),
            .text(mark.missing.joined(separator: " ")), .integer(mark.isHypothetical ? 1 : 0))
        }
      }
      let statistics = try writer.table("statistics", columns: 4)
      for name in table.statistics {
        let definition = StatisticName(rawValue: name)?.definition
        try statistics.append(
          .text(name), .text(definition?.unit ?? ""), .text(definition?.description ?? ""),
          .integer(Sweep.hostColumns.contains(name) ? 1 : 0))
      }
      try writer.finish()
    }
  }

  /// Numbers are numbers; texts stay as they are, `007` too, as columns of axes have no affinity.
  private static func axisValue(_ text: String) -> SQLiteValue {
    if let whole = Int64(text), "\(whole)" == text { return .integer(whole) }
    guard let number = SweepTable.number(ofAxisValue: text), text.first != "0" || text.hasPrefix("0.") else {
      return .text(text)
    }
    return .real(number)
  }

  private var schema: String {
    let axes = table.axes.map { "\(Self.quoted($0)) BLOB" }
    let statistics = table.statistics.map { "\(Self.quoted($0)) \(Self.isCount($0) ? "INTEGER" : "REAL")" }
    return """
      CREATE TABLE points (\((["point TEXT PRIMARY KEY"] + axes + statistics).joined(separator: ", ")));
      CREATE TABLE marks (point TEXT, statistic TEXT, estimate INTEGER, missing_costs TEXT, hypothetical INTEGER);
      CREATE TABLE statistics (name TEXT PRIMARY KEY, unit TEXT, description TEXT, of_host INTEGER);
      """
  }

  private static func value(_ number: Double, of name: String) -> SQLiteValue {
    if isCount(name), let count = Int64(exactly: number) { return .integer(count) }
    return .real(number)
  }

  private static func isCount(_ name: String) -> Bool {
    let display = StatisticName(rawValue: name)?.definition.display
    return display == .count || display == .flag
  }

  private static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }
}
