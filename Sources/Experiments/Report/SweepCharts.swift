import DataFiles
import Foundation
import Reports

/// The charts of a sweep.
struct SweepCharts {
  private let table: SweepTable

  private let labels: [AxisLabels]
  /// Names of axes that change together.
  private let coupled: [[String]]

  init(_ table: SweepTable, coupled: [[String]]) {
    (self.table, labels, self.coupled) = (table, AxisLabels.all(of: table), coupled)
  }

  // MARK: Pareto fronts

  private static let pairs: [(x: ParetoFront.Objective, y: ParetoFront.Objective)] = {
    func less(_ name: StatisticName) -> ParetoFront.Objective { .init(.minimize, name.rawValue) }
    func more(_ name: StatisticName) -> ParetoFront.Objective { .init(.maximize, name.rawValue) }
    return [
      (less(.totalEnergy), more(.psnr)), (less(.latency), more(.psnr)), (less(.totalEnergy), less(.gap)),
      (less(.latency), less(.totalEnergy)),
    ]
  }()

  /// The fronts of two objectives.
  struct Fronts {
    let figure: Page.Figure
    /// The front of each point that is on one, counted from 1, by its place.
    let numbers: [Int: Int]
    /// What tells several fronts apart, a line each.
    let legend: [String]
  }

  /// Those of each pair of objectives that the sweep has.
  var fronts: [Fronts] {
    Self.pairs.compactMap { x, y in
      guard let xs = figures(x.name), let ys = figures(y.name),
        let fronts = try? ParetoFront.fronts(in: table, [x, y])
      else { return nil }
      let (xAxis, yAxis) = (axis(xs), axis(ys))
      func point(_ index: Int) -> Chart.Point? {
        guard let px = xs.values[index], let py = ys.values[index] else { return nil }
        return Chart.Point(px * xAxis.factor, py * yAxis.factor, tip: tip(index, [xs.place, ys.place]))
      }
      let colours = colourAxis(of: fronts)
      var series = clouds(groups(of: colours), point)
      var numbers: [Int: Int] = [:]
      for (number, front) in fronts.enumerated() {
        let line = front.points.compactMap(point).sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        let name = fronts.count > 1 ? front.legend(number) : "Pareto front"
        series.append(Chart.Series(name, line, style: .front))
        for place in front.points { numbers[place] = number + 1 }
      }
      let chart = Chart("\(ys.label) against \(xs.label)", x: xAxis.axis, y: yAxis.axis, series)
      return Fronts(
        figure: Page.Figure(
          "front-\(y.name)-\(x.name)", chart.drawing,
          note: note(on: fronts, [x, y]) + missedNote + (colours.map { " Colours: \(table.axes[$0])." } ?? "")),
        numbers: numbers, legend: ParetoFront.lines(of: fronts).map { "\(chart.title): \($0)" })
    }
  }

