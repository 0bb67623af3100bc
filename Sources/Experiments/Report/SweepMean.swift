import DataFiles
import Reports

/// The mean of a statistic over points of a sweep that share the values of some axes, as in the table of a sweep.
struct SweepMean {
  /// What the points share, for people.
  let name: String
  /// The values of the axes.
  let values: [String]
  let low, mean, high: Double
  /// The points that have a value.
  let points: [SweepTable.Point]
  /// What all of these leave out.
  let marks: StatisticMarks
  /// All that hangs behind the mean.
  let symbols: String

  /// The mean of the points that have a value; nil if none has one.
  init?(of points: [SweepTable.Point], in table: SweepTable, at place: Int, name: String, values: [String]) {
    let known = points.filter { $0.values[place]?.isFinite == true }
    let numbers = known.compactMap { $0.values[place] }.sorted()
    guard let first = numbers.first, let last = numbers.last else { return nil }
    (low, high, self.points) = (first, last, known)
    mean = numbers.reduce(0, +) / Double(numbers.count)
    marks = known.compactMap { $0.marks[place] }.reduce(.none, +)
    symbols = table.symbols(of: points, at: place)
    (self.name, self.values) = (name, values)
  }

  /// How many points have a value.
  var count: Int { points.count }

  /// That means are of unequally many points, or of points that differ in other axes than those they are drawn along;
  /// empty if neither is so.
  static func countNote(on means: [SweepMean], in table: SweepTable, along axes: [Int]) -> String {
    guard let least = means.map(\.count).min(), let most = means.map(\.count).max() else { return "" }
    let differ = table.designsDiffer(in: means.map(\.points), beside: axes)
    guard differ || least < most else { return "" }
    let equal = most > 1 ? "Means of \(most) points each" : "One point each"
    let counts = least < most ? "Means of \(least) to \(most) points" : equal
    return counts + (differ ? ": other axes differ between them." : ".")
  }

  /// That means leave out different costs, or only some are hypothetical; empty if they do not differ in that.
  ///
  /// - Parameter mostListed: so many are listed with what they leave out.
  static func kindNote(on means: [SweepMean], listing mostListed: Int) -> String {
    guard Set(means.map { $0.marks.kind() }).count > 1 else { return "" }
    let kinds = means.map { "\($0.name): \($0.marks.kind(naming: ParetoFront.mostNamed))" }
    return "These figures differ in what they count"
      + (means.count > mostListed ? "." : ": \(kinds.joined(separator: "; ")).")
  }
}
