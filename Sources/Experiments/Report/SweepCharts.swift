import DataFiles
import Foundation
import Reports

/// The charts of a sweep.
struct SweepCharts {
  private let table: SweepTable

  private let labels: [AxisLabels]

  init(_ table: SweepTable) { (self.table, labels) = (table, AxisLabels.all(of: table)) }

  // MARK: Pareto fronts

  private static let pairs: [(x: ParetoFront.Objective, y: ParetoFront.Objective)] = {
    func less(_ name: StatisticName) -> ParetoFront.Objective { .init(.minimize, name.rawValue) }
    func more(_ name: StatisticName) -> ParetoFront.Objective { .init(.maximize, name.rawValue) }
    return [
      (less(.totalEnergy), more(.psnr)), (less(.latency), more(.psnr)), (less(.totalEnergy), less(.gap)),
      (less(.latency), less(.totalEnergy)),
    ]
  }()

  /// A chart for each pair of objectives that the sweep has, and the front of each point that is on one, counted from 1, by its
  /// place.
  var fronts: [(figure: Page.Figure, numbers: [Int: Int])] {
    Self.pairs.compactMap { x, y in
      guard let xs = figures(x.name), let ys = figures(y.name),
        let fronts = try? ParetoFront.fronts(in: table, [x, y])
      else { return nil }
      let (xAxis, yAxis) = (axis(xs), axis(ys))
      func point(_ index: Int) -> Chart.Point? {
        guard let px = xs.values[index], let py = ys.values[index] else { return nil }
        return Chart.Point(px * xAxis.factor, py * yAxis.factor, tip: tip(index, [xs.place, ys.place]))
      }
      var series = clouds(groups, point)
      var numbers: [Int: Int] = [:]
      for (number, front) in fronts.enumerated() {
        let line = front.points.compactMap(point).sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        let name = "Pareto front" + (fronts.count > 1 ? " \(number + 1)\(front.marks.symbols)" : "")
        series.append(Chart.Series(name, line, style: .front))
        for place in front.points { numbers[place] = number + 1 }
      }
      let chart = Chart("\(ys.label) against \(xs.label)", x: xAxis.axis, y: yAxis.axis, series)
      let (count, all) = (numbers.count, table.points.count.counted("point"))
      let wanted = [x, y].map { "\($0.direction == .minimize ? "less" : "more") \($0.name)" }
      let place = fronts.count > 1 ? "fronts" : "the front"
      return (
        Page.Figure(
          "front-\(y.name)-\(x.name)", chart.drawing,
          note: "\(count) of \(all) \(count == 1 ? "is" : "are") on \(place) (\(wanted.joined(separator: ", ")))."
            + ParetoFront.legend(of: fronts).map { " \($0)" }.joined() + missedNote + colourNote + pooledNote),
        numbers
      )
    }
  }

  /// A series for each group of points, and crosses for those that missed their target.
  private func clouds(_ groups: [(name: String, indices: [Int])], _ point: (Int) -> Chart.Point?) -> [Chart.Series] {
    let missed = table.missed
    let clouds = groups.map { name, indices in
      Chart.Series(name, indices.filter { !missed.contains($0) }.compactMap(point), style: .points)
    }
    guard !missed.isEmpty else { return clouds }
    let name = "target missed\(SweepTable.missedSymbol)"
    return clouds + [Chart.Series(name, missed.sorted().compactMap(point), style: .crosses)]
  }

  /// A statistic of the sweep.
  fileprivate struct Figures {
    let place: Int
    let name: StatisticName
    let values: [Double?]
    /// The marks that any point has.
    let symbols: String
    /// The label of tables, with the marks.
    var label: String { name.definition.label + symbols }
  }

  private func figures(_ name: String) -> Figures? {
    guard let place = table.statistics.firstIndex(of: name), let statistic = StatisticName(rawValue: name) else {
      return nil
    }
    let values = table.points.map { $0.values[place] }
    guard values.contains(where: { $0 != nil }) else { return nil }
    return Figures(place: place, name: statistic, values: values, symbols: table.symbols(of: table.points, at: place))
  }

  private func axis(_ figures: Figures) -> (axis: Chart.Axis, factor: Double) {
    let known = figures.values.compactMap(\.self).filter(\.isFinite)
    let isLogarithmic = (known.min() ?? 0) > 0 && (known.max() ?? 0) > 30 * (known.min() ?? 0)
    if figures.name.definition.display == .percent {
      return (Chart.Axis("\(figures.label) (%)", isLogarithmic: isLogarithmic), 100)
    }
    let unit = figures.name.definition.unit
    let prefixed = PrefixedUnit(for: unit == "dB" ? [] : known, unit: unit)
    return (Chart.Axis(prefixed.label(figures.label), isLogarithmic: isLogarithmic), prefixed.factor)
  }

  /// A point's configuration and the figures that are drawn.
  private func tip(_ index: Int, _ places: [Int]) -> String {
    let point = table.points[index]
    let axes = table.axes.indices.map { axis in
      "\(table.axes[axis]) = \(labels[axis].text(point.axisValues[axis]).shortened(to: 200))"
    }
    let figures = places.map { place in
      let label = StatisticName(rawValue: table.statistics[place])?.definition.label ?? table.statistics[place]
      return "\(label) \(table.text(point, place))\(table.symbols(of: [point], at: place))"
    }
    let missed = table.isMissed(point) ? ["target missed: figures are those after its last step"] : []
    return ([point.id] + axes + figures + missed).joined(separator: "\n")
  }

  // MARK: Groups

  private static let mostGroups = 7

