import DataFiles
import Foundation

/// How far a search for a certified code is: the logarithm of its gap falls about evenly.
struct GapProgress {
  /// The relative gap at which the search ends.
  private let tolerance: Double
  private var first: Double?

  init(tolerance: Double) { self.tolerance = tolerance }

  /// What is told of a code's objective and the best bound so far.
  mutating func update(_ primal: Double, _ dual: Double) -> ProgressUpdate {
    let gap = (primal - dual) / dual
    let start = first ?? max(gap, tolerance)
    first = start
    let decades = (done: log10(start / max(gap, tolerance)), total: log10(start / tolerance))
    return ProgressUpdate("gap \(String(format: "%.3g %%", 100 * gap))", done: decades.done, of: decades.total)
  }
}
