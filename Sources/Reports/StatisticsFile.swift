import DataFiles
import Foundation

/// What `stats.json` holds: the run's resolved configuration and its statistics.
public struct StatisticsFile: Equatable, Sendable {
  /// The schema that is written and read.
  public static let schema = "rheobase.stats/1"

  /// The configuration, in canonical form.
  public let run: JSONValue
  /// The statistics.
  public let statistics: Statistics

  /// Makes a file's content.
  public init(run: JSONValue, statistics: Statistics) {
    self.run = run.canonical
    self.statistics = statistics
  }

  /// The text of `stats.json`: the same for the same content, one line for each statistic.
  public var json: String {
    let entries = statistics.ordered.map { JSONValue.Member($0.name, $0.json(statistics.marks(of: $0))) }
    return JSONValue.object([
      .init("schema", .text(Self.schema)), .init("run", run), .init("stats", .object(entries)),
    ]).text(expandedDepth: 2)
  }

  /// The text of `stats.csv`: a header line, then name, value, unit, marks and description.
  public var csv: String {
    let rows = statistics.ordered.map { statistic in
      [statistic.name, statistic.known.plainText, statistic.unit] + statistics.marks(of: statistic).csv
        + [statistic.description]
    }
    return CSV.text([["name", "value", "unit"] + StatisticMarks.csvNames + ["description"]] + rows)
  }

  /// Writes `stats.csv` and then `stats.json` into a folder.
  ///
  /// - Throws: `FileError` if a file cannot be written.
  public func write(toFolder folder: String) throws {
    try AtomicFile.write(Data(csv.utf8), to: folder + "/stats.csv")
    try AtomicFile.write(Data(json.utf8), to: folder + "/stats.json")
  }

  /// Whether a text begins and ends as `json` does, which one that is cut off does not. What lies between is not
  /// read.
  public static func looksWhole(_ json: Data) -> Bool {
    json.starts(with: Data("{\n  \"schema\": \"\(schema)\",\n".utf8)) && json.suffix(3) == Data("\n}\n".utf8)
  }

  /// Reads the text of a `stats.json`.
  ///
  /// - Throws: `ReportError` if it is not JSON or does not follow the schema.
  public init(parsing json: Data) throws {
    let file = try JSONValue(parsing: json)
    guard case .text(Self.schema)? = file["schema"] else {
      throw ReportError("the key schema is missing or not \(Self.schema)")
    }
    guard let run = file["run"], case .object(let members)? = file["stats"] else {
      throw ReportError("the keys run and stats must hold the configuration and the statistics")
    }
    self.init(run: run, statistics: Statistics(try members.map { try Statistic(name: $0.name, json: $0.value) }))
  }
}

extension Statistic {
  fileprivate func json(_ marks: StatisticMarks) -> JSONValue {
    .object(
      [.init("value", value.json), .init("unit", .text(unit)), .init("description", .text(description))] + marks.json)
  }

  fileprivate init(name: String, json: JSONValue) throws {
    guard let plain = json["value"], case .text(let unit)? = json["unit"],
      case .text(let description)? = json["description"]
    else { throw ReportError("stats.\(name): needs a plain value, a unit and a description") }
    let display = StatisticName(rawValue: name)?.definition.display
    guard let value = Value(plain, shownAs: display) else {
      let kind = display.map { $0 == .flag ? "true or false" : "a number" } ?? "a plain value"
      throw ReportError("stats.\(name).value: must be \(kind), or null")
    }
    let isEstimate: Bool
    switch json["estimate"] {
    case nil: isEstimate = false
    case .flag(let flag)?: isEstimate = flag
    case _?: throw ReportError("stats.\(name).estimate: must be true or false")
    }
    self.init(
      name: name, value, unit: unit, description: description, isEstimate: isEstimate,
      missing: try Self.missingCosts(json["missing_costs"], of: name))
  }

  private static func missingCosts(_ json: JSONValue?, of name: String) throws -> [String] {
    guard let json else { return [] }
    let wrong = ReportError("stats.\(name).missing_costs: must be a list of names")
    guard case .list(let values) = json else { throw wrong }
    return try values.map { value in
      guard case .text(let cost) = value else { throw wrong }
      return cost
    }
  }
}
