import DataFiles
import Foundation
import KernelBanks
import Reports
import SparseCoding

/// `rheobase study`: whether kernel heterogeneity helps, and with what, over a folder of photographs.
///
/// Each task is a process of its own and leaves one file in `cells`; a study that was interrupted, or is given more
/// photographs, does only what is missing. The tables, pictures and the page are made from the cells alone.
public struct Study {
  /// What to do.
  public let options: StudyOptions
  /// Whether the results folder gets a page and charts.
  public var makesReport = true

  /// A study; nothing happens yet.
  public init(_ options: StudyOptions) { self.options = options }

  /// Does one task, in this process.
  ///
  /// - Throws: `ExperimentError` if there is no such task, and what the task throws.
  public func run(task id: String, progress: @escaping ProgressHandler) throws {
    guard let task = try StudyTask.all(options).first(where: { $0.id == id }) else {
      throw ExperimentError("this study has no task '\(id)'")
    }
    try writeDesignedBanks()
    var fingerprints = try StudyFingerprints(options)
    let fingerprint = try fingerprints(task)
    var worker = StudyWorker(options: options)
    worker.progress = progress
    try StudyCell.write(try worker.result(of: task), of: id, fingerprint: fingerprint, to: options.output)
  }

  /// A task that is not done, and why, in one line.
  public struct Unfinished: Equatable, Sendable {
    /// The task.
    public let task: String
    /// The last that its process said, or what it waited for.
    public let reason: String
    /// Whether it failed: it was not merely stopped, or left for another time.
    public var hasFailed = false
  }

  /// Does what is missing and writes the results; the folder then records what the study is of.
  ///
  /// - Parameters:
  ///   - executable: the program, and its arguments but for the task: each process is given `--task ID` besides.
  ///   - progress: told how far it is.
  /// - Returns: the tasks that are not done; their rows are missing in the results.
  public func callAsFunction(
    executable: (path: String, arguments: [String]), progress: @escaping ProgressHandler = { _ in }
  ) throws -> [Unfinished] {
    try options.check()
    let record = try StudyRecord(options)
    if !record.isCheckedInFolder { try StudyPhotographs(options).check(progress: progress) }
    let lock = try StudyFolder(path: options.output).lock()
    defer { withExtendedLifetime(lock) {} }
    try record.write(isChecked: true)
    try writeDesignedBanks()
    let (tasks, folds) = (try StudyTask.all(options), try options.folds())
    var waiting = try notDone(tasks)
    var pool = ProcessPool(limit: options.jobs)
    var unfinished: [Unfinished] = []
    while !waiting.isEmpty || pool.isBusy {
      let busy = Set(waiting.map(\.id) + pool.names)
      if pool.hasRoom,
        let next = waiting.firstIndex(where: { task in
          task.requirements(options, folds).allSatisfy { !busy.contains($0) }
        })
      {
        let task = waiting.remove(at: next)
        if let former = unfinished.first(where: { task.requirements(options, folds).contains($0.task) }) {
          unfinished.append(Unfinished(task: task.id, reason: "\(former.task) is not done"))
        } else {
          try pool.start(task.id, executable.path, executable.arguments + ["--task", task.id])
        }
        continue
      }
      let (name, end) = pool.waitForOne()
      switch end {
      case .succeeded: waiting += try outdated(tasks, since: name, but: waiting.map(\.id) + pool.names)
      case .failed(let reason): unfinished.append(Unfinished(task: name, reason: reason, hasFailed: true))
      case .stopped: unfinished.append(Unfinished(task: name, reason: "stopped"))
      }
      let done = tasks.count - waiting.count - pool.names.count
      progress(ProgressUpdate("last: \(name)", done: Double(done), of: Double(tasks.count), unit: "tasks"))
    }
    try report(unfinished: unfinished)
    return unfinished
  }

  /// The tasks that a bank which was just learnt has outdated.
  private func outdated(_ tasks: [StudyTask], since name: String, but known: [String]) throws -> [StudyTask] {
    let folds = try options.folds()
    return try notDone(tasks.filter { $0.requirements(options, folds).contains(name) && !known.contains($0.id) })
  }

  /// Writes tables, pictures and the page from what is done, without doing more.
  ///
  /// - Returns: the tasks that are not done.
  /// - Throws: `ExperimentError` if the folder is of a study of something else, whose tables these would replace.
  public func report() throws -> [String] {
    try options.check()
    let lock = try StudyFolder(path: options.output).lock()
    defer { withExtendedLifetime(lock) {} }
    let record = try StudyRecord(options)
    try record.checkIsThatOfFolder()
    try record.write(isChecked: record.isCheckedInFolder)
    let missing = try notDone(StudyTask.all(options)).map(\.id)
    try report(unfinished: missing.map { Unfinished(task: $0, reason: "not tried yet") })
    return missing
  }

  private func report(unfinished: [Unfinished]) throws {
    try StudyPage(StudyResults(options), unfinished: unfinished).write()
    if makesReport { try Report(options.output)() }
  }

  private func writeDesignedBanks() throws {
    for bank in options.designedBanks {
      let path = bank.path(in: options.output)
      guard let kernels = try bank.design()?.bank() else { continue }
      // A file of another formula is replaced; one that is the same is left, as a process beside may be reading it.
      let former = FileManager.default.fileExists(atPath: path) ? try? BankFile.read(path) : nil
      guard former?.weights != kernels.weights || former?.designs != kernels.designs else { continue }
      try BankFile.write(kernels, to: path)
    }
  }

  private func notDone(_ tasks: [StudyTask]) throws -> [StudyTask] {
    var fingerprints = try StudyFingerprints(options)
    return try tasks.filter { task in
      guard let cell = StudyCell(of: task.id, in: options.output) else { return true }
      return try !fingerprints.hold(cell, for: task)
    }
  }
}

extension [Study.Unfinished] {
  /// Each reason once, in the order in which they came, with the tasks that it keeps from being done.
  public var byReason: [(reason: String, tasks: [String])] {
    reduce(into: []) { reasons, unfinished in
      if let place = reasons.firstIndex(where: { $0.reason == unfinished.reason }) {
        reasons[place].tasks.append(unfinished.task)
      } else {
        reasons.append((unfinished.reason, [unfinished.task]))
      }
    }
  }
}
