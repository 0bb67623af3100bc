import Experiments
import Foundation
import Reports
import Testing

@Suite struct SweepTests {
  /// Points of the inputs dense and sparse at some λ.
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
      try await rheobase.makeSweep(Self.sweep(lambdas: "[0.1, 0.2]", timesteps: 10))
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
      #expect(run.errors.isEmpty && (try? rheobase.names("s")) == nil)
      // Of a folder that is planned it is the same, and nothing new is in it.
      try #require(try await rheobase("sweep", "plan", "sweep.yaml", "--output", "s").status.isSuccess)
      let before = try rheobase.names("s")
      let dry = ["sweep", "run", "s", "--engine", "slurm", "--dry-run"]
      let again = try await rheobase(dry + ["--memory", "10M"])
      #expect(again.output.contains("#SBATCH --mem=10M\n"))
      #expect(try rheobase.names("s") == before)
      let warning = /rheobase: warning: a task needs about \d+ MiB of memory, and --memory gives it 10 MiB; .*\n/
      #expect(again.errors.wholeMatch(of: warning) != nil, "\(again.errors)")
      // What a task gets unless told is enough, and a MiB less is not.
      let own = try #require(try await rheobase(dry).output.firstMatch(of: /#SBATCH --mem=(\d+)M\n/)?.1)
      let needed = try #require(Int(own))
      #expect(try await rheobase(dry + ["--memory", "\(needed)M"]).errors.isEmpty)
      let less = try await rheobase(dry + ["--memory", "\(needed - 1)M"]).errors
      #expect(less.wholeMatch(of: /rheobase: warning: a task needs about .*; Slurm may kill it\n/) != nil, "\(less)")
    }
  }

  @Test func aPlanWhoseRunsAreGoneSaysHowToMakeThemAgain() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeSweep(Self.sweep(lambdas: "[0.1]", timesteps: 2))
      try #require(try await rheobase("sweep", "plan", "sweep.yaml", "--output", "s").status.isSuccess)
      try FileManager.default.removeItem(atPath: rheobase.path("s/runs"))
      let run = try await rheobase("sweep", "run", "s")
      #expect(run.errors.split(separator: "\n").count == 1)
      let again = ": is gone; make the plan again from the file that it was made of: rheobase sweep plan SWEEP.yaml"
      #expect(run.errors.contains(again), "\(run.errors)")
      try #require(try await rheobase("sweep", "plan", "sweep.yaml", "--output", "s").status.isSuccess)
      #expect(try await rheobase("sweep", "run", "s").status.isSuccess)
    }
  }

  @Test func aNameThatIsNoTextIsRefused() async throws {
    try await withProgram { rheobase in
      try FileManager.default.createDirectory(atPath: rheobase.path("p"), withIntermediateDirectories: false)
      // é in Latin-1.
      let bytes = Array("\(rheobase.path("p"))/caf".utf8CString.dropLast()) + [CChar(bitPattern: 0xE9)]
      let suffix = Array(".png".utf8CString)
      let file = open(bytes + suffix, O_CREAT | O_WRONLY, 0o644)
      try #require(file >= 0)
      close(file)
      try rheobase.write("schema: rheobase.sweep/1\naxes: {image: {folder: p}}\n", to: "s.yaml")
      let plan = try await rheobase("sweep", "plan", "s.yaml")
      #expect(plan.errors.contains("the name of caf\u{FFFD}.png is not UTF-8"), "\(plan.errors)")
      var shell = rheobase
      shell.launcher = ["/bin/bash", "-c", "exec \"$0\" \"$1\" $'caf\\xe9'"]
      let report = try await shell("report")
      #expect(report.status == .exited(64) && report.errors.contains("caf\u{FFFD}: is not UTF-8; rename"))
    }
  }

  @Test func oneOfOneIsSingular() async throws {
    try await withProgram { rheobase in
      let sweep = Self.sweep(lambdas: "[1000]", timesteps: 2).replacing("[dense, sparse]", with: "[dense]")
      try await rheobase.makeSweep(sweep)
      let run = try await rheobase("sweep", "sweep.yaml", "--output", "s")
      #expect(run.errors.hasPrefix("rheobase: error: 1 of 1 point is missing; "), "\(run.errors)")
      #expect(run.output.contains("\n0 of 1 point done, 1 failed\n"), "\(run.output)")
    }
  }

  /// A point's name tells what it was planned with; a result under that name must come from nothing else.
  @Test(arguments: ["p.png", "b.npz", "c.yaml", "run"])
  func aPointIsNotRunOnAnotherFileThanItWasPlannedWith(_ name: String) async throws {
    try await withProgram { rheobase in
      func copy(_ file: String, to name: String) throws {
        try FileManager.default.copyItem(atPath: file, toPath: rheobase.path(name))
      }
      let photographs = URL(fileURLWithPath: Program.photograph).deletingLastPathComponent().path
      try copy("\(photographs)/camera.png", to: "p.png")
      try copy("\(photographs)/../hwmodels/chips/loihi2.yaml", to: "c.yaml")
      let sweep = Self.sweep(lambdas: "[0.2]", timesteps: 10).replacing(Program.photograph, with: "p.png")
        .replacing("[dense, sparse]", with: "[dense]").replacing("base: {", with: "base: {chip: c.yaml, ")
      try await rheobase.makeSweep(sweep)
      try #require(try await rheobase("sweep", "plan", "sweep.yaml", "--output", "s").status.isSuccess)
      let run = "s/runs/\(try #require(try rheobase.names("s/runs").first))"
      switch name {
      case "p.png":
        try FileManager.default.removeItem(atPath: rheobase.path(name))
        try copy("\(photographs)/grass.png", to: name)
      case "b.npz":
        let other = ["bank", "make", "--orientations", "5", "--bandwidths", "20", "--output", name]
        try #require(try await rheobase(other).status.isSuccess)
      case "c.yaml": try rheobase.write(try rheobase.text(name) + "# Another one.\n", to: name)
      default: try rheobase.write(try rheobase.text(run).replacing("lambda: 0.2 ", with: "lambda: 0.3 "), to: run)
      }
      let changed = rheobase.path(name == "run" ? run : name)
      for options in [[], ["--engine", "slurm", "--dry-run"]] {
        let outcome = try await rheobase(["sweep", "run", "s"] + options)
        #expect(
          outcome.errors
            == "rheobase: error: \(changed): has changed since the plan; make the plan again from the file "
            + "that it was made of: rheobase sweep plan SWEEP.yaml --output \(rheobase.path("s"))\n")
        #expect(outcome.status == .exited(1) && outcome.output.isEmpty)
      }
      #expect((try? rheobase.names("s/points"))?.isEmpty ?? true)
    }
  }

  @Test func theFolderOfASweepIsNotGivenToAnotherFile() async throws {
    try await withProgram { rheobase in
      try await rheobase.runSweep(Self.sweep(lambdas: "[0.1, 0.2]", timesteps: 2))
      let before = try rheobase.names("s").map { ($0, try? rheobase.data("s/\($0)")) }
      try rheobase.write(Self.sweep(lambdas: "[0.2, 0.3]", timesteps: 2), to: "other.yaml")
      let dryRun = ["run", "other.yaml", "--output", "s", "--engine", "slurm", "--dry-run"]
      for verb in [["plan", "other.yaml", "--output", "s"], ["run", "other.yaml", "--output", "s"], dryRun] {
        let refused = try await rheobase(["sweep"] + verb)
        #expect(
          refused.errors == "rheobase: error: s: belongs to the sweep \(rheobase.path("sweep.yaml")), whose plan and "
            + "tables other.yaml would replace; name another folder with --output, or change the former file\n")
        #expect(refused.status == .exited(1) && refused.output.isEmpty)
      }
      let after = try rheobase.names("s").map { ($0, try? rheobase.data("s/\($0)")) }
      #expect(after.map(\.0) == before.map(\.0) && after.map(\.1) == before.map(\.1))

      // What has all of its points loses nothing; the same file may, and says what.
      try rheobase.write(Self.sweep(lambdas: "[0.1, 0.2, 0.3]", timesteps: 2), to: "other.yaml")
      let extended = try await rheobase("sweep", "plan", "other.yaml", "--output", "s")
      #expect(extended.status.isSuccess && !extended.output.contains("former"), "\(extended.errors)")
      let less = Self.sweep(lambdas: "[0.3]", timesteps: 2).replacing("b.npz", with: rheobase.path("b.npz"))
      try rheobase.write(less, to: "other.yaml")
      let edited = try await rheobase("sweep", "plan", "./other.yaml", "--output", "s")
      let note = "4 of the former plan's 6 points are not in this one; results of such points stay, and do not count\n"
      #expect(edited.status.isSuccess && edited.output.contains("\n\(note)"), "\(edited.output)")
      // The copy in the folder stands for the file that it is of.
      let copy = try await rheobase("sweep", "plan", "s/sweep.yaml", "--output", "s")
      #expect(copy.status.isSuccess && copy.output.contains("2 points: "), "\(copy.errors)")
      try rheobase.write(less.replacing("dense, ", with: ""), to: "other.yaml")
      #expect(
        try await rheobase("sweep", "plan", "other.yaml", "--output", "s").output.contains("1 of the former plan's 2"))
      // A file that has gone, as it was renamed, keeps nobody away.
      try FileManager.default.removeItem(atPath: rheobase.path("other.yaml"))
      let renamed = try await rheobase("sweep", "plan", "sweep.yaml", "--output", "s")
      #expect(renamed.status.isSuccess && renamed.output.contains("1 of the former plan's 1 point is not"))
      // What cannot be read may be anybody's plan.
      for damaged in ["", "{\"format\": 2}"] {
        try rheobase.write(damaged, to: "s/manifest.json")
        let refused = try await rheobase("sweep", "plan", "sweep.yaml", "--output", "s")
        #expect(refused.errors.hasPrefix("rheobase: error: s/manifest.json: is not a plan of format 1, "))
        #expect(refused.errors.hasSuffix("; remove it, and make the plan again\n") && refused.status == .exited(1))
      }
      try FileManager.default.removeItem(atPath: rheobase.path("s/manifest.json"))
      let again = try await rheobase("sweep", "sweep.yaml", "--output", "s")
      #expect(again.status.isSuccess && again.output.contains("4 of 4 points done"), "\(again.errors)")
    }
  }

  /// As that of an older version, or one that somebody has edited.
  @Test func aResultThatLacksStatisticsHasEmptyCellsAndIsTold() async throws {
    try await withProgram { rheobase in
      try await rheobase.runSweep(Self.sweep(lambdas: "[0.1]", timesteps: 2))
      // Whatever every run has, a run of now has.
      #expect(try await rheobase("sweep", "collect", "s").errors.isEmpty)
      let points = try rheobase.names("s/points")
      let file = try StatisticsFile(parsing: rheobase.data("s/points/\(points[0])/stats.json"))
      let lacking = ["energy.total", "hops", "quality.reached_step"]
      let rest = Statistics(file.statistics.ordered.filter { !lacking.contains($0.name) })
      try StatisticsFile(run: file.run, statistics: rest).write(toFolder: rheobase.path("s/points/\(points[0])"))
      let folder = rheobase.path("s/points/\(points[0])")
      let note =
        "1 result lacks statistics that every run has now (hops, energy.total, quality.reached_step), whose cells "
        + "are empty; remove its folder, \(folder), and rheobase sweep run \(rheobase.path("s")) makes this point again"
      let column = ["--value", "energy.total", "--csv"]
      for look in [
        ["collect", "s"], ["table", "s"] + column, ["run", "s"], ["pareto", "s", "--minimize", "energy.total"],
      ] {
        let outcome = try await rheobase(["sweep"] + look)
        #expect(
          outcome.status.isSuccess && outcome.errors == "rheobase: warning: \(note)\n", "\(look): \(outcome.errors)")
      }
      let table = try await rheobase(["sweep", "table", "s"] + column).output.split(separator: "\n")
      #expect(table.dropFirst().count { $0.hasSuffix(",") } == 1)
      #expect(try await rheobase("sweep", "status", "s").output == "2 of 2 points done\n")
      try #require(try await rheobase("report", "s").status.isSuccess)
      #expect(try rheobase.text("s/report.html").contains(note))
      try FileManager.default.removeItem(atPath: folder)
      let again = try await rheobase("sweep", "run", "s")
      #expect(again.status.isSuccess && again.errors.isEmpty)
    }
  }

  /// What one chip's energies leave out makes it no better than the other.
  @Test func chipsThatLackDifferentCostsAreOnFrontsOfTheirOwn() async throws {
    try await withProgram { rheobase in
      let axes = "axes: {lambda: [0.1, 0.2], chip.costs.synaptic_operation.energy_pJ: [20, null]}"
      try await rheobase.runSweep(
        "schema: rheobase.sweep/1\nbase: {image: \"\(Program.photograph)\", crop: 24, bank: b.npz, timesteps: 5}\n\(axes)"
      )
      let best = ["sweep", "pareto", "s", "--minimize", "energy.total", "--minimize", "quality.gap"]
      let front = try await rheobase(best).output
      let missing = "barrier.energy_pJ, host_event.energy_pJ"
      #expect(front.contains("\nPoints are compared only where their figures leave out the same costs"), "\(front)")
      #expect(
        front.contains(/\nFront 1 \(\S+ = 20\): \d of 2 points, without barrier.energy_pJ, host_event.energy_pJ\.\n/))
      #expect(
        front.contains(/\nFront 2 \(\S+ = null\): \d of 2 points, without \S+, \S+, synaptic_operation.energy_pJ\.\n/))
      #expect(front.contains(/\n\d of 4 points are on 2 fronts\n/) && front.hasPrefix("front  lambda"))
      #expect(
        front.contains("† without costs that are not published: \(missing), synaptic_operation.energy_pJ (where "))
      let csv = try await rheobase(best + ["--csv"])
      let fronts = csv.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
      #expect(csv.output.hasPrefix("front,lambda,") && Set(fronts.map { $0[0] }) == ["1", "2"])
      #expect(fronts.allSatisfy { ($0[2] == "null") == ($0[0] == "2") } && csv.errors.contains("\nFront 2 ("))
      // By themselves they have one front, as ever.
      let alone = try await rheobase(best + ["--where", "chip.costs.synaptic_operation.energy_pJ=20"]).output
      #expect(alone.contains(/\n\d of 2 points (is|are) on the front\n/) && !alone.contains("Front 1"))

      try #require(try await rheobase("report", "s").status.isSuccess)
      let html = try rheobase.text("s/report.html")
      #expect(
        html.contains(
          /on fronts \(less energy.total, more quality.psnr\). Front 1 \(\S+ = 20\): \d of 2, without 2 costs; 2 \(/))
      #expect(html.contains(". Colours: chip.costs.synaptic_operation.energy_pJ."))
      #expect(html.contains("These figures differ in what they count: 20: without 2 costs; null: without 3 costs."))
      #expect(html.contains("20, mean of 2 points: "))
      #expect(html.contains("PSNR against total energy*†: Front 1 (") && html.contains("What each front leaves out"))
      let chart = try rheobase.text("s/charts/front-quality.gap-energy.total.svg")
      #expect(chart.contains(">front 1†: ") && chart.contains(">front 2†: "))
      #expect(chart.contains("class=\"front line\"") && chart.contains("class=\"front d1 line\""))
    }
  }

  /// Of three targets the last cannot be reached in so few steps, and its energy says nothing of a design that does.
  @Test func pointsThatMissTheirTargetAreMarkedAndOnNoFront() async throws {
    try await withProgram { rheobase in
      try await rheobase.runSweep(
        """
        schema: rheobase.sweep/1
        base: {image: "\(Program.photograph)", crop: 24, bank: b.npz, step_limit: 120, held_steps: 1}
        axes: {gap: [0.5, 0.4, 0.0000001]}
        """)
      let rows = CSV.rows(of: try rheobase.text("s/sweep.csv"))
      let column = try #require(rows[0].firstIndex(of: "quality.missed_target"))
      #expect(rows.dropFirst().map { $0[column] } == ["0", "0", "1"])
      let note = "§ 1 of 3 points did not reach their target"
      let table = try await rheobase("sweep", "table", "s", "--value", "timesteps").output.split(separator: "\n")
      #expect(
        table.filter { $0.hasSuffix("§") }.count == 1
          && table.contains { $0.hasPrefix("1e-07") && $0.hasSuffix("120§") })
      #expect(table.contains { $0.hasPrefix(note) })

      let best = ["sweep", "pareto", "s", "--maximize", "timesteps"]
      let front = try await rheobase(best)
      #expect(!front.output.contains("1e-07"))
      #expect(front.output.hasSuffix("; 1 point that missed its target is left out (--include-missed)\n"))
      #expect(try await rheobase(best + ["--csv"]).errors.contains("missed its target"))
      let all = try await rheobase(best + ["--include-missed"])
      #expect(all.output.contains("1e-07") && all.output.hasSuffix("1 of 3 points is on the front\n"))
      let none = try await rheobase(best + ["--where", "gap=0.0000001"])
      #expect(none.errors == "rheobase: error: s: no point has reached its target; --include-missed counts them, too\n")

      try #require(try await rheobase("report", "s").status.isSuccess)
      let html = try rheobase.text("s/report.html")
      #expect(html.contains(note) && html.contains("The 1 that missed their target (×) are left out of it."))
      let tips = try rheobase.text("s/charts/front-quality.psnr-energy.total.svg").matches(
        of: /class="mark (\w+)[^>]*><title>([^<]*)</)
      #expect(tips.filter { $0.1 == "cross" }.map { $0.2.contains("gap = 1e-07") } == [true])
      #expect(tips.map { $0.2.contains("target missed") } == tips.map { $0.1 == "cross" } && tips.count == 3)
    }
  }

  /// A number of steps is no target.
  @Test func pointsOfANumberOfStepsMissNoTarget() async throws {
    try await withProgram { rheobase in
      try await rheobase.runSweep(Self.sweep(lambdas: "[0.1]", timesteps: 2))
      let values = ["--value", "quality.missed_target", "--value", "quality.reached_step"]
      let table = try await rheobase(["sweep", "table", "s", "--csv"] + values)
      #expect(table.output.hasSuffix("\n0.1,dense,0.0,\n0.1,sparse,0.0,\n"), "\(table.output)")
    }
  }

  /// Their messages tell the λ.
  @Test func failuresOfOneCauseAreOneLine() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeSweep(Self.sweep(lambdas: "[0.1, 1000, 2000.5, 3e5]", timesteps: 2))
      let run = try await rheobase("sweep", "sweep.yaml", "--output", "s", "--verbose")
      #expect(run.status == .exited(1) && run.output.contains("2 of 8 points done, 6 failed\n"), "\(run.output)")
      let status = try await rheobase("sweep", "status", "s")
      let again = "; rheobase sweep run \(rheobase.path("s")) tries them again\n"
      #expect(status.status == .exited(1) && status.errors == "rheobase: error: 6 of 8 points have failed\(again)")
      let json = try await rheobase("sweep", "status", "s", "--json")
      #expect(json.status == .exited(1))
      #expect(try JSONValue(parsing: Data(json.output.utf8))["driver"] == .flag(false))
      let lines = status.output.split(separator: "\n")
      #expect(lines.count == 5 && lines[4] == "no driver is at work in this folder")
      #expect(lines[1].hasPrefix("  6 points, such as: lambda is 1000"), "\(lines)")
      #expect(lines[2].hasSuffix(" lambda=1000.0 input=dense") || lines[2].hasSuffix(" lambda=1000 input=dense"))
      #expect(lines[3] == "    and 5 more")
      try #require(try await rheobase("report", "s").status.isSuccess)
      let items = try rheobase.text("s/report.html").matches(of: /<li>[^<]*such as: lambda is [^<]*lambda = 1000[^<]*</)
      #expect(items.count == 1)
      // A line for each point, and each line is named once.
      let said = run.errors.split(separator: "\n")
      #expect(said.filter { $0.contains(" is done") }.count == 2)
      #expect(said.filter { $0.contains(" failed: lambda is ") }.count == 6, "\(run.errors)")
      #expect(!run.errors.contains("rheobase: [rheobase]"))
    }
  }

  @Test func resultsOfTwoBuildsOfTheProgramAreTold() async throws {
    try await withProgram { rheobase in
      try await rheobase.runSweep(Self.sweep(lambdas: "[0.1]", timesteps: 2))
      #expect(try await rheobase("sweep", "status", "s").output == "2 of 2 points done\n")
      let version = try await rheobase("--version").output.trimmingCharacters(in: .newlines)
      let point = try #require(try rheobase.names("s/points").first)
      let statistics = "s/points/\(point)/stats.json"
      let text = try rheobase.text(statistics)
      let former = text.replacing("\"program\": \"\(version)\"", with: "\"program\": \"0.0.9\"")
      try rheobase.write(former, to: statistics)
      let note = "results are of several builds of the program: 0.0.9 (1), \(version) (1)"
      #expect(try await rheobase("sweep", "status", "s").output == "2 of 2 points done\n\(note)\n")
      let json = try JSONValue(parsing: Data(try await rheobase("sweep", "status", "s", "--json").output.utf8))
      #expect(json["versions"] == .object([.init("0.0.9", .integer(1)), .init(version, .integer(1))]))
      #expect(try await rheobase("sweep", "collect", "s").output.hasSuffix("\n\(note)\n"))
      try #require(try await rheobase("report", "s").status.isSuccess)
      #expect(try rheobase.text("s/report.html").contains(note))
    }
  }

  @Test func quietMeansResultsOnly() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeSweep(Self.sweep(lambdas: "[0.1]", timesteps: 2))
      let run = try await rheobase("sweep", "sweep.yaml", "--output", "a b", "--quiet")
      let hint = "rheobase sweep table 'a b'"
      #expect(run.output.hasPrefix("2 of 2 points done\n") && run.output.hasSuffix("\(hint)\n"), "\(run.output)")
    }
  }

  @Test func aSweepThatWasNeverSubmittedHasNoJobsToEnd() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeSweep(Self.sweep(lambdas: "[0.1]", timesteps: 2))
      try #require(try await rheobase("sweep", "plan", "sweep.yaml", "--output", "s").status.isSuccess)
      var alone = rheobase
      alone.environment = .inherit.updating(["PATH": rheobase.folder])
      let none = try await alone("sweep", "cancel", "s")
      #expect(none.status.isSuccess && none.errors.isEmpty)
      #expect(none.output.hasPrefix("This sweep was never submitted to a cluster: there is no job to end; "))
      // One that was submitted is not marked as cancelled where nothing can be ended.
      try FileManager.default.createDirectory(
        atPath: rheobase.path("s/slurm/round-1"), withIntermediateDirectories: true)
      let lost = try await alone("sweep", "cancel", "s")
      #expect(lost.status == .exited(1))
      #expect(
        lost.errors == "rheobase: error: \(rheobase.path("s")): its jobs were not ended: "
          + "squeue is not there; is this a machine of a Slurm cluster?\n")
      #expect(try rheobase.names("s/slurm") == ["round-1"])
      // One that was cancelled before stays so: a driver may not have seen it yet.
      try rheobase.write("", to: "s/slurm/cancelled")
      #expect(try await alone("sweep", "cancel", "s").status == .exited(1))
      #expect(try rheobase.names("s/slurm") == ["cancelled", "round-1"])
    }
  }

  @Test func everyDamagedResultIsNamedUpToTen() async throws {
    try await withProgram { rheobase in
      try await rheobase.runSweep(Self.sweep(lambdas: "{from: 0.1, to: 0.2, count: 6}", timesteps: 2))
      let points = try rheobase.names("s/points")
      for point in points { try rheobase.write("{\n}\n", to: "s/points/\(point)/stats.json") }
      let lines = try await rheobase("sweep", "collect", "s").errors.split(separator: "\n")
      let named = Set(lines.prefix(10).compactMap { $0.firstMatch(of: /points\/([0-9a-f]{16})\//)?.1 })
      #expect(lines.count == 11 && named.count == 10, "\(lines)")
      #expect(lines.last == "rheobase: warning: 2 more results are damaged and do not count")
      try #require(try await rheobase("sweep", "run", "s").status.isSuccess)
      for point in points.prefix(3) { try rheobase.write("{\n}\n", to: "s/points/\(point)/stats.json") }
      try #require(try await rheobase("report", "s").status.isSuccess)
      let items = try rheobase.text("s/report.html").matches(of: /<li>a result is damaged[^<]*points\/([0-9a-f]{16})\//)
      #expect(Set(items.map { String($0.1) }) == Set(points.prefix(3)))
    }
  }

  @Test func aDriverAtWorkIsTold() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeSweep(Self.sweep(lambdas: "[0.1]", timesteps: 5_000_000))
      _ = try await rheobase.watched(["sweep", "sweep.yaml", "--output", "s"]) { driver in
        try await waitUntil { (try? rheobase.names("s/points"))?.isEmpty == false }
        let status = try await rheobase("sweep", "status", "s").output
        #expect(status.hasSuffix("\na driver is at work in this folder, or a plan is being made\n"), "\(status)")
        kill(driver, SIGINT)
      }
    }
  }

  @Test func aFileIsNoFolderOfASweep() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try rheobase.write(Self.sweep(lambdas: "[0.1]", timesteps: 2), to: "a.yaml")
      let outcome = try await rheobase("sweep", "plan", "a.yaml", "--output", "a.yaml")
      #expect(outcome.errors == "rheobase: error: a.yaml: is a file; name a new or an empty folder\n")
    }
  }

  /// Read on a machine without the cluster's programs.
  @Test func whoReadsASweepThatIsOverNeedsNoCluster() async throws {
    try await withProgram { rheobase in
      try await rheobase.runSweep(Self.sweep(lambdas: "[0.1]", timesteps: 2))
      try FileManager.default.createDirectory(
        atPath: rheobase.path("s/slurm/round-1"), withIntermediateDirectories: true)
      var alone = rheobase
      alone.environment = .inherit.updating(["PATH": rheobase.folder])
      #expect(try await alone("sweep", "status", "s").output == "2 of 2 points done\n")
      let point = try #require(try rheobase.names("s/points").first)
      try FileManager.default.removeItem(atPath: rheobase.path("s/points/\(point)"))
      #expect(try await alone("sweep", "status", "s").output.contains("its jobs are not known: "))
    }
  }

  @Test func aResultThatIsNotWholeIsMadeAgain() async throws {
    try await withProgram { rheobase in
      try await rheobase.runSweep(Self.sweep(lambdas: "[0.2]", timesteps: 10))
      let point = try #require(try rheobase.names("s/points").first)
      let statistics = rheobase.path("s/points/\(point)/stats.json")
      try FileManager.default.removeItem(atPath: statistics)
      let remedy = "; rheobase sweep run \(rheobase.path("s")) makes this point again\n"
      let status = try await rheobase("sweep", "status", "s").output
      #expect(status.hasPrefix("1 of 2 points done, 1 failed\n  1 point: \(rheobase.path("s/points/\(point)"))"))
      #expect(status.contains(": has no stats.json\(remedy)"), "\(status)")
      #expect(try await rheobase("sweep", "run", "s").output.contains("2 of 2 points done"))
      let whole = try Data(contentsOf: URL(fileURLWithPath: statistics))
      try rheobase.write("", to: "s/points/\(point)/stats.json")
      #expect(try await rheobase("sweep", "collect", "s").output.hasPrefix("1 of 2 points: "))
      #expect(try await rheobase("sweep", "run", "s").output.contains("2 of 2 points done"))
      #expect(try Data(contentsOf: URL(fileURLWithPath: statistics)).count > whole.count / 2)
      for name in ["chip.json", "run.yaml"] {
        try rheobase.write("", to: "s/points/\(point)/\(name)")
        let status = try await rheobase("sweep", "status", "s").output
        #expect(status.contains("/\(point)/\(name): is empty\(remedy)"), "\(status)")
        #expect(try await rheobase("sweep", "run", "s").output.contains("2 of 2 points done"))
        #expect(try !rheobase.data("s/points/\(point)/\(name)").isEmpty)
      }
      // What ends as a whole one does, and is none, does not count; it is named, and keeps nobody from the rest.
      for damaged in ["{\n}\n}\n", "{\n}\n"] {
        try rheobase.write(damaged, to: "s/points/\(point)/stats.json")
        let reason = damaged.utf8.count > 4 ? "the text is not JSON" : "the key schema is missing"
        let status = try await rheobase("sweep", "status", "s")
        #expect(status.output.hasPrefix("1 of 2 points done, 1 failed\n"))
        #expect(status.output.contains("/stats.json: \(reason)") && status.output.contains(remedy))
        let warning = "rheobase: warning: a result is damaged and does not count: "
        for look in [["collect", "s"], ["table", "s"]] {
          let outcome = try await rheobase(["sweep"] + look)
          #expect(outcome.status.isSuccess && outcome.errors.hasPrefix(warning), "\(outcome.errors)")
          #expect(outcome.errors.hasSuffix(remedy) && outcome.errors.split(separator: "\n").count == 1)
        }
        try #require(try await rheobase("report", "s").status.isSuccess)
        let page = try rheobase.text("s/report.html")
        #expect(page.contains("1 of 2 points · ") && page.contains("/stats.json: \(reason)"))
        #expect(try await rheobase("sweep", "run", "s").output.contains("2 of 2 points done\n"))
      }
    }
  }

  /// Thousands of results are not read only to count them.
  @Test func damageInTheMiddleOfAResultIsFoundByWhatReadsIt() async throws {
    try await withProgram { rheobase in
      try await rheobase.runSweep(Self.sweep(lambdas: "[0.2]", timesteps: 10))
      let points = try rheobase.names("s/points")
      let statistics = "s/points/\(points[0])/stats.json"
      let whole = try rheobase.text(statistics)
      try rheobase.write(whole.replacing("\"value\"", with: "\"valu"), to: statistics)
      let remedy = "; remove its folder, and rheobase sweep run \(rheobase.path("s")) makes this point again\n"
      #expect(try await rheobase("sweep", "status", "s").output == "2 of 2 points done\n")
      for look in [["collect", "s"], ["table", "s"], ["pareto", "s", "--minimize", "energy.total"]] {
        let outcome = try await rheobase(["sweep"] + look)
        let warning = "rheobase: warning: a result is damaged and does not count: \(rheobase.path(statistics)): "
        #expect(outcome.errors.hasPrefix(warning) && outcome.errors.hasSuffix(remedy), "\(look): \(outcome.errors)")
        #expect(outcome.status.isSuccess && outcome.errors.split(separator: "\n").count == 1)
      }
      // The page has what there is.
      try rheobase.write("{", to: "s/points/\(points[1])/chip.json")
      let report = try await rheobase("report", "s")
      try #require(report.status.isSuccess, "\(report.errors)")
      let page = try rheobase.text("s/report.html")
      #expect(page.contains("1 of 2 points · ") && page.contains("1 point failed") && page.contains(points[0]))
      #expect(page.contains("The numbers of a chip are left out: "))
      #expect(page.contains("/chip.json: the text is not JSON."))
      let run = try await rheobase("sweep", "run", "s")
      let told = "rheobase: warning: a result is damaged and does not count: \(rheobase.path(statistics)): "
      #expect(run.errors.hasPrefix(told) && run.errors.split(separator: "\n").count == 2, "\(run.errors)")
      #expect(run.errors.contains("1 of 2 points is missing") && run.status == .exited(1))
      // It may be of another version, or out of reach for a moment: nothing but the user's word removes it.
      try FileManager.default.removeItem(atPath: rheobase.path("s/points/\(points[0])"))
      #expect(try await rheobase("sweep", "run", "s").status.isSuccess)
      let again = try StatisticsFile(parsing: rheobase.data(statistics))
      #expect(try again.run == StatisticsFile(parsing: Data(whole.utf8)).run)
      #expect(try rheobase.text("s/sweep.csv").split(separator: "\n").count == 3)
    }
  }

  @Test func aSweepIsPlannedRunLookedAtAndExtended() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeSweep(Self.sweep(lambdas: "[0.1, 0.3]", timesteps: 10))
      let plan = try await rheobase("sweep", "plan", "sweep.yaml", "--output", "s")
      #expect(plan.output.hasPrefix("4 points: lambda (2) × input (2)\n"))
      let nothing = try await rheobase("sweep", "status", "s")
      #expect(nothing.output == "0 of 4 points done, 4 not tried\nno driver is at work in this folder\n")
      #expect(nothing.status.isSuccess && nothing.errors.isEmpty)
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
      #expect(front.output.contains("1 of 2 points is on the front"))
      let unknown = try await rheobase("sweep", "table", "s", "--rows", "lamda")
      #expect(unknown.errors == "rheobase: error: unknown axis 'lamda'; known: lambda, input\n")
    }
  }

  @Test func aPointThatNeedsMoreMemoryThanThereIsIsNotStarted() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeSweep(Self.sweep(lambdas: "[0.1]", timesteps: 10))
      let run = try await rheobase("sweep", "sweep.yaml", "--output", "s", "--memory", "1M")
      #expect(run.status == .exited(1))
      #expect(run.output.contains("2 points: it needs about") && run.output.contains("1 MiB for all points"))
      #expect(try rheobase.names("s/points").isEmpty)
      // What is advised is enough.
      let advice = /rheobase: error: 2 of 2 points are missing; run the sweep again with --memory (\d+M) or more\n/
      let memory = try #require(run.errors.wholeMatch(of: advice)?.1, "\(run.errors)")
      #expect(try await rheobase("sweep", "run", "s", "--memory", String(memory)).status.isSuccess)
    }
  }

  @Test func theMemoryThatIsPlannedForAPointIsMoreThanItTakesButNotThreeTimes() async throws {
    try await withProgram { rheobase in
      try await rheobase.runSweep(
        """
        schema: rheobase.sweep/1
        base: {image: "\(Program.photograph)", timesteps: 10}
        axes:
          "crop, bank": [[24, b.npz], [96, b.npz], [32, heterogeneous], [48, homogeneous]]
          model: [delta, residual]
        """)
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
  @Test(arguments: ["", "steps", "spikes, steps, npz, nwb"]) func theMemoryOfALongRunIsPlannedToo(_ traces: String)
    async throws
  {
    try await withProgram { rheobase in
      try await rheobase.runSweep(
        """
        schema: rheobase.sweep/1
        base: {image: "\(Program.photograph)", crop: 24, bank: b.npz, traces: [\(traces)]}
        axes: {timesteps: [200000]}
        """)
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
      try await rheobase.makeSweep(Self.sweep(lambdas: "[0.1]", timesteps: 5_000_000))
      try #require(try await rheobase("sweep", "plan", "sweep.yaml", "--output", "s").status.isSuccess)
      let point = try #require(try rheobase.names("s/runs").first).replacing(".yaml", with: "")
      try FileManager.default.createDirectory(
        atPath: rheobase.path("s/slurm/round-1"), withIntermediateDirectories: true)
      try rheobase.write("\(point)\n", to: "s/slurm/round-1/tasks.txt")
      let work = ["sweep", "work", rheobase.path("s"), "--round", "1", "--task", "1"]
      _ = try await rheobase.watched(work) { worker in
        let unfinished = "s/points/.\(point).partial"
        try await waitUntil { (try? rheobase.names(unfinished).count) == 1 }
        let partial = try rheobase.names(unfinished)
        let pool = try await rheobase("sweep", "run", "s")
        #expect(pool.status == .exited(1))
        #expect(pool.errors.contains("another process runs points of this sweep"), "\(pool.errors)")
        // Tasks do not keep each other away, and none takes another's folder for a dead one's.
        try rheobase.write("\(point)\n\(point)\n", to: "s/slurm/round-1/tasks.txt")
        _ = try await rheobase.watched(work.dropLast() + ["2"]) { second in
          try await waitUntil { try rheobase.names(unfinished).count == 2 }
          #expect(try Set(rheobase.names(unfinished)).isSuperset(of: partial))
          kill(second, SIGTERM)
        }
        kill(worker, SIGTERM)
      }
      try await waitUntil { Processes.mentioning(rheobase.path("s/")).isEmpty }
      #expect(try rheobase.names("s/points").isEmpty)
    }
  }

  /// Its first points run while the photograph of the last ones becomes another.
  @Test func aPointWhoseFilesChangeDuringTheSweepFails() async throws {
    try await withProgram { rheobase in
      let photographs = URL(fileURLWithPath: Program.photograph).deletingLastPathComponent()
      func copy(_ photograph: String, to name: String) throws {
        let data = try Data(contentsOf: photographs.appendingPathComponent(photograph))
        try data.write(to: URL(fileURLWithPath: rheobase.path(name)))
      }
      try copy("camera.png", to: "a.png")
      try copy("grass.png", to: "b.png")
      try await rheobase.makeSweep(
        """
        schema: rheobase.sweep/1
        base: {crop: 24, bank: b.npz}
        axes: {"image, timesteps": [[a.png, 50000], [b.png, 10]]}
        repeats: 2
        """)
      _ = try await rheobase.watched(["sweep", "sweep.yaml", "--output", "s", "--jobs", "1", "--retries", "3"]) { _ in
        try await waitUntil { (try? rheobase.names("s/points"))?.isEmpty == false }
        try copy("camera.png", to: "b.png")
      }
      let status = try await rheobase("sweep", "status", "s")
      #expect(status.output.hasPrefix("2 of 4 points done, 2 failed\n"), "\(status.output)")
      #expect(status.output.contains(": \(rheobase.path("b.png")): has changed since the plan"), "\(status.output)")
      #expect(!status.output.contains("attempts"))
    }
  }

  @Test func aFileThatHasChangedSinceASweepWasDoneIsTold() async throws {
    try await withProgram { rheobase in
      let photographs = URL(fileURLWithPath: Program.photograph).deletingLastPathComponent()
      func copy(_ photograph: String) throws {
        let data = try Data(contentsOf: photographs.appendingPathComponent(photograph))
        try data.write(to: URL(fileURLWithPath: rheobase.path("p.png")))
      }
      try copy("camera.png")
      try await rheobase.runSweep(
        Self.sweep(lambdas: "[0.2]", timesteps: 10).replacing(Program.photograph, with: "p.png"))
      let note = "p.png has changed since the plan; results are of what it was\n"
      let looks = [["sweep", "status", "s"], ["sweep", "run", "s"]]
      for look in looks { #expect(try await !rheobase(look).output.contains(note)) }
      try copy("grass.png")
      for look in looks {
        let outcome = try await rheobase(look)
        #expect(outcome.status.isSuccess && outcome.output.contains(note), "\(outcome.output)")
      }
    }
  }

  @Test func aFileThatIsGoneSinceTheSweepWasPlannedIsTold() async throws {
    try await withProgram { rheobase in
      let photograph = rheobase.path("p.png")
      try FileManager.default.copyItem(atPath: Program.photograph, toPath: photograph)
      try await rheobase.makeSweep(
        Self.sweep(lambdas: "[0.2]", timesteps: 10).replacing(Program.photograph, with: "p.png"))
      try #require(try await rheobase("sweep", "plan", "sweep.yaml", "--output", "s").status.isSuccess)
      func lost() async throws -> JSONValue? {
        try JSONValue(parsing: Data(await rheobase("sweep", "status", "s", "--json").output.utf8))["lost"]
      }
      #expect(try await lost() == .list([]))
      let aside = rheobase.path("aside.png")
      try FileManager.default.moveItem(atPath: photograph, toPath: aside)
      let planned = try await rheobase("sweep", "status", "s")
      #expect(planned.output.contains("\n\(photograph) is gone; points that need it will fail\n"), "\(planned.output)")
      #expect(try await lost() == .list([.text(photograph)]))
      try FileManager.default.moveItem(atPath: aside, toPath: photograph)
      try #require(try await rheobase("sweep", "run", "s").status.isSuccess)
      try FileManager.default.removeItem(atPath: photograph)
      let done = try await rheobase("sweep", "status", "s")
      #expect(done.status.isSuccess && done.output.contains("\n\(photograph) is gone\n"), "\(done.output)")
    }
  }

  @Test func aPlanThatIsKilledIsMadeAgain() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeSweep(Self.sweep(lambdas: "{from: 0.1, to: 0.4, count: 1000}", timesteps: 20))
      let plan = ["sweep", "plan", "sweep.yaml", "--output", "s"]
      let killed = try await rheobase.watched(plan) { process in
        try await waitUntil { (try? rheobase.names("s/runs"))?.isEmpty == false }
        kill(process, SIGKILL)
      }
      #expect(!killed.isSuccess)
      #expect(try !rheobase.names("s").contains("manifest.json"))
      let again = try await rheobase(plan)
      #expect(again.status.isSuccess, "\(again.errors)")
      let points = try rheobase.names("s/runs")
      #expect(points.count >= 1000 && points.allSatisfy { $0.hasSuffix(".yaml") && !$0.hasPrefix(".") })
    }
  }

  /// A new version of the program may bring other chips.
  @Test func aChipThatIsNotAsItWasPlannedIsNamed() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeSweep(Self.sweep(lambdas: "[0.1]", timesteps: 20))
      try #require(try await rheobase("sweep", "plan", "sweep.yaml", "--output", "s").status.isSuccess)
      let contents = try rheobase.text("s/contents.json")
      let other = contents.replacing(/"loihi2":\s*"[0-9a-f]{16}"/, with: "\"loihi2\": \"0123456789abcdef\"")
      try #require(other != contents)
      try rheobase.write(other, to: "s/contents.json")
      for run in try rheobase.names("s/runs") {
        // Its name is that of what was planned, as it would be of another chip.
        try rheobase.write(
          rheobase.text("s/runs/\(run)").replacing("lambda: 0.1", with: "lambda: 0.11"), to: "s/runs/\(run)")
      }
      let outcome = try await rheobase("sweep", "run", "s")
      #expect(
        outcome.errors.contains("the chip loihi2 of this version has changed since the plan"), "\(outcome.errors)")
    }
  }

  @Test func aResultOfAnotherPointIsDamageAndThatOfAFormerPlanIsTold() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeSweep(Self.sweep(lambdas: "[0.1, 0.2]", timesteps: 20))
      let run = ["sweep", "sweep.yaml", "--output", "s"]
      try #require(try await rheobase(run).status.isSuccess)
      let points = try rheobase.names("s/points")
      try FileManager.default.removeItem(atPath: rheobase.path("s/points/\(points[0])"))
      try FileManager.default.copyItem(
        atPath: rheobase.path("s/points/\(points[1])"), toPath: rheobase.path("s/points/\(points[0])"))
      let table = try await rheobase("sweep", "table", "s")
      #expect(table.errors.contains("points/\(points[0]): is the result of another point: its "), "\(table.errors)")
      // One of no point of the plan does no harm, but may be missed.
      try rheobase.write(Self.sweep(lambdas: "[0.1]", timesteps: 20), to: "sweep.yaml")
      let status = try await rheobase(run).output
      #expect(status.contains("2 results of a former plan, of no point of this one, in points\n"), "\(status)")
    }
  }

  /// Whatever would be written into it would make it again.
  @Test func aSweepWhoseFolderGoesEndsAndLeavesNone() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeSweep(Self.sweep(lambdas: "{from: 0.1, to: 0.4, count: 20}", timesteps: 20_000))
      let run = ["sweep", "sweep.yaml", "--output", "s", "--jobs", "1"]
      let status = try await rheobase.watched(run, errors: "errors") { _ in
        try await waitUntil { (try? rheobase.names("s/points"))?.isEmpty == false }
        try FileManager.default.moveItem(atPath: rheobase.path("s"), toPath: rheobase.path("elsewhere"))
      }
      #expect(status == .exited(1))
      let folder = rheobase.path("s")
      #expect(
        try rheobase.text("errors")
          == "rheobase: error: \(folder): the sweep's folder has gone while the sweep ran, which ends here; "
          + "begin anew with rheobase sweep SWEEP.yaml --output \(folder)\n")
      #expect(try rheobase.names == ["b.npz", "elsewhere", "errors", "sweep.yaml"])
      try await waitUntil { Processes.mentioning("\(folder)/").isEmpty }
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

  /// A worker that has just been started ignores signals for a moment.
  @Test func ctrlCEndsAWorkerThatHasJustBeenStarted() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try rheobase.write(Self.sweep(lambdas: "[0.1, 0.2]", timesteps: 5_000_000), to: "sweep.yaml")
      for delay_ms in stride(from: 0, to: 100, by: 10) {
        let status = try await rheobase.watched(["sweep", "sweep.yaml", "--output", "s", "--memory", "100G"]) {
          driver in
          // Without the pauses of `waitUntil`, which are longer than what is looked for.
          let patience = ContinuousClock.now + .seconds(120)
          while Processes.mentioning(rheobase.path("s/")).isEmpty { try #require(.now < patience) }
          try await Task.sleep(for: .milliseconds(delay_ms))
          kill(driver, SIGINT)
        }
        #expect(status == .signaled(SIGINT))
        #expect(Processes.mentioning(rheobase.path("s/")).isEmpty, "after \(delay_ms) ms")
        #expect(try rheobase.names("s/points").isEmpty, "after \(delay_ms) ms")
      }
    }
  }

  /// A script's variable that is not set must not make the root of all folders a sweep's.
  @Test(arguments: ["plan", "run"]) func aSweepWithoutAFolderIsRefused(_ verb: String) async throws {
    try await withProgram { rheobase in
      try await rheobase.makeSweep(Self.sweep(lambdas: "[0.2]", timesteps: 10))
      let outcome = try await rheobase("sweep", verb, "sweep.yaml", "--output", "")
      #expect(outcome.errors == "rheobase: error: the path of a sweep's folder is empty\n")
      #expect(!FileManager.default.fileExists(atPath: "/manifest.json"))
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
      let sweep = Self.sweep(lambdas: "[0.1, 0.2, 0.3]", timesteps: 2000)
        .replacing("base: {", with: "base: {threads: \(threads), ")
      try await rheobase.makeSweep(sweep)
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
      try await rheobase.runSweep(
        """
        schema: rheobase.sweep/1
        base: {image: "\(Program.photograph)", crop: 28, bank: b.npz, timesteps: 10}
        axes: {chip.costs.synaptic_operation.energy_pJ: [1, 10, null]}
        """)
      let table = try await rheobase("sweep", "table", "s", "--value", "energy.synapse", "--value", "synops", "--csv")
      let rows = table.output.split(separator: "\n").dropFirst().map { line in
        line.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
      }
      try #require(rows.count == 3 && rows.map(\.count) == [3, 3, 3])
      for row in rows {
        // Energy is count times price, and nothing is known of it without a price.
        let synops = try #require(row[2])
        #expect(synops > 0 && (row[0] == nil) == (row[1] == nil))
        guard let price = row[0], let energy = row[1] else { continue }
        #expect(abs(energy - price * 1e-12 * synops) <= 1e-9 * energy)
      }
      let shown = try await rheobase("sweep", "table", "s", "--value", "energy.synapse")
      #expect(
        shown.output.contains("J*") && shown.output.contains("–†")
          && shown.output.contains("synaptic_operation.energy_pJ"))

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
      // Of another content: an image is not planned twice.
      try FileManager.default.copyItem(
        atPath: Program.photograph.replacing("camera", with: "grass"), toPath: rheobase.path("a\tb\nc.png"))
      try rheobase.write(
        "schema: rheobase.sweep/1\nbase: {bank: b.npz, crop: 24, timesteps: 5}\naxes: {image: {folder: .}}\n",
        to: "sweep.yaml")
      for arguments in [
        ["plan", "sweep.yaml", "--output", "s"], ["run", "s"], ["table", "s"],
        ["pareto", "s", "--minimize", "energy.total"],
      ] {
        let said = try await rheobase(["sweep"] + arguments)
        try #require(said.status.isSuccess, "\(said.errors)")
        #expect(!(said.output + said.errors).contains { "\u{1B}\t".contains($0) }, "\(arguments)")
        #expect(arguments[0] != "table" || said.output.contains("a␉b␤c.png"), "\(said.output)")
      }
    }
  }

  @Test func aFolderThatIsNoSweepIsRefused() async throws {
    try await withProgram { rheobase in
      try rheobase.write("", to: "notes.txt")
      let outcome = try await rheobase("sweep", "run", ".")
      #expect(outcome.status == .exited(1) && outcome.errors.contains("is not the folder of a sweep"))
      try await rheobase.makeSweep(Self.sweep(lambdas: "[0.1]", timesteps: 10))
      let planned = try await rheobase("sweep", "plan", "sweep.yaml", "--output", ".")
      #expect(planned.status == .exited(1) && planned.errors.contains("holds other files than a sweep"))
    }
  }
}

extension Program {
  /// Makes a small bank, and `sweep.yaml`.
  fileprivate func makeSweep(_ text: String) async throws {
    try await makeBank()
    try write(text, to: "sweep.yaml")
  }

  /// Makes and runs a sweep in the folder `s`.
  fileprivate func runSweep(_ text: String) async throws {
    try await makeSweep(text)
    let run = try await self("sweep", "sweep.yaml", "--output", "s")
    try #require(run.status.isSuccess, "\(run.errors)")
  }
}
