/// The part of a picture inside its axes, with the legend above and ticks and labels around it.
struct PlotArea {
  static let width = 430.0
  /// What labels of the vertical axis may take, in pixels.
  static let mostLabelWidth = 156.0
  let left, right, top, bottom: Double
  /// Height of the whole picture.
  let height: Double
  private let legendRows: [[LegendEntry]]

  /// - Parameters:
  ///   - yLabels: the texts at the vertical axis, for which there must be room.
  ///   - legend: names of series, in the order of their colours.
  ///   - lines: places of series whose mark is a line, which takes more room.
  init(yLabels: [String], legend: [String], lines: Set<Int> = [], plotHeight: Double = 225) {
    left = 34 + min(yLabels.map(Labels.width).max() ?? 8, Self.mostLabelWidth)
    right = Self.width - 14
    legendRows = Self.rows(legend, lines)
    top = 10 + 20 * Double(legendRows.count)
    bottom = top + plotHeight
    height = bottom + 46
  }

  func horizontal(_ value: Double, _ scale: Scale) -> Double { left + scale.share(value) * (right - left) }
  func vertical(_ value: Double, _ scale: Scale) -> Double { bottom - scale.share(value) * (bottom - top) }

  /// Grid, ticks, labels of the horizontal axis.
  func horizontalAxis(_ axis: Chart.Axis, _ scale: Scale) -> String {
    func line(_ tick: Double) -> String {
      let x = SVG.number(horizontal(tick, scale))
      return "<path d=\"M\(x) \(SVG.number(top))V\(SVG.number(bottom + 4))\" class=\"grid\"/>"
    }
    var text = scale.unlabelledTicks.map(line).joined()
    for tick in scale.ticks {
      text += line(tick)
      let label = Scale.label(tick)
      let x = min(horizontal(tick, scale), Self.width - 1 - Labels.width(label) / 2)
      text += SVG.text(label, x: x, y: bottom + 18, anchor: "middle", style: "soft") + "\n"
    }
    let label = Labels.fitted(axis.label, Self.width - 8)
    let half = Labels.width(label) / 2
    let x = min(max((left + right) / 2, half + 4), Self.width - half - 4)
    return text + SVG.text(label, x: x, y: bottom + 38, anchor: "middle") + "\n"
  }

  /// Grid, ticks, labels of the vertical axis.
  func verticalAxis(_ axis: Chart.Axis, _ scale: Scale) -> String {
    func line(_ tick: Double) -> String {
      "<path d=\"M\(SVG.number(left - 4)) \(SVG.number(vertical(tick, scale)))H\(SVG.number(right))\" class=\"grid\"/>"
    }
    var text = scale.unlabelledTicks.map(line).joined()
    for tick in scale.ticks {
      let y = vertical(tick, scale) + 4
      text += line(tick) + SVG.text(Scale.label(tick), x: left - 7, y: y, anchor: "end", style: "soft") + "\n"
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
      for entry in entries {
        let y = 12 + 20 * Double(row)
        text += symbol(entry.place, x + entry.markWidth / 2, y - 1)
        text += SVG.text(entry.name, x: x + entry.markWidth + 5, y: y + 4) + "\n"
        x += entry.width
      }
    }
    return text
  }

  /// How long the mark of a line is.
  static let lineMark = 30.0

  private struct LegendEntry {
    let place: Int
    let name: String
    let markWidth: Double

    var width: Double { 26 + markWidth + Labels.width(name) }
  }

  private static func rows(_ names: [String], _ lines: Set<Int>) -> [[LegendEntry]] {
    var rows: [[LegendEntry]] = []
    var used = 0.0
    for (place, name) in names.enumerated() where !name.isEmpty {
      let markWidth = lines.contains(place) ? lineMark : 10
      let entry = LegendEntry(place: place, name: Labels.fitted(name, width - 34 - markWidth), markWidth: markWidth)
      if rows.isEmpty || used + entry.width > width {
        rows.append([])
        used = 0
      }
      rows[rows.count - 1].append(entry)
      used += entry.width
    }
    return rows
  }
}
