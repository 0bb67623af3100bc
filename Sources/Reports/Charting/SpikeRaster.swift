import DataFiles
import Foundation

/// Spikes over time: a grid of steps and groups of neurons, each cell's colour its number of spikes.
public struct SpikeRaster: Equatable, Sendable {
  /// The line above the grid.
  public var title: String
  /// What a line of the grid is: `kernel`.
  public var group: String
  /// Number of groups and of steps.
  public var groups, steps: Int
  /// Spikes of a column, from 0, and a group, from 0: `counts[column * groups + group]`. Step `s`, from 0, is in column
  /// `s / stepsPerColumn(of: steps)`.
  public var counts: [Int]

  /// Makes a raster; `counts` must have a number for each column and group.
  public init(_ title: String, group: String, groups: Int, steps: Int, counts: [Int]) {
    precondition(counts.count == groups * Self.columns(of: steps), "a raster needs a count for each column and group")
    (self.title, self.group, self.groups, self.steps, self.counts) = (title, group, groups, steps, counts)
  }

  /// Most cells across and down; more steps or groups are put together.
  private static let (mostColumns, mostRows) = (200, 144)
  private static let levels = 6

  /// How many of so many steps are put together in a column.
  public static func stepsPerColumn(of steps: Int) -> Int { max(1, (steps + mostColumns - 1) / mostColumns) }

  /// How many columns so many steps take.
  public static func columns(of steps: Int) -> Int {
    (steps + stepsPerColumn(of: steps) - 1) / stepsPerColumn(of: steps)
  }

  /// The grid as a picture: one element for each colour.
  public var drawing: Drawing {
    let stepsACell = Self.stepsPerColumn(of: steps), columns = Self.columns(of: steps)
    let groupsACell = max(1, (groups + Self.mostRows - 1) / Self.mostRows)
    let rows = (groups + groupsACell - 1) / groupsACell
    var cells = [Int](repeating: 0, count: columns * rows)
    for column in 0..<columns {
      for group in 0..<groups { cells[column * rows + group / groupsACell] += counts[column * groups + group] }
    }
    let (x, y) = (Chart.Axis("timestep"), Chart.Axis(group))
    let xScale = Scale(x, [0, Double(columns * stepsACell)]), yScale = Scale(y, [0, Double(rows * groupsACell)])
    let area = PlotArea(yLabels: yScale.ticks.map(Scale.label), legend: [" "])
    var body = area.horizontalAxis(x, xScale) + area.verticalAxis(y, yScale)
    let largest = cells.max() ?? 0
    for level in 1...Self.levels {
      var path = ""
      for row in 0..<rows {
        let (bottom, top) = (
          area.vertical(Double(row * groupsACell), yScale), area.vertical(Double((row + 1) * groupsACell), yScale)
        )
        for run in Self.runs(columns, where: { Self.level(cells[$0 * rows + row], largest) == level }) {
          let left = area.horizontal(Double(run.lowerBound * stepsACell), xScale)
          let right = area.horizontal(Double(run.upperBound * stepsACell), xScale)
          path += "M\(SVG.number(left)) \(SVG.number(top))H\(SVG.number(right))V\(SVG.number(bottom))"
          path += "H\(SVG.number(left))z"
        }
      }
      guard !path.isEmpty else { continue }
      let element = "path fill=\"\(Palette.sequential(Double(level) / Double(Self.levels + 1)))\" d=\"\(path)\""
      body += SVG.mark(element, tip: Self.tip(level, largest), style: "spikes") + "\n"
    }
    body += area.frame + key(largest)
    return Drawing(title: title, summary: summary, width: PlotArea.width, height: area.height, body: body)
  }

  /// Levels are equal ratios: 1 spike is the first, the largest number the last.
  private static func level(_ count: Int, _ largest: Int) -> Int {
    guard count > 0 else { return 0 }
    guard largest > 1 else { return levels }
    return 1 + Int((Double(levels - 1) * log(Double(count)) / log(Double(largest))).rounded())
  }

  private static func tip(_ level: Int, _ largest: Int) -> String {
    let first = smallest(ofLevel: level, largest), last = smallest(ofLevel: level + 1, largest) - 1
    return (first == last ? "\(first)" : "\(first) to \(last)") + " spikes a cell"
  }

  /// The smallest number of spikes of a level or a higher one; one more than the largest if there is none.
  private static func smallest(ofLevel level: Int, _ largest: Int) -> Int {
    var (low, high) = (1, largest + 1)
    while low < high {
      let middle = low + (high - low) / 2
      if self.level(middle, largest) >= level { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private static func runs(_ count: Int, where holds: (Int) -> Bool) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for place in 0..<count where holds(place) {
      if let last = runs.last, last.upperBound == place {
        runs[runs.count - 1] = last.lowerBound..<place + 1
      } else {
        runs.append(place..<place + 1)
      }
    }
    return runs
  }

  private func key(_ largest: Int) -> String {
    var text = SVG.text("spikes a cell: 1", x: 12, y: 16, style: "soft")
    for level in 1...Self.levels {
      text += "<rect x=\"\(SVG.number(112 + 14 * Double(level - 1)))\" y=\"6\" width=\"14\" height=\"11\" "
      text += "fill=\"\(Palette.sequential(Double(level) / Double(Self.levels + 1)))\"/>"
    }
    return text + SVG.text("\(largest)", x: 114 + 14 * Double(Self.levels) + 4, y: 16, style: "soft")
  }

  private var summary: String {
    "\(counts.reduce(0, +).counted("spike")) over \(steps.counted("timestep")) and \(groups.counted("group")) "
      + "(\(group)), as a grid whose colours are numbers of spikes."
  }
}
