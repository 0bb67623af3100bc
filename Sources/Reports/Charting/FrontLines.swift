import Foundation

/// The lines of a chart's Pareto fronts, each with dashes of its own, drawn so that all of them are seen where they
/// coincide.
struct FrontLines {
  private var count = 0
  private var rings: [(x: Double, y: Double)] = []

  /// How far a line lies from the one before it.
  private static let gap = 2.5
  /// So many lines lie beside each other before the next is drawn where the first is.
  private static let mostBeside = 4
  /// The radius of a ring that no mark fills.
  private static let radius = 7.5
  /// Rings whose middles are nearer than that would cross.
  private static let nearness = 6.0

  /// The next front through these places, from left to right: steps, or a ring about a single place.
  mutating func next(_ places: [(x: Double, y: Double)]) -> String {
    defer { count += 1 }
    guard let first = places.first else { return "" }
    guard places.contains(where: { $0 != first }) else { return ring(first) + "\n" }
    let shift = Self.gap * Double(count % Self.mostBeside)
    let shifted = places.map { (x: SVG.number($0.x - shift), y: SVG.number($0.y - shift)) }
    let steps = shifted.dropFirst().map { "H\($0.x)V\($0.y)" }.joined()
    return "<path d=\"M\(shifted[0].x) \(shifted[0].y)\(steps)\" class=\"\(Self.style(count))\"/>\n"
  }

  /// A ring about a mark, and about the rings that are there already.
  private mutating func ring(_ place: (x: Double, y: Double)) -> String {
    let former = rings.count { hypot($0.x - place.x, $0.y - place.y) < Self.nearness }
    rings.append(place)
    let radius = SVG.number(Self.radius + 1.4 * Self.gap * Double(former))
    let centre = "cx=\"\(SVG.number(place.x))\" cy=\"\(SVG.number(place.y))\""
    return "<circle \(centre) r=\"\(radius)\" class=\"\(Self.style(count))\"/>"
  }

  /// The mark of a legend for the front after so many others, about a point.
  static func mark(_ place: Int, _ x: Double, _ y: Double) -> String {
    let length = PlotArea.lineMark
    return
      "<path d=\"M\(SVG.number(x - length / 2)) \(SVG.number(y))h\(SVG.number(length))\" class=\"\(style(place))\"/>"
  }

  /// Classes of the front after so many others.
  private static func style(_ place: Int) -> String {
    place == 0 ? "front line" : "front \(Palette.dashes(place)) line"
  }
}
