import Experiments
import Foundation
import Reports
import TestSupport
import Testing

@Suite struct SweepPoolTests {
  private static let photograph = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("photographs/camera.png").path

  /// Plans four points, and gives `body` a pool whose program only makes their folders.
  private func withPool(_ body: (Sweep, SweepPool) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let file = "\(folder)/sweep.yaml"
      try write(
        "schema: rheobase.sweep/1\nbase: {image: \"\(Self.photograph)\", crop: 24}\n"
          + "axes: {lambda: [0.1, 0.2, 0.3, 0.4]}\n", to: file)
      try Sweep.write(SweepPlan(contentsOf: file), of: file, to: "\(folder)/s")
      try FileManager.default.createDirectory(atPath: "\(folder)/result", withIntermediateDirectories: false)
      let statistics = StatisticsFile(run: .object([]), statistics: Statistics()).json
      for name in ChipRun.fileNames { try write(statistics, to: "\(folder)/result/\(name)") }
      // Called as: --tethered run FILE --output FOLDER.
      let program = "\(folder)/program"
      try write("#!/bin/sh\ncp -r '\(folder)/result' \"$5\"\n", to: program)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
      let sweep = try Sweep(contentsOf: "\(folder)/s")
      var pool = SweepPool(sweep, executable: program)
      (pool.jobs, pool.memory_bytes) = (4, 1 << 40)
      try body(sweep, pool)
    }
  }

  private func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  /// Other programs have taken all memory since the sweep began: one point after the other still runs.
  @Test(arguments: [(true, 1), (false, 4)])
  func noPointIsStartedBesideOthersInMemoryThatOtherProgramsHaveTaken(_ mindsOthers: Bool, _ most: Int) throws {
    try withPool { sweep, pool in
      var pool = pool
      (pool.mindsOthers, pool.free_bytes) = (mindsOthers, { 0 })
      var running: Set<Int> = []
      let report = try pool.run(missingOf: sweep) { running.insert($0.running) }
      #expect(report.done == 4 && running.max() == most, "\(running)")
    }
  }

  @Test func pointsRunSideBySideInMemoryThatIsFree() throws {
    try withPool { sweep, pool in
      var pool = pool
      pool.free_bytes = { 1 << 40 }
      var running: Set<Int> = []
      let report = try pool.run(missingOf: sweep) { running.insert($0.running) }
      #expect(report.done == 4 && running.max() == 4, "\(running)")
    }
  }
}
