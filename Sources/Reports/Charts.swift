import Foundation

/// A chart of lines, points or bars as SVG: axes with ticks and units, a legend, colours that colour-blind people tell
/// apart (Okabe & Ito, "Color Universal Design", 2008), and a marker of its own for each series besides.
public struct Chart: Equatable, Sendable {
  /// One axis.
  public struct Axis: Equatable, Sendable {
    /// What is drawn along it, with its unit: `PSNR (dB)`.
    public var label: String
    /// Whether it is logarithmic; values must then be positive.
    public var isLogarithmic: Bool
    /// Whether it begins at 0.
    public var includesZero: Bool

    /// Makes an axis.
    public init(_ label: String, isLogarithmic: Bool = false, includesZero: Bool = false) {
      self.label = label
      self.isLogarithmic = isLogarithmic
      self.includesZero = includesZero
    }
  }

  /// A point, with the ends of a bar of uncertainty if it has one.
  public struct Point: Equatable, Sendable {
    /// Along the horizontal axis.
    public var x: Double
    /// Along the vertical axis.
    public var y: Double
    /// Low and high end.
    public var low, high: Double?

    /// Makes a point.
    public init(_ x: Double, _ y: Double, low: Double? = nil, high: Double? = nil) {
      (self.x, self.y, self.low, self.high) = (x, y, low, high)
    }
  }

  /// How a series is drawn.
  public enum Style: Equatable, Sendable { case line, points, steps }

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

  static let colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#E69F00", "#56B4E9", "#999933"]
}

// MARK: - Drawing

extension Chart {
  private static let (width, height) = (720.0, 440.0)
  private static let plot = (left: 76.0, top: 44.0, right: 500.0, bottom: 380.0)

