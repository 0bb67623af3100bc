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
    /// Values of the axes that lead the rows, and of those that head the columns, each once, along the axes.
    let leads, heads: [[String]]
    private let cells: [[[String]]: [SweepTable.Point]]

    init(_ pivot: SweepPivot) {
      let points = pivot.table.points
      leads = AxisOrder.different(points.map { pivot.key($0, pivot.rows) })
      heads = AxisOrder.different(points.map { pivot.key($0, pivot.columns) })
      cells = Dictionary(grouping: points) { [pivot.key($0, pivot.rows), pivot.key($0, pivot.columns)] }
    }

    func points(_ lead: [String], _ head: [String]) -> [SweepTable.Point] { cells[[lead, head]] ?? [] }

    /// Whether a figure may stand for several points.
    var reduces: Bool { cells.values.contains { $0.count > 1 } }
  }

  /// The table for a terminal, with marks and their legend.
  public var text: Table {
    let layout = Layout(self)
    var areSomeWithoutValue = false
    var shown: [SweepTable.Figure] = []
    let lines = layout.leads.map { lead -> Table.Row in
      let figures = layout.heads.flatMap { head in
        values.map { value -> Table.Cell in
          let all = layout.points(lead, head)
          let cell = SweepTable.Figure(points: all, statistic: value)
          let isPart = cell.known.count < all.count && all.count > 1
          areSomeWithoutValue = areSomeWithoutValue || isPart
          let share = isPart ? "\(cell.known.count) of \(all.count): " : ""
          shown.append(cell)
          return Table.Cell(share + figure(cell.known, value), marks: table.symbols(of: all, at: value))
        }
      }
      return .cells(lead.map { Table.Cell($0) } + figures)
    }
    return Table(
      columns: rows.map { Table.Column([table.axes[$0]], .leading) }
        + layout.heads.flatMap { head in values.map { column(head, $0) } },
      rows: lines, legend: table.legend(of: shown) + note(on: shown.map(\.known), areSomeWithoutValue))
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

  /// - Parameter groups: the points that each figure is made of.
  private func note(on groups: [[SweepTable.Point]], _ areSomeWithoutValue: Bool) -> [String] {
    let share =
      areSomeWithoutValue
      ? ["K of N: the other points have no value, as a target was not reached or no cost is published"] : []
    let counts = groups.map(\.count).filter { $0 > 0 }
    guard let least = counts.min(), let most = counts.max(), most > 1 else { return share }
    let names = [Reduction.mean: "mean", .median: "median", .min: "smallest", .max: "largest"]
    let points = least == most ? "\(most) points" : "\(least) to \(most) points"
    let others =
      table.designsDiffer(in: groups, beside: rows + columns)
      ? ", of other axes' values that differ from cell to cell" : ""
    return share + ["each figure is the \(names[reduction] ?? "") of \(points)\(others)"]
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