  private func note(on fronts: [ParetoFront.Front], _ objectives: [ParetoFront.Objective]) -> String {
    let (count, all) = (fronts.reduce(0) { $0 + $1.points.count }, table.points.count.counted("point"))
    let wanted = objectives.map { "\($0.direction == .minimize ? "less" : "more") \($0.name)" }
    let place = fronts.count > 1 ? "fronts" : "the front"
    return "\(count) of \(all) \(count == 1 ? "is" : "are") on \(place) (\(wanted.joined(separator: ", ")))."
      + (ParetoFront.caption(of: fronts).map { " \($0)" } ?? "")
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

  /// The axes that change the design, all but the repeat; those that change together as one.
  private var designAxes: [[Int]] {
    let names = table.axes.filter { $0 != "repeat" }
    let groups = names.map { name in coupled.first { $0.contains(name) } ?? [name] }
    return groups.uniqued().map { group in group.compactMap { table.axes.firstIndex(of: $0) } }
  }

  /// The axis whose values are told apart by colour: the one that tells these fronts apart, else the one of the fewest
  /// values, if there are no more than colours; repeats differ in nothing.
  private func colourAxis(of fronts: [ParetoFront.Front]) -> Int? {
    let counts = designAxes.joined().map { axis in
      (axis: axis, values: Set(table.points.map { $0.axisValues[axis] }).count)
    }.filter { $0.values > 1 && $0.values <= Self.mostGroups }
    let telling = ParetoFront.axis(tellingApart: fronts, in: table)
    return counts.contains { $0.axis == telling } ? telling : counts.min { $0.values < $1.values }?.axis
  }

  private var missedNote: String {
    let count = table.missed.count
    return count == 0 ? "" : " The \(count) that missed their target (×) are left out of it."
  }

  /// What an image costs and how well it is coded differ by image: a front of all says which is easy, too.
  var pooledNote: String {
    let images = table.axes.firstIndex(of: "image").map { axis in Set(table.points.map(\.axisValues[axis])).count } ?? 1
    guard images > 1 else { return "" }
    return " Fronts are of the points of all \(images) images; sweep pareto --where image=… has one image's."
  }

  private func groups(of axis: Int?) -> [(name: String, indices: [Int])] {
    guard let axis else { return [("points", Array(table.points.indices))] }
    let all = table.points.map { [$0.axisValues[axis]] }
    return Self.values(all).map { value in
      let text = labels[axis].text(value[0]).shortened(to: 60)
      return ("\(table.axes[axis]) = \(text)", all.indices.filter { all[$0] == value })
    }
  }

  /// Different values of axes that change together, or of one: numbers by the size of the first, others as they come.
  private static func values(_ all: [[String]]) -> [[String]] {
    let different = all.uniqued()
    guard let numbers = numbers(different) else { return different }
    return zip(different, numbers).sorted { $0.1 < $1.1 }.map(\.0)
  }

  /// The numbers of the first axis; nil if not all values of all axes are numbers.
  private static func numbers(_ values: [[String]]) -> [Double]? {
    guard values.allSatisfy({ $0.allSatisfy { SweepTable.number(ofAxisValue: $0) != nil } }) else { return nil }
    return values.compactMap { $0.first.flatMap(SweepTable.number) }
  }

  // MARK: Along the axes

  private static let (mostAxes, mostBars, mostMeans, mostListed) = (6, 24, 40, 12)

  /// Of each axis, energy, latency and PSNR; they do not depend on the repeat.
  var alongAxes: [Page.Figure] {
    designAxes.prefix(Self.mostAxes).flatMap { axes in
      [StatisticName.totalEnergy, .latency, .psnr].compactMap { name in
        figures(name.rawValue).flatMap { along(axes, $0) }
      }
    }
  }

  /// Of axes that change together, along the numbers of the first, if these tell all values apart.
  private func along(_ axes: [Int], _ figures: Figures) -> Page.Figure? {
    guard let axis = axes.first else { return nil }
    let all = table.points.map { point in axes.map { point.axisValues[$0] } }
    let values = Self.values(all)
    guard values.count > 1 else { return nil }
    let title = "\(figures.label) along \(axes.map { table.axes[$0] }.joined(separator: ", "))"
    let file = "axis-\(axis + 1)-\(figures.name.rawValue)"
    guard let numbers = Self.numbers(values), Set(numbers).count == numbers.count else {
      guard values.count <= Self.mostBars else { return nil }
      let groups = means(of: figures, axes, values)
      return Page.Figure(file, bars(title, groups, figures).drawing, note: notes(on: groups, axes, figures))
    }
    let (yAxis, factor) = self.axis(figures)
    let xAxis = Chart.Axis(table.axes[axis], isLogarithmic: Chart.Axis.suitsLogarithm(numbers))
    let coupled = coupledNote(axes, values)
    if values.count > Self.mostMeans {
      func point(_ index: Int) -> Chart.Point? {
        guard let x = SweepTable.number(ofAxisValue: all[index][0]), let y = figures.values[index] else { return nil }
        return Chart.Point(x, y * factor, tip: tip(index, [figures.place]))
      }
      let series = clouds([("points", Array(all.indices))], point)
      return Page.Figure(
        file, Chart(title, x: xAxis, y: yAxis, series).drawing, note: Self.text([coupled, missedNote(figures)]))
    }
    let groups = means(of: figures, axes, values)
    let points = groups.compactMap { group in
      SweepTable.number(ofAxisValue: group.values[0]).map { x in
        Chart.Point(
          x, group.mean * factor, low: group.low * factor, high: group.high * factor, tip: tip(group, axes, figures))
      }
    }
    let chart = Chart(title, x: xAxis, y: yAxis, [.init("mean, and smallest to largest", points)])
    return Page.Figure(file, chart.drawing, note: Self.text([coupled, notes(on: groups, axes, figures)]))
  }

  /// What the other axes are where the first is drawn; empty if there are none.
  private func coupledNote(_ axes: [Int], _ values: [[String]]) -> String {
    axes.enumerated().dropFirst().map { place, axis in
      let list = values.count <= Self.mostListed ? ": \(values.map { $0[place] }.joined(separator: ", "))" : ""
      return "\(table.axes[axis]) changes with it\(list)."
    }.joined(separator: " ")
  }

  /// What the mark of points that missed their target means, if the figures have it.
  private func missedNote(_ figures: Figures) -> String {
    table.missedLegend(of: [figures.place]).map { "\($0)." } ?? ""
  }

  private func bars(_ title: String, _ groups: [SweepMean], _ figures: Figures) -> StackedBars {
    let bars = groups.map { group in
      StackedBars.Bar(group.name, [max(group.mean, 0)], marks: group.symbols, points: group.count)
    }
    return StackedBars(title, figures.label, unit: figures.name.definition.unit, parts: ["mean"], bars)
  }

  // MARK: Means

  /// Those of the points that have each of these values; values that no figure has are left out.
  private func means(of figures: Figures, _ axes: [Int], _ values: [[String]]) -> [SweepMean] {
    let groups = Dictionary(grouping: table.points) { point in axes.map { point.axisValues[$0] } }
    return values.compactMap { value in
      let name = zip(axes, value).map { labels[$0].text($1) }.joined(separator: ", ")
      return SweepMean(of: groups[value] ?? [], in: table, at: figures.place, name: name, values: value)
    }
  }

  /// What is behind a mean, under the pointer.
  private func tip(_ group: SweepMean, _ axes: [Int], _ figures: Figures) -> String {
    func text(_ value: Double) -> String { Statistic(figures.name, .real(value)).displayText }
    let values = zip(axes, group.values).map { "\(table.axes[$0]) = \(labels[$0].text($1).shortened(to: 200))" }
    let label = "\(figures.name.definition.label) \(text(group.mean))\(group.symbols)"
    let extremes = group.count > 1 ? ["\(text(group.low)) to \(text(group.high))"] : []
    return (values + ["\(label), mean of \(group.count.counted("point"))"] + extremes).joined(separator: "\n")
  }

  /// What must be known to compare these means.
  private func notes(on groups: [SweepMean], _ axes: [Int], _ figures: Figures) -> String {
    Self.text([
      SweepMean.countNote(on: groups, in: table, along: axes),
      SweepMean.kindNote(on: groups, listing: Self.mostListed), missedNote(figures),
    ])
  }

  private static func text(_ notes: [String]) -> String { notes.filter { !$0.isEmpty }.joined(separator: " ") }
}

extension ParetoFront.Front {
  /// What the legend of a chart with several fronts says.
  fileprivate func legend(_ place: Int) -> String {
    let number = "\(place + 1)\(marks.symbols)"
    return name.map { "front \(number): \($0)" } ?? "Pareto front \(number)"
  }
}
