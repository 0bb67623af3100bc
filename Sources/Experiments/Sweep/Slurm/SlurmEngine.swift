import Foundation

/// Runs a sweep as job arrays of a Slurm cluster whose machines share the sweep's folder.
///
/// Result folders are the truth, never the queue's state: an array is over when the queue does not have it any more,
/// and what is then missing is submitted again.
public struct SlurmEngine {
  /// The sweep.
  public let sweep: Sweep
  /// The path of this program, the same on all machines.
  public let executable: String
  /// How.
  public var options: SlurmOptions

  /// An engine for a sweep.
  public init(_ sweep: Sweep, executable: String, options: SlurmOptions) {
    (self.sweep, self.executable, self.options) = (sweep, executable, options)
  }

  /// The scripts that would be submitted now; nil if nothing is missing.
  ///
  /// - Throws: `ExperimentError` if a point has changed since it was planned, as `run`.
  public func scripts() throws -> (array: String, collect: String)? {
    let missing = sweep.missing
    try sweep.checkUnchanged(missing)
    return missing.isEmpty ? nil : try scripts(for: missing, in: nextRound)
  }

  /// That a task may have less memory than it is estimated to take, in a line; nil if it may not.
  public func memoryNote() throws -> String? {
    let missing = sweep.missing
    guard let memory_bytes = options.memory_bytes, !missing.isEmpty else { return nil }
    let need_bytes = try needs(of: missing).memory_bytes
    guard memory_bytes < need_bytes else { return nil }
    return "a task needs about \(ByteCount.text(need_bytes)) of memory, and --memory gives it "
      + "\(ByteCount.text(memory_bytes)); Slurm may kill it"
  }

  /// Runs all points that are missing, and what is still missing after that again, `retries` times at the most.
  ///
  /// A former array that is still in the queue is waited for first. Whoever cancels the sweep ends this, too.
  ///
  /// - Parameters:
  ///   - notice: Told, in a line, why Slurm starts nothing, if that lasts.
  ///   - event: Told, in a line each, what is submitted, what its jobs do, and what is missing after it.
  /// - Throws: `ExperimentError` if Slurm does not answer, or the sweep was cancelled meanwhile.
  public func run(
    progress: (SweepProgress) -> Void = { _ in }, notice: (String) -> Void = { _ in },
    event: (String) -> Void = { _ in }
  ) throws {
    try sweep.checkUnchanged(sweep.missing)
    let mark = CancellationMark(sweep.files)
    mark.remove()
    var report = SweepProgress(total: sweep.points.count, done: sweep.done.count)
    if let last = SlurmRound.all(of: sweep).last {
      try attach(to: last, notice)
      try wait(for: last, &report, progress, notice, event)
    }
    try mark.check()
    var missing = sweep.missing
    for _ in 0...options.retries where !missing.isEmpty {
      let submitted = missing.count
      let round = try submit(missing, notice, event)
      // Who cancels marks the sweep before looking at the queue: so the one sees the other's doing.
      if mark.isThere { try SlurmCommands.cancel(round.jobs) }
      try wait(for: round, &report, progress, notice, event)
      try mark.check()
      missing = sweep.missing
      event("round \(round.number) is over: \(missing.count) of its \(submitted.counted("point")) missing")
    }
    for id in sweep.done { sweep.files.forgetFailures(id) }
    removeLeftovers()
    report.failed = missing.count
    progress(report)
  }

  /// What there was to cancel.
  public enum Cancellation: Sendable { case ended, nothingQueued, neverSubmitted }

  /// Ends all jobs of the sweep, and the driver that waits for them.
  ///
  /// - Throws: `ExperimentError` if Slurm does not answer. If its queue cannot be asked, nothing is cancelled; if jobs
  ///   cannot be ended, nobody submits them again.
  public static func cancel(_ sweep: Sweep) throws -> Cancellation {
    guard !SlurmRound.all(of: sweep).isEmpty else { return .neverSubmitted }
    let mark = CancellationMark(sweep.files)
    let wasCancelled = mark.isThere
    // Before the queue is asked: a driver would submit jobs meanwhile.
    try mark.write()
    let jobs: [String]
    do {
      jobs = try queuedJobs(sweep)
    } catch {
      if !wasCancelled { mark.remove() }
      throw ExperimentError("\(sweep.folder): its jobs were not ended: \(error)")
    }
    guard !jobs.isEmpty else { return .nothingQueued }
    do {
      try SlurmCommands.cancel(jobs)
    } catch {
      throw ExperimentError(
        "\(sweep.folder): its jobs may run on: \(error); nothing more is submitted, "
          + "and rheobase sweep cancel \(sweep.folder.shellWord) tries again")
    }
    return .ended
  }

