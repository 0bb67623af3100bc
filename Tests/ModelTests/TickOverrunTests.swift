import Experiments
import Foundation
import Neuromorphic
import Reports
import SparseCoding
import TestSupport
import Testing

extension ChipModelTests {
  /// Steps overrun a tick by their times: where times are not published, the count of overruns lacks them.
  @Suite struct TickOverrunTests {
    /// Loihi 2 with a tick, and without the times of updates or with them.
    private func overruns(tick_ns: Int, updatesHaveTimes: Bool) throws -> Statistic {
      var run = try defaultRun("camera", bank: "homogeneous")
      run.crop = try Crop(size: 24)
      run.timesteps = 10
      return try withTemporaryFolder { folder in
        var lines = try String(contentsOfFile: repositoryFile("hwmodels/chips/loihi2.yaml"), encoding: .utf8)
          .components(separatedBy: "\n")
        if !updatesHaveTimes {
          for (index, line) in lines.enumerated() where line.contains("update_active:") {
            lines[index] = line.replacing(/time_ns: [0-9.]+/, with: "time_ns: null")
            try #require(lines[index] != line)
          }
        }
        run.chip = "\(folder)/chip.yaml"
        try (lines + ["tick_ns: {value: \(tick_ns), source: test}", ""]).joined(separator: "\n")
          .write(toFile: run.chip, atomically: true, encoding: .utf8)
        var runner = Runner()
        return try #require(try runner.run(run).statistics()[.tickOverruns])
      }
    }

    @Test func overrunsLackTheTimesThatAreNotPublished() throws {
      let all = try overruns(tick_ns: 1, updatesHaveTimes: true)
      #expect(all.value == .integer(10) && !all.missing.contains("update_active.time_ns"))
      #expect(try overruns(tick_ns: 1_000_000, updatesHaveTimes: true).value == .integer(0))
      #expect(try overruns(tick_ns: 1, updatesHaveTimes: false).missing.contains("update_active.time_ns"))
    }

    /// None of TrueNorth's operations has a published time: its steps cannot overrun by themselves.
    @Test func noOperationOfTrueNorthHasATime() throws {
      let chip = try ChipDescription.named("truenorth")
      let missing = CostMarks(chip, isMultichip: false).time.missing
      for operation in ChipOperation.allCases where operation != .barrier && operation != .hopBetweenChips {
        #expect(missing.contains("\(operation.rawValue).time_ns"), "\(operation)")
      }
    }
  }
}
