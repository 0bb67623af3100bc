import DataFiles

/// A comparison for a terminal: its rows as columns, its statistics as lines.
public struct ComparisonTable: Sendable {
  /// A line of the table.
  public enum Line: Equatable, Sendable {
    case section(String)
    /// A statistic; the line is left out if no row has it.
    case statistic(StatisticName)
    /// A statistic over that of the dense row of the same bank, model and chip.
    case ratioToDense(StatisticName)
  }

  /// What a comparison shows unless told otherwise.
  public static let standardLines: [Line] = [
    .section("Quality"),
    .statistic(.reachedStep), .statistic(.commonReachedStep), .statistic(.gap), .statistic(.psnr),
    .statistic(.optimalPSNR),
    .statistic(.ssim), .statistic(.optimalSSIM),
    .statistic(.sparseness), .statistic(.optimalSparseness), .statistic(.drifts), .statistic(.codeGap),
    .statistic(.driveGap),
    .section("Activity"),
    .statistic(.inputEvents), .statistic(.spikes), .statistic(.synops), .statistic(.packets), .statistic(.hops),
    .statistic(.saturations), .statistic(.chips), .statistic(.cores), .statistic(.utilisation),
    .statistic(.loadImbalance),
    .statistic(.synapsesPerWeight), .statistic(.tickOverruns),
    .section("Time"),
    .statistic(.latency), .ratioToDense(.latency), .statistic(.commonLatency), .statistic(.encodeTime),
    .statistic(.latencyWithEncoding), .ratioToDense(.latencyWithEncoding), .statistic(.imagesPerSecond),
    .section("Energy"),
    .statistic(.dynamicEnergy), .statistic(.staticEnergy), .statistic(.totalEnergy), .ratioToDense(.totalEnergy),
    .statistic(.commonEnergy), .statistic(.totalEnergyWithEncoding), .ratioToDense(.totalEnergyWithEncoding),
    .statistic(.energyDelayProduct),
    .ratioToDense(.energyDelayProduct),
  ]

  private let rows: [ComparisonRow]
  private let lines: [Line]
  private let notes: [String]

  /// Lays out a comparison.
  ///
  /// - Parameter notes: Further lines of the legend.
  public init(_ comparison: Comparison, lines: [Line] = standardLines, notes: [String] = []) {
    rows = comparison.rows
    self.notes = notes
    self.lines = lines
  }

  /// The table, with the marks `*` (estimate) and `†` (missing costs) and their legend.
  public var table: Table {
    let shown = Self.withoutEmptySections(lines.filter(isShown))
    return Table(
      title: commonIdentity, columns: [Table.Column([], .leading)] + rows.map { Table.Column(header(of: $0)) },
      rows: shown.map(tableRow), legend: legend(of: shown) + rowsWithoutSpikes + shortRows + notes)
  }

  private func isShown(_ line: Line) -> Bool {
    switch line {
    case .section: true
    case .statistic(let name): rows.contains { $0.statistics[name] != nil }
    case .ratioToDense(let name): rows.contains { !$0.isDense && ratio($0, name) != nil }
    }
  }

  private static func withoutEmptySections(_ lines: [Line]) -> [Line] {
    lines.indices.filter { place in
      guard case .section = lines[place] else { return true }
      guard place + 1 < lines.count else { return false }
      if case .section = lines[place + 1] { return false }
      return true
    }.map { lines[$0] }
  }

  private func tableRow(_ line: Line) -> Table.Row {
    switch line {
    case .section(let heading): .section(heading)
    case .statistic(let name):
      .cells(
        [Table.Cell("  " + name.definition.label)]
          + rows.map { cell($0, name) })
    case .ratioToDense(let name):
      .cells(
        [Table.Cell("    over dense")]
          + rows.map { row in
            ratio(row, name).map { Table.Cell(NumberFormat.ratio($0.value), marks: $0.marks.symbols, number: $0.value) }
              ?? Table.Cell("–")
          })
    }
  }

  private func cell(_ row: ComparisonRow, _ name: StatisticName) -> Table.Cell {
    guard let statistic = row.statistics[name] else { return Table.Cell("–") }
    let isTarget = name == .reachedStep || name == .commonReachedStep
    if isTarget, statistic.value == .null {
      return Table.Cell(row.isTooShortForTargets ? "run too short" : "not reached")
    }
    return Table.Cell(
      statistic.displayText, marks: row.statistics.marks(of: statistic).symbols, number: statistic.known.number)
  }

  private func ratio(_ row: ComparisonRow, _ name: StatisticName) -> (value: Double, marks: StatisticMarks)? {
    let dense = rows.first {
      $0.isDense && $0.bank == row.bank && $0.model == row.model && $0.chip == row.chip
    }
    guard let statistic = row.statistics[name], let value = statistic.known.number,
      let dense, let reference = dense.statistics[name], let denominator = reference.known.number, denominator != 0
    else { return nil }
    return (value / denominator, row.statistics.marks(of: statistic) + dense.statistics.marks(of: reference))
  }

  /// Model and chip where all rows agree.
  private var commonIdentity: String {
    [Set(rows.map(\.chip)), Set(rows.map(\.model))].filter { $0.count == 1 }.flatMap(\.self).joined(separator: ", ")
  }

  private func header(of row: ComparisonRow) -> [String] {
    [row.bank, row.input]
      + (Set(rows.map(\.model)).count > 1 ? [row.model] : []) + (Set(rows.map(\.chip)).count > 1 ? [row.chip] : [])
  }

  /// A word on rows whose neurons sent nothing up to the target; all of them where none is named.
  private var rowsWithoutSpikes: [String] {
    let idle = rows.filter(\.isAtTargetWithoutSpikes)
    guard !idle.isEmpty else { return [] }
    let names = idle.map { header(of: $0).joined(separator: " ") }.joined(separator: ", ")
    let which = idle.count == rows.count ? "" : " by \(names)"
    return ["target reached\(which) without a spike: a code of zeros is within it; a smaller gap asks for a code"]
  }

  /// What is too short about rows in which no target was looked for.
  private var shortRows: [String] {
    let numbers = rows.filter(\.isTooShortForTargets).compactMap { row in row.heldSteps.map { (row.steps ?? 0, $0) } }
    guard let (steps, held) = numbers.first else { return [] }
    return [
      "run too short: no target was looked for in \(steps.counted("step")), as it must be held for \(held) more "
        + "(held_steps)"
    ]
  }

  private func legend(of lines: [Line]) -> [String] {
    let marks = lines.flatMap { line -> [(String, StatisticMarks)] in
      guard case .statistic(let name) = line else { return [] }
      return rows.compactMap { row in
        row.statistics[name].flatMap { $0.value == .null ? nil : (row.chip, row.statistics.marks(of: $0)) }
      }
    }
    return StatisticMarks.legend(ofOwned: marks)
  }
}

extension ComparisonRow {
  /// Whether every pixel is an event.
  fileprivate var isDense: Bool { input == "dense" || input == "dense-rate" }

  /// The steps counted: all of a run that reached no target.
  fileprivate var steps: Int? { statistics[.timesteps]?.value.number.flatMap { Int(exactly: $0) } }

  /// Whether no step had as many after it as a target must be held for.
  fileprivate var isTooShortForTargets: Bool {
    guard let steps, let heldSteps, statistics[.reachedStep]?.value == .null else { return false }
    return steps <= heldSteps
  }

  /// Whether the target is held from a step on up to which no neuron has spiked.
  fileprivate var isAtTargetWithoutSpikes: Bool {
    statistics[.reachedStep]?.value.number != nil && statistics[.spikes]?.value.number == 0
  }
}
