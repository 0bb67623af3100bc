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

  /// Places of the points on the front, in the order of the table. A point dominates another if it is at least as good
  /// in every objective and better in one; of equal points none does. Points without a value for an objective are left
  /// out, and those that missed their target unless they are wanted: figures that they have are not those at the
  /// target.
  ///
  /// - Throws: `ReportError` if there is no objective, or a name is not in the table or has no numbers there.
  public static func indices(
    in table: SweepTable, _ objectives: [Objective], includesMissed: Bool = false
  ) throws(ReportError) -> [Int] {
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
    if !includesMissed { for place in table.missed { costs[place] = [nil] } }
    return indices(ofCosts: costs)
  }

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
