import DataFiles
import Foundation

/// The finished points of a sweep: of each, the values of the axes and every statistic.
///
/// In a sweep's folder it is two files. `sweep.csv` has one line a point under the header `point,AXIS…,STATISTIC…`; a
/// cell without a value is empty, a flag is 1 or 0. `marks.csv` has one line for each figure that has marks.
public struct SweepTable: Equatable, Sendable {
  /// Keys of `run.yaml` that were varied; `axis.KEY` where a statistic has the key's name.
  public var axes: [String]
  /// Names of statistics, those of the host last.
  public var statistics: [String]
  /// The finished points, in the order of the plan.
  public var points: [Point]

  /// A finished point.
  public struct Point: Equatable, Sendable {
    /// What its folder is called.
    public var id: String
    /// One value for each axis, as a table shows it.
    public var axisValues: [String]
    /// One value for each statistic, in its unit; nil if there is none. A flag is 1 or 0.
    public var values: [Double?]
    /// Marks by place in `values`; figures without marks are left out.
    public var marks: [Int: StatisticMarks]

    /// A point with as many values as its table has axes and statistics.
    public init(id: String, axisValues: [String], values: [Double?], marks: [Int: StatisticMarks] = [:]) {
      (self.id, self.axisValues, self.values, self.marks) = (id, axisValues, values, marks)
    }
  }

  /// A table of points.
  public init(axes: [String], statistics: [String], points: [Point]) {
    (self.axes, self.statistics, self.points) = (axes, statistics, points)
  }

  /// What the points' folders are called.
  package var ids: Set<String> { Set(points.map(\.id)) }

  /// What an axis's column is called: its key, unless a statistic is called so.
  public static func axisName(ofKey key: String) -> String {
    StatisticName(rawValue: key) == nil ? key : "axis.\(key)"
  }

  /// The values of a statistic, or of an axis whose values are numbers, point by point; nil if neither has the name.
  public func numbers(of name: String) -> [Double?]? {
    if let place = statistics.firstIndex(of: name) { return points.map { $0.values[place] } }
    return axes.firstIndex(of: name).map { place in points.map { Self.number(ofAxisValue: $0.axisValues[place]) } }
  }

  /// The axes and statistics of which a point has a number.
  var namesOfNumbers: [String] {
    (axes + statistics).filter { name in numbers(of: name)?.contains { $0 != nil } == true }
  }

  /// The number that a value of an axis is: decimal and finite, as a file may be called `nan` or `0x1`.
  public static func number(ofAxisValue text: String) -> Double? {
    guard text.allSatisfy({ "0123456789+-.eE".contains($0) }) else { return nil }
    return Double(text).flatMap { $0.isFinite ? $0 : nil }
  }
}

// MARK: - Files

extension SweepTable {
  /// The names of the two files.
  public static let fileName = "sweep.csv", marksFileName = "marks.csv"

  /// The text of `sweep.csv`; numbers are the shortest decimals that read back exactly.
  public var csv: String {
    CSV.text(
      [["point"] + axes + statistics]
        + points.map { point in [point.id] + point.axisValues + point.values.map { $0.map(Self.text) ?? "" } })
  }

  /// The text of `marks.csv`: `point,statistic,estimate,missing_costs,hypothetical`.
  public var marksCSV: String {
    CSV.text(
      [["point", "statistic"] + StatisticMarks.csvNames]
        + points.flatMap { point in
          point.marks.sorted { $0.key < $1.key }.map { [point.id, statistics[$0.key]] + $0.value.csv }
        })
  }

  /// Writes both files into a folder.
  ///
  /// - Throws: `FileError` if a file cannot be written.
  public func write(to folder: URL) throws {
    try AtomicFile.write(Data(csv.utf8), to: folder.appendingPathComponent(Self.fileName).path)
    try AtomicFile.write(Data(marksCSV.utf8), to: folder.appendingPathComponent(Self.marksFileName).path)
  }

  /// Reads both files of a sweep's folder; without `marks.csv` no figure is marked.
  ///
  /// - Throws: `FileError` if a file cannot be read, `ReportError` if it is not such a table.
  public init(readingFrom folder: URL) throws {
    let file = folder.appendingPathComponent(Self.fileName).path
    try self.init(parsing: Self.text(ofFile: file), file: file)
    let marks = folder.appendingPathComponent(Self.marksFileName).path
    if FileManager.default.fileExists(atPath: marks) { try addMarks(parsing: Self.text(ofFile: marks), file: marks) }
  }

  private init(parsing text: String, file: String) throws {
    let rows = CSV.rows(of: text)
    guard let header = rows.first, header.first == "point" else {
      throw ReportError(
        "\(file): the first line must be point, axes and statistics, as rheobase sweep collect writes it")
    }
    let names = header.dropFirst()
    let axisCount = names.prefix { StatisticName(rawValue: $0) == nil }.count
    self.init(axes: Array(names.prefix(axisCount)), statistics: Array(names.dropFirst(axisCount)), points: [])
    for (place, row) in rows.dropFirst().enumerated() {
      guard row.count == header.count else {
        throw ReportError("\(file):\(place + 2): \(row.count) fields stand under \(header.count) names")
      }
      let values = try zip(header, row).dropFirst(1 + axisCount).map { name, field in
        try field.isEmpty ? nil : Self.number(field, "\(file):\(place + 2): \(name)")
      }
      points.append(Point(id: row[0], axisValues: Array(row[1..<(1 + axisCount)]), values: values))
    }
  }

  private mutating func addMarks(parsing text: String, file: String) throws {
    let rows = CSV.rows(of: text)
    guard rows.first == ["point", "statistic"] + StatisticMarks.csvNames else {
      throw ReportError(
        "\(file): the first line must be point,statistic,\(StatisticMarks.csvNames.joined(separator: ","))")
    }
    let places = Dictionary(points.indices.map { (points[$0].id, $0) }, uniquingKeysWith: { first, _ in first })
    let columns = Dictionary(statistics.indices.map { (statistics[$0], $0) }, uniquingKeysWith: { first, _ in first })
    for (place, row) in rows.dropFirst().enumerated() {
      guard row.count == 5, let point = places[row[0]], let column = columns[row[1]],
        let marks = StatisticMarks(csv: Array(row.dropFirst(2)))
      else {
        throw ReportError(
          "\(file):\(place + 2): a point and a statistic of \(Self.fileName), and three marks are expected")
      }
      points[point].marks[column] = marks
    }
  }

  private static func text(ofFile path: String) throws -> String {
    let data = try bytes(ofFile: path, maximumBytes: 1 << 30)
    guard let text = String(data: data, encoding: .utf8) else { throw ReportError("\(path): is not UTF-8 text") }
    return text
  }

  private static func number(_ field: String, _ place: String) throws -> Double {
    guard let number = Double(field), number.isFinite else {
      throw ReportError("\(place): '\(field)' is not a number")
    }
    return number
  }

  private static func text(_ value: Double) -> String {
    if let whole = Int64(exactly: value), abs(value) < 0x1p53 { return "\(whole)" }
    return "\(value)"
  }
}

extension StatisticMarks {
  /// Marks from three fields, as `csv` has them; nil if they are not that.
  fileprivate init?(csv fields: [String]) {
    guard fields.count == 3, let isEstimate = Bool(fields[0]), let isHypothetical = Bool(fields[2]) else { return nil }
    self.init(
      isEstimate: isEstimate, missing: fields[1].split(separator: " ").map(String.init), isHypothetical: isHypothetical)
  }
}
