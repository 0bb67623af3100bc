import Foundation
import Reports
import Testing

@Suite struct ValidationReportTests {
  private func row(
    _ name: String = "a", published: Double = 100, ours: Double?, _ band: ValidationBand,
    _ basis: ValidationBasis = .publication, isEstimate: Bool = false, missing: [String] = [],
    isHypothetical: Bool = false
  ) -> ValidationRow {
    ValidationRow(
      name: name, group: "Group", quantity: "energy of \(name)", chip: "loihi1", unit: "J", published: published,
      ours: ours, band: band, basis: basis, reason: "because", source: "a paper", isEstimate: isEstimate,
      missing: missing,
      isHypothetical: isHypothetical)
  }

  @Test(arguments: [
    (94.999, ValidationVerdict.outside), (95.001, .within), (100, .within), (119.99, .within), (120.01, .outside),
    (.nan, .outside), (.infinity, .outside),
  ])
  func aRelativeBandHoldsFromBothSides(ours: Double, verdict: ValidationVerdict) {
    #expect(row(ours: ours, .relative(-0.05...0.2)).verdict == verdict)
  }

  @Test(arguments: [
    (-0.0101, ValidationVerdict.outside), (-0.0099, .within), (0, .within), (0.0199, .within), (0.0201, .outside),
  ])
  func anAbsoluteBandHoldsFromBothSidesAndRoundZero(ours: Double, verdict: ValidationVerdict) {
    let row = row(published: 0, ours: ours, .absolute(-0.01...0.02))
    #expect(row.verdict == verdict && row.error == ours)
  }

  @Test func whatIsNotJudgedOrNotRunNeitherPassesNorFails() throws {
    let report = ValidationReport(rows: [row("a", ours: 1, .unjudged), row("b", ours: nil, .relative(0...0))])
    #expect(report.rows.map(\.verdict) == [.shown, .notRun])
    try report.check()
  }

  @Test func oneFigureOutsideItsBandFailsAndIsNamed() {
    let report = ValidationReport(rows: [
      row("good", ours: 100, .relative(0...0)), row("bad", ours: 101, .relative(0...0.009)),
    ])
    #expect(!report.isValid && report.outside == ["bad"])
    let error = #expect(throws: ReportError.self) { try report.check() }
    #expect(error?.description == "1 of 2 figures left their stated bands: bad")
  }

  @Test func theJSONHasEveryField() throws {
    let report = ValidationReport(rows: [
      row("a", ours: 110, .relative(-0.05...0.2), isEstimate: true, missing: ["axon_in.energy_pJ"]),
      row("b", ours: 100.5, .absolute(-1...1)), row("c", ours: nil, .unjudged),
    ])
    let json = try JSONValue(parsing: Data(report.json.utf8))
    #expect(json["schema"] == .text("rheobase.validation/1") && json["valid"] == .flag(true))
    guard case .list(let rows)? = json["rows"] else { throw ReportError("no rows") }
    let names: Set = [
      "name", "group", "quantity", "chip", "unit", "ours", "published", "error", "error_kind", "band", "reason",
      "verdict", "source", "estimate", "missing", "basis", "hypothetical", "published_kind",
    ]
    for row in rows {
      guard case .object(let members) = row else { throw ReportError("a row is no object") }
      #expect(Set(members.map(\.name)) == names)
    }
    #expect(rows[0]["band"] == .list([.real(-0.05), .real(0.2)]) && rows[0]["error_kind"] == .text("relative"))
    #expect(rows[0]["estimate"] == .flag(true) && rows[0]["missing"] == .list([.text("axon_in.energy_pJ")]))
    #expect(json["counts"] == .object([.init("not run", .integer(1)), .init("within", .integer(2))]))
    #expect(rows[0]["basis"] == .text("publication") && rows[0]["hypothetical"] == .flag(false))
    #expect(rows[1]["error"] == .real(0.5) && rows[1]["error_kind"] == .text("absolute"))
    #expect(rows[2]["ours"] == .null && rows[2]["error"] == .null && rows[2]["verdict"] == .text("not run"))
  }

  @Test func whatAgreesByConstructionOrWithAFormulaIsCountedApart() throws {
    let report = ValidationReport(rows: [
      row("a", ours: 100, .relative(0...0), .construction), row("b", ours: 100, .relative(0...0.1), .formula),
      row("c", ours: 100, .relative(0...0)), row("d", ours: 101, .relative(0...0), .construction),
      row("e", ours: 1, .unjudged, .construction, isHypothetical: true),
    ])
    #expect(report.rows.map(\.verdict) == [.byConstruction, .byFormula, .within, .outside, .shown])
    #expect(report.outside == ["d"])
    let lines = ValidationTable(report).table.text.split(separator: "\n").map(String.init)
    #expect(lines.last == "1 within, 1 by formula, 1 by construction, 1 outside, 1 shown")
    #expect(lines.contains { $0.contains("energy of a") && $0.contains("by construction") })
    #expect(lines.contains { $0.contains("1.000 J‡") } && lines.contains { $0.hasPrefix("‡ hypothetical") })
    let json = try JSONValue(parsing: Data(report.json.utf8))
    #expect(
      json["counts"]
        == .object(
          ["by construction", "by formula", "outside", "shown", "within"].map { .init($0, .integer(1)) }))
    guard case .list(let rows)? = json["rows"] else { throw ReportError("no rows") }
    #expect(rows[0]["basis"] == .text("construction") && rows[4]["hypothetical"] == .flag(true))
    #expect(
      rows.map { $0["verdict"] } == ["by construction", "by formula", "within", "outside", "shown"].map { .text($0) })
    // What a formula gives is not taken for a measured figure.
    #expect(rows.map { $0["published_kind"] == .text("formula") } == [false, true, false, false, false])
    #expect(lines.count { $0.contains("100.0 J§") } == 1 && lines.contains { $0.hasPrefix("§ not measured") })
  }

  @Test func aRowWithoutTheCostsOfItsFigureIsNotJudged() throws {
    let whole = row(ours: 0, .relative(0...0), .construction, missing: ["axon_in.energy_pJ", "tile.energy_pJ"])
    let row = whole.withdrawn(["tile.energy_pJ"])
    #expect(whole.verdict == .outside && row.verdict == .notRun && row.ours == nil && row.missing == whole.missing)
    let report = ValidationReport(rows: [row])
    try report.check()
    let lines = ValidationTable(report).table.text.split(separator: "\n").map(String.init)
    #expect(lines.contains { $0.contains("–†") && $0.contains("not run") })
    #expect(
      lines.contains("not run: the chip file has no figure for tile.energy_pJ, which the bundled one has"))
  }

  @Test func theTableShowsMarksAndCountsVerdicts() {
    let text = ValidationTable(
      ValidationReport(rows: [
        row("a", ours: 110, .relative(-0.05...0.2), isEstimate: true, missing: ["axon_in.energy_pJ"]),
        row("b", ours: 99, .relative(-0.02...0.02)), row("c", ours: nil, .unjudged),
      ])
    ).table.text
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.contains { $0.contains("110.0 J*†") && $0.contains("+10.00 %") && $0.contains("−5 … +20 %") })
    #expect(lines.contains { $0.contains("−1.00 %") && $0.contains("±2 %") && $0.contains("within") })
    #expect(lines.contains("† without costs that are not published: axon_in.energy_pJ"))
    #expect(lines.contains("not run: because") && lines.last == "2 within, 1 not run")
  }
}
