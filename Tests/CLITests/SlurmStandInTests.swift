import Foundation
import Testing

/// Sweeps on programs that stand for a Slurm cluster and do what a real one is hard to bring to: they take arrays,
/// whose tasks they run at once, and say whatever a test wants of the collection after them, and of ending jobs.
@Suite struct SlurmStandInTests {
  /// Runs a sweep to its end on such programs.
  ///
  /// - Parameters:
  ///   - collection: What a shell does when a collection is submitted.
  ///   - queue: What a shell does when the queue is looked at.
  ///   - check: What is done then, on the same programs.
  private func sweep(
    collection: String, queue: String, _ check: (Program, Program.Outcome) async throws -> Void
  ) async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try rheobase.write(
        """
        schema: rheobase.sweep/1
        base: {image: "\(Program.photograph)", crop: 24, bank: b.npz, timesteps: 2}
        axes: {lambda: [0.1, 0.2]}
        """, to: "sweep.yaml")
      let folder = rheobase.path("bin")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
      for (name, text) in [
        (
          "sbatch",
          """
          for script in "$@"; do :; done
          case $script in *collect.sh) \(collection);; esac
          for task in 1 2; do SLURM_ARRAY_TASK_ID=$task bash "$script"; done
          echo 1
          """
        ), ("squeue", queue),
        ("scancel", "if test -e refusal; then cat refusal >&2; exit 1; fi\necho \"$@\" >> ended"),
        ("scontrol", "echo 'MaxArraySize = 1001'"),
      ] {
        try rheobase.write("#!/bin/sh\ncd '\(rheobase.folder)'\n\(text)\n", to: "bin/\(name)")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/\(name)")
      }
      var program = rheobase
      let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
      program.environment = .inherit.updating(["PATH": "\(folder):\(folders)"])
      let run = ["sweep", "sweep.yaml", "--output", "s", "--engine", "slurm", "--points-per-task", "1"]
      let outcome = try await program(run)
      #expect(outcome.status.isSuccess && outcome.output.contains("2 of 2 points done\n"), "\(outcome.errors)")
      #expect(try rheobase.text("s/sweep.csv").split(separator: "\n").count == 3)
      try await check(program, outcome)
    }
  }

  @Test func aCollectionThatSlurmRefusesDoesNotEndTheRun() async throws {
    let refusal = "sbatch: error: QOSMaxSubmitJobPerUserLimit"
    try await sweep(collection: "echo '\(refusal)' >&2; exit 1", queue: ":") { rheobase, outcome in
      #expect(
        outcome.errors == "rheobase: warning: the collection after the array cannot be submitted: \(refusal); if this "
          + "process is ended, collect with rheobase sweep collect \(rheobase.path("s"))\n")
      let (jobs, names) = (try rheobase.text("s/slurm/round-1/jobs.txt"), try rheobase.names)
      #expect(jobs == "1\n" && !names.contains("ended"))
    }
  }

  /// On a busy cluster it may wait for hours.
  @Test func aCollectionThatDoesNotBeginIsEndedAndDoneHere() async throws {
    let queue = "test -e ended || echo \"2|2|PENDING|Priority|$(cat s/slurm/round-1/name.txt)-collect\""
    try await sweep(collection: "echo 2; exit", queue: queue) { rheobase, outcome in
      let ended = try rheobase.text("ended")
      #expect(outcome.errors.isEmpty && ended == "2\n", "\(outcome.errors)")
    }
  }

  /// Jobs that cannot be ended may run on, but those who asked for an end get one of the driver: what is missing is
  /// not submitted again.
  @Test func aCancellationWhoseJobsSlurmDoesNotEndStillEndsTheDriverAndCanBeRepeated() async throws {
    let queue = "if test -e queued; then echo \"7|7|RUNNING|None|$(cat s/slurm/round-1/name.txt)\"; fi"
    try await sweep(collection: "echo 2; exit", queue: queue) { rheobase, _ in
      let refusal = "scancel: error: Kill job error on job id 7: Access/permission denied"
      try rheobase.write("\(refusal)\nand more\n", to: "refusal")
      try rheobase.write("", to: "queued")
      let point = try #require(try rheobase.names("s/points").first)
      try FileManager.default.removeItem(atPath: rheobase.path("s/points/\(point)"))
      // A driver removes the mark of a former cancellation, then waits for the array that the queue has.
      try rheobase.write("", to: "s/slurm/cancelled")
      let folder = rheobase.path("s")
      let run = ["sweep", "run", "s", "--engine", "slurm"]
      let driver = try await rheobase.watched(run, errors: rheobase.path("errors.txt")) { _ in
        try await waitUntil { try !rheobase.names("s/slurm").contains("cancelled") }
        let refused = try await rheobase("sweep", "cancel", "s")
        #expect(refused.status == .exited(1) && refused.output.isEmpty)
        #expect(
          refused.errors == "rheobase: error: \(folder): its jobs may run on: \(refusal); nothing more is submitted, "
            + "and rheobase sweep cancel \(folder) tries again\n")
        try FileManager.default.removeItem(atPath: rheobase.path("queued"))
      }
      #expect(driver == .exited(1))
      #expect(
        try rheobase.text("errors.txt")
          == "rheobase: error: \(folder): the sweep was cancelled; rheobase sweep run \(folder) does what is missing\n")
      #expect(try rheobase.names("s/slurm") == ["cancelled", "round-1"] && !rheobase.names.contains("ended"))
      try FileManager.default.removeItem(atPath: rheobase.path("refusal"))
      try rheobase.write("", to: "queued")
      #expect(try await rheobase("sweep", "cancel", "s").status.isSuccess)
      #expect(try rheobase.text("ended") == "7\n")
    }
  }
}
