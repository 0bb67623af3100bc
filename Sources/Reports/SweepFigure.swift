// What is shown of several points of a sweep as one figure, and the marks of that.

extension SweepTable {
  /// What is shown of a statistic and some points as one figure, such as their mean.
  struct Figure {
    /// The points, with and without a value.
    let points: [Point]
    /// The statistic's place.
    let statistic: Int

    /// The points with a value, which it is made of.
    var known: [Point] { points.filter { $0.values[statistic] != nil } }

    /// Whose marks it has: what it is made of; all points if none has a value.
    var sources: [Point] { known.isEmpty ? points : known }
  }

  /// Whether groups of points, each of one figure, differ in the values that they have of the axes beside some. Repeats
  /// are no such values, and empty groups are left out.
  package func designsDiffer(in groups: [[Point]], beside axes: [Int]) -> Bool {
    let others = self.axes.indices.filter { !axes.contains($0) && self.axes[$0] != "repeat" }
    let designs = groups.filter { !$0.isEmpty }.map { group in
      Set(group.map { point in others.map { point.axisValues[$0] } })
    }
    return Set(designs).count > 1
  }

  /// All that hangs behind one figure of these points.
  public func symbols(of points: [Point], at statistic: Int) -> String {
    let figure = Figure(points: points, statistic: statistic)
    let marks = figure.sources.compactMap { $0.marks[statistic] }.reduce(StatisticMarks.none, +)
    return marks.symbols + (isMarkedAsMissed(figure) ? Self.missedSymbol : "")
  }

  /// What the marks of these figures mean, missing costs by chip where chips lack different ones, and with the axis
  /// that takes them away.
  func legend(of figures: [Figure]) -> [String] {
    let chip = axes.firstIndex(of: "chip")
    let chips = AxisLabels(chip.map { axis in points.map { $0.axisValues[axis] } } ?? [])
    let marks = figures.flatMap { figure in
      figure.sources.map { point in
        (chip.map { chips.text(point.axisValues[$0]) } ?? "", named(point.marks[figure.statistic] ?? .none))
      }
    }
    return StatisticMarks.legend(ofOwned: marks) + [missedLegend(of: figures)].compactMap(\.self)
  }

  /// Marks whose missing costs tell the axis of their chip's numbers that decides whether they are missing.
  private func named(_ marks: StatisticMarks) -> StatisticMarks {
    StatisticMarks(
      isEstimate: marks.isEstimate,
      missing: marks.missing.map { cost in
        let axis = axes.first { $0.hasPrefix("chip.") && $0.hasSuffix(".\(cost)") }
        return axis.map { "\(cost) (where \($0) is null)" } ?? cost
      }, isHypothetical: marks.isHypothetical)
  }

  /// What the marks of these statistics mean where each point is shown by itself.
  public func legend(of statistics: [Int]) -> [String] {
    legend(of: points.flatMap { point in statistics.map { Figure(points: [point], statistic: $0) } })
  }
}
