import Foundation
import TestSupport
import Testing

import Reports

@Suite struct SweepTableTests {
  private static let table = SweepTable(
    axes: ["image", "axis.timesteps"], statistics: ["timesteps", "energy.total", "host.seconds"],
    points: [
      .init(
        id: "a", axisValues: ["line\nbreak, \"quotes\" and 日本.png", "10"], values: [10, 0.1 + 0.2, nil],
        marks: [
          1: StatisticMarks(isEstimate: true, missing: ["barrier.energy_pJ", "x.y"], isHypothetical: false),
          0: StatisticMarks(isEstimate: false, missing: [], isHypothetical: true),
        ]),
      .init(id: "b", axisValues: ["", "20"], values: [nil, 1e-300, 1e300]),
    ])

  @Test func aTableReadsBackAsItWasWritten() throws {
    try withTemporaryFolder { folder in
      let url = URL(fileURLWithPath: folder)
      try Self.table.write(to: url)
      #expect(try SweepTable(readingFrom: url) == Self.table)
      try FileManager.default.removeItem(at: url.appendingPathComponent("marks.csv"))
      let unmarked = try SweepTable(readingFrom: url)
      #expect(unmarked.points.allSatisfy(\.marks.isEmpty) && unmarked.csv == Self.table.csv)
    }
  }

  @Test func anAxisNamedLikeAStatisticHasANameOfItsOwn() {
    #expect(SweepTable.axisName(ofKey: "timesteps") == "axis.timesteps")
    #expect(SweepTable.axisName(ofKey: "lambda") == "lambda")
    #expect(Self.table.numbers(of: "axis.timesteps") == [10, 20] && Self.table.numbers(of: "timesteps") == [10, nil])
    #expect(Self.table.numbers(of: "image") == [nil, nil] && Self.table.numbers(of: "other") == nil)
  }

  @Test(arguments: [
    ("nonsense\n", "the first line"), ("point,lambda,timesteps\na,1\n", "sweep.csv:2: 2 fields stand under 3 names"),
    ("point,lambda,timesteps\na,1,many\n", "sweep.csv:2: timesteps: 'many' is not a number"),
    ("point,lambda,timesteps\na,1,nan\n", "'nan' is not a number"),
  ])
  func whatIsNotSuchATableIsRefused(text: String, message: String) throws {
    try withTemporaryFolder { folder in
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/sweep.csv"))
      let error = #expect(throws: ReportError.self) {
        try SweepTable(readingFrom: URL(fileURLWithPath: folder))
      }
      #expect(error?.description.contains(message) == true, "\(error as Any)")
    }
  }

  @Test func separatedValuesWithQuotesAndBreaksReadBack() {
    let rows = [["", "a"], ["\"", "\"\"x\"\""], ["x\r\ny", ","], ["\n", "日本"]]
    #expect(CSV.rows(of: CSV.text(rows)) == rows)
    #expect(CSV.rows(of: "a,b\r\n1,2") == [["a", "b"], ["1", "2"]])
    #expect(CSV.rows(of: "").isEmpty)
  }
}
