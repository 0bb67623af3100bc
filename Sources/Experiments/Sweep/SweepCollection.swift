import DataFiles
import Foundation
import Reports

extension Sweep {
  /// Reads the results of all points that are done.
  public func results(progress: ProgressHandler = { _ in }) -> SweepResults { SweepResults(self, progress: progress) }

  /// Writes `sweep.csv`, `marks.csv` and `sweep.sqlite` of all points that are done.
  ///
  /// - Returns: what was written, and what is to be known of it.
  /// - Throws: `ExperimentError` if the folder has gone, `FileError` if a file cannot be written.
  @discardableResult
  public func collect(progress: ProgressHandler = { _ in }) throws -> SweepResults {
    try files.checkIsThere()
    let lock = try SweepCollectionLock(files)
    defer { withExtendedLifetime(lock) {} }
    let results = results(progress: progress)
    progress("writing \(folder)/sweep.sqlite")
    try results.table.write(to: URL(fileURLWithPath: folder))
    try SweepDatabase(results.table).write(to: "\(folder)/sweep.sqlite")
    return results
  }

  /// Statistics that differ when a point is run again.
  static let hostColumns = ChipRun.hostDependentStatistics.map(\.rawValue)
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
    return [.count, .flag, .identifier].contains(display)
  }

  private static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }
}
