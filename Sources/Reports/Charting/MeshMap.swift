import DataFiles
import Foundation

/// The mesh of a chip from above: a value of each core as colour, and of each link as the width of a line.
public struct MeshMap: Equatable, Sendable {
  /// A core and its value.
  public struct Core: Equatable, Sendable {
    /// Number of the core.
    public var number: Int
    /// Its tile.
    public var x, y: Int
    /// What colours it.
    public var value: Double

    /// Makes a core.
    public init(_ number: Int, x: Int, y: Int, value: Double) {
      (self.number, self.x, self.y, self.value) = (number, x, y, value)
    }
  }

  /// A link and its value.
  public struct Link: Equatable, Sendable {
    /// The tile where it begins.
    public var x, y: Int
    /// The step to the tile where it ends.
    public var dx, dy: Int
    /// What decides its width.
    public var value: Double

    /// Makes a link.
    public init(x: Int, y: Int, dx: Int, dy: Int, value: Double) {
      (self.x, self.y, self.dx, self.dy, self.value) = (x, y, dx, dy, value)
    }
  }

  /// Tiles along each side.
  public struct Size: Equatable, Sendable {
    /// Along x, and along y.
    public var columns, rows: Int

    /// Makes a size.
    public init(columns: Int, rows: Int) { (self.columns, self.rows) = (columns, rows) }
  }

  /// The line above the map.
  public var title: String
  /// What the value is: `busy time of a step`.
  public var quantity: String
  /// Its unit: `s`.
  public var unit: String
  /// Marks behind each value, such as `*`.
  public var marks: String
  /// The value of the last colour or the widest line, so that maps side by side compare; nil for the largest here.
  public var scale: Double?
  /// The mesh that is shown; nil for the rectangle of tiles in use.
  public var mesh: Size?
  /// Cores in use; none for a map of links.
  public var cores: [Core]
  /// Links in use; none for a map of cores.
  public var links: [Link]

  /// Makes a map.
  public init(
    _ title: String, _ quantity: String, unit: String, marks: String = "", scale: Double? = nil, mesh: Size? = nil,
    cores: [Core] = [], links: [Link] = []
  ) {
    (self.title, self.quantity, self.unit, self.marks, self.scale) = (title, quantity, unit, marks, scale)
    (self.mesh, self.cores, self.links) = (mesh, cores, links)
  }

  private static let (left, top) = (34.0, 44.0)

  /// The map as a picture.
  public var drawing: Drawing {
    let (columns, rows) = extent
    let pitch = min(64, (PlotArea.width - Self.left - 10) / Double(columns.count))
    let height = Self.top + pitch * Double(rows.count) + 34
    var body = scaleBar + numbers(columns, rows, pitch)
    let values = cores.map(\.value) + links.map(\.value)
    let largest = end
    func place(_ x: Int, _ y: Int) -> (x: Double, y: Double) {
      (
        Self.left + (Double(x - columns.lowerBound) + 0.5) * pitch,
        Self.top + (Double(y - rows.lowerBound) + 0.5) * pitch
      )
    }
    let side = links.isEmpty ? 0.92 * pitch : 0.36 * pitch
    let squares = rows.flatMap { y in columns.map { x in Self.square(place(x, y), side) } }
    body += "<path d=\"\(squares.joined())\" class=\"grid\"/>\n"
    for (tile, members) in byTile { body += draw(members, at: place(tile.x, tile.y), pitch, largest) }
    for link in links { body += draw(link, from: place(link.x, link.y), pitch, largest) }
    return Drawing(title: title, summary: summary(values), width: PlotArea.width, height: height, body: body)
  }

  /// The tiles from the first to the last that is in use, or in the mesh.
  private var extent: (columns: ClosedRange<Int>, rows: ClosedRange<Int>) {
    let ends = mesh.map { (x: [0, max(0, $0.columns - 1)], y: [0, max(0, $0.rows - 1)]) }
    let xs = cores.map(\.x) + links.flatMap { [$0.x, $0.x + $0.dx] } + (ends?.x ?? [])
    let ys = cores.map(\.y) + links.flatMap { [$0.y, $0.y + $0.dy] } + (ends?.y ?? [])
    return ((xs.min() ?? 0)...(xs.max() ?? 0), (ys.min() ?? 0)...(ys.max() ?? 0))
  }

  /// The value of the last colour or the widest line.
  private var end: Double { scale ?? (cores.map(\.value) + links.map(\.value)).max() ?? 0 }

  private struct Tile: Hashable { let x, y: Int }

  private var byTile: [(tile: Tile, cores: [Core])] {
    let groups = Dictionary(grouping: cores) { Tile(x: $0.x, y: $0.y) }
    return groups.map { ($0.key, $0.value) }.sorted { ($0.0.y, $0.0.x) < ($1.0.y, $1.0.x) }
  }

  private var coresOfATile: Int { byTile.map(\.cores.count).max() ?? 1 }

