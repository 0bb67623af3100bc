import Foundation
import Testing

/// Sweeps on programs that stand for a Slurm cluster and do what a real one is hard to bring to: they take arrays, whose
/// tasks they run at once, and say whatever a test wants of the collection after them.
@Suite struct SlurmStandInTests {
  /// - Parameters:
  ///   - collection: What a shell does when a collection is submitted.
  ///   - queue: What a shell does when the queue is looked at.
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
        ), ("squeue", queue), ("scancel", "echo \"$@\" >> '\(rheobase.path("ended"))'"),
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
      try await check(rheobase, outcome)
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
}
