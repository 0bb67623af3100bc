/// The part of a picture inside its axes, with the legend above and ticks and labels around it.
struct PlotArea {
  static let width = 430.0
  /// What labels of the vertical axis may take, in pixels.
  static let mostLabelWidth = 156.0
  let left, right, top, bottom: Double
  /// Height of the whole picture.
  let height: Double
  private let legendRows: [[(place: Int, name: String)]]

  /// - Parameters:
  ///   - yLabels: the texts at the vertical axis, for which there must be room.
  ///   - legend: names of series, in the order of their colours.
  init(yLabels: [String], legend: [String], plotHeight: Double = 225) {
    left = 34 + min(yLabels.map(Labels.width).max() ?? 8, Self.mostLabelWidth)
    right = Self.width - 14
    legendRows = Self.rows(legend)
    top = 10 + 20 * Double(legendRows.count)
    bottom = top + plotHeight
    height = bottom + 46
  }

  func horizontal(_ value: Double, _ scale: Scale) -> Double { left + scale.share(value) * (right - left) }
  func vertical(_ value: Double, _ scale: Scale) -> Double { bottom - scale.share(value) * (bottom - top) }

  /// Grid, ticks, labels of the horizontal axis.
  func horizontalAxis(_ axis: Chart.Axis, _ scale: Scale) -> String {
    var text = ""
    for tick in scale.ticks {
      let place = horizontal(tick, scale)
      text += "<path d=\"M\(SVG.number(place)) \(SVG.number(top))V\(SVG.number(bottom + 4))\" class=\"grid\"/>"
      let label = Scale.label(tick)
      let x = min(place, Self.width - 1 - Labels.width(label) / 2)
      text += SVG.text(label, x: x, y: bottom + 18, anchor: "middle", style: "soft") + "\n"
    }
    let label = Labels.fitted(axis.label, Self.width - 8)
    let half = Labels.width(label) / 2
    let x = min(max((left + right) / 2, half + 4), Self.width - half - 4)
    return text + SVG.text(label, x: x, y: bottom + 38, anchor: "middle") + "\n"
  }

  /// Grid, ticks, labels of the vertical axis.
  func verticalAxis(_ axis: Chart.Axis, _ scale: Scale) -> String {
    var text = ""
    for tick in scale.ticks {
      let place = vertical(tick, scale)
      text += "<path d=\"M\(SVG.number(left - 4)) \(SVG.number(place))H\(SVG.number(right))\" class=\"grid\"/>"
      text += SVG.text(Scale.label(tick), x: left - 7, y: place + 4, anchor: "end", style: "soft") + "\n"
    }
    text += "<text transform=\"translate(14 \(SVG.number((top + bottom) / 2))) rotate(-90)\" text-anchor=\"middle\">"
    let label = Labels.fitted(axis.label, top + bottom - 8)
    return text + "\(SVG.escaped(label))</text>\n"
  }

  /// Both axes' lines.
  var frame: String {
    "<path d=\"M\(SVG.number(left)) \(SVG.number(top))V\(SVG.number(bottom))H\(SVG.number(right))\" class=\"axis\"/>\n"
  }

  // MARK: Legend

  /// The names with their marks; `symbol` draws the mark of a series about a point.
  func legend(_ symbol: (_ place: Int, _ x: Double, _ y: Double) -> String) -> String {
    var text = ""
    for (row, entries) in legendRows.enumerated() {
      var x = 12.0
      for (place, name) in entries {
        let y = 12 + 20 * Double(row)
        text += symbol(place, x + 5, y - 1) + SVG.text(name, x: x + 15, y: y + 4) + "\n"
        x += Self.entryWidth(name)
      }
    }
    return text
  }

  private static func entryWidth(_ name: String) -> Double { 36 + Labels.width(name) }

  private static func rows(_ names: [String]) -> [[(place: Int, name: String)]] {
    var rows: [[(place: Int, name: String)]] = []
    var used = 0.0
    for (place, name) in names.enumerated() where !name.isEmpty {
      let name = Labels.fitted(name, width - 44)
      let needed = entryWidth(name)
      if rows.isEmpty || used + needed > width {
        rows.append([])
        used = 0
      }
      rows[rows.count - 1].append((place, name))
      used += needed
    }
    return rows
  }
}
