import Foundation
import Reports
import Testing

/// A figure's marks are in every file and table that has the figure.
@Suite struct StatisticMarksTests {
  /// One figure of the chip with each combination of marks.
  private func statistics(hypothetical: Bool) -> Statistics {
    var statistics = Statistics()
    statistics.set(.latency, 1.5)
    statistics.set(.staticEnergy, 2.5, isEstimate: true)
    statistics.set(.dynamicEnergy, 3.5, missing: ["a", "b"])
    statistics.set(.totalEnergy, 4.5, isEstimate: true, missing: ["a"])
    statistics.set(.gap, 0.01)
    statistics.set(.optimalPSNR, 20)
    statistics.setNull(.commonEnergy)
    statistics.set(.hypothetical, hypothetical)
    return statistics
  }

  private let expected: [String: (estimate: Bool, missing: [String])] = [
    "time.latency": (false, []), "energy.static": (true, []), "energy.dynamic": (false, ["a", "b"]),
    "energy.total": (true, ["a"]), "quality.gap": (false, []),
  ]

  @Test(arguments: [false, true]) func theStatisticsFilesHaveThem(hypothetical: Bool) throws {
    let file = StatisticsFile(run: .object([]), statistics: statistics(hypothetical: hypothetical))
    let stats = try #require(try JSONValue(parsing: Data(file.json.utf8))["stats"])
    let lines = file.csv.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(lines[0].map(String.init) == ["name", "value", "unit"] + StatisticMarks.csvNames + ["description"])
    for statistic in file.statistics.ordered {
      let marks = expected[statistic.name] ?? (false, []), isMarked = hypothetical && expected[statistic.name] != nil
      #expect(stats[statistic.name]?["estimate"] == (marks.estimate ? .flag(true) : nil), "\(statistic.name)")
      #expect(
        stats[statistic.name]?["missing_costs"]
          == (marks.missing.isEmpty ? nil : .list(marks.missing.map { .text($0) })), "\(statistic.name)")
      #expect(stats[statistic.name]?["hypothetical"] == (isMarked ? .flag(true) : nil), "\(statistic.name)")
      let line = try #require(lines.first { $0[0] == statistic.name })
      #expect(
        line[3...5].map(String.init) == ["\(marks.estimate)", marks.missing.joined(separator: " "), "\(isMarked)"])
    }
  }

  @Test(arguments: [false, true]) func theComparisonFilesHaveThem(hypothetical: Bool) throws {
    let row = ComparisonRow(
      bank: "a", input: "dense", model: "delta", chip: "c", statistics: statistics(hypothetical: hypothetical))
    let comparison = Comparison(rows: [row])
    guard case .list(let rows) = try JSONValue(parsing: Data(comparison.json.utf8)) else {
      Issue.record("comparison.json is not a list")
      return
    }
    guard case .object(let marks)? = rows[0]["marks"] else {
      Issue.record("a row has no marks")
      return
    }
    let marked = expected.filter { hypothetical || $0.value.estimate || !$0.value.missing.isEmpty }
    #expect(Set(marks.map(\.name)) == Set(marked.keys))
    for (name, expected) in marked {
      let entry = rows[0]["marks"]?[name]
      #expect(entry?["estimate"] == (expected.estimate ? .flag(true) : nil))
      #expect(entry?["missing_costs"] == (expected.missing.isEmpty ? nil : .list(expected.missing.map { .text($0) })))
      #expect(entry?["hypothetical"] == (hypothetical ? .flag(true) : nil))
      // The value itself stays plain.
      if case .object? = rows[0][name] { Issue.record("\(name) is not plain") }
    }
    let lines = comparison.csv.split(separator: "\n")
    #expect(lines[0].hasSuffix(",estimate,missing_costs,hypothetical"))
    let hypotheses = hypothetical ? "time.latency energy.dynamic energy.static energy.total quality.gap" : ""
    #expect(
      lines[1].hasSuffix(
        ",energy.static energy.total,\"energy.dynamic:a,b energy.total:a\",\(hypotheses)"), "\(lines[1])")
  }

  @Test func theTableHasThemAtFiguresAndRatios() {
    let rows = ["dense", "sparse"].map { input in
      ComparisonRow(
        bank: "a", input: input, model: "delta", chip: "c", statistics: statistics(hypothetical: input == "dense"))
    }
    let text = ComparisonTable(Comparison(rows: rows)).table.text
    func line(_ label: String) -> String {
      text.split(separator: "\n").first { $0.contains(label) }.map(String.init) ?? ""
    }
    #expect(line("latency").contains("1.50 s‡") && line("latency").hasSuffix("1.50 s"))
    #expect(line("static energy").contains("2.50 J*‡") && line("static energy").hasSuffix("2.50 J*"))
    #expect(line("dynamic energy").contains("3.50 J†‡") && line("dynamic energy").hasSuffix("3.50 J†"))
    #expect(line("total energy").contains("4.50 J*†‡") && line("total energy").hasSuffix("4.50 J*†"))
    // The ratio's marks are those of either figure, here of the denominator.
    let ratios = text.split(separator: "\n").filter { $0.contains("over dense") }
    #expect(ratios.count == 2 && ratios[0].hasSuffix("1 ×‡") && ratios[1].hasSuffix("1 ×*†‡"), "\(text)")
    #expect(
      text.contains("* contains an estimate: of a cost, or of what decides where neurons lie")
        && text.contains("that are not published: a, b"))
    #expect(text.contains("‡ hypothetical"))
  }

  @Test func aFigureOfTwoHasTheMarksOfBoth() {
    let sum =
      StatisticMarks(isEstimate: true, missing: ["b"], isHypothetical: false)
      + StatisticMarks(isEstimate: false, missing: ["a", "b"], isHypothetical: true)
    #expect(sum == StatisticMarks(isEstimate: true, missing: ["a", "b"], isHypothetical: true))
    #expect(sum.symbols == "*†‡" && !sum.isEmpty)
    #expect(StatisticMarks(isEstimate: false, missing: [], isHypothetical: false).isEmpty)
  }
}
