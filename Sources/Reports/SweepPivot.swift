import DataFiles

/// A sweep as a table for people: statistics by the values of axes, several points in a cell as one figure.
public struct SweepPivot {
  /// How the points in a cell become one figure.
  public enum Reduction: String, CaseIterable, Sendable { case mean, median, min, max }

  private let table: SweepTable
  private let rows: [Int]
  private let columns: [Int]
  private let values: [Int]
  private let reduction: Reduction

  /// Lays out a sweep.
  ///
  /// - Parameters:
  ///   - rows: Axes whose values lead the rows; nil for all that are not in `columns`.
  ///   - columns: Axes whose values head the columns.
  ///   - values: Statistics in the cells.
  /// - Throws: `ReportError` if an axis or a statistic is not in the table.
  public init(
    _ table: SweepTable, rows: [String]? = nil, columns: [String] = [], values: [String],
    reduction: Reduction = .mean
  ) throws(ReportError) {
    let rows = rows ?? table.axes.filter { !columns.contains($0) }
    if let both = rows.first(where: columns.contains) {
      throw ReportError("the axis '\(both)' can lead the rows or head the columns, not both")
    }
    for names in [rows, columns, values] {
      if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
        throw ReportError("'\(names[twice])' is named twice; once is enough")
      }
    }
    self.table = table
    self.rows = try Self.places(rows, in: table.axes, "axis")
    self.columns = try Self.places(columns, in: table.axes, "axis")
    self.values = try Self.places(values, in: table.statistics, "statistic")
    self.reduction = reduction
  }

  private static func places(_ names: [String], in known: [String], _ kind: String) throws(ReportError) -> [Int] {
    var places: [Int] = []
    for name in names {
      guard let place = known.firstIndex(of: name) else {
        throw ReportError("unknown \(kind) '\(name)'; \(NearestNames.advice(for: name, among: known))")
      }
      places.append(place)
    }
    return places
  }

  /// Which points are in which cell.
  private struct Layout {
    /// Values of the axes that lead the rows, and of those that head the columns, each once.
    let leads, heads: [[String]]
    private let cells: [[[String]]: [SweepTable.Point]]

    init(_ pivot: SweepPivot) {
      let points = pivot.table.points
      leads = unique(points.map { pivot.key($0, pivot.rows) })
      heads = unique(points.map { pivot.key($0, pivot.columns) })
      cells = Dictionary(grouping: points) { [pivot.key($0, pivot.rows), pivot.key($0, pivot.columns)] }
    }

    func points(_ lead: [String], _ head: [String]) -> [SweepTable.Point] { cells[[lead, head]] ?? [] }

    /// Whether a figure may stand for several points.
    var reduces: Bool { cells.values.contains { $0.count > 1 } }
  }

  /// The table for a terminal, with marks and their legend.
  public var text: Table {
    let layout = Layout(self)
    var most = 1
    var areSomeWithoutValue = false
    var shown: [SweepTable.Figure] = []
    let lines = layout.leads.map { lead -> Table.Row in
      let figures = layout.heads.flatMap { head in
        values.map { value -> Table.Cell in
          let all = layout.points(lead, head)
          let figures = all.filter { $0.values[value] != nil }
          let isPart = figures.count < all.count && all.count > 1
          most = max(most, figures.count)
          areSomeWithoutValue = areSomeWithoutValue || isPart
          let share = isPart ? "\(figures.count) of \(all.count): " : ""
          shown.append(SweepTable.Figure(points: all, statistic: value))
          return Table.Cell(share + figure(figures, value), marks: table.symbols(of: all, at: value))
        }
      }
      return .cells(lead.map { Table.Cell($0) } + figures)
    }
    return Table(
      columns: rows.map { Table.Column([table.axes[$0]], .leading) }
        + layout.heads.flatMap { head in values.map { column(head, $0) } },
      rows: lines, legend: table.legend(of: shown) + note(most, areSomeWithoutValue))
  }

  /// The same as comma-separated values: figures in their units, and no marks. Where a figure may stand for several
  /// points, the columns `STATISTIC points` and `points` say how many have it, and how many there are.
  public var csv: String {
    let layout = Layout(self)
    let reduces = layout.reduces
    let header =
      rows.map { table.axes[$0] }
      + layout.heads.flatMap { head in
        let columns = values.flatMap { [table.statistics[$0]] + (reduces ? ["\(table.statistics[$0]) points"] : []) }
        return (columns + (reduces ? ["points"] : [])).map { name in
          (zip(self.columns, head).map { "\(table.axes[$0])=\($1)" } + [name]).joined(separator: " ")
        }
      }
    let lines = layout.leads.map { lead in
      lead
        + layout.heads.flatMap { head -> [String] in
          let points = layout.points(lead, head)
          let figures = values.flatMap { value in
            [reduced(points, value).map { "\($0)" } ?? ""]
              + (reduces ? ["\(points.count { $0.values[value] != nil })"] : [])
          }
          return figures + (reduces ? ["\(points.count)"] : [])
        }
    }
    return CSV.text([header] + lines)
  }

  private func key(_ point: SweepTable.Point, _ axes: [Int]) -> [String] { axes.map { point.axisValues[$0] } }

  /// Each once, in the order of their first appearance.
  private static func unique(_ keys: [[String]]) -> [[String]] {
    var seen: Set<[String]> = []
    return keys.filter { seen.insert($0).inserted }
  }

  /// The values of the axes, and the statistic where there are several; the axis is named where nothing else says it.
  private func column(_ head: [String], _ value: Int) -> Table.Column {
    let label = StatisticName(rawValue: table.statistics[value])?.definition.label ?? table.statistics[value]
    return Table.Column(zip(columns, head).map { "\(table.axes[$0])=\($1)" } + [label])
  }

  private func reduced(_ points: [SweepTable.Point], _ value: Int) -> Double? {
    let numbers = points.compactMap { $0.values[value] }.sorted()
    guard let first = numbers.first, let last = numbers.last else { return nil }
    // What is known by a number, such as a core, is the same in all or not to be told as one.
    if isIdentifier(value) { return first == last ? first : nil }
    switch reduction {
    case .mean: return numbers.reduce(0, +) / Double(numbers.count)
    case .median: return SampleStatistics.median(numbers)
    case .min: return first
    case .max: return last
    }
  }

  private func isIdentifier(_ value: Int) -> Bool {
    StatisticName(rawValue: table.statistics[value])?.definition.display == .identifier
  }

  private func figure(_ points: [SweepTable.Point], _ value: Int) -> String {
    guard let number = reduced(points, value) else {
      return isIdentifier(value) && points.contains { $0.values[value] != nil } ? "different" : "–"
    }
    return StatisticName(rawValue: table.statistics[value])?.definition.text(of: number)
      ?? NumberFormat.engineering(number, unit: "1")
  }

  private func note(_ most: Int, _ areSomeWithoutValue: Bool) -> [String] {
    let share =
      areSomeWithoutValue
      ? ["K of N: the other points have no value, as a target was not reached or no cost is published"] : []
    guard most > 1 else { return share }
    let names = [Reduction.mean: "mean", .median: "median", .min: "smallest", .max: "largest"]
    return share + ["each figure is the \(names[reduction] ?? "") of up to \(most) points"]
  }
}

