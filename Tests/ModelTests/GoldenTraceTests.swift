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
      #expect(names.count >= 2)
      var runner = Runner()
      for name in names {
        let folder = "\(Self.folder)/\(name)"
        let run = try runner.run(RunConfiguration(contentsOf: "\(folder)/run.yaml"))
        try withTemporaryFolder { scratch in
          try run.spikeTrace.write(.csv, to: "\(scratch)/spikes.csv")
          try compare(String(contentsOfFile: "\(scratch)/spikes.csv", encoding: .utf8), with: "\(folder)/spikes.csv")
        }
        try compare(run.stepsCSV, with: "\(folder)/steps.csv")
      }
    }

    /// Columns that come from the reference solver's floating point may differ in their last digits elsewhere.
    private static let realColumns: Set<Substring> = ["objective", "gap", "psnr_dB"]

    /// Says the first line and column of a table that moved.
    private func compare(_ text: String, with path: String) throws {
      let ours = table(text), golden = table(try String(contentsOfFile: path, encoding: .utf8))
      #expect(ours.count == golden.count, "\(path): \(ours.count) lines, recorded with \(golden.count)")
      for (line, (row, expected)) in zip(ours, golden).enumerated() {
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
