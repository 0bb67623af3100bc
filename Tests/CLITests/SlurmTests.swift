import Foundation
import Testing

/// Sweeps on a real Slurm cluster.
@Suite(.serialized, .enabled(if: SlurmCluster.isInstalled, "needs slurm-wlm and munge; make setup-slurm installs them"))
struct SlurmTests {
  private static func withCluster(_ body: (Program, SlurmCluster) async throws -> Void) async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      var cluster: SlurmCluster?
      try await SlurmCluster.withCluster(in: rheobase.path("cluster")) { started in
        cluster = started
        var program = rheobase
        program.environment = started.environment
        try await body(program, started)
      }
      #expect(cluster?.processes == [])
    }
  }

  private static func sweep(lambdas: String, timesteps: Int) -> String {
    """
    schema: rheobase.sweep/1
    base: {image: "\(Program.photograph)", crop: 28, bank: b.npz, timesteps: \(timesteps), traces: [spikes, steps]}
    axes:
      lambda: \(lambdas)
      input: [dense, sparse]
    """
  }

  @Test func anArrayGivesTheSameBitsAsThePool() async throws {
    try await Self.withCluster { rheobase, _ in
      try rheobase.write(Self.sweep(lambdas: "[0.1, 0.15, 0.2, 0.25, 0.3]", timesteps: 40), to: "sweep.yaml")
      let pool = try await rheobase("sweep", "sweep.yaml", "--output", "pool")
      try #require(pool.status.isSuccess, "\(pool.errors)")
      let slurm = try await rheobase(
        "sweep", "sweep.yaml", "--output", "it's on Slurm", "--engine", "slurm", "--points-per-task", "3", "--time",
        "5",
        "--partition", "main")
      try #require(slurm.status.isSuccess, "\(slurm.errors)")
      #expect(slurm.output.contains("10 of 10 points done\n"))

      let points = try rheobase.names("pool/points")
      #expect(points.count == 10)
      #expect(try rheobase.names("it's on Slurm/points") == points)
      for point in points {
        for file in ["run.yaml", "cores.csv", "spikes.csv", "steps.csv", "marks.csv"] {
          #expect(
            try rheobase.data("it's on Slurm/points/\(point)/\(file)") == rheobase.data("pool/points/\(point)/\(file)"))
        }
      }
      #expect(try rheobase.data("it's on Slurm/marks.csv") == rheobase.data("pool/marks.csv"))

      // Three tasks of three points and one of one, and the collection after them.
      let tasks = String(decoding: try rheobase.data("it's on Slurm/slurm/round-1/tasks.txt"), as: UTF8.self)
      #expect(tasks.split(separator: "\n").map { $0.split(separator: " ").count } == [3, 3, 3, 1])
      let collected = String(decoding: try rheobase.data("it's on Slurm/slurm/round-1/collect.log"), as: UTF8.self)
      #expect(collected.hasPrefix("10 of 10 points"))
      #expect(try rheobase.names("it's on Slurm/slurm") == ["round-1"])
    }
  }

  @Test func aSweepEndsWholeThoughANodeIsKilledInTheMiddle() async throws {
    try await Self.withCluster { rheobase, cluster in
      try rheobase.write(Self.sweep(lambdas: "{from: 0.1, to: 0.3, step: 0.025}", timesteps: 60_000), to: "sweep.yaml")
      let status = try await rheobase.watched(
        ["sweep", "sweep.yaml", "--output", "s", "--engine", "slurm", "--points-per-task", "1"]
      ) { _ in
        // In the middle: some points are done, others are not.
        try await waitUntil { (try? rheobase.names("s/points").count { !$0.hasPrefix(".") }) ?? 0 >= 4 }
        #expect(try rheobase.names("s/points").count { !$0.hasPrefix(".") } < 18)
        try await cluster.kill(node: "n1")
      }
      #expect(status.isSuccess)
      let state = try await rheobase("sweep", "status", "s")
      #expect(state.output == "18 of 18 points done\n", "\(state.output)")
      let rows = String(decoding: try rheobase.data("s/sweep.csv"), as: UTF8.self).split(separator: "\n")
      #expect(rows.count == 19)
    }
  }

  @Test func aPointThatFailsIsTriedToTheCapAndReported() async throws {
    try await Self.withCluster { rheobase, _ in
      // From a λ on, every code is zero: only the run itself finds out.
      try rheobase.write(Self.sweep(lambdas: "[0.2, 1000]", timesteps: 10), to: "sweep.yaml")
      let run = try await rheobase("sweep", "sweep.yaml", "--output", "s", "--engine", "slurm", "--retries", "1")
      #expect(run.status == .exited(1))
      #expect(run.errors.contains("2 of 4 points are missing"))
      #expect(run.output.contains("2 of 4 points done, 2 failed"))
      #expect(run.output.contains("every code of"))
      #expect(try rheobase.names("s/slurm") == ["round-1", "round-2"])
      let failures = try rheobase.names("s/failures")
      #expect(failures.count == 2)
      for failure in failures {
        #expect(
          String(decoding: try rheobase.data("s/failures/\(failure)"), as: UTF8.self).hasSuffix("\nattempts: 2\n"))
      }
      // Only what was missing was submitted again.
      let again = String(decoding: try rheobase.data("s/slurm/round-2/tasks.txt"), as: UTF8.self)
      #expect(Set(again.split(separator: "\n").map { "\($0).txt" }) == Set(failures))
    }
  }

  @Test func cancelEndsJobsThatOutlivedTheirDriverAndLeavesNoProcess() async throws {
    try await Self.withCluster { rheobase, cluster in
      try rheobase.write(Self.sweep(lambdas: "[0.1, 0.2, 0.3]", timesteps: 5_000_000), to: "sweep.yaml")
      let place = rheobase.path("s/")
      let ended = try await rheobase.watched(["sweep", "sweep.yaml", "--output", "s", "--engine", "slurm"]) { driver in
        try await waitUntil { Processes.mentioning(place).count >= 2 }
        // The jobs go on without their driver.
        Foundation.kill(driver, SIGINT)
      }
      #expect(!ended.isSuccess)
      #expect(try await !cluster.queue().isEmpty)
      let status = try await rheobase("sweep", "status", "s")
      #expect(status.output.contains("6 not tried\nin Slurm's queue: "), "\(status.output)")
      let cancelled = try await rheobase("sweep", "cancel", "s")
      #expect(cancelled.status.isSuccess && cancelled.output.contains("jobs were ended"))
      try await waitUntil { try await cluster.queue().isEmpty }
      #expect(Processes.mentioning(place).isEmpty)
      #expect(try rheobase.names("s/points").allSatisfy { $0.hasPrefix(".") })
      let none = try await rheobase("sweep", "cancel", "s")
      #expect(none.status.isSuccess && none.output.contains("no job"))
    }
  }
}
