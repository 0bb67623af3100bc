import Foundation
import TestSupport
import Testing

@Suite struct SweepKillTests {
  /// The driver is killed, then its workers before they notice; or a worker alone, and the driver a little later.
  @Test func aSweepThatIsKilledAgainAndAgainCollectsWhatAnUndisturbedOneDoes() async throws {
    let (points, kills) = LongTests.areOn ? (60, 20) : (24, 4)
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try rheobase.write(Self.sweep(points: points), to: "sweep.yaml")
      let undisturbed = try await rheobase("sweep", "sweep.yaml", "--output", "undisturbed")
      try #require(undisturbed.status.isSuccess, "\(undisturbed.errors)")
      #expect(try rheobase.names("undisturbed/points").count == points)
      let planned = try await rheobase("sweep", "plan", "sweep.yaml", "--output", "killed")
      try #require(planned.status.isSuccess, "\(planned.errors)")

      var random = SplitMix64(seed: 20)
      var (halves, orphans) = (0, 0)
      for kill in 0..<kills {
        let leftovers = Self.halves(rheobase)
        let awaitsHalf = kill % (LongTests.areOn ? 4 : 2) == 0
        let delay = Int.random(in: 60...300, using: &random)
        let status = try await rheobase.watched(["sweep", "run", "killed", "--jobs", "2"]) { driver in
          // However busy the machine is, some moments are those of a half-written folder.
          if awaitsHalf {
            await Self.waitForHalf(rheobase, beside: leftovers)
          } else {
            try await Task.sleep(for: .milliseconds(delay))
          }
          let workers = Processes.children(of: driver)
          if awaitsHalf { #expect(!workers.isEmpty, "kill \(kill) was none at work") }
          if kill.isMultiple(of: 2) {
            Self.kill([driver] + workers)
          } else {
            Self.kill(Array(workers.prefix(1)))
            try await Task.sleep(for: .milliseconds(delay / 2))
            for _ in 0..<200 where Processes.children(of: driver).isEmpty {
              try await Task.sleep(for: .milliseconds(5))
            }
            orphans += Processes.children(of: driver).count
            Self.kill([driver])
          }
        }
        // Workers that were not killed end by themselves.
        try await waitUntil { Processes.mentioning(rheobase.path("killed/")).isEmpty }
        #expect(!status.isSuccess, "the sweep was over before kill \(kill)")
        try Self.checkFolders(rheobase)
        halves += Self.halves(rheobase).subtracting(leftovers).count
      }
      #expect(halves > 0, "no worker was killed while it wrote")
      #expect(orphans > 0, "no driver was killed while a worker ran")

      let last = try await rheobase("sweep", "run", "killed")
      try #require(last.status.isSuccess, "\(last.errors)")
      #expect(last.output.contains("\(points) of \(points) points done\n"))
      try Self.checkFolders(rheobase)
      #expect(Self.halves(rheobase).isEmpty)
      let expected = try SweepRows(database: rheobase.path("undisturbed/sweep.sqlite"))
      #expect(expected.rows.count > points * 2 && expected.rows[0].count > 50 && expected.host.count > 5)
      #expect(try SweepRows(database: rheobase.path("killed/sweep.sqlite")) == expected)
      #expect(try rheobase.data("killed/marks.csv") == rheobase.data("undisturbed/marks.csv"))
      #expect((try? rheobase.names("killed/failures"))?.isEmpty != false)
    }
  }

  private static func sweep(points: Int) -> String {
    """
    schema: rheobase.sweep/1
    base: {image: "\(Program.photograph)", crop: 28, bank: b.npz, timesteps: 250, traces: [spikes, steps]}
    axes:
      lambda: {from: 0.1, to: 0.4, count: \(points / 4), scale: log}
      model: [delta, graded]
      input: [dense, sparse]
    """
  }

  /// Waits for a folder that a worker has begun since these were left.
  private static func waitForHalf(_ rheobase: Program, beside leftovers: Set<String>) async {
    for _ in 0..<10_000 where halves(rheobase).isSubset(of: leftovers) { try? await Task.sleep(for: .milliseconds(1)) }
  }

  /// Folders that do not count: results in the making, and what is left of them.
  private static func halves(_ rheobase: Program) -> Set<String> {
    let points = (try? rheobase.names("killed/points"))?.filter { $0.hasPrefix(".") } ?? []
    return Set(
      points.flatMap { point in ((try? rheobase.names("killed/points/\(point)")) ?? []).map { "\(point)/\($0)" } })
  }

  private static func kill(_ processes: [pid_t]) { for process in processes { Foundation.kill(process, SIGKILL) } }

  /// Every folder that counts is whole.
  private static func checkFolders(_ rheobase: Program) throws {
    // There is none if the first driver was killed at once.
    let names = (try? rheobase.names("killed/points")) ?? []
    let whole = [
      "chip.json", "cores.csv", "links.csv", "marks.csv", "run.yaml", "spikes.csv", "stats.csv", "stats.json",
      "steps.csv",
    ]
    for name in names where !name.hasPrefix(".") { #expect(try rheobase.names("killed/points/\(name)") == whole) }
  }
}
