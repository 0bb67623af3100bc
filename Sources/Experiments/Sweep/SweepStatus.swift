import Foundation
import Reports

/// How far a sweep is, and what failed.
public struct SweepStatus {
  private let sweep: Sweep
  private let done: Int
  private let failures: [String: Sweep.Failure]
  private let jobs: [String]
  /// Why the queue of a sweep that was submitted cannot be asked; nil if it can.
  private let queueError: String?

  /// The status now.
  public init(_ sweep: Sweep) {
    self.sweep = sweep
    done = sweep.done.count
    failures = sweep.failures
    do {
      (jobs, queueError) = (try SlurmEngine.queuedJobs(sweep), nil)
    } catch {
      (jobs, queueError) = ([], "\(error)")
    }
  }

  /// Numbers, and each error with the points that it ended.
  public var text: String {
    let left = sweep.points.count - done - failures.count
    var text = "\(done) of \(sweep.points.count) points done"
    if !failures.isEmpty { text += ", \(failures.count) failed" }
    if left > 0 { text += ", \(left) not tried" }
    text += "\n"
    let failed = sweep.points.filter { failures[$0.id] != nil }
    for (message, points) in Self.grouped(failed, by: { failures[$0.id]?.message ?? "" }) {
      text += "  \(points.count == 1 ? "1 point" : "\(points.count) points"): \(message)\n"
      for point in points.prefix(Self.mostShown) { text += "    \(point.id) \(description(of: point))\n" }
      if points.count > Self.mostShown { text += "    and \(points.count - Self.mostShown) more\n" }
    }
    if !jobs.isEmpty { text += "in Slurm's queue: \(jobs.joined(separator: ", "))\n" }
    if let queueError { text += "its jobs are not known: \(queueError)\n" }
    return text
  }

  /// `points`, `done`, the queued `jobs` (null if they are not known), and under `failed` the name, axes, error and attempts of each.
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
      .init("jobs", queueError == nil ? .list(jobs.map { .text($0) }) : .null), .init("failed", .list(failed)),
    ])
  }

  private static let mostShown = 3

  private func description(of point: Sweep.Point) -> String {
    let tries = failures[point.id].map { $0.attempts == 1 ? "" : " (\($0.attempts) attempts)" } ?? ""
    return zip(sweep.axes, point.axisValues).map { "\($0)=\($1)" }.joined(separator: " ") + tries
  }

  /// In the order of the first of each group.
  private static func grouped(
    _ points: [Sweep.Point], by key: (Sweep.Point) -> String
  ) -> [(key: String, points: [Sweep.Point])] {
    let groups = Dictionary(grouping: points, by: key)
    var seen: Set<String> = []
    return points.map(key).filter { seen.insert($0).inserted }.map { ($0, groups[$0] ?? []) }
  }
}

extension SweepPlan {
  /// How many points there are, and what was left out; one line each.
  public var summary: String {
    let axes = axes.map { name in
      let place = self.axes.firstIndex(of: name) ?? 0
      return "\(name) (\(Set(points.map { $0.axisValues[place] }).count))"
    }
    var lines = ["\(count == 1 ? "1 point" : "\(count) points"): \(axes.joined(separator: " × "))"]
    if doubles > 0 { lines.append("\(doubles) samples were the same as others and are done once") }
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
