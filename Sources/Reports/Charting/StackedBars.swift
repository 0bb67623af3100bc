import DataFiles
import Foundation

/// Horizontal bars, each of the same parts one after the other, with its sum at its end.
public struct StackedBars: Equatable, Sendable {
  /// One bar.
  public struct Bar: Equatable, Sendable {
    /// What stands before it.
    public var name: String
    /// The parts, as many as there are part names; none is negative, and one that is not known is NaN.
    public var values: [Double]
    /// Marks behind the sum, such as `*`.
    public var marks: String
    /// Marks behind each part.
    public var partMarks: [String]
    /// Of how many points of a sweep its values are means; nil if they are of one thing.
    public var points: Int?

    /// Makes a bar, whose parts have the marks of the sum unless they have their own.
    public init(
      _ name: String, _ values: [Double], marks: String = "", partMarks: [String]? = nil, points: Int? = nil
    ) {
      (self.name, self.values, self.marks, self.points) = (name, values, marks, points)
      self.partMarks = partMarks ?? values.map { _ in marks }
    }

    /// The sum of what is known; NaN if nothing is.
    fileprivate var sum: Double {
      let known = values.filter(\.isFinite)
      return known.isEmpty ? .nan : known.reduce(0, +)
    }
  }

  /// The line above the bars.
  public var title: String
  /// What is added up: `energy`.
  public var quantity: String
  /// The unit of all values: `J`.
  public var unit: String
  /// Names of the parts, in order.
  public var parts: [String]
  /// The bars, from top to bottom.
  public var bars: [Bar]

  /// Makes bars.
  public init(_ title: String, _ quantity: String, unit: String, parts: [String], _ bars: [Bar]) {
    (self.title, self.quantity, self.unit, self.parts, self.bars) = (title, quantity, unit, parts, bars)
  }

  private static let (barHeight, spacing) = (20.0, 12.0)

  /// The bars as a picture.
  public var drawing: Drawing {
    let prefixed = PrefixedUnit(for: bars.map(\.sum), unit: unit)
    let axis = Chart.Axis(prefixed.label(quantity), includesZero: true)
    let names = bars.map { Labels.fitted($0.name, PlotArea.mostLabelWidth) }
    let area = PlotArea(
      yLabels: names, legend: parts,
      plotHeight: Double(bars.count) * (Self.barHeight + Self.spacing) + Self.spacing)
    let scale = Scale(axis, [largest(area) * prefixed.factor])
    var body = area.horizontalAxis(axis, scale) + area.frame
    for (row, bar) in bars.enumerated() {
      let top = area.top + Self.spacing + Double(row) * (Self.barHeight + Self.spacing)
      body += SVG.text(names[row], x: area.left - 8, y: top + 14, anchor: "end") + "\n"
      body += draw(bar, at: top, area, scale, prefixed)
    }
    body += area.legend { place, x, y in
      "<rect x=\"\(SVG.number(x - 5))\" y=\"\(SVG.number(y - 5))\" width=\"10\" height=\"10\" "
        + "class=\"\(Palette.series(place)) bar\"/>"
    }
    return Drawing(title: title, summary: summary, width: PlotArea.width, height: area.height, body: body)
  }

  /// The end of an axis that leaves room for the sum behind each bar.
  private func largest(_ area: PlotArea) -> Double {
    bars.filter(\.sum.isFinite).map { bar in
      let room = area.right - area.left - Self.gap - Labels.width(sumText(bar))
      return bar.sum * (area.right - area.left) / max(room, 40)
    }.max() ?? 1
  }

  private static let gap = 6.0

  private func sumText(_ bar: Bar) -> String { NumberFormat.engineering(bar.sum, unit: unit) + bar.marks }

  private func draw(_ bar: Bar, at top: Double, _ area: PlotArea, _ scale: Scale, _ prefixed: PrefixedUnit) -> String {
    var text = ""
    var sum = 0.0
    for (place, value) in bar.values.enumerated() where value > 0 {
      let begin = area.horizontal(sum * prefixed.factor, scale)
      sum += value
      let width = area.horizontal(sum * prefixed.factor, scale) - begin
      let element =
        "rect x=\"\(SVG.number(begin))\" y=\"\(SVG.number(top))\" width=\"\(SVG.number(max(width, 0.2)))\" "
        + "height=\"\(SVG.number(Self.barHeight))\""
      let part = parts[place] + (bar.points.map { " of \($0.counted("point"))" } ?? "")
      let tip = "\(bar.name), \(part): \(NumberFormat.engineering(value, unit: unit))\(bar.partMarks[place])"
      text += SVG.mark(element, tip: tip, style: "\(Palette.series(place)) bar") + "\n"
    }
    let end = area.horizontal(sum * prefixed.factor, scale)
    return text + SVG.text(sumText(bar), x: end + Self.gap, y: top + 14) + "\n"
  }

  private var summary: String {
    "\(quantity) by part (\(parts.joined(separator: ", "))). "
      + bars.prefix(12).map { "\($0.name): \(sumText($0))" }.joined(separator: "; ") + "."
  }
}
