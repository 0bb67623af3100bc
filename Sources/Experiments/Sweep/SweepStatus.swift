import DataFiles
import Foundation
import Reports

/// How far a sweep is, and what failed.
public struct SweepStatus {
  private let sweep: Sweep
  private let done: Int
  /// Results of each build of the program.
  private let versions: [String: Int]
  private let failures: [String: Sweep.Failure]
  private let strangers: Int
  private let isDriven: Bool?
  /// Files that points name, and chips, that have changed since the plan, and those that cannot be read any more.
  private let files: (changed: [String], lost: [String])
  private let jobs: [String]
  /// Why the queue of a sweep that was submitted cannot be asked; nil if it can.
  private let queueError: String?

  /// The status now.
  public init(_ sweep: Sweep) {
    self.sweep = sweep
    let ids = sweep.done
    done = ids.count
    versions = sweep.versions(of: ids)
    failures = sweep.failures(beside: ids)
    strangers = sweep.strangers
    files = sweep.files.filesSincePlan
    isDriven = SweepLock.isTaken(inFolder: sweep.folder)
    do {
      (jobs, queueError) = (try SlurmEngine.queuedJobs(sweep), nil)
    } catch {
      // Whether a sweep that is over has jobs, nobody needs to know.
      (jobs, queueError) = ([], done == sweep.points.count ? nil : "\(error)")
    }
  }

  /// Numbers, and each error with the points that it ended.
  public var text: String {
    let left = sweep.points.count - done - failures.count
    var text = "\(done) of \(sweep.points.count.counted("point")) done"
    if !failures.isEmpty { text += ", \(failures.count) failed" }
    if left > 0 { text += ", \(left) not tried" }
    text += "\n"
    for group in SweepFailures.byCause(failures, of: sweep.points) {
      text += "  \(group.headline)\n"
      let shown = group.varies ? 1 : Self.mostShown
      for point in group.points.prefix(shown) { text += "    \(point.id) \(description(of: point))\n" }
      if group.points.count > shown { text += "    and \(group.points.count - shown) more\n" }
    }
    if !jobs.isEmpty { text += "in Slurm's queue: \(jobs.joined(separator: ", "))\n" }
    if strangers > 0 { text += "\(strangers.counted("result")) of a former plan, of no point of this one, in points\n" }
    for file in files.changed {
      text += "\(file) has changed since the plan\(done > 0 ? "; results are of what it was" : "")\n"
    }
    for file in files.lost {
      let fault = FileManager.default.fileExists(atPath: file) ? "cannot be read" : "is gone"
      text += "\(file) \(fault)\(done < sweep.points.count ? "; points that need it will fail" : "")\n"
    }
    if let note = Sweep.note(on: versions) { text += "\(note)\n" }
    if let queueError { text += "its jobs are not known: \(queueError)\n" }
    return text
  }

  /// Whether a driver is at work in the folder, in a line; nil if nobody can tell, or nothing is left to do.
  public var driverNote: String? {
    switch isDriven {
    case true?: "a driver is at work in this folder, or a plan is being made"
    case false? where done < sweep.points.count: "no driver is at work in this folder"
    default: nil
    }
  }

  /// Checks that no point has failed.
  ///
  /// - Throws: `ExperimentError` that says how many have.
  public func checkNoneFailed() throws {
    guard !failures.isEmpty else { return }
    throw ExperimentError(
      "\(failures.count) of \(sweep.points.count.counted("point")) \(failures.count == 1 ? "has" : "have") failed; "
        + "rheobase sweep run \(sweep.folder.shellWord) tries \(failures.count == 1 ? "it" : "them") again")
  }

  /// `points`, `done`, under `versions` the results of each build of the program, the files and chips that have
  /// `changed` since the plan, those that are `lost`, which cannot be read any more, whether a `driver` is at work, the
  /// queued `jobs` (both null if that is not known), and under `failed` the name, axes, error and attempts of each.
  public var json: JSONValue {
    let failed = sweep.points.compactMap { point -> JSONValue? in
      guard let failure = failures[point.id] else { return nil }
      return .object([
        .init("id", .text(point.id)),
        .init("axes", .object(zip(sweep.axes, point.axisValues).map { .init($0, .text($1)) })),
        .init("error", .text(failure.message)), .init("attempts", .integer(Int64(failure.attempts))),
      ])
    }
    return .object([
      .init("points", .integer(Int64(sweep.points.count))), .init("done", .integer(Int64(done))),
      .init("versions", .object(versions.sorted { $0.key < $1.key }.map { .init($0.key, .integer(Int64($0.value))) })),
      .init("changed", .list(files.changed.map { .text($0) })),
      .init("lost", .list(files.lost.map { .text($0) })),
      .init("driver", isDriven.map { .flag($0) } ?? .null),
      .init("jobs", queueError == nil ? .list(jobs.map { .text($0) }) : .null), .init("failed", .list(failed)),
    ])
  }

  private static let mostShown = 3

  private func description(of point: Sweep.Point) -> String {
    let tries = failures[point.id].map { $0.attempts > 1 ? " (\($0.attempts) attempts)" : "" } ?? ""
    return zip(sweep.axes, point.axisValues).map { "\($0)=\($1)" }.joined(separator: " ").inOneLine + tries
  }
}

extension SweepPlan {
  /// How many points there are, and what was left out; one line each.
  public var summary: String {
    let all = factors.reduce(1) { $0 * $1.count }
    let number = all == count ? count.counted("point") : "\(count.counted("point")) of \(all)"
    var lines = ["\(number): \(factors.map { "\($0.name) (\($0.count))" }.joined(separator: " × "))"]
    if doubles > 0 {
      lines.append("\(doubles.counted("sample")) \(doubles == 1 ? "was" : "were") the same as others and done once")
    }
    for (reason, times) in skipped.sorted(by: { $0.key < $1.key }) { lines.append("\(times) skipped: \(reason)") }
    var estimate = MemoryEstimate()
    let needs = points.map { estimate.peak_bytes(of: $0.configuration) }
    if let least = needs.min(), let most = needs.max() {
      let range = ByteCount.text(least) == ByteCount.text(most) ? "" : "\(ByteCount.text(least)) to "
      lines.append("memory of a point: about \(range)\(ByteCount.text(most))")
    }
    return lines.joined(separator: "\n")
  }
}
