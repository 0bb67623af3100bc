import DataFiles
import Foundation
import Reports

/// One table of a study: in CSV and JSON with all digits, in the page with few.
struct StudyTable {
  enum Cell {
    case text(String)
    /// A number and the digits behind the point that the page shows.
    case number(Double, digits: Int)
    /// A number with its interval.
    case estimate(Estimate, digits: Int)
    /// Significant digits, for quantities of any size.
    case quantity(Double, unit: String, isEstimate: Bool)
  }

  let name: String
  let title: String
  let columns: [String]
  var rows: [[Cell]]

  /// Estimates become three columns.
  var csv: String {
    let isEstimate = columns.indices.map { column in
      rows.contains { row in if case .estimate = row[column] { true } else { false } }
    }
    let header = columns.indices.flatMap { column in
      isEstimate[column]
        ? [columns[column], "\(columns[column]) low", "\(columns[column]) high"] : [columns[column]]
    }
    return CSV.text(
      [header] + rows.map { row in row.indices.flatMap { Self.csv(row[$0], triple: isEstimate[$0]) } })
  }

  private static func csv(_ cell: Cell, triple: Bool) -> [String] {
    switch cell {
    case .text(let text): [text] + (triple ? ["", ""] : [])
    case .number(let value, _), .quantity(let value, _, _): [plain(value)] + (triple ? ["", ""] : [])
    case .estimate(let value, _): [plain(value.value), plain(value.low), plain(value.high)]
    }
  }

  private static func plain(_ value: Double) -> String { value.isFinite ? "\(value)" : "" }

  var json: JSONValue {
    .object([
      .init("name", .text(name)), .init("title", .text(title)), .init("columns", .list(columns.map { .text($0) })),
      .init("rows", .list(rows.map { .list($0.map(Self.json)) })),
    ])
  }

  private static func json(_ cell: Cell) -> JSONValue {
    switch cell {
    case .text(let text): .text(text)
    case .number(let value, _): value.isFinite ? .real(value) : .null
    case .quantity(let value, let unit, let isEstimate):
      value.isFinite
        ? .object([.init("value", .real(value)), .init("unit", .text(unit)), .init("estimate", .flag(isEstimate))])
        : .null
    case .estimate(let value, _):
      .object([
        .init("value", .real(value.value)), .init("low", .real(value.low)), .init("high", .real(value.high)),
        .init("count", .integer(Int64(value.count))),
      ])
    }
  }

  var markdown: String {
    var lines = ["| " + columns.joined(separator: " | ") + " |"]
    lines.append("|" + columns.indices.map { $0 == 0 ? "---|" : "---:|" }.joined())
    for row in rows { lines.append("| " + row.map(Self.shown).joined(separator: " | ") + " |") }
    return lines.joined(separator: "\n") + "\n"
  }

  static func shown(_ cell: Cell) -> String {
    switch cell {
    case .text(let text): text
    case .number(let value, let digits): value.isFinite ? String(format: "%.\(digits)f", value) : "–"
    case .quantity(let value, let unit, let isEstimate):
      value.isFinite ? NumberFormat.engineering(value, unit: unit) + (isEstimate ? "\\*" : "") : "–"
    case .estimate(let value, let digits):
      value.value.isFinite
        ? String(format: "%.\(digits)f [%.\(digits)f, %.\(digits)f]", value.value, value.low, value.high) : "–"
    }
  }
}
