import Foundation

/// What is asked of a Slurm cluster, by its programs.
enum SlurmCommands {
  /// Submits a script.
  ///
  /// - Parameter job: after whose end, however it ends, the script may start.
  /// - Returns: the job's number.
  static func submit(_ script: String, after job: String? = nil) throws -> String {
    let dependency = job.map { ["--dependency=afterany:\($0)", "--kill-on-invalid-dep=yes"] } ?? []
    let answer = try run("sbatch", ["--parsable"] + dependency + [script])
    // "JOB" or "JOB;CLUSTER".
    guard let number = answer.split(whereSeparator: { ";\n".contains($0) }).first else {
      throw ExperimentError("sbatch: answered '\(answer)', which is not a job")
    }
    return String(number)
  }

  /// A job, or a task of an array, in the queue.
  struct Job: Hashable {
    /// The number of the job, for all tasks of an array the same.
    let number: String
    /// The task; the job, if it is no array.
    let task: String
    let name: String
    /// What it does, in Slurm's words: `RUNNING`, `PENDING`, `COMPLETING`, …
    let state: String
    /// Why it waits; "None" if it does not, or Slurm has not looked at it yet.
    let reason: String

    var isRunning: Bool { state == "RUNNING" }
    var isPending: Bool { state == "PENDING" }

    /// Whether Slurm has looked at it and not started it, for another reason than a job before it.
    var isHeldUp: Bool { !["None", "Dependency"].contains(reason) }

    /// Whether Slurm could not start it, on a node that has just died say, and will not try again by itself.
    var willNeverStart: Bool { reason.contains("requeued held") || reason == "JobHoldMaxRequeue" }
  }

  /// What is waiting, running or ending. Of this user's only: on a busy cluster all would be much.
  static func queue() throws -> Set<Job> {
    let lines = try run("squeue", ["--me", "--noheader", "--format=%F|%i|%T|%r|%j"])
    let jobs = lines.split(whereSeparator: \.isNewline).compactMap { line -> Job? in
      let parts = line.split(separator: "|", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 5 else { return nil }
      return Job(number: parts[0], task: parts[1], name: parts[4], state: parts[2], reason: parts[3])
    }
    return Set(jobs)
  }

  /// What jobs do, in a line: how many are in each state, and why those wait that do, whose tasks are not listed one
  /// by one: `2 running, 7_[3-18] pending (Resources)`.
  static func summary(of jobs: Set<Job>) -> String {
    let (waiting, others) = (jobs.filter(\.isPending), jobs.filter { !$0.isPending })
    let states = Dictionary(grouping: others, by: \.state).sorted { $0.key < $1.key }
      .map { "\($0.value.count) \($0.key.lowercased())" }
    let reasons = waiting.sorted { $0.task < $1.task }.map { "\($0.task) pending (\($0.reason))" }
    return (states + reasons).joined(separator: ", ")
  }

  /// Ends jobs.
  static func cancel(_ jobs: [String]) throws { _ = try run("scancel", jobs) }

  /// The largest number of a task that the cluster takes.
  ///
  /// - Throws: `ExperimentError` if it takes no arrays.
  static func largestTask() throws -> Int {
    let configuration = try run("scontrol", ["show", "config"])
    let line = configuration.split(separator: "\n").first { $0.hasPrefix("MaxArraySize") }
    // The Slurm default is 1001, which makes 1000 the last number.
    let size = line?.split(separator: "=").last.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) } ?? 1001
    guard size > 1 else {
      throw ExperimentError("this cluster takes no job arrays: its MaxArraySize is \(size), and 2 or more is needed")
    }
    return size - 1
  }

  /// The first line that a program left, and, where nothing else would be understood, what it means.
  private static func failure(_ program: String, _ reason: String) -> String {
    let mentions = ["resolve_ctls", "Unable to contact", "Could not establish a configuration source", "slurm.conf"]
    let named = reason.hasPrefix(program) ? reason : "\(program): \(reason)"
    return mentions.contains(where: reason.contains)
      ? "no Slurm cluster answers (\(named)); is this a machine of one, and does its controller run?" : named
  }

  /// The environment without what would set options of these programs: it goes before what a script says, so that a
  /// whole array could have another name, or the queue be shown without the sweep's jobs.
  private static var ownEnvironment: [String: String] {
    ProcessInfo.processInfo.environment.filter { name, _ in !optionPrefixes.contains(where: name.hasPrefix) }
  }

  private static let optionPrefixes = ["SBATCH_", "SQUEUE_", "SCANCEL_", "SCONTROL_"]

  private static func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let output = try ScratchFile.make(), errors = try ScratchFile.make()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.environment = ownEnvironment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    do {
      try process.run()
    } catch {
      throw ExperimentError("\(program): cannot be started: \(error.localizedDescription)")
    }
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let reason =
        ScratchFile.text(of: errors).split(separator: "\n").first.map(String.init)
        ?? "status \(process.terminationStatus)"
      throw ExperimentError(
        process.terminationStatus == 127
          ? "\(program) is not there; is this a machine of a Slurm cluster?" : failure(program, reason))
    }
    return ScratchFile.text(of: output)
  }
}
