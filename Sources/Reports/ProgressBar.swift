import DataFiles
import Foundation

/// A line for a terminal that says how far a piece of work is: a bar, the rate, the time left.
///
///     heterogeneous, dense: gap 7.1 % ██████▌············· 32 %  321/1000 steps  152 steps/s  at most 0:04 left
public struct ProgressBar: Sendable {
  private static let width = 20
  /// No rate is told before, as the first pieces of work are no measure.
  private static let shortest_s = 0.5

  /// What is counted now, and where and when counting began.
  private var counted: (unit: String, total: Double?) = ("", nil)
  private var start: (done: Double, time_s: Double) = (0, 0)
  private var last = -Double.infinity

  /// A bar of nothing yet.
  public init() {}

  /// The line for an update at a time, in seconds of any clock.
  public mutating func line(_ update: ProgressUpdate, at time_s: Double) -> String {
    guard let done = update.done else {
      (counted, last) = (("", nil), -.infinity)
      return update.description
    }
    if last == -.infinity || counted != (update.unit, update.total) || done < last {
      counted = (update.unit, update.total)
      start = (done, time_s)
    }
    last = done
    var parts = [update.description]
    if let total = update.total, total > 0 {
      let share = min(max(done / total, 0), 1)
      parts.append("\(Self.bar(share)) \(Int(100 * share)) %")
      if !update.unit.isEmpty {
        parts.append(" \(NumberFormat.count(done))/\(NumberFormat.count(total)) \(update.unit)")
      }
    } else {
      parts.append("\(NumberFormat.count(done)) \(update.unit)")
    }
    return (parts + rate(update, done, time_s)).joined(separator: " ")
  }

  /// The update as a line of a log.
  public static func plain(_ update: ProgressUpdate) -> String {
    guard let done = update.done else { return update.description }
    guard !update.unit.isEmpty else { return update.description }
    let total = update.total.map { "/" + NumberFormat.count($0) } ?? ""
    return "\(update.description), \(NumberFormat.count(done))\(total) \(update.unit)"
  }

  private func rate(_ update: ProgressUpdate, _ done: Double, _ time_s: Double) -> [String] {
    let elapsed = time_s - start.time_s
    guard elapsed >= Self.shortest_s, done > start.done else { return [] }
    let rate = (done - start.done) / elapsed
    var parts: [String] = []
    if !update.unit.isEmpty {
      parts.append(" \(Self.rate(rate, of: update.unit))")
    }
    if let total = update.total {
      parts.append(" \(update.mayEndEarly ? "at most " : "")\(Self.duration((total - done) / rate)) left")
    }
    return parts
  }

  /// A second, minute or hour, whichever is the shortest that has one of them.
  private static func rate(_ perSecond: Double, of unit: String) -> String {
    let (rate, time) =
      perSecond >= 1 ? (perSecond, "s") : perSecond * 60 >= 1 ? (perSecond * 60, "min") : (perSecond * 3600, "h")
    return "\(NumberFormat.engineering(rate, unit: "1", significantDigits: 3)) \(unit)/\(time)"
  }

  /// Rounded down, so that a full bar is one that is done.
  private static func bar(_ share: Double) -> String {
    let full = CellBar.text(share, width: width, rounding: .down)
    return full + String(repeating: "·", count: width - full.count)
  }

  /// `0:42`, `3:07`, `2:15:00`.
  static func duration(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 1e8).rounded(.up))
    let (minutes, rest) = (whole / 60, whole % 60)
    return minutes < 60
      ? String(format: "%d:%02d", minutes, rest) : String(format: "%d:%02d:%02d", minutes / 60, minutes % 60, rest)
  }
}
