import ArgumentParser
import DataFiles
import Experiments
import Foundation
import Reports

struct Sweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run every point of a design space, on this machine or a Slurm cluster, and look at the results.",
    usage: "rheobase sweep SWEEP.yaml --output DIR [<options>]   (plans, runs and collects; see the subcommands)",
    subcommands: [Plan.self, Run.self, Status.self, Collect.self, Table.self, Pareto.self, Cancel.self, Work.self],
    defaultSubcommand: Run.self)

  struct Plan: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the plan of a sweep: one resolved configuration and one name a point.",
      discussion: "Results of a former plan in the folder stay, and those of points that are planned again count.")

    @Argument(help: "The sweep's file (.yaml).") var file: String
    @Option(help: "Folder of the sweep; only the number of points is told without it.") var output: String?
    @OptionGroup var progress: ProgressOptions

    func run() throws {
      let plan = try SweepPlan(contentsOf: file, progress: Terminal.progress)
      Terminal.finish()
      guard let output else { return Terminal.print(plan.summary) }
      let lock = try SweepLock(folder: output)
      let note = try withExtendedLifetime(lock) { try Experiments.Sweep.write(plan, of: file, to: output) }
      for line in [plan.summary, note].compactMap(\.self) { Terminal.print(line) }
      Terminal.print("Plan: \(output)/manifest.json, to be run with: rheobase sweep run \(output.shellWord)")
    }
  }

  struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tell how far a sweep is, whether it is being run, and what failed.",
      discussion: "It ends with status 1 if points have failed.")

    @Argument(help: "Folder of the sweep.") var sweep: String
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      let status = SweepStatus(try Experiments.Sweep(contentsOf: sweep))
      if json {
        Terminal.print(data: status.json.text(expandedDepth: 2), terminator: "")
      } else {
        Terminal.print(status.text, terminator: "")
        if let note = status.driverNote { Terminal.print(note) }
      }
      try Terminal.flush()
      try status.checkNoneFailed()
    }
  }

  struct Collect: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Gather the statistics of all finished points in sweep.sqlite, sweep.csv and marks.csv.")

    @Argument(help: "Folder of the sweep.") var sweep: String
    @OptionGroup var progress: ProgressOptions

    func run() throws {
      let loaded = try Experiments.Sweep(contentsOf: sweep)
      let results = try loaded.collect(progress: Terminal.progress)
      Terminal.finish()
      let all = loaded.points.count.counted("point")
      Terminal.print("\(results.table.points.count) of \(all): \(sweep)/sweep.sqlite, sweep.csv, marks.csv")
      for warning in results.warnings { Terminal.warn(warning) }
      if let note = results.versionNote { Terminal.print(note) }
    }
  }

  struct Table: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show statistics of a sweep by the values of its axes.",
      usage: "rheobase sweep table DIR [--rows bank] [--columns lambda] [--value energy.total] [<options>]")

    @OptionGroup var selection: SweepSelection
    @Option(help: "Axes whose values lead the rows, separated by commas; all that are not columns unless given.")
    var rows: String?
    @Option(help: "Axes whose values head the columns, separated by commas.") var columns = ""
    @Option(name: .customLong("value"), help: "Statistic in the cells; may be repeated.")
    var values = ["energy.total", "time.latency", "quality.psnr"]
    @Option(help: "What the points in a cell become: mean, median, min or max.") var reduce = SweepPivot.Reduction.mean
    @Flag(help: "Print comma-separated values in the units of stats.json.") var csv = false

    func run() throws {
      let pivot = try SweepPivot(
        selection.table(), rows: rows?.axisList, columns: columns.axisList, values: values, reduction: reduce)
      csv ? Terminal.print(data: pivot.csv, terminator: "") : Terminal.print(pivot.text.text, terminator: "")
    }
  }

  struct Pareto: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show the points of a sweep that no other point beats in every objective.",
      usage: "rheobase sweep pareto DIR --minimize energy.total --maximize quality.psnr [<options>]")

    @OptionGroup var selection: SweepSelection
    @Option(help: "Statistic, or axis of numbers, to be small; may be repeated.") var minimize: [String] = []
    @Option(help: "Statistic, or axis of numbers, to be large; may be repeated.") var maximize: [String] = []
    @Flag(help: "Count points that missed their target, too: with their figures after the last step.")
    var includeMissed = false
    @Flag(help: "Print comma-separated values in the units of stats.json.") var csv = false

    func validate() throws {
      guard !(minimize + maximize).isEmpty else {
        throw ValidationError("name an objective with --minimize or --maximize, such as --minimize energy.total")
      }
    }

    func run() throws {
      let table = try selection.table()
      let objectives = minimize.map { ParetoFront.Objective(.minimize, $0) } + maximize.map { .init(.maximize, $0) }
      let fronts = try ParetoFront.fronts(in: table, objectives, includesMissed: includeMissed)
      let leftOut = includeMissed ? 0 : table.missed.count
      guard leftOut < table.points.count else {
        throw ExperimentError("\(selection.sweep): no point has reached its target; --include-missed counts them, too")
      }
      let shown = objectives.map(\.name).filter(table.statistics.contains)
      let pivot = try SweepPivot(ParetoFront.table(of: fronts, in: table), values: shown)
      let note = Self.note(missed: leftOut, withoutValue: try withoutValue(objectives, table))
      let legend = ParetoFront.legend(of: fronts)
      guard !csv else {
        for line in legend + [note].compactMap(\.self) { Terminal.note(line) }
        return Terminal.print(data: pivot.csv, terminator: "")
      }
      Terminal.print(pivot.text.text)
      let (count, all) = (fronts.reduce(0) { $0 + $1.points.count }, table.points.count.counted("point"))
      let place = fronts.count > 1 ? "\(fronts.count) fronts" : "the front"
      Terminal.print("\(count) of \(all) \(count == 1 ? "is" : "are") on \(place)" + (note.map { "; \($0)" } ?? ""))
      for line in legend { Terminal.print(line) }
    }

    /// Points that reached their target, or need not, and have no number for an objective.
    private func withoutValue(_ objectives: [ParetoFront.Objective], _ table: SweepTable) throws -> Int {
      let missed = includeMissed ? [] : Set(table.missed)
      let numbers = objectives.compactMap { table.numbers(of: $0.name) }
      return table.points.indices.count { place in !missed.contains(place) && numbers.contains { $0[place] == nil } }
    }

    private static func note(missed: Int, withoutValue: Int) -> String? {
      var parts: [String] = []
      if missed > 0 {
        let points = missed == 1 ? "1 point that missed its target is" : "\(missed) points that missed their target are"
        parts.append("\(points) left out (--include-missed)")
      }
      if withoutValue > 0 {
        parts.append("\(withoutValue.counted("point")) without a number for an objective left out")
      }
      return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }
  }

  struct Cancel: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "End the Slurm jobs of a sweep, and the run that waits for them.")

    @Argument(help: "Folder of the sweep.") var sweep: String

    func run() throws {
      let text =
        switch try SlurmEngine.cancel(Experiments.Sweep(contentsOf: sweep)) {
        case .ended: "The sweep's jobs were ended; rheobase sweep run \(sweep.shellWord) does what is missing"
        case .nothingQueued: "The queue has no job of this sweep"
        case .neverSubmitted:
          "This sweep was never submitted to a cluster: there is no job to end; "
            + "a sweep run on one machine ends with Ctrl-C where it runs"
        }
      Terminal.print(text)
    }
  }

  /// What a task of a job array does.
  struct Work: ParsableCommand {
    static let configuration = CommandConfiguration(shouldDisplay: false)

    @Argument var sweep: String
    @Option var round: Int
    @Option var task: Int

    func run() throws {
      try SlurmEngine.work(inFolder: sweep, round: round, task: task, executable: Rheobase.executable)
    }
  }
}

/// Which points of a sweep are looked at.
struct SweepSelection: ParsableArguments {
  @Argument(help: "Folder of the sweep.") var sweep: String
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Only points with this value; may be repeated: of one axis either value is meant, of several all.",
      valueName: "axis=value"))
  var conditions: [String] = []
  @OptionGroup var progress: ProgressOptions

  func validate() throws {
    for condition in conditions where !condition.contains("=") {
      throw ValidationError("--where \(condition): AXIS=VALUE is expected")
    }
  }

  /// The points, as they are now.
  func table() throws -> SweepTable {
    let loaded = try Experiments.Sweep(contentsOf: sweep)
    let results = loaded.results(progress: Terminal.progress)
    Terminal.finish()
    for warning in results.warnings { Terminal.warn(warning) }
    guard !results.table.points.isEmpty else {
      throw ExperimentError("\(sweep): no point is done yet; run the sweep with rheobase sweep run \(sweep.shellWord)")
    }
    return try results.table.points(
      where: conditions.map { condition in
        let parts = condition.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return (parts[0], parts[1])
      })
  }
}

extension String {
  fileprivate var axisList: [String] { split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }
}

extension SweepPivot.Reduction: ExpressibleByArgument {}
