import Foundation

/// A validation for a terminal.
public struct ValidationTable: Sendable {
  private let report: ValidationReport

  /// Lays out a report.
  public init(_ report: ValidationReport) { self.report = report }

  /// The table: a section for each group, the marks `*` (estimate), `†` (missing costs) and `‡` (hypothetical) behind
  /// ours, `§` behind what a formula gives.
  public var table: Table {
    var rows: [Table.Row] = []
    for (place, row) in report.rows.enumerated() {
      if place == 0 || report.rows[place - 1].group != row.group { rows.append(.section(row.group)) }
      rows.append(.cells(cells(of: row)))
    }
    return Table(
      columns: [
        .init([""], .leading), .init(["chip"], .leading), .init(["ours"]), .init(["published"]), .init(["error"]),
        .init(["band"]), .init([""], .leading), .init(["source"], .leading),
      ], rows: rows, legend: legend)
  }

  private func cells(of row: ValidationRow) -> [Table.Cell] {
    [
      .init("  " + row.quantity), .init(row.chip),
      .init(
        row.ours.map { Self.text(row.marks.known($0, unit: row.unit), row.unit) } ?? "–",
        marks: row.marks.symbols),
      .init(Self.text(row.published, row.unit), marks: row.basis == .formula ? "§" : ""), .init(Self.error(of: row)),
      .init(Self.text(row.band)),
      .init(row.verdict.rawValue), .init(row.source),
    ]
  }

  private var legend: [String] {
    let hypothesis = "float arithmetic, which no chip has, or weights that no core can hold"
    return StatisticMarks.legend(of: report.rows.map(\.marks), hypothesis: hypothesis)
      + (report.rows.contains { $0.basis == .formula }
        ? ["§ not measured by anybody: the published formula at the run's own counts and the chip file's costs"] : [])
      + Set(report.rows.filter { $0.verdict == .notRun }.map(\.reason)).sorted().map { "not run: \($0)" }
      + [report.counts.map { "\($0.count) \($0.verdict.rawValue)" }.joined(separator: ", ")]
  }

  private static func text(_ value: Double, _ unit: String) -> String {
    switch unit {
    case "1": abs(value) < 10_000 ? NumberFormat.plain(value, unit: unit) : NumberFormat.count(value)
    case "dB": NumberFormat.plain(value, unit: unit)
    default: NumberFormat.engineering(value, unit: unit, significantDigits: 4)
    }
  }

  private static func error(of row: ValidationRow) -> String {
    guard let error = row.error else { return "–" }
    if case .absolute = row.band { return signed(error, "%.4f") }
    return signed(100 * error, "%.2f") + " %"
  }

  private static func text(_ band: ValidationBand) -> String {
    switch band {
    case .unjudged: "–"
    case .relative(let range) where range.upperBound - range.lowerBound < 1e-7: "exact"
    case .relative(let range): text(100 * range.lowerBound...100 * range.upperBound) + " %"
    case .absolute(let range): text(range)
    }
  }

  private static func text(_ range: ClosedRange<Double>) -> String {
    if range.lowerBound == -range.upperBound { return "±" + String(format: "%.4g", range.upperBound) }
    return signed(range.lowerBound, "%.4g") + " … " + signed(range.upperBound, "%.4g")
  }

  /// A number with its sign, and none if it prints as zero.
  private static func signed(_ value: Double, _ format: String) -> String {
    let digits = String(format: format, abs(value))
    guard value.isFinite, Double(digits) != 0 else { return digits }
    return (value < 0 ? "−" : "+") + digits
  }
}

extension ValidationRow {
  fileprivate var marks: StatisticMarks {
    StatisticMarks(isEstimate: isEstimate, missing: missing, isHypothetical: isHypothetical)
  }
}
