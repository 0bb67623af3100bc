import DataFiles

// What fronts are called: by the values of the axis that tells their points apart.

extension ParetoFront {
  /// So many values of an axis are in a name.
  private static let mostValues = 3
  /// So many letters of a value are.
  private static let mostLetters = 60

  /// The place of the axis whose values among the candidates of each front are in no other; nil if there is none, or
  /// one front. The chip decides which costs are missing, so it comes first; of other axes the one of the fewest
  /// values.
  package static func axis(tellingApart fronts: [Front], in table: SweepTable) -> Int? {
    guard fronts.count > 1 else { return nil }
    let candidates = fronts.flatMap(\.candidates)
    let axes = table.axes.indices.compactMap { axis -> (axis: Int, count: Int)? in
      let sets = fronts.map { front in Set(front.candidates.map { table.points[$0].axisValues[axis] }) }
      let count = sets.reduce(Set()) { $0.union($1) }.count
      // Repeats differ in nothing, and values that no two points share are in no two fronts anyway.
      let tells = table.axes[axis] != "repeat" && (count < candidates.count || count == fronts.count)
      return tells && count == sets.map(\.count).reduce(0, +) ? (axis, count) : nil
    }
    return axes.first { table.axes[$0.axis] == "chip" }?.axis ?? axes.min { $0.count < $1.count }?.axis
  }

  /// These fronts with their names.
  static func named(_ fronts: [Front], in table: SweepTable) -> [Front] {
    guard let axis = axis(tellingApart: fronts, in: table) else { return fronts }
    let labels = AxisLabels(table.points.map { $0.axisValues[axis] })
    return fronts.map { front in
      let values = front.candidates.map { table.points[$0].axisValues[axis] }.uniqued()
      let shown = values.prefix(mostValues).map { labels.text($0).shortened(to: mostLetters) }
      let list = (shown + (values.count > mostValues ? ["…"] : [])).joined(separator: ", ")
      var named = front
      named.name = table.axes[axis] == "chip" ? list : "\(table.axes[axis]) = \(list)"
      return named
    }
  }
}

extension StatisticMarks {
  /// What a figure leaves out and whether it is hypothetical; more costs than `most` are told by their number.
  package func kind(naming most: Int = .max) -> String {
    let costs = missing.count > most ? "\(missing.count) costs" : missing.joined(separator: ", ")
    return (missing.isEmpty ? "all costs counted" : "without \(costs)") + (isHypothetical ? ", hypothetical" : "")
  }
}
