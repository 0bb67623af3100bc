/// A table of a page: what is shown, and the values behind it, by which it is sorted and which can be downloaded.
public struct PageTable: Sendable {
  /// A column that is shown.
  public struct Column: Equatable, Sendable {
    /// Its head.
    public var header: String
    /// Whether its cells are numbers.
    public var isNumeric: Bool

    /// Makes a column.
    public init(_ header: String, isNumeric: Bool = true) { (self.header, self.isNumeric) = (header, isNumeric) }
  }

  /// A line that is shown.
  public enum Row: Equatable, Sendable {
    case cells([Table.Cell])
    case section(String)
  }

  /// What it shows.
  public var caption: String
  /// What is shown, column by column.
  public var columns: [Column]
  /// What is shown, line by line.
  public var rows: [Row]
  /// Names of the columns of `values`: those shown first, in their order.
  public var names: [String]
  /// The values behind each line, none behind a heading; no lines if the table cannot be sorted or downloaded.
  public var values: [[JSONValue]]

  /// A table that can be sorted and downloaded: as many rows as `values`, each beginning with those of its cells.
  public init(
    _ caption: String, columns: [Column], cells: [[Table.Cell]], names: [String], values: [[JSONValue]]
  ) {
    (self.caption, self.columns, rows) = (caption, columns, cells.map { .cells($0) })
    (self.names, self.values) = (names, values)
  }

  /// Keys with their values and meanings.
  public init(_ caption: String, keys: [(key: String, value: String, meaning: String)]) {
    let rows = keys.map { [$0.key, $0.value, $0.meaning] }
    let names = ["key", "value", "meaning"]
    self.init(
      caption, columns: names.map { Column($0, isNumeric: false) }, cells: rows.map { $0.map { Table.Cell($0) } },
      names: names, values: rows.map { $0.map { .text($0) } })
  }

  /// Values that are only downloaded.
  public init(_ caption: String, names: [String], values: [[JSONValue]]) {
    (self.caption, columns, rows, self.names, self.values) = (caption, [], [], names, values)
  }

  /// A table of a terminal; each of its groups of lines is sorted by itself, by the numbers behind its cells.
  public init(_ caption: String, _ table: Table) {
    self.caption = caption
    columns = table.columns.map { column in
      let header = column.header.joined(separator: " ")
      return Column(header.isEmpty ? "figure" : header, isNumeric: column.alignment == .trailing)
    }
    rows = table.rows.map { row in
      switch row {
      case .cells(let cells): .cells(cells)
      case .section(let heading): .section(heading)
      }
    }
    names = columns.map(\.header)
    values = table.rows.map { row in
      guard case .cells(let cells) = row else { return [] }
      return cells.enumerated().map { place, cell in
        place == 0 ? .text(String(cell.text.drop { $0 == " " })) : cell.number.map { .real($0) } ?? .null
      }
    }
  }

  var json: JSONValue {
    .object([.init("columns", .list(names.map { .text($0) })), .init("rows", .list(values.map { .list($0) }))])
  }

  func context(id: String) -> [String: Any] {
    [
      "id": id, "caption": caption, "sortable": !values.isEmpty, "width": columns.count,
      "tall": rows.count > Self.mostLines,
      "columns": columns.map { column in
        var context: [String: Any] = ["header": column.header, "sortable": !values.isEmpty]
        context["class"] = Self.style(column.header, isNumeric: column.isNumeric)
        return context
      },
      "rows": rows.enumerated().map { place, row -> [String: Any] in
        switch row {
        case .section(let heading): ["section": heading, "width": columns.count]
        case .cells(let cells): ["cells": self.cells(cells), "place": place]
        }
      },
    ]
  }

  /// A table of more lines scrolls by itself; of a shorter one nothing is out of sight.
  private static let mostLines = 60

  /// Texts of this many characters need a column of some width.
  private static let longText = 26

  /// Spaces before what stands under a heading; what has more belongs to the line above it.
  private static let indentation = 2

  /// The classes of a cell; nil for none.
  private static func style(_ text: String, isNumeric: Bool) -> String? {
    let classes = (isNumeric ? ["n"] : []) + (text.utf8.count > longText ? ["w"] : [])
    return classes.isEmpty ? nil : classes.joined(separator: " ")
  }

  private func cells(_ cells: [Table.Cell]) -> [[String: Any]] {
    columns.indices.map { place in
      let cell = cells.indices.contains(place) ? cells[place] : Table.Cell("")
      let text = cell.text.drop { $0 == " " }
      var context: [String: Any] = ["text": String(text), place == 0 ? "head" : "body": true]
      if cell.text.count - text.count > Self.indentation { context["deeper"] = true }
      context["class"] = Self.style(cell.text, isNumeric: columns[place].isNumeric)
      if !cell.marks.isEmpty { context["marks"] = cell.marks }
      return context
    }
  }
}
