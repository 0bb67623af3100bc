import DataFiles
import EventStreams
import Experiments
import Foundation
import Neuromorphic
import SparseCoding
import TestSupport
import Testing

extension ChipModelTests {
  /// What a run exports, against what it says of itself.
  struct ChipTraces {
    private struct Report: Decodable {
      let stats: [String: Double]
      let waited_ps: Int
      let cores: [String: [String: Int]]
    }

    private struct Statistics: Decodable {
      /// Some statistics are flags.
      struct Statistic: Decodable {
        let value: Double?
        private enum CodingKeys: CodingKey { case value }
        init(from decoder: any Decoder) throws {
          value = try? decoder.container(keyedBy: CodingKeys.self).decode(Double.self, forKey: .value)
        }
      }
      let stats: [String: Statistic]
    }

    private func configuration() throws -> RunConfiguration {
      var run = RunConfiguration()
      run.image = photograph("camera")
      run.crop = try Crop(size: 24)
      run.timesteps = 30
      run.traces = [.spikes, .npz, .sonata, .nwb, .sqlite, .perfetto, .vcd]
      if FileManager.default.isExecutableFile(atPath: "/usr/bin/vcd2fst") { run.traces.insert(.fst) }
      return run
    }

    @Test(.enabled(if: PythonOracle.isAvailable, "needs the Python oracles; run by make test"))
    func tracesAloneGiveTheStatistics() throws {
      try withTemporaryFolder { folder in
        _ = try Run(configuration(), output: "\(folder)/result")()
        let report: Report = try PythonOracle.json("chip_traces.py", ["\(folder)/result"])
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/result/stats.json"))
        let statistics = try JSONDecoder().decode(Statistics.self, from: data).stats
        for (name, value) in report.stats {
          let expected = try #require(statistics[name]?.value, "\(name)")
          #expect(abs(value - expected) <= 1e-12 * abs(expected), "\(name): \(value), not \(expected)")
        }
        #expect((report.stats["spikes"] ?? 0) > 0 && (report.stats["packets"] ?? 0) > 0)
        let cores = try busyTimes("\(folder)/result/cores.csv")
        for (trace, times) in report.cores { #expect(times.filter { $0.value > 0 } == cores, "\(trace)") }
        #expect(report.cores.count >= 3)
      }
    }

    /// Busy times by core and unit; those that are not zero.
    private func busyTimes(_ path: String) throws -> [String: Int] {
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      let names = lines[0].map(String.init)
      let (soma, engine) = try (#require(names.firstIndex(of: "soma_ps")), #require(names.firstIndex(of: "engine_ps")))
      var times: [String: Int] = [:]
      for line in lines.dropFirst() {
        times["\(line[0]).soma"] = Int(line[soma])
        times["\(line[0]).synapse_engine"] = Int(line[engine])
      }
      return times.filter { $0.value > 0 }
    }

    @Test func tracesChangeNothingInARun() throws {
      try withTemporaryFolder { folder in
        var runner = Runner()
        var run = try configuration()
        run.timesteps = 10
        let traced = try runner.run(run, traceFolder: folder)
        run.traces = [.spikes]
        let plain = try runner.run(run)
        #expect(traced.records == plain.records)
        #expect(traced.spikes == plain.spikes)
      }
    }

    /// The same recording in three formats drives the chip in the same way: it codes what the events add up to.
    @Test func aRecordingDrivesTheChip() throws {
      try withTemporaryFolder { folder in
        var edge = MovingEdge()
        edge.size = 32
        var runner = Runner()
        var runs: [ChipRun] = []
        for suffix in ["aedat4", "raw", "npz"] {
          var run = RunConfiguration()
          run.events = "\(folder)/edge.\(suffix)"
          run.timesteps = 120
          try EventStreamFile.write(edge.recording(), to: "\(folder)/edge.\(suffix)")
          runs.append(try runner.run(run))
        }
        #expect(runs[0].spikes.count > 50)
        #expect(runs.allSatisfy { $0.spikes == runs[0].spikes && $0.records == runs[0].records })
        // The edge has stopped after 22 steps of 1 ms; until then the drive, and so the code, lags behind.
        let recorded = try edge.recording().integrated(crop: nil, step_ns: 1_000_000, exponent: -2)
        #expect(runs[0].input == recorded && recorded.steps == 22)
        #expect(runs[0].records.last?.saturations == 0)
        let gaps = runs[0].qualities.map { runs[0].reference.gap(ofObjective: $0.objective) }
        #expect(gaps[119] < gaps[21] / 1.5, "from \(gaps[21]) to \(gaps[119])")
      }
    }

    @Test func aTraceOfActivityNeedsAFolder() throws {
      let run = try configuration()
      let error = #expect(throws: ExperimentError.self) { try Run(run, output: nil)() }
      #expect(error?.description.contains("give an output folder") == true)
    }
  }
}
