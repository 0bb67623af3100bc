import Foundation

/// Small charts in text, for a terminal.
public enum TerminalPlot {
  /// A bar a line, in eighths of a cell, with its value behind it.
  ///
  /// - Parameters:
  ///   - columns: What a line may take; of a bar that is 40 cells at the most.
  ///   - isASCII: Whether bars are of letters, whole cells, as not every terminal has blocks.
  public static func bars(
    _ title: String, _ bars: [(name: String, value: Double, text: String)], columns: Int = 80, isASCII: Bool = false
  ) -> String {
    let largest = bars.map(\.value).filter(\.isFinite).max() ?? 0
    let names = bars.map(\.name.displayWidth).max() ?? 0
    let texts = bars.map(\.text.displayWidth).max() ?? 0
    let width = min(40, max(1, columns - names - texts - 5))
    let lines = bars.map { bar in
      let share = largest > 0 && bar.value.isFinite ? max(bar.value, 0) / largest : 0
      let padding = String(repeating: " ", count: names - bar.name.displayWidth)
      let cells = isASCII ? CellBar.asciiText(share, width: width) : CellBar.text(share, width: width)
      return "  \(bar.name)\(padding)  \(cells) \(bar.text)"
    }
    return ([title] + lines).joined(separator: "\n") + "\n"
  }

  /// Lines of a chart in dots of braille, two by four in a cell, each series in a colour of the terminal. Without
  /// colours, each of several has a mark of its own in its cells instead.
  ///
  /// - Parameters:
  ///   - columns: What a line may take; of the chart itself that is 56 cells at the most.
  ///   - rows: Cells down.
  ///   - hasColours: Whether escape sequences for colours are written.
  ///   - isASCII: Whether lines are of marks and axes of dashes, as not every terminal has braille.
  public static func lines(
    _ chart: Chart, columns most: Int = 80, rows: Int = 10, hasColours: Bool = true, isASCII: Bool = false
  ) -> String {
    let drawn = chart.series.filter { $0.style != .points }
    let series = drawn.map { series in
      series.points.filter {
        $0.x.isFinite && $0.y.isFinite && (!chart.x.isLogarithmic || $0.x > 0) && (!chart.y.isLogarithmic || $0.y > 0)
      }
    }
    let all = series.flatMap(\.self)
    guard let low = all.map(\.y).min(), let high = all.map(\.y).max(), let first = all.map(\.x).min(),
      let last = all.map(\.x).max()
    else { return "" }
    let (x, y) = (Scale(chart.x, [first, last]), Scale(chart.y, [low, high]))
    // The upper of two ticks on one line wins.
    let labels = Dictionary(
      y.ticks.map { (Int(((1 - y.share($0)) * Double(rows - 1)).rounded()), Scale.label($0)) },
      uniquingKeysWith: { $1 })
    let margin = labels.values.map(\.displayWidth).max() ?? 0
    let columns = min(56, max(1, most - margin - 4))
    let look = isASCII ? Look.marks : hasColours ? .colours : drawn.count > 1 ? .marks : .plain
    let frame =
      isASCII ? (side: "|", corner: "+", bottom: "-", to: "..") : (side: "│", corner: "└", bottom: "─", to: "…")
    var grid = Grid(columns: columns, rows: rows)
    for (place, points) in series.enumerated() {
      let dots = points.map { (x.share($0.x) * Double(2 * columns - 1), (1 - y.share($0.y)) * Double(4 * rows - 1)) }
      for (a, b) in zip(dots, dots.dropFirst()) { grid.draw(a, b, series: place) }
    }
    let lines = (0..<rows).map { row in
      let label = labels[row] ?? ""
      let padding = String(repeating: " ", count: margin - label.displayWidth)
      return "  \(padding)\(label) \(frame.side)\(grid.line(row, look))"
    }
    let axis =
      String(repeating: " ", count: margin + 3) + frame.corner + String(repeating: frame.bottom, count: columns)
    let (left, right) = (Scale.label(x.ticks.first ?? first), Scale.label(x.ticks.last ?? last))
    let ends = "\(chart.x.label), \(left) \(frame.to) \(right)"
    let legend = drawn.enumerated().map { place, series in "\(look.cell("⣿", of: place)) \(series.name)" }
    // On one line if they fit.
    let isWide = drawn.reduce(-1) { $0 + $1.name.displayWidth + 5 } <= most - 2
    let indent = String(repeating: " ", count: min(margin + 4, max(0, most - ends.displayWidth)))
    let head = "\(chart.title): \(chart.y.label)"
    let names = "  " + legend.joined(separator: isWide ? "   " : "\n  ")
    return ([head] + lines + [axis, indent + ends, names]).joined(separator: "\n") + "\n"
  }

  /// What tells series apart.
  private enum Look {
    case plain, colours, marks

    private static let allMarks = Array("*+ox#@%&ABCDEFGHIJKLMNOPQRSTUVWXYZ")

    /// A cell of a series that has these dots.
    func cell(_ dots: String, of series: Int) -> String {
      switch self {
      case .plain: dots
      // Blue, yellow, magenta, cyan, green, red of the terminal.
      case .colours: "\u{1B}[\([34, 33, 35, 36, 32, 31][series % 6])m\(dots)\u{1B}[0m"
      case .marks: String(Self.allMarks[series % Self.allMarks.count])
      }
    }
  }

  /// Cells of braille: Unicode's U+2800 and a bit for each dot.
  private struct Grid {
    let columns, rows: Int
    private var dots: [UInt8]
    private var series: [Int]

    init(columns: Int, rows: Int) {
      (self.columns, self.rows) = (columns, rows)
      dots = Array(repeating: 0, count: columns * rows)
      series = Array(repeating: 0, count: columns * rows)
    }

    private static let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

    mutating func draw(_ a: (Double, Double), _ b: (Double, Double), series number: Int) {
      let steps = max(1, Int(max(abs(b.0 - a.0), abs(b.1 - a.1)).rounded(.up)))
      for step in 0...steps {
        let share = Double(step) / Double(steps)
        let x = Int((a.0 + (b.0 - a.0) * share).rounded()), y = Int((a.1 + (b.1 - a.1) * share).rounded())
        guard (0..<2 * columns).contains(x), (0..<4 * rows).contains(y) else { continue }
        dots[y / 4 * columns + x / 2] |= Self.bits[y % 4][x % 2]
        series[y / 4 * columns + x / 2] = number
      }
    }

    func line(_ row: Int, _ look: Look) -> String {
      (0..<columns).map { column in
        let place = row * columns + column
        guard dots[place] != 0, let scalar = Unicode.Scalar(0x2800 + UInt32(dots[place])) else { return " " }
        return look.cell(String(scalar), of: series[place])
      }.joined(separator: "")
    }
  }
}
