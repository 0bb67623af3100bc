import DataFiles
import Foundation
import KernelBanks
import Reports

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
    var fingerprints = StudyFingerprints(options)
    let fingerprint = try fingerprints(task)
    var worker = StudyWorker(options: options)
    worker.progress = progress
    try StudyCell.write(try worker.result(of: task), of: id, fingerprint: fingerprint, to: options.output)
  }

  /// Does what is missing and writes the results.
  ///
  /// - Parameters:
  ///   - executable: the program, and its arguments but for the task: each process is given `--task ID` besides.
  ///   - progress: told how far it is.
  /// - Returns: the tasks that failed; their rows are missing in the results.
  public func callAsFunction(
    executable: (path: String, arguments: [String]), progress: @escaping ProgressHandler = { _ in }
  ) throws -> [String] {
    try options.check()
    try writeDesignedBanks()
    let tasks = try StudyTask.all(options)
    var waiting = try notDone(tasks)
    var pool = ProcessPool(limit: options.jobs)
    var failed: [String] = []
    while !waiting.isEmpty || pool.isBusy {
      let busy = Set(waiting.map(\.id) + pool.names)
      if pool.hasRoom,
        let next = waiting.firstIndex(where: { task in
          task.requirements(options).allSatisfy { !busy.contains($0) }
        })
      {
        let task = waiting.remove(at: next)
        guard task.requirements(options).allSatisfy({ !failed.contains($0) }) else {
          failed.append(task.id)
          continue
        }
        try pool.start(task.id, executable.path, executable.arguments + ["--task", task.id])
        continue
      }
      let (name, end) = pool.waitForOne()
      if end != .succeeded { failed.append(name) }
      let done = tasks.count - waiting.count - pool.names.count
      progress(ProgressUpdate("last: \(name)", done: Double(done), of: Double(tasks.count), unit: "tasks"))
    }
    try report(failed: failed)
    return failed
  }

  /// Writes tables, pictures and the page from what is done, without doing more.
  ///
  /// - Returns: the tasks that are not done.
  public func report() throws -> [String] {
    try options.check()
    let missing = try notDone(StudyTask.all(options)).map(\.id)
    try report(failed: missing)
    return missing
  }

  private func report(failed: [String]) throws {
    try StudyPage(StudyResults(options), failed: failed).write()
    if makesReport { try Report(options.output)() }
  }

  private func writeDesignedBanks() throws {
    for bank in options.designedBanks {
      let path = bank.path(in: options.output)
      guard !FileManager.default.fileExists(atPath: path), let kernels = try bank.design()?.bank() else { continue }
      try BankFile.write(kernels, to: path)
    }
  }

  private func notDone(_ tasks: [StudyTask]) throws -> [StudyTask] {
    var fingerprints = StudyFingerprints(options)
    return try tasks.filter { task in
      guard let cell = StudyCell(of: task.id, in: options.output) else { return true }
      return try cell.fingerprint != fingerprints(task)
    }
  }
}
