import DataFiles

/// Failures of a sweep with one cause: their messages differ in numbers at most.
struct SweepFailures {
  /// The message of the first.
  let message: String
  /// Whether the others have other numbers in it.
  let varies: Bool
  /// The points that it ended, in the order of the plan.
  let points: [Sweep.Point]

  /// Failures by cause, in the order of the first of each.
  static func byCause(_ failures: [String: Sweep.Failure], of points: [Sweep.Point]) -> [SweepFailures] {
    let failed = points.compactMap { point in failures[point.id].map { (point: point, message: $0.message) } }
    let groups = Dictionary(grouping: failed) { shape(of: $0.message) }
    return failed.map { shape(of: $0.message) }.uniqued().compactMap { shape in
      guard let group = groups[shape], let first = group.first else { return nil }
      return SweepFailures(
        message: first.message, varies: group.contains { $0.message != first.message }, points: group.map(\.point))
    }
  }

  /// A message without names of points and numbers, but those of statuses, signals and names.
  static func shape(of message: String) -> String {
    message.replacing(/(signal |status )?\b([0-9a-f]{16}|\d+(\.\d+)?(e[-+]?\d+)?)\b/) { match in
      match.output.1 == nil ? "#" : String(match.output.0)
    }
  }

  /// How many points there are, and the message.
  var headline: String {
    "\(points.count.counted("point"))\(varies ? ", such as" : ""): \(message)"
  }
}