  /// The chart as the text of an SVG file.
  public var svg: String {
    let visible = series.map { series in
      Series(series.name, series.points.filter { isVisible($0) }, style: series.style)
    }
    let points = visible.flatMap(\.points)
    let xScale = Scale(x, points.map(\.x))
    let yScale = Scale(y, points.flatMap { [$0.y, $0.low, $0.high].compactMap { $0 } })
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" \
      width="\(Int(Self.width))" height="\(Int(Self.height))" font-family="sans-serif" font-size="13" role="img">
      <title>\(Self.escaped(title))</title>
      <rect width="100%" height="100%" fill="#fff"/>
      <text x="\(Self.plot.left)" y="26" font-size="15" font-weight="bold">\(Self.escaped(title))</text>

      """
    text += axes(xScale, yScale)
    for (place, series) in visible.enumerated() { text += draw(series, place, xScale, yScale) }
    text += legend(visible)
    return text + "</svg>\n"
  }

  private func isVisible(_ point: Point) -> Bool {
    point.x.isFinite && point.y.isFinite && (!x.isLogarithmic || point.x > 0) && (!y.isLogarithmic || point.y > 0)
  }

  private func horizontal(_ value: Double, _ scale: Scale) -> Double {
    Self.plot.left + scale.share(value) * (Self.plot.right - Self.plot.left)
  }

  private func vertical(_ value: Double, _ scale: Scale) -> Double {
    Self.plot.bottom - scale.share(value) * (Self.plot.bottom - Self.plot.top)
  }

  private func axes(_ xScale: Scale, _ yScale: Scale) -> String {
    let plot = Self.plot
    var text = ""
    for tick in xScale.ticks {
      let place = Self.number(horizontal(tick, xScale))
      text += "<path d=\"M\(place) \(plot.top)V\(plot.bottom + 5)\" stroke=\"#ddd\"/>"
      text += "<text x=\"\(place)\" y=\"\(plot.bottom + 20)\" text-anchor=\"middle\">\(Self.label(tick))</text>\n"
    }
    for tick in yScale.ticks {
      let place = Self.number(vertical(tick, yScale))
      text += "<path d=\"M\(plot.left - 5) \(place)H\(plot.right)\" stroke=\"#ddd\"/>"
      text += "<text x=\"\(plot.left - 9)\" y=\"\(place)\" dy=\"4\" text-anchor=\"end\">\(Self.label(tick))</text>\n"
    }
    let (middleX, middleY) = ((plot.left + plot.right) / 2, (plot.top + plot.bottom) / 2)
    text += "<path d=\"M\(plot.left) \(plot.top)V\(plot.bottom)H\(plot.right)\" fill=\"none\" stroke=\"#000\"/>\n"
    text += "<text x=\"\(middleX)\" y=\"\(plot.bottom + 44)\" text-anchor=\"middle\">\(Self.escaped(x.label))</text>\n"
    text += "<text transform=\"translate(18 \(middleY)) rotate(-90)\" text-anchor=\"middle\">"
    return text + "\(Self.escaped(y.label))</text>\n"
  }

  private func draw(_ series: Series, _ place: Int, _ xScale: Scale, _ yScale: Scale) -> String {
    let colour = Self.colours[place % Self.colours.count]
    let places = series.points.map { (horizontal($0.x, xScale), vertical($0.y, yScale)) }
    var text = "<g stroke=\"\(colour)\" fill=\"\(colour)\">"
    if series.style != .points, places.count > 1 {
      var path = "M\(Self.number(places[0].0)) \(Self.number(places[0].1))"
      for point in places.dropFirst() {
        path += series.style == .steps ? "H\(Self.number(point.0))V\(Self.number(point.1))" : ""
        path += series.style == .line ? "L\(Self.number(point.0)) \(Self.number(point.1))" : ""
      }
      text += "<path d=\"\(path)\" fill=\"none\" stroke-width=\"2\"/>"
    }
    for (point, (px, py)) in zip(series.points, places) {
      if let low = point.low, let high = point.high, low.isFinite, high.isFinite, !y.isLogarithmic || low > 0 {
        text += "<path d=\"M\(Self.number(px)) \(Self.number(vertical(low, yScale)))"
        text += "V\(Self.number(vertical(high, yScale)))\" stroke-width=\"1\"/>"
      }
      if series.style != .steps { text += Self.marker(place, px, py) }
    }
    return text + "</g>\n"
  }

  private func legend(_ series: [Series]) -> String {
    series.enumerated().map { place, series in
      let (left, middle) = (Self.plot.right + 22, Self.plot.top + 12 + 20 * Double(place))
      let colour = Self.colours[place % Self.colours.count]
      return "<g stroke=\"\(colour)\" fill=\"\(colour)\">\(Self.marker(place, left, middle))</g>"
        + "<text x=\"\(left + 14)\" y=\"\(middle + 4)\">\(Self.escaped(series.name))</text>\n"
    }.joined()
  }

  /// A shape for each series.
  private static func marker(_ place: Int, _ x: Double, _ y: Double) -> String {
    let (px, py) = (number(x), number(y))
    switch place % 4 {
    case 0: return "<circle cx=\"\(px)\" cy=\"\(py)\" r=\"4\"/>"
    case 1: return "<rect x=\"\(number(x - 4))\" y=\"\(number(y - 4))\" width=\"8\" height=\"8\"/>"
    case 2: return "<path d=\"M\(px) \(number(y - 5))l5 9h-10z\"/>"
    default: return "<path d=\"M\(px) \(number(y - 5))l5 5l-5 5l-5 -5z\" fill=\"#fff\" stroke-width=\"2\"/>"
    }
  }

  private static func number(_ value: Double) -> String { String(format: "%.1f", value) }

  private static func label(_ value: Double) -> String {
    value != 0 && (abs(value) >= 1e5 || abs(value) < 1e-3)
      ? String(format: "%.0e", value) : String(format: "%.4g", value)
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}

/// An axis with its range and ticks.
private struct Scale {
  private let low: Double
  private let high: Double
  private let isLogarithmic: Bool
  let ticks: [Double]

  init(_ axis: Chart.Axis, _ values: [Double]) {
    isLogarithmic = axis.isLogarithmic
    let all = values.filter { $0.isFinite && (!axis.isLogarithmic || $0 > 0) } + (axis.includesZero ? [0] : [])
    var (low, high) = (all.min() ?? 1, all.max() ?? 10)
    if axis.isLogarithmic {
      let decades = (Int(log10(low).rounded(.down)), Int(log10(high).rounded(.up)))
      let inner = (decades.0...max(decades.0, decades.1)).map { pow(10, Double($0)) }
      let fine = inner.flatMap { [$0, 2 * $0, 5 * $0] }
      let within = (decades.1 - decades.0 > 2 ? inner : fine).filter { $0 >= low * 0.999 && $0 <= high * 1.001 }
      (self.low, self.high) = (log10(low) - 0.05, log10(max(high, low * 1.2)) + 0.05)
      ticks = within
      return
    }
    if high - low < 1e-12 * max(1, abs(high)) { (low, high) = (low - 0.5, high + 0.5) }
    let rough = (high - low) / 5
    let power = pow(10, log10(rough).rounded(.down))
    let step = [1, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= rough } ?? rough
    (self.low, self.high) = ((low / step).rounded(.down) * step, (high / step).rounded(.up) * step)
    let first = self.low
    ticks = (0...Int(((self.high - first) / step).rounded())).map { place in
      let tick = first + Double(place) * step
      return abs(tick) < 1e-9 * step ? 0 : tick
    }
  }

  /// From 0 to 1 along the axis.
  func share(_ value: Double) -> Double { ((isLogarithmic ? log10(value) : value) - low) / (high - low) }
}
