import DataFiles

/// A table for terminals, in plain text.
///
///     name      energy
///     ────────────────
///     dense    45.6 µJ*
///     sparse   12.3 µJ
///
///     * contains an estimated cost
public struct Table: Equatable, Sendable {
  /// At which side of a column its cells stand.
  public enum Alignment: Sendable {
    case leading
    case trailing
  }

  /// The head of a column, of one or more lines.
  public struct Column: Equatable, Sendable {
    /// The lines of the head.
    public let header: [String]
    /// Where its cells stand.
    public let alignment: Alignment

    /// Makes a column; numbers stand at the trailing side.
    public init(_ header: [String], _ alignment: Alignment = .trailing) {
      self.header = header
      self.alignment = alignment
    }
  }

  /// A text and the marks behind it, such as `*`, which hang to the right of the aligned texts.
  public struct Cell: Equatable, Sendable {
    /// The text that is aligned.
    public let text: String
    /// What hangs behind it.
    public let marks: String
    /// The number that the text tells, in its plain unit; nil if there is none.
    public let number: Double?

    /// Makes a cell.
    public init(_ text: String, marks: String = "", number: Double? = nil) {
      (self.text, self.marks, self.number) = (text, marks, number)
    }
  }

  /// A line of the table.
  public enum Row: Equatable, Sendable {
    /// One cell a column; missing ones are empty.
    case cells([Cell])
    /// A heading over the lines that follow.
    case section(String)
  }

  /// A line above the table; none if empty.
  public var title: String
  /// The columns, from left to right.
  public var columns: [Column]
  /// The lines, from top to bottom.
  public var rows: [Row]
  /// Lines below the table that explain its marks.
  public var legend: [String]

  /// Makes a table.
  public init(title: String = "", columns: [Column], rows: [Row] = [], legend: [String] = []) {
    self.title = title
    self.columns = columns
    self.rows = rows
    self.legend = legend
  }

  /// The table as text, every line ended; no line has trailing spaces. Nothing of a cell or a head is obeyed by a
  /// terminal, so that columns stay aligned.
  public var text: String { inLines.aligned }

  /// The table with each cell and each line of a head on one line.
  private var inLines: Table {
    var table = self
    table.columns = columns.map { Column($0.header.map(\.inOneLine), $0.alignment) }
    table.rows = rows.map { row in
      switch row {
      case .cells(let cells): .cells(cells.map { Cell($0.text.inOneLine, marks: $0.marks, number: $0.number) })
      case .section(let heading): .section(heading.inOneLine)
      }
    }
    table.legend = legend.map(\.inOneLine)
    return table
  }

  private var aligned: String {
    let layout = columns.indices.map(width)
    let total = layout.map { $0.text + $0.marks }.reduce(0, +) + Self.gap.count * max(0, columns.count - 1)
    var lines = title.isEmpty ? [] : [title, ""]
    for line in 0..<(columns.map(\.header.count).max() ?? 0) {
      lines.append(self.line(columns.map { Cell($0.header.indices.contains(line) ? $0.header[line] : "") }, layout))
    }
    lines.append(String(repeating: "─", count: total))
    for (place, row) in rows.enumerated() {
      switch row {
      case .cells(let cells): lines.append(line(cells, layout))
      case .section(let heading): lines += place == 0 ? [heading] : ["", heading]
      }
    }
    if !legend.isEmpty { lines += [""] + legend }
    return lines.map { $0.trimmingTrailingSpaces + "\n" }.joined()
  }

  private static let gap = "  "

  private func width(ofColumn column: Int) -> (text: Int, marks: Int) {
    var width = (text: columns[column].header.map(\.displayWidth).max() ?? 0, marks: 0)
    for case .cells(let cells) in rows where cells.indices.contains(column) {
      width.text = max(width.text, cells[column].text.displayWidth)
      width.marks = max(width.marks, cells[column].marks.displayWidth)
    }
    return width
  }

  private func line(_ cells: [Cell], _ layout: [(text: Int, marks: Int)]) -> String {
    columns.indices.map { column in
      let cell = cells.indices.contains(column) ? cells[column] : Cell("")
      let padding = String(repeating: " ", count: layout[column].text - cell.text.displayWidth)
      let marks = cell.marks + String(repeating: " ", count: layout[column].marks - cell.marks.displayWidth)
      return (columns[column].alignment == .leading ? cell.text + padding : padding + cell.text) + marks
    }.joined(separator: Self.gap)
  }
}

extension String {
  /// With marks in place of line breaks and tabs, and escapes in place of all else that a terminal obeys.
  package var inOneLine: String {
    let scalars = replacing("\r\n", with: "\n").unicodeScalars.map { scalar -> Unicode.Scalar in
      scalar == "\n" ? "␤" : scalar == "\t" ? "␉" : scalar
    }
    return String(String.UnicodeScalarView(scalars)).withVisibleControls
  }

  /// Columns that the text takes on a terminal: combining marks none, East Asian wide characters two.
  package var displayWidth: Int {
    unicodeScalars.reduce(0) { width, scalar in
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark, .format, .control: width
      default: width + (Self.wide.contains { $0.contains(scalar.value) } ? 2 : 1)
      }
    }
  }

  /// The blocks that Unicode's EastAsianWidth.txt has as W or F, without their gaps.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]

  fileprivate var trimmingTrailingSpaces: Substring {
    self[..<(lastIndex { $0 != " " }.map(index(after:)) ?? startIndex)]
  }
}
