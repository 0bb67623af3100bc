import DataFiles
import Foundation

/// One array of a sweep: its folder, scripts and jobs. It is in `slurm/round-N` of the sweep's folder.
struct SlurmRound {
  let sweep: SweepFolder
  let number: Int

  var folder: String { "\(sweep.path)/slurm/round-\(number)" }

  /// The rounds that there are, in order.
  static func all(of sweep: Sweep) -> [SlurmRound] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(sweep.folder)/slurm")) ?? []
    let numbers = names.filter { $0.hasPrefix("round-") }.compactMap { Int($0.dropFirst("round-".count)) }
    return numbers.sorted().map { SlurmRound(sweep: sweep.files, number: $0) }
  }

  // MARK: Tasks

  /// Writes the points of each task, one line a task.
  func write(tasks: [[String]]) throws {
    let text = tasks.map { $0.joined(separator: " ") + "\n" }.joined()
    try AtomicFile.write(Data(text.utf8), to: tasksPath)
  }

  /// The points of a task, counted from 1. The other lines, which may be many, stay bytes.
  func points(ofTask task: Int) throws -> [String] {
    let lines = try bytes(ofFile: tasksPath, maximumBytes: 1 << 28).split(separator: UInt8(ascii: "\n"))
    guard lines.indices.contains(task - 1) else { throw ExperimentError("\(tasksPath): there is no task \(task)") }
    return String(decoding: lines[task - 1], as: UTF8.self).split(separator: " ").map(String.init)
  }

  private var tasksPath: String { "\(folder)/tasks.txt" }

  // MARK: Jobs

  /// The name of the array's job, one that no other job has: a driver that is killed before it could note a job's
  /// number finds the job by its name.
  private var jobName: String {
    let data = FileManager.default.contents(atPath: "\(folder)/name.txt") ?? Data()
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static let collectionSuffix = "-collect"

  /// Makes the name, which must be done before anything is submitted.
  func writeName() throws {
    let name = "rheobase-\(String(UInt64.random(in: .min ... .max), radix: 36))-\(number)"
    try AtomicFile.write(Data("\(name)\n".utf8), to: "\(folder)/name.txt")
  }

  /// Whether a job is the array. Its number says nothing: a cluster that was set up anew counts from one again.
  func isArray(_ job: SlurmCommands.Job) -> Bool { !jobName.isEmpty && job.name == jobName }

  /// Whether a job is the collection after the array.
  func isCollection(_ job: SlurmCommands.Job) -> Bool {
    !jobName.isEmpty && job.name == jobName + Self.collectionSuffix
  }

  /// Notes the jobs that were submitted: the array's and that of its collection.
  func write(jobs: [String]) throws {
    try AtomicFile.write(Data((jobs.joined(separator: "\n") + "\n").utf8), to: "\(folder)/jobs.txt")
  }

  /// The jobs that were submitted; empty if none was.
  var jobs: [String] {
    let data = FileManager.default.contents(atPath: "\(folder)/jobs.txt") ?? Data()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  // MARK: Scripts

  var arrayPath: String { "\(folder)/array.sh" }
  var collectPath: String { "\(folder)/collect.sh" }

  /// The array: each task does its points one after the other.
  func arrayScript(tasks: Int, executable: String, memory_bytes: Int, threads: Int, _ options: SlurmOptions) -> String {
    let work = [executable, "sweep", "work", sweep.path, "--round", "\(number)", "--task"].map(\.quotedForShell)
    return script(
      name: jobName.isEmpty ? "rheobase" : jobName, ["--array=1-\(tasks)", "--requeue"], memory_bytes: memory_bytes,
      threads: threads, options,
      log: "task-\"$SLURM_ARRAY_TASK_ID\".log", command: work.joined(separator: " ") + " \"$SLURM_ARRAY_TASK_ID\"")
  }

  /// The collection, to run after the array.
  func collectScript(executable: String, memory_bytes: Int, _ options: SlurmOptions) -> String {
    script(
      name: (jobName.isEmpty ? "rheobase" : jobName) + Self.collectionSuffix, [], memory_bytes: memory_bytes,
      threads: 1, options, log: "collect.log",
      command: [executable, "sweep", "collect", sweep.path].map(\.quotedForShell).joined(separator: " "))
  }

  private func script(
    name: String, _ own: [String], memory_bytes: Int, threads: Int, _ options: SlurmOptions, log: String,
    command: String
  ) -> String {
    let settings =
      [
        "--job-name=\(name)", "--ntasks=1", "--cpus-per-task=\(threads)",
        "--mem=\(ByteCount.option(memory_bytes))",
      ]
      + (options.time.map { ["--time=\($0)"] } ?? []) + (options.partition.map { ["--partition=\($0)"] } ?? [])
      + (options.account.map { ["--account=\($0)"] } ?? []) + ["--output=/dev/null"] + own
    // The log's name is for the shell, not for Slurm, whose patterns would take a % in the folder for their own.
    return "#!/bin/bash\n" + settings.map { "#SBATCH \($0)\n" }.joined()
      + "exec >>\(folder.quotedForShell)/\(log) 2>&1\nexec \(command)\n"
  }
}
