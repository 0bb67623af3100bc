import DataFiles
import Foundation
import Reports
import TestSupport
import Testing

@Suite struct ComparisonTests {
  private func row(_ bank: String, _ input: String, latency: Double?, energy: Double, estimate: Bool = true)
    -> ComparisonRow
  {
    var statistics = Statistics()
    statistics.set(.inputEvents, 4096)
    if let latency { statistics.set(.latency, latency) } else { statistics.setNull(.latency) }
    statistics.set(.totalEnergy, energy, isEstimate: estimate, missing: input == "sparse" ? ["barrier"] : [])
    if latency == nil { statistics.setNull(.reachedStep) } else { statistics.set(.reachedStep, 120) }
    if input == "sparse" { statistics.set(.codeGap, 0.01) }
    return ComparisonRow(bank: bank, input: input, model: "delta", chip: "loihi2", statistics: statistics)
  }

  private var comparison: Comparison {
    Comparison(rows: [
      row("homogeneous", "dense", latency: 1e-3, energy: 2e-6),
      row("homogeneous", "sparse", latency: 0.5e-3, energy: 0.5e-6),
      row("heterogeneous", "dense", latency: 4e-3, energy: 8e-6),
      row("heterogeneous", "sparse", latency: nil, energy: 1e-6),
    ])
  }