  /// Jobs of the sweep that the queue has.
  public static func queuedJobs(_ sweep: Sweep) throws -> [String] {
    let rounds = SlurmRound.all(of: sweep)
    guard !rounds.isEmpty else { return [] }
    let own = try SlurmCommands.queue().filter { job in rounds.contains { $0.isArray(job) || $0.isCollection(job) } }
    return Set(own.map(\.number)).sorted()
  }

  /// Does the points of a task of a round, one after the other. The plan is not read, as each task would hold all of
  /// it.
  public static func work(inFolder folder: String, round: Int, task: Int, executable: String) throws {
    let files = SweepFolder(folder)
    let points = try SlurmRound(sweep: files, number: round).points(ofTask: task)
    let lock = try SweepWorkLock(files, isExclusive: false)
    var pool = SweepPool(files, executable: executable)
    pool.jobs = 1
    // Slurm has given the task its memory.
    pool.memory_bytes = nil
    _ = try withExtendedLifetime(lock) { try pool.run(points.filter { !files.isDone($0) }, of: points.count, lock) }
  }

  /// What tasks left whose node was killed, once no task of this sweep runs any more.
  private func removeLeftovers() {
    guard let lock = try? SweepWorkLock(sweep.files, isExclusive: true) else { return }
    sweep.files.removeLeftovers(of: Set(sweep.points.map(\.id)), lock)
  }

  // MARK: Submitting

  private var nextRound: SlurmRound {
    SlurmRound(sweep: sweep.files, number: (SlurmRound.all(of: sweep).last?.number ?? 0) + 1)
  }

  private func scripts(for ids: [String], in round: SlurmRound) throws -> (array: String, collect: String) {
    let tasks = options.tasks(ids).count
    let needs = try needs(of: ids)
    return (
      round.arrayScript(
        tasks: tasks, executable: executable, memory_bytes: options.memory_bytes ?? needs.memory_bytes,
        threads: needs.threads, options),
      round.collectScript(executable: executable, memory_bytes: Self.collection_bytes(sweep.points.count), options)
    )
  }

  /// The most that a task needs for any of these points.
  private func needs(of ids: [String]) throws -> (memory_bytes: Int, threads: Int) {
    var estimate = MemoryEstimate()
    let runs = try ids.map { try sweep.configuration(of: $0) }
    let point_bytes = runs.map { estimate.peak_bytes(of: $0) }.max() ?? 0
    return (point_bytes + Self.worker_bytes(sweep.points.count), runs.map(\.threads).max() ?? 1)
  }

  /// What a task needs beside the point that it runs: the program, measured as 40 MiB, and the list of all tasks.
  private static func worker_bytes(_ points: Int) -> Int { (48 << 20) + points * 64 }

  /// Measured with 1,000 points: 67 MiB.
  private static func collection_bytes(_ points: Int) -> Int { (128 << 20) + points * 100_000 }

  private func submit(
    _ ids: [String], _ notice: (String) -> Void, _ event: (String) -> Void
  ) throws -> SlurmRound {
    let tasks = options.tasks(ids)
    let most = try SlurmCommands.largestTask()
    guard tasks.count <= most else {
      throw ExperimentError(
        "\(tasks.count.counted("task")) are more than the \(most) that an array of this cluster may have; "
          + "use --points-per-task \((ids.count + most - 1) / most) or more")
    }
    let round = nextRound
    try sweep.files.checkIsThere()
    try FileManager.default.createDirectory(atPath: round.folder, withIntermediateDirectories: true)
    try round.writeName()
    try round.write(tasks: tasks)
    let scripts = try scripts(for: ids, in: round)
    try Data(scripts.array.utf8).write(to: URL(fileURLWithPath: round.arrayPath))
    try Data(scripts.collect.utf8).write(to: URL(fileURLWithPath: round.collectPath))
    let job = try SlurmCommands.submit(round.arrayPath)
    try round.write(jobs: [job])
    submitCollection(after: job, of: round, notice)
    event(
      "round \(round.number): \(ids.count.counted("point")) in \(tasks.count.counted("task")) submitted, jobs "
        + round.jobs.joined(separator: ", "))
    return round
  }

