import DataFiles
import Foundation

/// A chart of lines or points: axes with ticks and units, a legend, and for each series a colour and a marker of its
/// own.
public struct Chart: Equatable, Sendable {
  /// A point, with the ends of a bar of uncertainty if it has one.
  public struct Point: Equatable, Sendable {
    /// Along the horizontal axis.
    public var x: Double
    /// Along the vertical axis.
    public var y: Double
    /// Low and high end.
    public var low, high: Double?
    /// What it tells under the pointer; nil for its series and values.
    public var tip: String?

    /// Makes a point.
    public init(_ x: Double, _ y: Double, low: Double? = nil, high: Double? = nil, tip: String? = nil) {
      (self.x, self.y, self.low, self.high, self.tip) = (x, y, low, high, tip)
    }
  }

  /// How a series is drawn; `front` is a thin line of steps without markers, and `crosses` are points that do not
  /// count. Neither has a colour of the series.
  public enum Style: String, Equatable, Sendable { case line, points, steps, front, crosses }

  /// Points that belong together.
  public struct Series: Equatable, Sendable {
    /// What the legend says.
    public var name: String
    /// The points, in the order in which a line joins them.
    public var points: [Point]
    /// How they are drawn.
    public var style: Style

    /// Makes a series.
    public init(_ name: String, _ points: [Point], style: Style = .line) {
      (self.name, self.points, self.style) = (name, points, style)
    }
  }

  /// The line above the chart.
  public var title: String
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// What is drawn; points that are not finite, or not positive on a logarithmic axis, are left out.
  public var series: [Series]

  /// Makes a chart.
  public init(_ title: String, x: Axis, y: Axis, _ series: [Series]) {
    (self.title, self.x, self.y, self.series) = (title, x, y, series)
  }

  /// The chart as the text of an SVG file.
  public var svg: String { drawing.svg }
}

// MARK: - Drawing

extension Chart {
  /// The chart as a picture.
  public var drawing: Drawing {
    let visible = series.map { Series($0.name, $0.points.filter(isVisible), style: $0.style) }
    let points = visible.flatMap(\.points)
    let xScale = Scale(x, points.map(\.x))
    let yScale = Scale(y, points.flatMap { [$0.y, $0.low, $0.high].compactMap { $0 } })
    let area = PlotArea(
      yLabels: yScale.ticks.map(Scale.label), legend: visible.map(\.name),
      lines: Set(visible.indices.filter { visible[$0].style == .front }))
    var body = area.horizontalAxis(x, xScale) + area.verticalAxis(y, yScale) + area.frame
    var fronts = FrontLines()
    for (place, series) in visible.enumerated() { body += draw(series, place, area, xScale, yScale, &fronts) }
    body += area.legend { place, x, y in symbol(place, x, y) }
    return Drawing(title: title, summary: summary(visible), width: PlotArea.width, height: area.height, body: body)
  }

  func isVisible(_ point: Point) -> Bool {
    point.x.isFinite && point.y.isFinite && (!x.isLogarithmic || point.x > 0) && (!y.isLogarithmic || point.y > 0)
  }

  /// Markers on a line: enough to tell it from others, and to point at.
  private static let mostMarkers = 24
  /// More points than that are drawn smaller.
  private static let manyPoints = 200

  private func draw(
    _ series: Series, _ place: Int, _ area: PlotArea, _ xScale: Scale, _ yScale: Scale, _ fronts: inout FrontLines
  ) -> String {
    let places = series.points.map { (x: area.horizontal($0.x, xScale), y: area.vertical($0.y, yScale)) }
    let colour = Self.colour(place, series.style)
    var text =
      switch series.style {
      case .line, .steps: Self.line(places, series.style, colour)
      case .front: fronts.next(places)
      case .points, .crosses: ""
      }
    let isLine = series.style == .line || series.style == .steps
    let stride = isLine ? (series.points.count + Self.mostMarkers - 1) / Self.mostMarkers : 1
    for (index, (point, (px, py))) in zip(series.points, places).enumerated() {
      if let low = point.low, let high = point.high, low.isFinite, high.isFinite, !y.isLogarithmic || low > 0 {
        text += "<path d=\"M\(SVG.number(px)) \(SVG.number(area.vertical(low, yScale)))"
        text += "V\(SVG.number(area.vertical(high, yScale)))\" class=\"\(colour)\"/>"
      }
      guard series.style != .front, index % stride == 0 || index == series.points.count - 1 else { continue }
      let size = series.points.count > Self.manyPoints && !isLine ? 0.65 : 1
      let shape = series.style == .crosses ? Self.cross(px, py, size: size) : Self.shape(place, px, py, size: size)
      text += SVG.mark(shape.element, tip: point.tip ?? tip(point, series), style: colour + shape.style) + "\n"
    }
    return text
  }

