import DataFiles
import Foundation
import Reports

/// One table of a study: in CSV, NPZ and JSON with all digits, in the page with few.
package struct StudyTable: Sendable {
  package enum Cell: Sendable {
    case text(String)
    /// A number and the digits behind the point that the page shows.
    case number(Double, digits: Int)
    /// A number over photographs, with its interval and their number.
    case estimate(Estimate, digits: Int)
    /// The p of a test; none if it is not finite.
    case probability(Double, of: StudyTest)
    /// Significant digits, for quantities of any size; the column's name has the unit, in which files have it.
    case quantity(Double, unit: String, marks: StatisticMarks)
    /// A figure that there is not.
    static let missing = Cell.number(.nan, digits: 0)
  }

  let name: String
  let title: String
  let columns: [String]
  var rows: [[Cell]]
  /// Whether `study.md` shows it; long lists are only files.
  var isInPage = true

  /// A table.
  package init(name: String, title: String, columns: [String], rows: [[Cell]], isInPage: Bool = true) {
    (self.name, self.title, self.columns, self.rows, self.isInPage) = (name, title, columns, rows, isInPage)
  }

  /// Tests whose p it tells.
  var tests: [StudyTest] { rows.joined().compactMap(\.test) }

  /// The marks of all its figures.
  var marks: [StatisticMarks] { rows.flatMap { $0.map(\.marks) } }

  // MARK: Files

  /// A column of the files: texts, or numbers where there is no text in it.
  private enum FileColumn {
    case texts([String])
    case numbers([Double])
  }

  /// Estimates become four columns, marked quantities are followed by their marks.
  private var fileColumns: [(name: String, values: FileColumn)] {
    columns.indices.flatMap { column -> [(name: String, values: FileColumn)] in
      let cells = rows.map { $0[column] }
      let name = columns[column]
      if cells.contains(where: \.isEstimate) { return Self.estimateColumns(name, cells.map(\.asEstimate)) }
      let values =
        cells.contains(where: \.isText)
        ? FileColumn.texts(cells.map(\.plainText)) : .numbers(cells.map(\.plainNumber))
      let marks = cells.map(\.marks.symbols)
      let hasMarks = !marks.allSatisfy(\.isEmpty)
      return hasMarks ? [(name, values), ("\(name) marks", .texts(marks))] : [(name, values)]
    }
  }

  private static func estimateColumns(
    _ name: String, _ estimates: [Estimate?]
  ) -> [(name: String, values: FileColumn)] {
    func column(_ suffix: String, _ part: (Estimate) -> Double) -> (name: String, values: FileColumn) {
      (name + suffix, .numbers(estimates.map { $0.map(part) ?? .nan }))
    }
    return [
      column("", \.value), column(" low", \.low), column(" high", \.high),
      column(" photographs") { Double($0.count) },
    ]
  }

  /// With all digits; numbers that are not finite are empty.
  package var csv: String {
    let columns = fileColumns
    let texts = columns.map { column in
      switch column.values {
      case .texts(let texts): texts
      case .numbers(let numbers): numbers.map(Cell.plain)
      }
    }
    return CSV.text([columns.map(\.name)] + rows.indices.map { row in texts.map { $0[row] } })
  }

  /// An array a column, by the column's name.
  package var archive: NumPyArchive {
    NumPyArchive(
      Dictionary(
        uniqueKeysWithValues: fileColumns.map { column in
          switch column.values {
          case .texts(let texts): (column.name, NumPyArray(shape: [rows.count], elements: .text(texts)))
          case .numbers(let numbers): (column.name, NumPyArray(shape: [rows.count], numbers))
          }
        }))
  }

  package var json: JSONValue {
    .object([
      .init("name", .text(name)), .init("title", .text(title)), .init("columns", .list(columns.map { .text($0) })),
      .init("in page", .flag(isInPage)), .init("rows", .list(rows.map { .list($0.map(Self.json)) })),
    ])
  }

  private static func json(_ cell: Cell) -> JSONValue {
    switch cell {
    case .text(let text): .text(text)
    case .number(let value, _), .probability(let value, _): finite(value)
    case .quantity(let value, let unit, let marks):
      value.isFinite
        ? .object([.init("value", .real(value)), .init("unit", .text(unit))] + marks.json) : .null
    case .estimate(let value, _):
      .object([
        .init("value", finite(value.value)), .init("low", finite(value.low)), .init("high", finite(value.high)),
        .init("count", .integer(Int64(value.count))),
      ])
    }
  }

  private static func finite(_ value: Double) -> JSONValue { value.isFinite ? .real(value) : .null }

  var markdown: String {
    var lines = ["| " + columns.joined(separator: " | ") + " |"]
    lines.append("|" + columns.indices.map { $0 == 0 ? "---|" : "---:|" }.joined())
    for row in rows { lines.append("| " + row.map(Self.shown).joined(separator: " | ") + " |") }
    return lines.joined(separator: "\n") + "\n"
  }

  package static func shown(_ cell: Cell) -> String {
    switch cell {
    case .text(let text): text
    case .number(let value, let digits): value.isFinite ? String(format: "%.\(digits)f", value) : "–"
    case .quantity(let value, let unit, let marks):
      value.isFinite
        ? NumberFormat.engineering(marks.known(value, unit: unit), unit: unit)
          + marks.symbols.replacing("*", with: "\\*") : "–"
    case .probability(let value, _): value < leastShown ? "< \(leastShown)" : shown(.number(value, digits: 4))
    case .estimate(let value, let digits):
      value.value.isFinite ? "\(shown(value, digits)) (\(value.count))" : "–"
    }
  }

  /// A smaller p is shown to be below it.
  private static let leastShown = 0.0001

  private static func shown(_ estimate: Estimate, _ digits: Int) -> String {
    let parts = estimate.hasInterval ? [estimate.value, estimate.low, estimate.high] : [estimate.value]
    let texts = parts.map { String(format: "%.\(digits)f", $0) }
    return texts[0] + (estimate.hasInterval ? " [\(texts[1]), \(texts[2])]" : "")
  }
}

extension StudyTable.Cell {
  fileprivate var isEstimate: Bool { if case .estimate = self { true } else { false } }
  fileprivate var isText: Bool { if case .text = self { true } else { false } }
  fileprivate var test: StudyTest? { if case .probability(let p, let test) = self, p.isFinite { test } else { nil } }
  fileprivate var asEstimate: Estimate? { if case .estimate(let value, _) = self { value } else { nil } }

  fileprivate var plainNumber: Double {
    switch self {
    case .text: .nan
    case .number(let value, _), .probability(let value, _): value
    case .quantity(let value, let unit, let marks): marks.known(value, unit: unit)
    case .estimate(let value, _): value.value
    }
  }

  fileprivate var plainText: String { if case .text(let text) = self { text } else { Self.plain(plainNumber) } }

  fileprivate var marks: StatisticMarks { if case .quantity(_, _, let marks) = self { marks } else { .none } }

  fileprivate static func plain(_ value: Double) -> String { value.isFinite ? "\(value)" : "" }
}
