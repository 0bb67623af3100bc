import Experiments
import Foundation
import TestSupport
import Testing

extension ChipModelTests {
  /// What the chip did when the traces were recorded, it does today; see traces/README.md.
  struct GoldenTraces {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../traces").standardizedFileURL.path

    @Test func everyGoldenTraceIsRepeated() throws {
      let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder).filter {
        FileManager.default.fileExists(atPath: "\(Self.folder)/\($0)/run.yaml")
      }
      #expect(names.count >= 3)
      var runner = Runner()
      for name in names {
        let folder = "\(Self.folder)/\(name)"
        try withTemporaryFolder { scratch in
          let run = try runner.run(RunConfiguration(contentsOf: "\(folder)/run.yaml"), traceFolder: scratch)
          try compare(String(contentsOfFile: "\(scratch)/spikes.csv", encoding: .utf8), with: "\(folder)/spikes.csv")
          try compare(run.stepsCSV, with: "\(folder)/steps.csv")
        }
      }
    }

    @Test(.enabled(if: PythonOracle.isAvailable, "needs the Python oracles; run by make test"))
    func everyFormatHoldsWhatItHeld() throws {
      try compareEveryFormat(
        ["spikes.npz", "spikes.sonata.h5", "spikes.nwb", "trace.sqlite", "trace.perfetto.json", "activity.vcd"])
    }

    @Test(
      .enabled(if: PythonOracle.isAvailable, "needs the Python oracles; run by make test"),
      .enabled(if: Programs.areInstalled("vcd2fst"), "needs vcd2fst, of GTKWave"))
    func anFSTHoldsWhatItHeld() throws { try compareEveryFormat(["activity.fst"]) }

    private struct Table: Decodable {
      let columns: [String]
      let rows: [[String]]
    }

    /// Runs `every-format` again, and compares files as an independent reader reads them.
    private func compareEveryFormat(_ names: [String]) throws {
      let golden = "\(Self.folder)/every-format"
      try withTemporaryFolder { scratch in
        var run = try RunConfiguration(contentsOf: "\(golden)/run.yaml")
        if !names.contains("activity.fst") { run.traces.remove(.fst) }
        _ = try Run(run, output: "\(scratch)/result")()
        for name in names {
          let tables: [[String: Table]] = try PythonOracle.json(
            "trace_tables.py", ["\(scratch)/result/\(name)", "\(golden)/\(name)"])
          try #require(tables.count == 2 && tables[0].keys.sorted() == tables[1].keys.sorted(), "\(name): its tables")
          for (table, ours) in tables[0].sorted(by: { $0.key < $1.key }) {
            compare(ours, with: try #require(tables[1][table]), called: "\(name): \(table)")
          }
        }
      }
    }

    /// Says the first row and column of a table that moved.
    private func compare(_ ours: Table, with golden: Table, called name: String) {
      #expect(ours.columns == golden.columns, "\(name)")
      #expect(ours.rows.count == golden.rows.count, "\(name)")
      for (index, (row, recorded)) in zip(ours.rows, golden.rows).enumerated() where row != recorded {
        let moved = zip(ours.columns, zip(row, recorded)).first { $0.1.0 != $0.1.1 }
        let column = moved.map { "\($0.0) is \($0.1.0), recorded as \($0.1.1)" } ?? "another number of columns"
        Issue.record("\(name), row \(index): \(column)")
        return
      }
    }

    /// Columns that come from the reference solver's floating point may differ in their last digits elsewhere.
    private static let realColumns: Set<Substring> = ["objective", "gap", "psnr_dB"]

    /// Says the first line and column of a table that moved.
    private func compare(_ text: String, with path: String) throws {
      let ours = table(text), golden = table(try String(contentsOfFile: path, encoding: .utf8))
      #expect(ours.count == golden.count, "\(path): \(ours.count) lines, recorded with \(golden.count)")
      for (line, (row, expected)) in zip(ours, golden).enumerated() {
        guard row.count == expected.count, row.count == ours[0].count else {
          Issue.record("\(path):\(line + 1): has \(row.count) fields, recorded with \(expected.count)")
          return
        }
        for (column, (value, recorded)) in zip(row, expected).enumerated() where value != recorded {
          if Self.realColumns.contains(ours[0][column]), let a = Double(value), let b = Double(recorded),
            abs(a - b) <= 1e-6 * max(abs(b), 1)
          {
            continue
          }
          Issue.record("\(path):\(line + 1): \(ours[0][column]) is \(value), recorded as \(recorded)")
          return
        }
      }
    }

    private func table(_ text: String) -> [[Substring]] {
      text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    }
  }
}
