import ArgumentParser
import DataFiles
import Experiments
import Foundation
import Reports

extension Sweep {
  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run what is missing of a sweep, and collect the results.",
      usage: "rheobase sweep run SWEEP.yaml --output DIR | DIR [--engine pool|slurm] [<options>]",
      discussion: """
        Interrupt it and run it again: it goes on where it was. A point is done when its result folder is there; one \
        that failed is tried again by the next run.
        """)

    @Argument(help: "The sweep's file (.yaml), or the folder of a planned sweep.") var sweep: String
    @Option(help: "Folder of the sweep, if a file is given.") var output: String?
    @Option(help: "pool: processes on this machine; slurm: job arrays of a cluster.") var engine = Engine.pool
    @Option(parsing: .unconditional, help: "pool: processes side by side (default: one a core).") var jobs: Int?
    @Option(
      help:
        "Memory, such as 8G. pool: for all points together (default: nine tenths of what is free); slurm: of a task.")
    var memory: String?
    @Option(
      parsing: .unconditional, help: "How often failed or missing points are tried again (default: pool 0, slurm 2).")
    var retries: Int?
    @Option(help: "slurm: partition.") var partition: String?
    @Option(help: "slurm: time limit of a task, as Slurm writes it.") var time: String?
    @Option(help: "slurm: account.") var account: String?
    @Option(
      parsing: .unconditional, help: "slurm: points that a task does one after the other (default: at most 256 tasks).")
    var pointsPerTask: Int?
    @Flag(help: "slurm: print the scripts; submit and write nothing.") var dryRun = false
    @OptionGroup var progress: ProgressOptions

    enum Engine: String, CaseIterable, ExpressibleByArgument { case pool, slurm }

    private var isFile: Bool {
      var isFolder = ObjCBool(false)
      let isThere = FileManager.default.fileExists(atPath: sweep, isDirectory: &isFolder)
      return !(isThere && isFolder.boolValue) && (sweep.hasSuffix(".yaml") || sweep.hasSuffix(".yml"))
    }

    func validate() throws {
      guard isFile == (output != nil) else {
        throw ValidationError(
          isFile
            ? "name the sweep's folder with --output"
            : "--output belongs to a sweep's file (.yaml); \(sweep) is taken for a folder")
      }
      for (option, value, least) in [
        ("--jobs", jobs, 1), ("--retries", retries, 0), ("--points-per-task", pointsPerTask, 1),
      ] {
        if let value, value < least { throw ValidationError("\(option) \(value): it must be \(least) or more") }
      }
      if let memory, ByteCount.parse(memory) == nil {
        throw ValidationError("--memory \(memory): a number of bytes is expected, such as 8G or 500M")
      }
      let ofSlurm = [partition, time, account].contains { $0 != nil } || pointsPerTask != nil || dryRun
      guard engine == .slurm || !ofSlurm else {
        throw ValidationError(
          "--partition, --time, --account, --points-per-task and --dry-run belong to --engine slurm")
      }
      try checkingUsage(slurmOptions.check)
      guard engine == .pool || jobs == nil else { throw ValidationError("--jobs belongs to --engine pool") }
    }

    func run() throws {
      let folder = output ?? sweep
      let plan = isFile ? try SweepPlan(contentsOf: sweep, progress: Terminal.progress) : nil
      Terminal.finish()
      guard !dryRun else {
        if let plan { Terminal.note(try Experiments.Sweep.check(plan, of: sweep, in: folder)) }
        return try printScripts(
          plan.map { Experiments.Sweep($0, unwrittenIn: folder) } ?? Experiments.Sweep(contentsOf: folder))
      }
      if plan == nil { _ = try Experiments.Sweep(contentsOf: folder) }
      let lock = try SweepLock(folder: folder)
      try withExtendedLifetime(lock) {
        if let plan {
          let note = try Experiments.Sweep.write(plan, of: sweep, to: folder)
          if !Terminal.isQuiet { for line in [plan.summary, note].compactMap(\.self) { Terminal.print(line) } }
          try Terminal.flush()
        }
        let loaded = try Experiments.Sweep(contentsOf: folder)
        Interrupt.sayFarewell { [engine] in Self.farewell(loaded, folder, engine) }
        if engine == .slurm { Terminal.warn(try slurm(loaded).memoryNote()) }
        let lacking_bytes = try runMissing(of: loaded)
        try finish(loaded, folder, lacking_bytes)
      }
    }

    /// - Returns: what the largest of the points needs that there was too little memory for, in bytes; nil if there is
    ///   none.
    private func runMissing(of sweep: Experiments.Sweep) throws -> Int? {
      defer { Terminal.finish() }
      switch engine {
      case .pool:
        let report = try pool(sweep).run(
          missingOf: sweep, progress: { Terminal.progress($0.update) }, event: Terminal.log)
        return report.lacking_bytes
      case .slurm:
        try slurm(sweep).run(progress: { Terminal.progress($0.update) }, notice: Self.say, event: Terminal.log)
        return nil
      }
    }

    /// Says what the user may have to see to, in place of the progress for now.
    private static func say(_ notice: String) {
      Terminal.finish()
      Terminal.warn(notice)
    }

    /// What is done, and how to go on.
    private static func farewell(_ sweep: Experiments.Sweep, _ folder: String, _ engine: Engine) -> String {
      let count = sweep.done.count
      let done = "\(count) of \(sweep.points.count.counted("point")) \(count == 1 ? "is" : "are") done"
      switch engine {
      case .pool: return "\(done); rheobase sweep run \(folder.shellWord) goes on with the rest"
      case .slurm:
        return "\(done), and the jobs go on: rheobase sweep run \(folder.shellWord) --engine slurm waits for them, "
          + "rheobase sweep cancel \(folder.shellWord) ends them"
      }
    }

    private func finish(_ sweep: Experiments.Sweep, _ folder: String, _ lacking_bytes: Int?) throws {
      let results = try sweep.collect(progress: Terminal.progress)
      Terminal.finish()
      for warning in results.warnings { Terminal.warn(warning) }
      Terminal.print(SweepStatus(sweep).text, terminator: "")
      Terminal.print(
        "Results: \(folder)/sweep.sqlite, sweep.csv; look at them with: rheobase sweep table \(folder.shellWord)")
      // Damage in the middle of a result is seen by who reads it, which collecting does.
      let missing = sweep.points.count - results.table.points.count
      let logs = engine == .slurm ? "; logs of its tasks are in \(folder)/slurm" : ""
      guard missing == 0 else {
        let damaged = sweep.done.count - results.table.points.count
        let again = lacking_bytes.map(withMemory) ?? "to try \(missing == 1 ? "it" : "them") once more"
        throw ExperimentError(
          "\(missing) of \(sweep.points.count.counted("point")) \(missing == 1 ? "is" : "are") missing; "
            + (damaged > 0 ? "remove the \(damaged.counted("folder")) of damaged results, and " : "")
            + "run the sweep again \(again)\(logs)")
      }
    }

    /// How a sweep is to be run again that lacked memory; without the option this machine has too little free.
    private func withMemory(_ bytes: Int) -> String {
      "\(memory == nil ? "where more memory is free, or " : "")with --memory \(ByteCount.option(bytes)) or more"
    }

    private func pool(_ sweep: Experiments.Sweep) -> SweepPool {
      var pool = SweepPool(sweep, executable: Rheobase.executable)
      if let jobs { pool.jobs = jobs }
      if let memory { (pool.memory_bytes, pool.mindsOthers) = (ByteCount.parse(memory), false) }
      pool.retries = retries ?? 0
      return pool
    }

    private var slurmOptions: SlurmOptions {
      var options = SlurmOptions()
      (options.partition, options.time, options.account) = (partition, time, account)
      options.memory_bytes = memory.flatMap(ByteCount.parse)
      options.pointsPerTask = pointsPerTask
      if let retries { options.retries = retries }
      return options
    }

    private func slurm(_ sweep: Experiments.Sweep) -> SlurmEngine {
      SlurmEngine(sweep, executable: Rheobase.executable, options: slurmOptions)
    }

    private func printScripts(_ sweep: Experiments.Sweep) throws {
      Terminal.warn(try slurm(sweep).memoryNote())
      guard let scripts = try slurm(sweep).scripts() else { return Terminal.print("Nothing is missing") }
      Terminal.print(
        data:
          "# The array; a random part comes into its job's name when it is submitted\n\(scripts.array)\n"
          + "# The collection, submitted with --dependency=afterany:ARRAY\n\(scripts.collect)",
        terminator: "")
    }
  }
}
