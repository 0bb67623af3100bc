import DataFiles
import Foundation
import Reports

/// One table of a study: in CSV, NPZ and JSON with all digits, in the page with few.
struct StudyTable {
  enum Cell {
    case text(String)
    /// A number and the digits behind the point that the page shows.
    case number(Double, digits: Int)
    /// A number with its interval.
    case estimate(Estimate, digits: Int)
    /// Significant digits, for quantities of any size.
    case quantity(Double, unit: String, marks: StatisticMarks)
  }

  let name: String
  let title: String
  let columns: [String]
  var rows: [[Cell]]
  /// Whether `study.md` shows it; long lists are only files.
  var isInPage = true

  /// The marks of all its figures.
  var marks: [StatisticMarks] { rows.flatMap { $0.map(\.marks) } }

  // MARK: Files

  /// A column of the files: texts, or numbers where there is no text in it.
  private enum FileColumn {
    case texts([String])
    case numbers([Double])
  }

  /// Estimates become three columns, marked quantities are followed by their marks.
  private var fileColumns: [(name: String, values: FileColumn)] {
    columns.indices.flatMap { column -> [(name: String, values: FileColumn)] in
      let cells = rows.map { $0[column] }
      let name = columns[column]
      if cells.contains(where: \.isEstimate) {
        return [("", \Estimate.value), (" low", \.low), (" high", \.high)].map { suffix, part in
          (
            name + suffix,
            .numbers(
              cells.map { cell in if case .estimate(let value, _) = cell { value[keyPath: part] } else { .nan } })
          )
        }
      }
      if cells.contains(where: \.isText) { return [(name, .texts(cells.map(\.plainText)))] }
      let numbers = [(name, FileColumn.numbers(cells.map(\.plainNumber)))]
      let marks = cells.map(\.marks.symbols)
      return marks.allSatisfy(\.isEmpty) ? numbers : numbers + [("\(name) marks", .texts(marks))]
    }
  }

  /// With all digits; numbers that are not finite are empty.
  var csv: String {
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
  var archive: NumPyArchive {
    NumPyArchive(
      Dictionary(
        uniqueKeysWithValues: fileColumns.map { column in
          switch column.values {
          case .texts(let texts): (column.name, NumPyArray(shape: [rows.count], elements: .text(texts)))
          case .numbers(let numbers): (column.name, NumPyArray(shape: [rows.count], numbers))
          }
        }))
  }

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
    case .quantity(let value, let unit, let marks):
      value.isFinite
        ? .object([.init("value", .real(value)), .init("unit", .text(unit))] + marks.json) : .null
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
    case .quantity(let value, let unit, let marks):
      value.isFinite
        ? NumberFormat.engineering(value, unit: unit) + marks.symbols.replacing("*", with: "\\*") : "–"
    case .estimate(let value, let digits):
      value.value.isFinite
        ? String(format: "%.\(digits)f [%.\(digits)f, %.\(digits)f]", value.value, value.low, value.high) : "–"
    }
  }
}

extension StudyTable.Cell {
  fileprivate var isEstimate: Bool { if case .estimate = self { true } else { false } }
  fileprivate var isText: Bool { if case .text = self { true } else { false } }

  fileprivate var plainNumber: Double {
    switch self {
    case .text: .nan
    case .number(let value, _), .quantity(let value, _, _): value
    case .estimate(let value, _): value.value
    }
  }

  fileprivate var plainText: String { if case .text(let text) = self { text } else { Self.plain(plainNumber) } }

  fileprivate var marks: StatisticMarks { if case .quantity(_, _, let marks) = self { marks } else { .none } }

  fileprivate static func plain(_ value: Double) -> String { value.isFinite ? "\(value)" : "" }
}
