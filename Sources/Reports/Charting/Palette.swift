import Foundation

/// Colours that colour-blind people tell apart, on white and on black.
package enum Palette {
  /// Okabe & Ito, "Color Universal Design" (2008), the light ones darkened until they have a contrast of 3 : 1 on white
  /// (WCAG 2.2, 1.4.11), and moved a little until the first six, which bars have without a marker, stay apart for
  /// people without one kind of cone.
  package static let light = ["#006DB2", "#CE5800", "#00916A", "#B1558F", "#3A3A3A", "#B48800", "#2E8BC0", "#7A7A2A"]
  /// The same on a dark ground.
  package static let dark = ["#56B4E9", "#FF8A3D", "#2CC79B", "#E29AC6", "#DADADA", "#EDB120", "#9CD3F5", "#CFCF6E"]
  package static let (lightPaper, darkPaper) = ("#ffffff", "#15181c")

  /// Class of the colour of a series.
  static func series(_ place: Int) -> String { "s\(place % light.count)" }

  /// Class of the dashes of a front after so many others; eight are told apart.
  static func dashes(_ place: Int) -> String { "d\(place % fronts.count)" }

  /// Of each a period fits into the mark of a legend.
  private static let fronts = ["5 3", "1.5 3", "none", "11 3 1.5 3", "14 5", "9 3 1.5 3 1.5 3", "3 8", "1.5 2.5 1.5 8"]

  /// Classes of charts, for their files and for pages. No custom properties: not every viewer of SVG knows them.
  static let style: String = {
    var text = rules(light, paper: lightPaper, ink: "#1c2126", soft: "#5a6470", grid: "#e2e6ea")
    text += "@media screen and (prefers-color-scheme:dark){"
    text += rules(dark, paper: darkPaper, ink: "#e8ebee", soft: "#a5afba", grid: "#343a41") + "}"
    for (place, dashes) in fronts.enumerated() { text += ".chart .d\(place){stroke-dasharray:\(dashes)}" }
    return
      ".chart{font:13px system-ui,sans-serif}.chart .heading{font-size:15px;font-weight:600}"
      + ".chart .line{fill:none;pointer-events:none;stroke-width:1.8}"
      + ".chart .hollow{stroke-width:1.8}.chart .grid{fill:none;stroke-width:1}" + text
  }()

  private static func rules(_ colours: [String], paper: String, ink: String, soft: String, grid: String) -> String {
    let series = colours.enumerated().map { place, colour in
      ".chart .s\(place){fill:\(colour);stroke:\(colour)}"
    }.joined()
    return ".chart .paper{fill:\(paper)}.chart text{fill:\(ink);stroke:none}.chart .soft{fill:\(soft)}"
      + ".chart .grid{stroke:\(grid)}.chart .axis{fill:none;stroke:\(soft)}.chart .cell{stroke:\(paper)}\(series)"
      + ".chart .line{fill:none}.chart .front{stroke:\(ink);stroke-dasharray:\(fronts[0])}"
      + ".chart .cross{fill:none;stroke:\(soft);stroke-width:1.6}.chart .hollow{fill:\(paper)}"
      + ".chart .bar{stroke:\(paper)}"
  }

  /// Viridis, from least to most (van der Walt & Smith, matplotlib 1.5, 2015), in ten places with straight lines
  /// between.
  static func sequential(_ share: Double) -> String {
    let place = min(max(share.isFinite ? share : 0, 0), 1) * Double(viridis.count - 1)
    let (low, high) = (viridis[Int(place)], viridis[min(Int(place) + 1, viridis.count - 1)])
    let mixed = zip(low, high).map { Int(($0 + ($1 - $0) * (place - place.rounded(.down))).rounded()) }
    return "#" + mixed.map { String(format: "%02x", $0) }.joined()
  }

  private static let viridis: [[Double]] = [
    [68, 1, 84], [72, 40, 120], [62, 73, 137], [49, 104, 142], [38, 130, 142], [31, 158, 137], [53, 183, 121],
    [110, 206, 88], [181, 222, 43], [253, 231, 37],
  ]
}
