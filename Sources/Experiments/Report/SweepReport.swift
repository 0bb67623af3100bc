import DataFiles
import Foundation
import Reports

/// The page of a sweep: Pareto fronts, what each axis does, every point, and where the figures come from.
struct SweepReport {
  let table: SweepTable
  /// What the sweep is called.
  let name: String
  /// Names of axes that change together; empty where that is not known.
  private let coupled: [[String]]
  /// Points of the plan; nil if it is not known.
  let planned: Int?
  /// A line for each cause that ended points, and for each damaged result.
  let failures: [String]
  private let failed: Int
  /// What must be known of the results, in a line each.
  private let notes: [String]

  /// Where the figures come from; nil for a table without its plan.
  private let origin: SweepOrigin?

  /// Reads the results of all points that are done, or, in a folder without a plan, what has been collected.
  ///
  /// - Throws: `ExperimentError` if there is nothing, `ReportError` and `FileError` if a file is damaged.
  init(folder: String, _ progress: ProgressHandler = { _ in }) throws {
    name = URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent
    guard FileManager.default.fileExists(atPath: "\(folder)/\(Sweep.manifestName)") else {
      table = try SweepTable(readingFrom: URL(fileURLWithPath: folder))
      (planned, failures, failed, notes, origin, coupled) = (nil, [], 0, [], nil, [])
      return
    }
    let sweep = try Sweep(contentsOf: folder)
    let results = sweep.results(progress: progress)
    table = results.table
    guard let first = table.points.first else {
      throw ExperimentError(
        "\(folder): no point is done yet; run the sweep with rheobase sweep run \(folder.shellWord)")
    }
    (planned, coupled) = (sweep.points.count, sweep.coupledAxes.map { $0.map(SweepTable.axisName) })
    notes = [results.lackNote, results.versionNote].compactMap(\.self)
    let failures = sweep.failures(beside: table.ids)
    failed = failures.count
    let ended = failures.filter { $0.value.attempts > 0 }
    self.failures =
      SweepFailures.byCause(ended, of: sweep.points).map { Self.text($0, sweep.axes) } + results.damageNotes
    origin = try SweepOrigin(sweep, done: results, first: first.id)
  }

  var page: Page {
    let charts = SweepCharts(table, coupled: coupled)
    var sections: [Page.Section] = []
    if !failures.isEmpty {
      sections.append(
        .init(
          "Points that failed", [.details("\(failed.counted("point")) failed", failures)])
      )
    }
    let fronts = charts.fronts
    let legends = fronts.flatMap(\.legend)
    sections += [
      Page.Section(
        "Pareto fronts",
        [
          .text(
            "A point is on a front if no other whose figures leave out the same costs is at least as good in both "
              + "figures and better in one; points that missed their target are on none. "
              + "Point at one to see its configuration." + charts.pooledNote),
          .figures(fronts.map(\.figure)),
        ] + (legends.isEmpty ? [] : [.details("What each front leaves out", legends)])),
      Page.Section("Along each axis", [.figures(charts.alongAxes)]),
      Page.Section("All points", [.table(points(fronts: fronts.first?.numbers ?? [:]))]),
      Page.Section(
        "Where the figures come from",
        origin?.blocks ?? [.text("The folder has no plan: these are the figures of its \(SweepTable.fileName).")]),
    ]
    return Page(title: "Sweep \(name)", subtitle: subtitle, legend: legend, sections: sections)
  }

  private static func text(_ group: SweepFailures, _ axes: [String]) -> String {
    guard let first = group.points.first else { return group.headline }
    let values = zip(axes, first.axisValues).map { "\($0) = \($1)" }.joined(separator: ", ")
    return "\(group.headline) – \(group.points.count == 1 ? "" : "the first: ")\(first.id), \(values)"
  }

  private var subtitle: String {
    let done = planned.map { "\(table.points.count) of \($0.counted("point"))" } ?? table.points.count.counted("point")
    let axes = table.axes.count == 1 ? "1 axis" : "\(table.axes.count) axes"
    return "\(done) · \(axes): \(table.axes.joined(separator: ", "))"
  }

  private var legend: [String] { table.legend(of: shown) + notes }

  // MARK: The table

  private static let main: [StatisticName] = [
    .reachedStep, .gap, .psnr, .sparseness, .spikes, .synops, .packets, .cores, .chips, .utilisation, .latency,
    .imagesPerSecond, .dynamicEnergy, .staticEnergy, .totalEnergy, .energyDelayProduct,
  ]

  /// Places of the main figures, among which are those of all charts.
  private var shown: [Int] {
    Self.main.compactMap { table.statistics.firstIndex(of: $0.rawValue) }.filter { place in
      table.points.contains { $0.values[place] != nil || $0.marks[place] != nil }
    }
  }

  /// Axes and the main figures of every point; the data behind have all figures.
  ///
  /// - Parameter fronts: of each point that is on a front of the first chart, which.
  private func points(fronts: [Int: Int]) -> PageTable {
    let main = shown
    let rest = table.statistics.indices.filter { !main.contains($0) }
    let labels = main.map { StatisticName(rawValue: table.statistics[$0])?.definition.label ?? table.statistics[$0] }
    let axisLabels = AxisLabels.all(of: table)
    let cells = table.points.enumerated().map { index, point in
      [Table.Cell(point.id)] + zip(axisLabels, point.axisValues).map { Table.Cell($0.text($1)) }
        + main.map { Table.Cell(table.text(point, $0), marks: table.symbols(of: [point], at: $0)) }
        + [Table.Cell(fronts[index].map { "\($0)" } ?? "")]
    }
    let values = table.points.enumerated().map { index, point -> [JSONValue] in
      let first =
        [JSONValue.text(point.id)]
        + point.axisValues.map { value in
          SweepTable.number(ofAxisValue: value).map { .real($0) } ?? .text(value)
        }
      func value(_ place: Int) -> JSONValue { point.values[place].map { .real($0) } ?? .null }
      return first + main.map(value) + [fronts[index].map { .integer(Int64($0)) } ?? .null] + rest.map(value)
    }
    return PageTable(
      "Every point; the download has all \(table.statistics.count) statistics in their plain units",
      columns: [.init("point", isNumeric: false)] + table.axes.map { .init($0, isNumeric: false) }
        + labels.map { .init($0) } + [.init("front of the first chart")],
      cells: cells,
      names: ["point"] + table.axes + main.map { table.statistics[$0] } + ["front_of_the_first_chart"]
        + rest.map { table.statistics[$0] },
      values: values)
  }
}

extension SweepTable {
  /// A figure as tables show it, without marks.
  func text(_ point: Point, _ place: Int) -> String {
    guard let value = point.values[place] else { return "–" }
    guard let name = StatisticName(rawValue: statistics[place]) else { return "\(value)" }
    if name.definition.display == .flag { return value != 0 ? "yes" : "no" }
    return Statistic(name, .real(value)).displayText
  }
}
