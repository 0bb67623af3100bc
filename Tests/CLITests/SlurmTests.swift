import Foundation
import Reports
import Testing

/// Sweeps on a real Slurm cluster.
@Suite(
  .serialized, .timeLimit(.minutes(10)),
  .enabled(if: SlurmCluster.isInstalled, "needs slurm-wlm and munge; make setup-slurm installs them"))
struct SlurmTests {
  private static func withCluster(
    as user: String? = nil, _ body: (Program, SlurmCluster) async throws -> Void
  ) async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      if let user {
        try FileManager.default.setAttributes([.ownerAccountName: user], ofItemAtPath: rheobase.folder)
      }
      var cluster: SlurmCluster?
      try await SlurmCluster.withCluster(in: rheobase.path("cluster"), as: user) { started in
        cluster = started
        var program = rheobase
        program.environment = started.environment
        if let user { program.launcher = SlurmCluster.launcher(as: user) }
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
        let files = try rheobase.names("pool/points/\(point)")
        #expect(try rheobase.names("it's on Slurm/points/\(point)") == files && files.contains("links.csv"))
        for file in files where !file.hasPrefix("stats.") {
          #expect(
            try rheobase.data("it's on Slurm/points/\(point)/\(file)") == rheobase.data("pool/points/\(point)/\(file)"))
        }
        #expect(
          try Self.functionOfStatistics(rheobase, "it's on Slurm/points/\(point)")
            == Self.functionOfStatistics(rheobase, "pool/points/\(point)"))
      }
      #expect(try rheobase.data("it's on Slurm/marks.csv") == rheobase.data("pool/marks.csv"))
      let pooled = try SweepRows(database: rheobase.path("pool/sweep.sqlite"))
      #expect(pooled.rows.count > points.count)
      #expect(try SweepRows(database: rheobase.path("it's on Slurm/sweep.sqlite")) == pooled)
      #expect(
        try pooled.withoutHost(csv: rheobase.text("it's on Slurm/sweep.csv"))
          == pooled.withoutHost(csv: rheobase.text("pool/sweep.csv")))

      // Three tasks of three points and one of one, and the collection after them.
      let tasks = String(decoding: try rheobase.data("it's on Slurm/slurm/round-1/tasks.txt"), as: UTF8.self)
      #expect(tasks.split(separator: "\n").map { $0.split(separator: " ").count } == [3, 3, 3, 1])
      let collected = String(decoding: try rheobase.data("it's on Slurm/slurm/round-1/collect.log"), as: UTF8.self)
      #expect(collected.hasPrefix("10 of 10 points"))
      #expect(try rheobase.names("it's on Slurm/slurm") == ["round-1"])
    }
  }

  /// What `stats.json` says, without what depends on the host.
  private static func functionOfStatistics(_ rheobase: Program, _ folder: String) throws -> StatisticsFile {
    let file = try StatisticsFile(parsing: rheobase.data("\(folder)/stats.json"))
    let host = try SweepRows(database: rheobase.path("pool/sweep.sqlite")).host
    return StatisticsFile(
      run: file.run, statistics: Statistics(file.statistics.ordered.filter { !host.contains($0.name) }))
  }

  /// They go before what a script says.
  @Test func variablesOfTheEnvironmentChangeNothing() async throws {
    try await Self.withCluster { rheobase, cluster in
      try rheobase.write(Self.sweep(lambdas: "[0.1, 0.2]", timesteps: 20), to: "sweep.yaml")
      var other = rheobase
      other.environment = cluster.environment.updating([
        "SBATCH_JOB_NAME": "other", "SBATCH_ARRAY_INX": "7-9", "SBATCH_PARTITION": "nowhere", "SBATCH_WAIT": "1",
        "SBATCH_MEM_PER_CPU": "1", "SQUEUE_STATES": "COMPLETED", "SQUEUE_PARTITION": "nowhere",
      ])
      let run = try await other(
        "sweep", "sweep.yaml", "--output", "s", "--engine", "slurm", "--points-per-task", "1")
      try #require(run.status.isSuccess, "\(run.errors)")
      #expect(run.output.contains("4 of 4 points done\n"))
      #expect(try rheobase.names("s/slurm") == ["round-1"])
      #expect(try cluster.startedTasks() == 4 + 1)
      let name = try rheobase.text("s/slurm/round-1/name.txt").trimmingCharacters(in: .whitespacesAndNewlines)
      let ended = try cluster.endedJobs()
      #expect(Set(ended) == [name, "\(name)-collect"], "\(ended)")
    }
  }

  /// A cluster that was set up anew counts its jobs from one: what another sweep's job has is no name of this one's.
  @Test func aJobOfTheSameNumberIsSomebodyElses() async throws {
    try await Self.withCluster { rheobase, cluster in
      try rheobase.write(Self.sweep(lambdas: "[0.1]", timesteps: 20), to: "sweep.yaml")
      try #require(try await rheobase("sweep", "sweep.yaml", "--output", "s", "--engine", "slurm").status.isSuccess)
      let other = try await cluster.submitHeld()
      try rheobase.write("\(other)\n\(other)\n", to: "s/slurm/round-1/jobs.txt")
      #expect(try await rheobase("sweep", "status", "s").output == "2 of 2 points done\n")
      #expect(try await rheobase("sweep", "cancel", "s").output.contains("no job of this sweep"))
      #expect(try await cluster.queue().contains { $0.hasPrefix("\(other) ") })
    }
  }

  @Test func aPoolDoesNotRunWhatIsQueued() async throws {
    try await Self.withCluster { rheobase, cluster in
      try rheobase.write(Self.sweep(lambdas: "[0.1, 0.2]", timesteps: 5_000_000), to: "sweep.yaml")
      let run = ["sweep", "sweep.yaml", "--output", "s", "--engine", "slurm", "--memory", "500M"]
      _ = try await rheobase.watched(run) { driver in
        try await waitUntil { try await !cluster.queue().isEmpty }
        Foundation.kill(driver, SIGINT)
      }
      let pool = try await rheobase("sweep", "run", "s")
      #expect(pool.status == .exited(1))
      #expect(pool.errors.contains("Slurm's queue has jobs of this sweep"), "\(pool.errors)")
      #expect(try await rheobase("sweep", "cancel", "s").status.isSuccess)
      try await waitUntil { try await cluster.queue().isEmpty }
    }
  }

  @Test func aSweepEndsWholeThoughANodeIsKilledInTheMiddle() async throws {
    try await Self.withCluster { rheobase, cluster in
      try rheobase.write(Self.sweep(lambdas: "{from: 0.1, to: 0.3, step: 0.025}", timesteps: 60_000), to: "sweep.yaml")
      var interrupted = 0
      let status = try await rheobase.watched(
        ["sweep", "sweep.yaml", "--output", "s", "--engine", "slurm", "--points-per-task", "1"]
      ) { _ in
        // In the middle: some points are done, others are not.
        try await waitUntil { try Self.counted(rheobase) >= 4 }
        #expect(try Self.counted(rheobase) < 18)
        interrupted = try await cluster.kill(node: "n1")
      }
      #expect(status.isSuccess)
      let state = try await rheobase("sweep", "status", "s")
      #expect(state.output == "18 of 18 points done\n", "\(state.output)")
      // Besides 18 tasks and the collection, what ran on the node began again.
      #expect(interrupted > 0)
      #expect(try cluster.startedTasks() >= 19 + interrupted)
      let rows = String(decoding: try rheobase.data("s/sweep.csv"), as: UTF8.self).split(separator: "\n")
      #expect(rows.count == 19)
    }
  }

  /// Killed at once, or before it could note the job that it had submitted: the next driver finds the job by its name.
  @Test(arguments: [true, false])
  func aDriverThatIsKilledFindsItsArrayAgainAndNothingRunsTwice(_ hadNoted: Bool) async throws {
    try await Self.withCluster { rheobase, cluster in
      try rheobase.write(Self.sweep(lambdas: "{from: 0.1, to: 0.3, step: 0.05}", timesteps: 120_000), to: "sweep.yaml")
      let options = ["--engine", "slurm", "--points-per-task", "1"]
      let notes = "s/slurm/round-1/jobs.txt"
      let killed = try await rheobase.watched(["sweep", "sweep.yaml", "--output", "s"] + options) { driver in
        try await waitUntil { (try? rheobase.text(notes).split(separator: "\n").count) == 2 }
        try await waitUntil { try await cluster.queue().contains { $0.contains("RUNNING") } }
        kill(driver, SIGKILL)
      }
      #expect(!killed.isSuccess)
      let noted = try rheobase.text(notes)
      let before = try Self.counted(rheobase)
      #expect(before < 10)
      if !hadNoted { try FileManager.default.removeItem(atPath: rheobase.path(notes)) }
      let again = try await rheobase(["sweep", "run", "s"] + options)
      try #require(again.status.isSuccess, "\(again.errors)")
      #expect(again.output.contains("10 of 10 points done\n"))
      #expect(try rheobase.names("s/slurm") == ["round-1"])
      #expect(try rheobase.text(notes) == noted)
      // A task that is run twice would write into the log that its point is there.
      #expect(try rheobase.names("s/slurm/round-1").filter { $0.hasPrefix("task-") }.count == 10)
      #expect(try cluster.startedTasks() == 10 + 1)
    }
  }

  private static func counted(_ rheobase: Program) throws -> Int {
    ((try? rheobase.names("s/points")) ?? []).count { !$0.hasPrefix(".") }
  }

  @Test func aSweepEndsWholeThoughTheControllerIsKilledInTheMiddle() async throws {
    try await Self.withCluster { rheobase, cluster in
      try rheobase.write(Self.sweep(lambdas: "{from: 0.1, to: 0.3, step: 0.025}", timesteps: 60_000), to: "sweep.yaml")
      let run = ["sweep", "sweep.yaml", "--output", "s", "--engine", "slurm", "--points-per-task", "1"]
      let status = try await rheobase.watched(run) { _ in
        try await waitUntil { try Self.counted(rheobase) >= 4 }
        #expect(try Self.counted(rheobase) < 18)
        try await cluster.restartController()
        try await waitUntil {
          try await cluster.resumeDrainedNodes()
          return try Self.counted(rheobase) == 18
        }
      }
      #expect(status.isSuccess)
      #expect(try await rheobase("sweep", "status", "s").output == "18 of 18 points done\n")
    }
  }

  /// A controller may be away as soon as it has taken the array.
  @Test func theFirstLookAtTheQueueMayFail() async throws {
    try await Self.withCluster { rheobase, cluster in
      try rheobase.write(Self.sweep(lambdas: "[0.1, 0.2]", timesteps: 20), to: "sweep.yaml")
      try FileManager.default.createDirectory(atPath: rheobase.path("bin"), withIntermediateDirectories: false)
      let (squeue, looked) = (rheobase.path("bin/squeue"), rheobase.path("looked"))
      try rheobase.write(
        """
        #!/bin/sh
        if mkdir '\(looked)' 2>/dev/null; then
          echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2
          exit 1
        fi
        PATH=${PATH#*:} exec squeue "$@"

        """, to: "bin/squeue")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: squeue)
      var failing = rheobase
      let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
      failing.environment = cluster.environment.updating(["PATH": "\(rheobase.path("bin")):\(folders)"])
      let run = try await failing("sweep", "sweep.yaml", "--output", "s", "--engine", "slurm")
      #expect(run.status.isSuccess, "\(run.errors)")
      #expect(FileManager.default.fileExists(atPath: looked))
      #expect(try rheobase.names("s/slurm") == ["round-1"])
    }
  }

  @Test func whoWaitsForNodesThatAreDrainedIsToldOnce() async throws {
    try await Self.withCluster { rheobase, cluster in
      try rheobase.write(Self.sweep(lambdas: "[0.1, 0.2]", timesteps: 20), to: "sweep.yaml")
      try await cluster.drainNodes()
      let said = "rheobase: warning: Slurm starts no job of the sweep and says why: Nodes required for job are DOWN"
      let run = ["sweep", "sweep.yaml", "--output", "s", "--engine", "slurm"]
      let status = try await rheobase.watched(run, errors: "errors") { _ in
        try await waitUntil { (try? rheobase.text("errors").hasPrefix(said)) == true }
        #expect(try Self.counted(rheobase) == 0)
        try await cluster.resumeDrainedNodes()
      }
      #expect(status.isSuccess)
      #expect(try rheobase.text("errors").split(separator: "\n").count == 1)
      #expect(try rheobase.names("s/slurm") == ["round-1"])
    }
  }

  /// Most people are not the superuser.
  @Test(.enabled(if: SlurmTests.canBeNobody, "only the superuser can be somebody else, who may look at the program"))
  func anOrdinaryUserSweepsAClusterOfTheirOwn() async throws {
    try await Self.withCluster(as: "nobody") { rheobase, _ in
      try rheobase.write(Self.sweep(lambdas: "[0.1, 0.2]", timesteps: 20), to: "sweep.yaml")
      let run = try await rheobase("sweep", "sweep.yaml", "--output", "s", "--engine", "slurm")
      try #require(run.status.isSuccess, "\(run.errors)")
      #expect(run.output.contains("4 of 4 points done\n"))
      let owner = try FileManager.default.attributesOfItem(atPath: rheobase.path("s/points"))[.ownerAccountName]
      #expect(owner as? String == "nobody")
    }
  }

  /// Whether this process may become somebody else, who may start the program and read a photograph.
  static let canBeNobody: Bool = {
    let launcher = SlurmCluster.launcher(as: "nobody")
    guard let setpriv = launcher.first else { return false }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: setpriv)
    process.arguments =
      launcher.dropFirst() + [
        "/bin/sh", "-c", "\"$0\" --version && test -r \"$1\"", Program.executable("rheobase"), Program.photograph,
      ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  @Test func aMachineWithoutAClusterIsToldInOneLine() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try rheobase.write(Self.sweep(lambdas: "[0.1]", timesteps: 10), to: "sweep.yaml")
      var alone = rheobase
      alone.environment = .inherit.updating(["SLURM_CONF": nil])
      let run = try await alone("sweep", "sweep.yaml", "--output", "s", "--engine", "slurm")
      #expect(run.status == .exited(1) && run.errors.split(separator: "\n").count == 1, "\(run.errors)")
      #expect(run.errors.hasPrefix("rheobase: error: no Slurm cluster answers (scontrol: "), "\(run.errors)")
      #expect((try? rheobase.names("s/slurm")) == nil)
      // A sweep that was submitted elsewhere.
      try FileManager.default.createDirectory(
        atPath: rheobase.path("s/slurm/round-1"), withIntermediateDirectories: true)
      let status = try await alone("sweep", "status", "s")
      #expect(status.status.isSuccess && status.output.contains("\nits jobs are not known: no Slurm cluster answers"))
    }
  }

  @Test func aPointThatFailsIsTriedToTheCapAndReported() async throws {
    try await Self.withCluster { rheobase, _ in
      // From a λ on, every code is zero: only the run itself finds out.
      try rheobase.write(Self.sweep(lambdas: "[0.2, 1000]", timesteps: 10), to: "sweep.yaml")
      let run = try await rheobase(
        "sweep", "sweep.yaml", "--output", "s", "--engine", "slurm", "--retries", "1", "--verbose")
      #expect(run.status == .exited(1))
      for line in [
        "round 1: 4 points in 4 tasks submitted, jobs ", "round 1 is over: 2 of its 4 points missing",
        "round 2: 2 points in 2 tasks submitted, jobs ", "round 2 is over: 2 of its 2 points missing",
      ] {
        #expect(run.errors.contains(" info: [rheobase] \(line)"), "\(line): \(run.errors)")
      }
      #expect(run.errors.contains(/round 1: (\d+ (running|completing|configuring)|\S+ pending \()/), "\(run.errors)")
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

  @Test func cancelEndsTheRunThatWaitsForTheJobs() async throws {
    try await Self.withCluster { rheobase, cluster in
      try rheobase.write(Self.sweep(lambdas: "[0.1, 0.2]", timesteps: 5_000_000), to: "sweep.yaml")
      let run = ["sweep", "sweep.yaml", "--output", "s", "--engine", "slurm", "--memory", "500M"]
      let ended = try await rheobase.watched(run, errors: rheobase.path("errors.txt")) { _ in
        try await waitUntil { try await cluster.queue().contains { $0.contains("RUNNING") } }
        let cancelled = try await rheobase("sweep", "cancel", "s")
        #expect(cancelled.status.isSuccess && cancelled.output.contains("jobs were ended"))
      }
      #expect(!ended.isSuccess)
      #expect(try rheobase.text("errors.txt").contains("the sweep was cancelled; rheobase sweep run "))
      #expect(try await cluster.queue().isEmpty)
      // Nothing is submitted again, but by whoever asks for it.
      #expect(try rheobase.names("s/slurm") == ["cancelled", "round-1"])
      try rheobase.write(Self.sweep(lambdas: "[0.1, 0.2]", timesteps: 20), to: "sweep.yaml")
      let again = try await rheobase(run)
      #expect(again.status.isSuccess && again.output.contains("4 of 4 points done\n"), "\(again.errors)")
      #expect(try rheobase.names("s/slurm") == ["round-1", "round-2"])
    }
  }

  @Test func cancelEndsJobsThatOutlivedTheirDriverAndLeavesNoProcess() async throws {
    try await Self.withCluster { rheobase, cluster in
      try rheobase.write(Self.sweep(lambdas: "[0.1, 0.2, 0.3]", timesteps: 5_000_000), to: "sweep.yaml")
      let place = rheobase.path("s/")
      let run = ["sweep", "sweep.yaml", "--output", "s", "--engine", "slurm", "--memory", "500M"]
      let ended = try await rheobase.watched(run) { driver in
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
