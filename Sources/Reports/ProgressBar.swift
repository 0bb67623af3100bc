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

  /// The line for an update at a time, in seconds of any clock. Where it would be longer than so many columns, it is
  /// without the rate, then without the bar and the numbers, and at last what is being done is shortened: how much is
  /// done and the time left stay. Nothing of it is obeyed by a terminal.
  public mutating func line(_ update: ProgressUpdate, at time_s: Double, columns: Int = .max) -> String {
    let description = update.description.inOneLine
    guard let done = update.done else {
      (counted, last) = (("", nil), -.infinity)
      return description.shortened(toColumns: columns)
    }
    if last == -.infinity || counted != (update.unit, update.total) || done < last {
      counted = (update.unit, update.total)
      start = (done, time_s)
    }
    last = done
    return Self.line(description, parts(update, done, time_s), columns)
  }

  /// What stands behind the description; empty if it is not known.
  private struct Parts { var bar = "", share = "", numbers = "", rate = "", left = "" }

  private func parts(_ update: ProgressUpdate, _ done: Double, _ time_s: Double) -> Parts {
    var parts = Parts()
    if let total = update.total, total > 0 {
      let share = min(max(done / total, 0), 1)
      (parts.bar, parts.share) = (Self.bar(share), "\(Int(100 * share)) %")
      if !update.unit.isEmpty {
        parts.numbers = " \(NumberFormat.count(done))/\(NumberFormat.count(total)) \(update.unit)"
      }
    } else {
      parts.numbers = "\(NumberFormat.count(done)) \(update.unit)"
    }
    let elapsed = time_s - start.time_s
    guard elapsed >= Self.shortest_s, done > start.done else { return parts }
    let rate = (done - start.done) / elapsed
    if !update.unit.isEmpty { parts.rate = " \(Self.rate(rate, of: update.unit))" }
    if let total = update.total {
      parts.left = " \(update.mayEndEarly ? "at most " : "")\(Self.duration((total - done) / rate)) left"
    }
    return parts
  }

  /// The longest line that has room.
  private static func line(_ description: String, _ parts: Parts, _ columns: Int) -> String {
    // Without a share, the numbers are all that tells how much is done.
    let least = parts.share.isEmpty ? [parts.numbers] : [parts.share]
    let choices = [
      [parts.bar, parts.share, parts.numbers, parts.rate, parts.left],
      [parts.bar, parts.share, parts.numbers, parts.left], [parts.share, parts.numbers, parts.left],
    ]
    func text(_ parts: [String]) -> String { parts.filter { !$0.isEmpty }.map { " \($0)" }.joined() }
    let lines = choices.map { description + text($0) }
    if let line = lines.first(where: { $0.displayWidth <= columns }) { return line }
    let end = text(least + [parts.left])
    let line = description.shortened(toColumns: max(1, columns - end.displayWidth)) + end
    return line.displayWidth <= columns ? line : String(line.prefix(columns)).trimmingCharacters(in: .whitespaces)
  }

  /// The update as a line of a log.
  public static func plain(_ update: ProgressUpdate) -> String {
    guard let done = update.done else { return update.description }
    guard !update.unit.isEmpty else { return update.description }
    let total = update.total.map { "/" + NumberFormat.count($0) } ?? ""
    return "\(update.description), \(NumberFormat.count(done))\(total) \(update.unit)"
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
