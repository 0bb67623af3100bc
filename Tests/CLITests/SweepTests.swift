import Experiments
import Foundation
import Reports
import Testing

@Suite struct SweepTests {
  private static func sweep(lambdas: String, timesteps: Int) -> String {
    """
    schema: rheobase.sweep/1
    base: {image: "\(Program.photograph)", crop: 28, bank: b.npz, timesteps: \(timesteps)}
    axes:
      lambda: \(lambdas)
      input: [dense, sparse]
    """
  }

  @Test func aDryRunPrintsTheScriptsAndSubmitsNothing() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try rheobase.write(Self.sweep(lambdas: "[0.1, 0.2]", timesteps: 10), to: "sweep.yaml")
      let run = try await rheobase(
        "sweep", "sweep.yaml", "--output", "s", "--engine", "slurm", "--dry-run", "--partition", "p", "--time",
        "2:00:00",
        "--memory", "2G", "--account", "a", "--points-per-task", "2")
      #expect(run.status.isSuccess)
      for line in [
        "--partition=p", "--time=2:00:00", "--mem=2048M", "--account=a", "--array=1-2", "--cpus-per-task=1",
      ] {
        #expect(run.output.contains("#SBATCH \(line)\n"), "\(line)")
      }
      #expect(try !rheobase.names("s").contains("slurm"))
    }
  }

  /// A point's name tells what it was planned with; a result under that name must come from nothing else.
  @Test func aPointIsNotRunOnAnotherPhotographThanItWasPlannedWith() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let photograph = URL(fileURLWithPath: Program.photograph)
      try Data(contentsOf: photograph).write(to: URL(fileURLWithPath: rheobase.path("p.png")))
      let sweep = Self.sweep(lambdas: "[0.2]", timesteps: 10).replacing(Program.photograph, with: "p.png")
      try rheobase.write(sweep, to: "sweep.yaml")
      #expect(try await rheobase("sweep", "plan", "sweep.yaml", "--output", "s").status.isSuccess)
      let other = photograph.deletingLastPathComponent().appendingPathComponent("grass.png")
      try Data(contentsOf: other).write(to: URL(fileURLWithPath: rheobase.path("p.png")))
      let run = try await rheobase("sweep", "run", "s")
      #expect(!run.status.isSuccess && run.errors.contains("has changed since the plan; make the plan again"))
      #expect(run.errors.split(separator: "\n").count == 1)
      #expect((try? rheobase.names("s/points"))?.isEmpty ?? true)
    }
  }

  @Test func aResultThatIsNotWholeIsMadeAgain() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try rheobase.write(Self.sweep(lambdas: "[0.2]", timesteps: 10), to: "sweep.yaml")
      try #require(try await rheobase("sweep", "sweep.yaml", "--output", "s").status.isSuccess)
      let point = try #require(try rheobase.names("s/points").first)
      let statistics = rheobase.path("s/points/\(point)/stats.json")
      try FileManager.default.removeItem(atPath: statistics)
      #expect(try await rheobase("sweep", "status", "s").output == "1 of 2 points done, 1 not tried\n")
      #expect(try await rheobase("sweep", "run", "s").output.contains("2 of 2 points done"))
      #expect(FileManager.default.fileExists(atPath: statistics))
    }
  }

  @Test func aSweepIsPlannedRunLookedAtAndExtended() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try rheobase.write(Self.sweep(lambdas: "[0.1, 0.3]", timesteps: 10), to: "sweep.yaml")
      let plan = try await rheobase("sweep", "plan", "sweep.yaml", "--output", "s")
      #expect(plan.output.hasPrefix("4 points: lambda (2) × input (2)\n"))
      let nothing = try await rheobase("sweep", "status", "s")
      #expect(nothing.output == "0 of 4 points done, 4 not tried\n")
      let run = try await rheobase("sweep", "run", "s", "--jobs", "1")
      try #require(run.status.isSuccess, "\(run.errors)")
      let first = try rheobase.names("s/points")

      // What is there stays as it is, though the axis has more values; what is dropped does not count.
      let marked = "s/points/\(first[0])/mark"
      try rheobase.write("", to: marked)
      try rheobase.write(Self.sweep(lambdas: "[0.1, 0.2, 0.3]", timesteps: 10), to: "sweep.yaml")
      let extended = try await rheobase("sweep", "sweep.yaml", "--output", "s")
      try #require(extended.status.isSuccess, "\(extended.errors)")
      #expect(extended.output.contains("6 of 6 points done"))
      #expect(try Set(rheobase.names("s/points")).isSuperset(of: first))
      #expect(FileManager.default.fileExists(atPath: rheobase.path(marked)))
      try rheobase.write(Self.sweep(lambdas: "[0.2]", timesteps: 10), to: "sweep.yaml")
      let less = try await rheobase("sweep", "sweep.yaml", "--output", "s")
      #expect(less.output.contains("2 of 2 points done"))

      let table = try await rheobase(
        "sweep", "table", "s", "--columns", "input", "--value", "timesteps", "--value", "energy.total", "--csv")
      #expect(
        table.output.hasPrefix(
          "lambda,input=dense timesteps,input=dense energy.total,input=sparse timesteps,input=sparse energy.total\n0.2,10.0,"
        ))
      let front = try await rheobase("sweep", "pareto", "s", "--minimize", "energy.total")
      #expect(front.output.contains("1 of 2 points are on the front"))
      let unknown = try await rheobase("sweep", "table", "s", "--rows", "lamda")
      #expect(unknown.errors == "rheobase: error: unknown axis 'lamda'; known: lambda, input\n")
    }
  }

  @Test func aPointThatNeedsMoreMemoryThanThereIsIsNotStarted() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try rheobase.write(Self.sweep(lambdas: "[0.1]", timesteps: 10), to: "sweep.yaml")
      let run = try await rheobase("sweep", "sweep.yaml", "--output", "s", "--memory", "1M")
      #expect(run.status == .exited(1))
      #expect(run.output.contains("2 points: it needs about") && run.output.contains("1 MiB for all points"))
      #expect(try rheobase.names("s/points").isEmpty)
    }
  }

  @Test func theMemoryThatIsPlannedForAPointIsMoreThanItTakesButNotThreeTimes() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try rheobase.write(
        """
        schema: rheobase.sweep/1
        base: {image: "\(Program.photograph)", timesteps: 10}
        axes:
          "crop, bank": [[24, b.npz], [96, b.npz], [32, heterogeneous], [48, homogeneous]]
          model: [delta, residual]
        """, to: "sweep.yaml")
      let run = try await rheobase("sweep", "sweep.yaml", "--output", "s")
      try #require(run.status.isSuccess, "\(run.errors)")
      var estimate = MemoryEstimate()
      for point in try rheobase.names("s/points") {
        let configuration = try RunConfiguration(contentsOf: rheobase.path("s/points/\(point)/run.yaml"))
        let file = try StatisticsFile(parsing: rheobase.data("s/points/\(point)/stats.json"))
        let peak = try #require(file.statistics[.hostPeakMemory]?.value.number)
        let ratio = Double(estimate.peak_bytes(of: configuration)) / peak
        #expect((1..<3).contains(ratio), "\(configuration.crop?.description ?? "") \(configuration.bank): \(ratio)")
      }
    }
  }

  /// Of long runs most of the memory is the record of each step.
  @Test(arguments: ["", "steps", "spikes, steps"]) func theMemoryOfALongRunIsPlannedToo(_ traces: String) async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try rheobase.write(
        """
        schema: rheobase.sweep/1
        base: {image: "\(Program.photograph)", crop: 24, bank: b.npz, traces: [\(traces)]}
        axes: {timesteps: [200000]}
        """, to: "sweep.yaml")
      let run = try await rheobase("sweep", "sweep.yaml", "--output", "s")
      try #require(run.status.isSuccess, "\(run.errors)")
      let point = try #require(try rheobase.names("s/points").first)
      let configuration = try RunConfiguration(contentsOf: rheobase.path("s/points/\(point)/run.yaml"))
      let file = try StatisticsFile(parsing: rheobase.data("s/points/\(point)/stats.json"))
      let peak = try #require(file.statistics[.hostPeakMemory]?.value.number)
      var estimate = MemoryEstimate()
      let ratio = Double(estimate.peak_bytes(of: configuration)) / peak
      print("memory of 200,000 steps [\(traces)]: \(Int(peak) >> 20) MiB, estimate over peak \(ratio)")
      #expect((1..<3).contains(ratio), "\(ratio)")
    }
  }

  /// Of a small network that a long recording drives, most of the memory is the recording's.
  @Test func theMemoryOfARecordingIsPlannedToo() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let made = try await rheobase("events", "make", "e.npz", "--size", "512", "--levels", "30")
      try #require(made.status.isSuccess)
      let run = ["run", "--events", "e.npz", "--crop", "24", "--bank", "b.npz", "--timesteps", "5", "--output", "r"]
      try #require(try await rheobase(run).status.isSuccess)
      let configuration = try RunConfiguration(contentsOf: rheobase.path("r/run.yaml"))
      let file = try StatisticsFile(parsing: rheobase.data("r/stats.json"))
      let peak = try #require(file.statistics[.hostPeakMemory]?.value.number)
      var estimate = MemoryEstimate()
      let planned = Double(estimate.peak_bytes(of: configuration))
      #expect((1..<3).contains(planned / peak), "\(planned / peak)")
      #expect(peak > 100e6)
    }
  }

  @Test func aPoolKeepsAwayFromPointsThatATaskOfAClusterRuns() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try rheobase.write(Self.sweep(lambdas: "[0.1]", timesteps: 5_000_000), to: "sweep.yaml")
      try #require(try await rheobase("sweep", "plan", "sweep.yaml", "--output", "s").status.isSuccess)
      let point = try #require(try rheobase.names("s/runs").first).replacing(".yaml", with: "")
      try FileManager.default.createDirectory(
        atPath: rheobase.path("s/slurm/round-1"), withIntermediateDirectories: true)
      try rheobase.write("\(point)\n", to: "s/slurm/round-1/tasks.txt")
      let work = ["sweep", "work", rheobase.path("s"), "--round", "1", "--task", "1"]
      _ = try await rheobase.watched(work) { worker in
        try await waitUntil { (try? rheobase.names("s/points").count) == 1 }
        let partial = try rheobase.names("s/points")
        let pool = try await rheobase("sweep", "run", "s")
        #expect(pool.status == .exited(1))
        #expect(pool.errors.contains("another process runs points of this sweep"), "\(pool.errors)")
        // Tasks do not keep each other away, and none takes another's folder for a dead one's.
        try rheobase.write("\(point)\n\(point)\n", to: "s/slurm/round-1/tasks.txt")
        _ = try await rheobase.watched(work.dropLast() + ["2"]) { second in
          try await waitUntil { try rheobase.names("s/points").count == 2 }
          #expect(try Set(rheobase.names("s/points")).isSuperset(of: partial))
          kill(second, SIGTERM)
        }
        kill(worker, SIGTERM)
      }
      try await waitUntil { Processes.mentioning(rheobase.path("s/")).isEmpty }
      #expect(try rheobase.names("s/points").isEmpty)
    }
  }

  /// Its first point runs while the second one's photograph becomes another.
  @Test func aPointWhoseFilesChangeDuringTheSweepFails() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let photographs = URL(fileURLWithPath: Program.photograph).deletingLastPathComponent()
      func copy(_ photograph: String, to name: String) throws {
        let data = try Data(contentsOf: photographs.appendingPathComponent(photograph))
        try data.write(to: URL(fileURLWithPath: rheobase.path(name)))
      }
      try copy("camera.png", to: "a.png")
      try copy("grass.png", to: "b.png")
      try rheobase.write(
        """
        schema: rheobase.sweep/1
        base: {crop: 24, bank: b.npz, timesteps: 20000}
        axes: {image: [a.png, b.png]}
        repeats: 2
        """, to: "sweep.yaml")
      _ = try await rheobase.watched(["sweep", "sweep.yaml", "--output", "s", "--jobs", "1", "--retries", "3"]) { _ in
        try await waitUntil { (try? rheobase.names("s/points"))?.isEmpty == false }
        try copy("camera.png", to: "b.png")
      }
      let status = try await rheobase("sweep", "status", "s")
      #expect(status.output.hasPrefix("2 of 4 points done, 2 failed\n"), "\(status.output)")
      #expect(status.output.contains("has changed since the plan") && !status.output.contains("attempts"))
    }
  }

  @Test func aFailingPointIsTriedAgainAndCtrlCLeavesNothingBehind() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try rheobase.write(Self.sweep(lambdas: "[1000]", timesteps: 10), to: "sweep.yaml")
      let failing = try await rheobase("sweep", "sweep.yaml", "--output", "f", "--retries", "2")
      #expect(failing.status == .exited(1) && failing.output.contains("(3 attempts)"), "\(failing.output)")

      try rheobase.write(Self.sweep(lambdas: "[0.1, 0.2]", timesteps: 5_000_000), to: "sweep.yaml")
      let run = ["sweep", "sweep.yaml", "--output", "s", "--memory", "100G"]
      let status = try await rheobase.watched(run, errors: "errors") { driver in
        try await waitUntil { (try? rheobase.names("s/points"))?.isEmpty == false }
        #expect(Processes.mentioning(rheobase.path("s/")).count >= 1)
        kill(driver, SIGINT)
      }
      #expect(!status.isSuccess)
      #expect(
        try rheobase.text("errors")
          == "rheobase: interrupted: 0 of 4 points are done; rheobase sweep run s goes on with the rest\n")
      #expect(try rheobase.names("s/points").isEmpty)
      #expect(Processes.mentioning(rheobase.path("s/")).isEmpty)
      #expect(!FileManager.default.fileExists(atPath: rheobase.path("s/failures")))
    }
  }

  @Test(arguments: [
    (["sweep", "sweep.yaml"], "name the sweep's folder with --output"),
    (["sweep", "run", "folder", "--output", "x"], "--output belongs to a sweep's file"),
    (["sweep", "run", "s", "--jobs", "0"], "--jobs 0: it must be 1 or more"),
    (["sweep", "run", "s", "--memory", "lots"], "--memory lots: a number of bytes is expected"),
    (["sweep", "run", "s", "--partition", "p"], "belong to --engine slurm"),
    (["sweep", "run", "s", "--engine", "slurm", "--jobs", "2"], "--jobs belongs to --engine pool"),
    (["sweep", "pareto", "s"], "name an objective"),
    (["sweep", "table", "s", "--where", "lambda"], "AXIS=VALUE is expected"),
    (["sweep", "run", "s", "--jobs", "two"], "'two' is invalid for '--jobs"),
    (["sweep", "plan", "s.yaml", "--quiet", "--verbose"], "exclude each other"),
    (["sweep", "collect", "s", "--quiet", "--verbose"], "exclude each other"),
    (
      ["sweep", "run", "s", "--engine", "slurm", "--time", "soon"], "--time soon: a time is expected as Slurm writes it"
    ),
    (["sweep", "run", "s", "--engine", "slurm", "--time", "1 --uid=0"], "a time is expected"),
    (["sweep", "run", "s", "--engine", "slurm", "--time", "0"], "a time is expected"),
    (["sweep", "run", "s", "--engine", "slurm", "--partition", "p\n#SBATCH --uid=0"], "a name is expected"),
    (["sweep", "run", "s", "--engine", "slurm", "--account", "--x"], "Missing value for '--account"),
  ])
  func wrongUsageIsToldInOneLine(_ arguments: [String], _ message: String) async throws {
    try await withProgram { rheobase in
      let outcome = try await rheobase(arguments)
      #expect(outcome.status == .exited(64))
      #expect(outcome.errors.contains(message) && outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    }
  }

  /// A point of two threads takes two of two jobs, so that no other runs beside it; of one thread, two run at once.
  @Test(arguments: [(1, 2), (2, 1)])
  func aPointTakesAsManyJobsAsItHasThreads(_ threads: Int, _ most: Int) async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let sweep = Self.sweep(lambdas: "[0.1, 0.2, 0.3]", timesteps: 2000)
        .replacing("base: {", with: "base: {threads: \(threads), ")
      try rheobase.write(sweep, to: "sweep.yaml")
      var seen: Set<Int> = []
      let status = try await rheobase.watched(["sweep", "sweep.yaml", "--output", "s", "--jobs", "2"]) { driver in
        try await waitUntil(seconds: 120) {
          for _ in 0..<20 { seen.insert(Processes.children(of: driver).count) }
          return FileManager.default.fileExists(atPath: rheobase.path("s/sweep.sqlite"))
        }
      }
      #expect(status.isSuccess && seen.max() == most, "\(seen)")
    }
  }

  @Test func numbersOfTheChipAreSweptAndAPointRunsAgainAlone() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try rheobase.write(
        """
        schema: rheobase.sweep/1
        base: {image: "\(Program.photograph)", crop: 28, bank: b.npz, timesteps: 10}
        axes: {chip.costs.synaptic_operation.energy_pJ: [1, 10, null]}
        """, to: "sweep.yaml")
      let run = try await rheobase("sweep", "sweep.yaml", "--output", "s")
      try #require(run.status.isSuccess, "\(run.errors)")
      let table = try await rheobase("sweep", "table", "s", "--value", "energy.synapse", "--value", "synops", "--csv")
      let rows = table.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",").map { Double($0) } }
      try #require(rows.count == 3 && rows.map(\.count) == [3, 3, 3])
      for row in rows {
        // Energy is count times price, and an unknown price adds nothing.
        let (price, energy, synops) = (row[0] ?? 0, try #require(row[1]), try #require(row[2]))
        #expect(abs(energy - price * 1e-12 * synops) <= 1e-9 * energy && synops > 0)
      }
      let shown = try await rheobase("sweep", "table", "s", "--value", "energy.synapse")
      #expect(shown.output.contains("J*") && shown.output.contains("synaptic_operation.energy_pJ"))

      let point = try #require(try rheobase.names("s/points").first)
      try rheobase.write(try rheobase.text("s/points/\(point)/run.yaml"), to: "alone.yaml")
      let again = try await rheobase("run", "alone.yaml", "--output", "again")
      try #require(again.status.isSuccess, "\(again.errors)")
      #expect(try rheobase.data("again/cores.csv") == rheobase.data("s/points/\(point)/cores.csv"))
      #expect(try rheobase.data("again/chip.json") == rheobase.data("s/points/\(point)/chip.json"))
    }
  }

  @Test func nothingOfANameIsObeyedByATerminal() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let name = "\u{1B}[31mred\u{7}"
      let missing = try await rheobase("run", "--image", "\(name).png")
      #expect(missing.errors.contains("\\u{1B}[31mred\\u{7}.png") && !missing.errors.contains("\u{1B}"))
      try FileManager.default.copyItem(atPath: Program.photograph, toPath: rheobase.path("\(name).png"))
      let run = try await rheobase(
        "compare", "\(name).png", "--crop", "24", "--banks", "b.npz", "--inputs", "dense", "--timesteps", "5",
        "--output",
        name, "--verbose")
      try #require(run.status.isSuccess, "\(run.errors)")
      #expect(run.output.contains("Results: \\u{1B}[31mred") && !(run.output + run.errors).contains("\u{1B}"))
    }
  }

  @Test func aFolderThatIsNoSweepIsRefused() async throws {
    try await withProgram { rheobase in
      try rheobase.write("", to: "notes.txt")
      let outcome = try await rheobase("sweep", "run", ".")
      #expect(outcome.status == .exited(1) && outcome.errors.contains("is not the folder of a sweep"))
      try await rheobase.makeBank()
      try rheobase.write(Self.sweep(lambdas: "[0.1]", timesteps: 10), to: "sweep.yaml")
      let planned = try await rheobase("sweep", "plan", "sweep.yaml", "--output", ".")
      #expect(planned.status == .exited(1) && planned.errors.contains("holds other files than a sweep"))
    }
  }
}