  /// The axes that change the design: all but the repeat.
  private var designAxes: [Int] { table.axes.indices.filter { table.axes[$0] != "repeat" } }

  /// The axis whose values are told apart by colour: the one of the fewest values, if there are no more than colours;
  /// repeats differ in nothing.
  private var colourAxis: Int? {
    designAxes.map { ($0, Set(table.points.map(\.axisValues[$0])).count) }
      .filter { $0.1 > 1 && $0.1 <= Self.mostGroups }.min { $0.1 < $1.1 }?.0
  }

  private var missedNote: String {
    let count = table.missed.count
    return count == 0 ? "" : " The \(count) that missed their target (×) are left out of it."
  }

  private var colourNote: String { colourAxis.map { " Colours: \(table.axes[$0])." } ?? "" }

  /// What an image costs and how well it is coded differ by image: a front of all says which is easy, too.
  private var pooledNote: String {
    let images = table.axes.firstIndex(of: "image").map { axis in Set(table.points.map(\.axisValues[axis])).count } ?? 1
    guard images > 1 else { return "" }
    return " The points of all \(images) images are on one front; sweep pareto --where image=… has one image's."
  }

  private var groups: [(name: String, indices: [Int])] {
    guard let axis = colourAxis else { return [("points", Array(table.points.indices))] }
    return Self.values(table.points.map(\.axisValues[axis])).map { value in
      (
        "\(table.axes[axis]) = \(labels[axis].text(value).shortened(to: 60))",
        table.points.indices.filter { table.points[$0].axisValues[axis] == value }
      )
    }
  }

  /// Different values, numbers by size, others as they come.
  private static func values(_ all: [String]) -> [String] {
    var seen: Set<String> = []
    let different = all.filter { seen.insert($0).inserted }
    let numbers = different.compactMap(SweepTable.number)
    return numbers.count == different.count
      ? zip(different, numbers).sorted { $0.1 < $1.1 }.map(\.0) : different
  }

  // MARK: Along the axes

  private static let (mostAxes, mostBars, mostMeans) = (6, 24, 40)

  /// Of each axis, energy, latency and PSNR; they do not depend on the repeat.
  var alongAxes: [Page.Figure] {
    designAxes.prefix(Self.mostAxes).flatMap { axis in
      [StatisticName.totalEnergy, .latency, .psnr].compactMap { name in
        figures(name.rawValue).flatMap { along(axis, $0) }
      }
    }
  }

  private func along(_ axis: Int, _ figures: Figures) -> Page.Figure? {
    let all = table.points.map(\.axisValues[axis])
    let values = Self.values(all)
    guard values.count > 1 else { return nil }
    let title = "\(figures.label) along \(table.axes[axis])"
    let file = "axis-\(axis + 1)-\(figures.name.rawValue)"
    let numbers = values.compactMap(SweepTable.number)
    guard numbers.count == values.count else { return bars(title, file, axis, values, figures) }
    let (yAxis, factor) = self.axis(figures)
    let xAxis = Chart.Axis(table.axes[axis], isLogarithmic: Chart.Axis.suitsLogarithm(numbers))
    if values.count > Self.mostMeans {
      func point(_ index: Int) -> Chart.Point? {
        guard let x = SweepTable.number(ofAxisValue: all[index]), let y = figures.values[index] else { return nil }
        return Chart.Point(x, y * factor, tip: tip(index, [figures.place]))
      }
      let series = clouds([("points", Array(all.indices))], point)
      return Page.Figure(file, Chart(title, x: xAxis, y: yAxis, series).drawing, note: missedNote(figures))
    }
    let points = zip(values, numbers).compactMap { value, x -> Chart.Point? in
      guard let spread = Spread(figures.values(where: all, is: value)) else { return nil }
      return Chart.Point(x, spread.mean * factor, low: spread.low * factor, high: spread.high * factor)
    }
    let chart = Chart(title, x: xAxis, y: yAxis, [.init("mean, and smallest to largest", points)])
    return Page.Figure(file, chart.drawing, note: missedNote(figures))
  }

  /// What the mark of points that missed their target means, if the figures have it.
  private func missedNote(_ figures: Figures) -> String {
    table.missedLegend(of: [figures.place]).map { "\($0)." } ?? ""
  }

  private func bars(
    _ title: String, _ file: String, _ axis: Int, _ values: [String], _ figures: Figures
  ) -> Page.Figure? {
    let all = table.points.map(\.axisValues[axis])
    guard values.count <= Self.mostBars else { return nil }
    let bars = values.compactMap { value -> StackedBars.Bar? in
      Spread(figures.values(where: all, is: value)).map {
        StackedBars.Bar(
          labels[axis].text(value), [max($0.mean, 0)],
          marks: table.symbols(of: zip(all, table.points).filter { $0.0 == value }.map(\.1), at: figures.place))
      }
    }
    let chart = StackedBars(
      title, figures.label, unit: figures.name.definition.unit, parts: ["mean"], bars)
    return Page.Figure(file, chart.drawing, note: missedNote(figures))
  }

  /// Mean, as in the table of a sweep, and extremes.
  private struct Spread {
    let low, mean, high: Double

    init?(_ values: [Double]) {
      let sorted = values.filter(\.isFinite).sorted()
      guard let first = sorted.first, let last = sorted.last else { return nil }
      (low, high) = (first, last)
      mean = sorted.reduce(0, +) / Double(sorted.count)
    }
  }
}

extension SweepCharts.Figures {
  /// The values of the points whose axis has a value.
  fileprivate func values(where axis: [String], is value: String) -> [Double] {
    zip(axis, values).compactMap { $0 == value ? $1 : nil }
  }
}