  @Test func theTableHasLinesOfStatisticsAndColumnsOfRows() {
    #expect(
      ComparisonTable(comparison).table.text == """
        loihi2, delta

                             homogeneous   homogeneous    heterogeneous   heterogeneous
                                   dense        sparse            dense          sparse
        ─────────────────────────────────────────────────────────────────────────────────
        Quality
          steps to target            120           120              120     not reached
          gap of input code            –        1.00 %                –          1.00 %

        Activity
          input events              4096          4096             4096            4096

        Time
          latency                1.00 ms        500 µs          4.00 ms               –
            over dense               1 ×         0.5 ×              1 ×               –

        Energy
          total energy           2.00 µJ*       500 nJ*†        8.00 µJ*        1.00 µJ*†
            over dense               1 ×*       0.25 ×*†            1 ×*        0.125 ×*†

        * contains an estimate: of a cost, or of what decides where neurons lie
        † without costs that are not published: barrier

        """)
  }

  @Test func aTargetThatNoStepCouldHoldWasNotLookedFor() {
    func text(steps: Int, held: Int?) -> String {
      var statistics = Statistics()
      statistics.set(.timesteps, steps)
      statistics.setNull(.reachedStep)
      var row = ComparisonRow(bank: "a", input: "dense", model: "delta", chip: "c", statistics: statistics)
      row.heldSteps = held
      return ComparisonTable(Comparison(rows: [row])).table.text
    }
    for steps in [1, 50] {
      let text = text(steps: steps, held: 50)
      #expect(text.contains(/steps to target +run too short\n/) && !text.contains("not reached"), "\(text)")
      #expect(text.contains("run too short: no target was looked for in \(steps) step"), "\(text)")
    }
    for held in [50, nil] {
      #expect(text(steps: 51, held: held).contains(/steps to target +not reached\n/))
      #expect(!text(steps: 51, held: held).contains("too short"))
    }
    #expect(text(steps: 5, held: nil).contains("not reached"))
  }

  /// Its 0 is no figure to sort by, to divide by, or to find in a list.
  @Test func anEnergyOfMissingCostsAloneIsADashAndEmptyInLists() throws {
    let rows = ["dense", "sparse"].map { input in
      var statistics = Statistics()
      statistics.set(.staticEnergy, 0, missing: ["static_power_W"])
      statistics.set(.totalEnergy, input == "dense" ? 0 : 1e-6, missing: ["static_power_W"])
      return ComparisonRow(bank: "a", input: input, model: "delta", chip: "c", statistics: statistics)
    }
    let table = ComparisonTable(Comparison(rows: rows)).table
    let cells = table.rows.compactMap { if case .cells(let cells) = $0 { cells } else { nil } }
    #expect(cells.map { $0[0].text } == ["  static energy", "  total energy"])
    #expect(cells[0].dropFirst() == [Table.Cell("–", marks: "†"), Table.Cell("–", marks: "†")])
    #expect(cells[1].dropFirst() == [Table.Cell("–", marks: "†"), Table.Cell("1.00 µJ", marks: "†", number: 1e-6)])
    let csv = CSV.rows(of: Comparison(rows: rows).csv)
    #expect(csv[0][4...5] == ["energy.static", "energy.total"])
    #expect(csv[1][4...5] == ["", ""] && csv[2][4...5] == ["", "1e-06"])
    let list = CSV.rows(of: StatisticsFile(run: .object([]), statistics: rows[0].statistics).csv)
    #expect(list[1].prefix(5) == ["energy.static", "", "J", "false", "static_power_W"])
  }

  @Test func noMarksNoLegend() {
    let comparison = Comparison(rows: [row("a", "dense", latency: 1, energy: 1, estimate: false)])
    #expect(ComparisonTable(comparison).table.legend.isEmpty)
  }

  @Test func aTargetThatIsReachedWithoutASpikeIsSaid() {
    func row(_ bank: String, reachedStep: Int?, spikes: Int) -> ComparisonRow {
      var statistics = Statistics()
      if let reachedStep { statistics.set(.reachedStep, reachedStep) } else { statistics.setNull(.reachedStep) }
      statistics.set(.spikes, spikes)
      return ComparisonRow(bank: bank, input: "dense", model: "delta", chip: "c", statistics: statistics)
    }
    func legend(_ rows: ComparisonRow...) -> [String] { ComparisonTable(Comparison(rows: rows)).table.legend }
    let meaning = "a code of zeros is within it; a smaller gap asks for a code"
    let (idle, busy) = (row("a", reachedStep: 1, spikes: 0), row("b", reachedStep: 9, spikes: 3))
    #expect(legend(idle) == ["target reached without a spike: \(meaning)"])
    #expect(legend(idle, busy) == ["target reached by a dense without a spike: \(meaning)"])
    #expect(legend(busy, row("c", reachedStep: nil, spikes: 0)).isEmpty)
  }

  @Test func aFullComparisonFitsATerminal() {
    let rows = ["homogeneous", "heterogeneous"].flatMap { bank in
      ["dense", "sparse"].map { input in
        let statistics = StatisticName.allCases.map {
          Statistic($0, .real(-1.2345e-7), isEstimate: true, missing: ["x"])
        }
        return ComparisonRow(
          bank: bank, input: input, model: "delta", chip: "loihi2", statistics: Statistics(statistics))
      }
    }
    let table = ComparisonTable(Comparison(rows: rows)).table
    #expect(table.text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    #expect(table.rows.count == ComparisonTable.standardLines.count)
  }

  @Test func differentChipsStandInTheHeader() {
    let rows = ["loihi1", "loihi2"].map {
      ComparisonRow(bank: "a", input: "dense", model: "delta", chip: $0, statistics: Statistics())
    }
    let table = ComparisonTable(Comparison(rows: rows)).table
    #expect(table.columns.dropFirst().map(\.header) == [["a", "dense", "loihi1"], ["a", "dense", "loihi2"]])
    #expect(table.rows.isEmpty)
  }

  @Test(.enabled(if: PythonOracle.isAvailable, "needs the oracle's Python, run by make test"))
  func pythonReadsTheSameRows() throws {
    let comparison = comparison
    struct Parsed: Decodable {
      let rows: [[String: Plain]]
      let csv: [[String]]
    }
    struct Marks: Decodable, Equatable {
      var estimate: Bool?
      var missing_costs: [String]?
      var hypothetical: Bool?
    }
    enum Plain: Decodable, Equatable {
      case number(Double)
      case text(String)
      case marks([String: Marks])
      case null
      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
          self = .null
        } else if let number = try? container.decode(Double.self) {
          self = .number(number)
        } else if let marks = try? container.decode([String: Marks].self) {
          self = .marks(marks)
        } else {
          self = .text(try container.decode(String.self))
        }
      }
    }
    let parsed: Parsed = try withTemporaryFolder { folder in
      try comparison.write(toFolder: folder)
      return try PythonOracle.json("comparison_files.py", ["\(folder)/comparison.json", "\(folder)/comparison.csv"])
    }
    #expect(parsed.rows.count == 4)
    #expect(
      parsed.rows[1] == [
        "bank": .text("homogeneous"), "input": .text("sparse"), "model": .text("delta"), "chip": .text("loihi2"),
        "input.events": .number(4096), "time.latency": .number(0.5e-3), "energy.total": .number(0.5e-6),
        "quality.reached_step": .number(120), "code.gap": .number(0.01),
        "marks": .marks(["energy.total": Marks(estimate: true, missing_costs: ["barrier"])]),
      ])
    #expect(parsed.rows[3]["time.latency"] == .null)
    #expect(
      parsed.csv[0] == [
        "bank", "input", "model", "chip", "input.events", "time.latency", "energy.total", "quality.reached_step",
        "code.gap", "estimate", "missing_costs", "hypothetical",
      ])
    #expect(
      parsed.csv[2] == [
        "homogeneous", "sparse", "delta", "loihi2", "4096", "0.0005", "5e-07", "120", "0.01", "energy.total",
        "energy.total:barrier", "",
      ])
  }
}