  private static func line(_ places: [(x: Double, y: Double)], _ style: Style, _ colour: String) -> String {
    guard let first = places.first, places.contains(where: { $0 != first }) else { return "" }
    var path = "M\(SVG.number(first.x)) \(SVG.number(first.y))"
    for point in places.dropFirst() {
      path +=
        style == .line
        ? "L\(SVG.number(point.x)) \(SVG.number(point.y))" : "H\(SVG.number(point.x))V\(SVG.number(point.y))"
    }
    return "<path d=\"\(path)\" class=\"\(colour) line\"/>\n"
  }

  private func tip(_ point: Point, _ series: Series) -> String {
    let interval = point.low.flatMap { low in
      point.high.map { " (\(Scale.label(low)) … \(Scale.label($0)))" }
    }
    return "\(series.name.isEmpty ? "" : "\(series.name): ")\(x.label) \(String(format: "%.4g", point.x)), "
      + "\(y.label) \(String(format: "%.4g", point.y))\(interval ?? "")"
  }

  private func summary(_ visible: [Series]) -> String {
    let parts = visible.prefix(8).map { series -> String in
      let name = series.name.isEmpty ? "values" : series.name
      guard let low = series.points.map(\.y).min(), let high = series.points.map(\.y).max() else {
        return "\(name): none"
      }
      return "\(name): \(series.points.count.counted("point")) from \(Scale.label(low)) to \(Scale.label(high))"
    }
    return "\(y.label) against \(x.label). " + parts.joined(separator: "; ")
      + (visible.count > 8 ? "; and \(visible.count - 8) more series" : "") + "."
  }

  /// The class of a series' colour.
  private static func colour(_ place: Int, _ style: Style) -> String {
    switch style {
    case .front: "front"
    case .crosses: "cross"
    case .line, .points, .steps: Palette.series(place)
    }
  }

  private static func cross(_ x: Double, _ y: Double, size: Double = 1) -> (element: String, style: String) {
    let d = 3 * size, side = SVG.number(2 * d)
    return ("path d=\"M\(SVG.number(x - d)) \(SVG.number(y - d))l\(side) \(side)m-\(side) 0l\(side) -\(side)\"", "")
  }

  /// A shape for each series about a point, seven different ones; `size` is 1 where there is room.
  private static func shape(_ place: Int, _ x: Double, _ y: Double, size: Double = 1) -> (
    element: String, style: String
  ) {
    let (px, py, r) = (SVG.number(x), SVG.number(y), 3.5 * size)
    let top = SVG.number(y - 1.3 * r)
    switch place % 7 {
    case 0, 5:
      return ("circle cx=\"\(px)\" cy=\"\(py)\" r=\"\(SVG.number(r))\"", place % 7 == 0 ? "" : " hollow")
    case 1, 6:
      let (left, side) = (SVG.number(x - r), SVG.number(2 * r))
      return (
        "rect x=\"\(left)\" y=\"\(SVG.number(y - r))\" width=\"\(side)\" height=\"\(side)\"",
        place % 7 == 1 ? "" : " hollow"
      )
    case 4:
      let (half, up, side) = (SVG.number(1.3 * r), SVG.number(2.3 * r), SVG.number(2.6 * r))
      return ("path d=\"M\(px) \(SVG.number(y + 1.3 * r))l\(half) -\(up)h-\(side)z\"", "")
    case 2:
      let (half, down, side) = (SVG.number(1.3 * r), SVG.number(2.3 * r), SVG.number(2.6 * r))
      return ("path d=\"M\(px) \(top)l\(half) \(down)h-\(side)z\"", "")
    default:
      let d = SVG.number(1.3 * r)
      return ("path d=\"M\(px) \(top)l\(d) \(d)l-\(d) \(d)l-\(d) -\(d)z\"", " hollow")
    }
  }

  private func symbol(_ place: Int, _ x: Double, _ y: Double) -> String {
    let style = series[place].style
    if style == .front { return FrontLines.mark(series[..<place].count { $0.style == .front }, x, y) }
    let shape = style == .crosses ? Self.cross(x, y) : Self.shape(place, x, y)
    return "<\(shape.element) class=\"\(Self.colour(place, style))\(shape.style)\"/>"
  }
}