  private func draw(_ members: [Core], at middle: (x: Double, y: Double), _ pitch: Double, _ largest: Double) -> String
  {
    let side = Int(Double(coresOfATile).squareRoot().rounded(.up))
    let cell = 0.86 * pitch / Double(side)
    return members.enumerated().map { place, core in
      let (row, column) = place.quotientAndRemainder(dividingBy: side)
      let x = middle.x - 0.43 * pitch + Double(column) * cell, y = middle.y - 0.43 * pitch + Double(row) * cell
      let element =
        "rect x=\"\(SVG.number(x))\" y=\"\(SVG.number(y))\" "
        + "width=\"\(SVG.number(cell))\" height=\"\(SVG.number(cell))\" "
        + "fill=\"\(Palette.sequential(largest > 0 ? core.value / largest : 0))\""
      let tip =
        "core \(core.number), tile (\(core.x), \(core.y)): "
        + "\(NumberFormat.engineering(core.value, unit: unit))\(marks)"
      return SVG.mark(element, tip: tip, style: "cell") + "\n"
    }.joined()
  }

  /// The two directions of a pair of tiles lie beside each other.
  private func draw(_ link: Link, from middle: (x: Double, y: Double), _ pitch: Double, _ largest: Double) -> String {
    let (dx, dy) = (Double(link.dx), Double(link.dy))
    let width = max(0.6, 0.12 * pitch * link.value / max(largest, 1e-300))
    let aside = 0.09 * pitch
    let x = middle.x - dy * aside, y = middle.y + dx * aside
    let (x1, y1) = (x + 0.2 * pitch * dx, y + 0.2 * pitch * dy)
    let (x2, y2) = (x + 0.8 * pitch * dx, y + 0.8 * pitch * dy)
    let element =
      "path d=\"M\(SVG.number(x1)) \(SVG.number(y1))L\(SVG.number(x2)) \(SVG.number(y2))\" "
      + "stroke-width=\"\(SVG.number(width))\""
    let tip =
      "(\(link.x), \(link.y)) → (\(link.x + link.dx), \(link.y + link.dy)): "
      + "\(NumberFormat.engineering(link.value, unit: unit))\(unit == "1" ? " packets" : "")\(marks)"
    return SVG.mark(element, tip: tip, style: "\(Palette.series(0)) link") + "\n"
  }

  private func numbers(_ columns: ClosedRange<Int>, _ rows: ClosedRange<Int>, _ pitch: Double) -> String {
    let stride = max(1, Int((22 / pitch).rounded(.up)))
    var text = ""
    for x in columns where (x - columns.lowerBound) % stride == 0 {
      let place = Self.left + (Double(x - columns.lowerBound) + 0.5) * pitch
      text += SVG.text("\(x)", x: place, y: Self.top + pitch * Double(rows.count) + 14, anchor: "middle", style: "soft")
    }
    for y in rows where (y - rows.lowerBound) % stride == 0 {
      let place = Self.top + (Double(y - rows.lowerBound) + 0.5) * pitch + 4
      text += SVG.text("\(y)", x: Self.left - 6, y: place, anchor: "end", style: "soft")
    }
    return text
      + SVG.text("tile (x, y)", x: Self.left + 4, y: Self.top + pitch * Double(rows.count) + 30, style: "soft") + "\n"
  }

  /// Colours from zero to the largest value, or how much the widest line is.
  private var scaleBar: String {
    let text = NumberFormat.engineering(end, unit: unit) + marks
    guard !cores.isEmpty else {
      let what = scale == nil ? "the widest has" : "the widest would have"
      return SVG.text("\(quantity): \(what) \(text)", x: 10, y: 14) + "\n"
    }
    return colours(upTo: text)
  }

  private func colours(upTo end: String) -> String {
    var text = SVG.text("\(quantity):", x: 10, y: 14) + SVG.text("0", x: 10, y: 31, style: "soft")
    for place in 0..<20 {
      text += "<rect x=\"\(SVG.number(24 + 8 * Double(place)))\" y=\"22\" width=\"8.2\" height=\"10\" "
      text += "fill=\"\(Palette.sequential(Double(place) / 19))\"/>"
    }
    return text + SVG.text(end, x: 190, y: 31, style: "soft") + "\n"
  }

  private static func square(_ middle: (x: Double, y: Double), _ side: Double) -> String {
    let length = SVG.number(side)
    return "M\(SVG.number(middle.x - side / 2)) \(SVG.number(middle.y - side / 2))h\(length)v\(length)h-\(length)z"
  }

  private func summary(_ values: [Double]) -> String {
    let what = cores.isEmpty ? links.count.counted("link") : cores.count.counted("core")
    let mean = values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    return "\(quantity) of \(what): mean \(NumberFormat.engineering(mean, unit: unit))\(marks), largest "
      + "\(NumberFormat.engineering(values.max() ?? 0, unit: unit))\(marks)."
  }
}