extension SweepTable {
  /// The points at these places.
  public func points(at places: [Int]) -> SweepTable {
    SweepTable(axes: axes, statistics: statistics, points: places.map { points[$0] })
  }

  /// The points that have these values of axes; numbers are compared as numbers, and a file is known by its name alone.
  ///
  /// - Throws: `ReportError` if an axis is not in the table, or no point has a value.
  public func points(where conditions: [(axis: String, value: String)]) throws(ReportError) -> SweepTable {
    var chosen = points
    for condition in conditions {
      guard let place = axes.firstIndex(of: condition.axis) else {
        let advice = NearestNames.advice(for: condition.axis, among: axes)
        throw ReportError("unknown axis '\(condition.axis)'; \(advice)")
      }
      let values = chosen.map { $0.axisValues[place] }
      chosen = chosen.filter { Self.isMeant($0.axisValues[place], by: condition.value) }
      let meant = Set(chosen.map { $0.axisValues[place] }).sorted()
      guard meant.count < 2 || meant.contains(condition.value) || SweepTable.number(ofAxisValue: meant[0]) != nil else {
        throw ReportError(
          "\(condition.axis)=\(condition.value) may be any of several values; name one: "
            + meant.prefix(20).joined(separator: ", "))
      }
      guard !chosen.isEmpty || values.isEmpty else {
        var seen: Set<String> = []
        let known = values.filter { seen.insert($0).inserted }
        throw ReportError(
          "no point has \(condition.axis)=\(condition.value); values: \(known.prefix(20).joined(separator: ", "))")
      }
    }
    return SweepTable(axes: axes, statistics: statistics, points: chosen)
  }

  private static func isMeant(_ value: String, by wanted: String) -> Bool {
    if let one = number(ofAxisValue: value), let other = number(ofAxisValue: wanted) {
      return abs(one - other) <= 1e-9 * abs(one)
    }
    return value == wanted || value.split(separator: "/").last.map(String.init) == wanted
  }
}

extension StatisticDefinition {
  /// A number as a table shows it; a flag is 1 or 0, and between them the share of points that have it.
  fileprivate func text(of number: Double) -> String {
    switch display {
    case .count: NumberFormat.count(number)
    case .identifier: NumberFormat.identifier(number)
    case .percent: NumberFormat.percent(number)
    case .number: NumberFormat.plain(number, unit: unit)
    case .quantity: NumberFormat.engineering(number, unit: unit)
    case .flag: number == 1 ? "yes" : number == 0 ? "no" : NumberFormat.percent(number)
    }
  }
}