  /// It is for when this driver has gone; as long as there is one, it collects itself.
  private func submitCollection(after job: String, of round: SlurmRound, _ notice: (String) -> Void) {
    do {
      try round.write(jobs: [job, try SlurmCommands.submit(round.collectPath, after: job)])
    } catch {
      notice(
        "the collection after the array cannot be submitted: \(error); "
          + "if this process is ended, collect with rheobase sweep collect \(sweep.folder.shellWord)")
    }
  }

  /// Takes up a round whose driver may have been killed between submitting a job and noting it.
  private func attach(to round: SlurmRound, _ notice: (String) -> Void) throws {
    var queue = try SlurmCommands.queue()
    if round.jobs.isEmpty, !queue.contains(where: round.isArray) {
      // An sbatch that outlived its driver may be on its way.
      Thread.sleep(forTimeInterval: 2)
      queue = try SlurmCommands.queue()
    }
    guard let array = queue.first(where: round.isArray) else { return }
    if let collection = queue.first(where: round.isCollection) {
      try round.write(jobs: [array.number, collection.number])
    } else if round.jobs.count < 2 {
      submitCollection(after: array.number, of: round, notice)
    }
  }

  // MARK: Waiting

  /// Waits until the queue has no job of a round any more. A controller that does not answer may be starting again: it
  /// has answered just now, when the round was submitted or found.
  private func wait(
    for round: SlurmRound, _ report: inout SweepProgress, _ progress: (SweepProgress) -> Void,
    _ notice: (String) -> Void, _ event: (String) -> Void
  ) throws {
    let began = ContinuousClock.now
    var lastAnswer = began
    var standstill = Standstill()
    var collection = WaitForCollection()
    var told = ""
    var done = sweep.done
    while true {
      do {
        let own = try SlurmCommands.queue().filter { round.isArray($0) || round.isCollection($0) }
        if own.isEmpty { break }
        if collection.isLate(own, of: round) { try SlurmCommands.cancel(own.map(\.number)) }
        // Their points are missing, and are submitted again.
        let stuck = own.filter(\.willNeverStart).map(\.task)
        if !stuck.isEmpty { try SlurmCommands.cancel(stuck.sorted()) }
        lastAnswer = .now
        report.running = own.count { round.isArray($0) && $0.isRunning }
        let summary = SlurmCommands.summary(of: own)
        if summary != told { event("round \(round.number): \(summary)") }
        told = summary
        if let reasons = standstill.reasons(of: own.filter(round.isArray)) {
          notice("Slurm starts no job of the sweep and says why: \(reasons); it is waited for")
        }
      } catch {
        guard .now - lastAnswer < Self.patience else { throw error }
      }
      done = sweep.done(beside: done)
      report.done = done.count
      progress(report)
      Thread.sleep(forTimeInterval: .now - began < .seconds(60) ? 0.5 : 5)
    }
    sweep.files.lookAgain()
    (report.done, report.running) = (sweep.done.count, 0)
    progress(report)
  }

  private static let patience = Duration.seconds(600)

  /// A collection whose array is over. On a busy cluster it may wait long for what is done here at once.
  private struct WaitForCollection {
    private var began: ContinuousClock.Instant?

    private static let patience = Duration.seconds(30)

    /// Whether it is all that is left of a round in the queue, and has not begun in all the time that it had.
    mutating func isLate(_ jobs: Set<SlurmCommands.Job>, of round: SlurmRound) -> Bool {
      guard jobs.allSatisfy({ round.isCollection($0) && $0.isPending }) else { return false }
      let since = began ?? .now
      began = since
      return .now - since > Self.patience
    }
  }

  /// Jobs that wait and wait.
  private struct Standstill {
    private var began: ContinuousClock.Instant?
    private var isTold = false

    private static let patience = Duration.seconds(30)

    /// Why none of an array is started, once, when that has lasted; nil else.
    mutating func reasons(of jobs: Set<SlurmCommands.Job>) -> String? {
      let heldUp = jobs.filter(\.isHeldUp)
      guard !heldUp.isEmpty, jobs == heldUp else {
        began = nil
        return nil
      }
      let since = began ?? .now
      began = since
      guard !isTold, .now - since > Self.patience else { return nil }
      isTold = true
      return Set(heldUp.map(\.reason)).sorted().joined(separator: "; ")
    }
  }
}
