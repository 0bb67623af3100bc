import DataFiles

/// The points of a sweep that no other point beats in every objective.
public enum ParetoFront {
  /// What is wanted of a statistic, or of an axis whose values are numbers.
  public struct Objective: Equatable, Sendable {
    /// Which way is better.
    public enum Direction: String, Sendable { case minimize, maximize }

    /// The name of the statistic or axis.
    public let name: String
    /// Which way is better.
    public let direction: Direction

    /// An objective.
    public init(_ direction: Direction, _ name: String) { (self.name, self.direction) = (name, direction) }
  }

  /// A front of points whose figures can be compared: they leave out the same costs, and all or none are hypothetical.
  public struct Front: Equatable, Sendable {
    /// Costs that the figures leave out, and whether they are hypothetical.
    public let marks: StatisticMarks
    /// Places of the points on it, in the order of the table.
    public let points: [Int]
    /// Places of the points it is the front of.
    public let candidates: [Int]
    /// The values of an axis that these points have and those of no other front; nil if there is no such axis.
    public internal(set) var name: String?
  }

  /// The fronts of a table, those of figures that leave out the fewest costs first. A point dominates another if it is
  /// at least as good in every objective and better in one; of equal points none does. A figure that leaves a cost out
  /// says less than it is, and one that is hypothetical is nobody's: they compete with their like alone. Points without
  /// a value for an objective are left out, and those that missed their target unless they are wanted: figures that
  /// they have are not those at the target.
  ///
  /// - Throws: `ReportError` if there is no objective, or a name is not in the table or has no numbers there.
  public static func fronts(
    in table: SweepTable, _ objectives: [Objective], includesMissed: Bool = false
  ) throws(ReportError) -> [Front] {
    let costs = try costs(in: table, objectives)
    let statistics = objectives.compactMap { table.statistics.firstIndex(of: $0.name) }
    let missed = includesMissed ? [] : table.missed
    let known = table.points.indices.filter { !missed.contains($0) && !costs[$0].contains(nil) }
    let groups = Dictionary(grouping: known) { place in
      let marks = statistics.compactMap { table.points[place].marks[$0] }.reduce(.none, +)
      return StatisticMarks(isEstimate: false, missing: marks.missing, isHypothetical: marks.isHypothetical)
    }
    let fronts = groups.map { marks, places in
      let front = indices(ofCosts: places.map { costs[$0] }).map { places[$0] }
      return Front(marks: marks, points: front, candidates: places)
    }
    func rank(_ front: Front) -> (Int, Int, Int) {
      (front.marks.isHypothetical ? 1 : 0, front.marks.missing.count, front.points.first ?? 0)
    }
    return named(fronts.filter { !$0.points.isEmpty }.sorted { rank($0) < rank($1) }, in: table)
  }

  /// What is to be small, point by point.
  private static func costs(in table: SweepTable, _ objectives: [Objective]) throws(ReportError) -> [[Double?]] {
    guard !objectives.isEmpty else { throw ReportError("a Pareto front needs at least one objective") }
    var costs = table.points.map { _ in [Double?]() }
    for objective in objectives {
      guard let numbers = table.numbers(of: objective.name) else {
        let advice = NearestNames.advice(for: objective.name, among: table.namesOfNumbers)
        throw ReportError("unknown objective '\(objective.name)'; \(advice)")
      }
      guard table.points.isEmpty || numbers.contains(where: { $0 != nil }) else {
        throw ReportError("no point has a number for the objective '\(objective.name)'")
      }
      let sign = objective.direction == .minimize ? 1.0 : -1.0
      for (place, number) in numbers.enumerated() { costs[place].append(number.map { sign * $0 }) }
    }
    return costs
  }

  /// The points of fronts; where there are several, each with the number of its own as the axis `front`.
  public static func table(of fronts: [Front], in table: SweepTable) -> SweepTable {
    guard fronts.count > 1 else { return table.points(at: fronts.flatMap(\.points)) }
    let points = fronts.enumerated().flatMap { number, front in
      front.points.map { place in
        var point = table.points[place]
        point.axisValues.insert("\(number + 1)", at: 0)
        return point
      }
    }
    return SweepTable(axes: ["front"] + table.axes, statistics: table.statistics, points: points)
  }

  /// What tells several fronts apart, a line each; none of one.
  public static func legend(of fronts: [Front]) -> [String] {
    guard fronts.count > 1 else { return [] }
    return [
      "Points are compared only where their figures leave out the same costs, as such figures are bounds, "
        + "and none with hypothetical ones."
    ] + lines(of: fronts)
  }

  /// What each of several fronts leaves out, a line each; none of one.
  public static func lines(of fronts: [Front]) -> [String] {
    guard fronts.count > 1 else { return [] }
    return fronts.enumerated().map { number, front in
      "Front \(front.heading(number)): \(front.points.count) of \(front.candidates.count.counted("point")), "
        + "\(front.marks.kind())."
    }
  }

  /// The same in short, for the caption of a chart; nil of one.
  public static func caption(of fronts: [Front]) -> String? {
    guard fronts.count > 1 else { return nil }
    let parts = fronts.enumerated().map { number, front in
      "\(front.heading(number)): \(front.points.count) of \(front.candidates.count), "
        + front.marks.kind(naming: mostNamed)
    }
    return "Front \(parts.joined(separator: "; "))."
  }

  /// So many costs are named in a caption.
  package static let mostNamed = 1

  /// Places of the points whose costs no other point undercuts.
  ///
  /// In the order of their costs, a point can only be dominated by one before it, and then also by one on the front.
  package static func indices(ofCosts costs: [[Double?]]) -> [Int] {
    let complete = costs.enumerated().compactMap { place, costs -> (place: Int, costs: [Double])? in
      let known = costs.compactMap(\.self).filter(\.isFinite)
      return known.count == costs.count ? (place, known) : nil
    }.sorted { $0.costs.lexicographicallyPrecedes($1.costs) }
    var front: [(place: Int, costs: [Double])] = []
    for point in complete where !front.contains(where: { dominates($0.costs, point.costs) }) { front.append(point) }
    return front.map(\.place).sorted()
  }

  private static func dominates(_ a: [Double], _ b: [Double]) -> Bool { a != b && zip(a, b).allSatisfy(<=) }
}

extension ParetoFront.Front {
  /// Its number, counted from 1, and its name.
  fileprivate func heading(_ place: Int) -> String { "\(place + 1)" + (name.map { " (\($0))" } ?? "") }
}
