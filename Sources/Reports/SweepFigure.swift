// What is shown of several points of a sweep as one figure, and the marks of that.

extension SweepTable {
  /// What is shown of a statistic and some points as one figure, such as their mean.
  struct Figure {
    /// The points, with and without a value.
    let points: [Point]
    /// The statistic's place.
    let statistic: Int

    /// Whose marks it has: the points with a value, which it is made of; all of them if none has one.
    var sources: [Point] {
      let known = points.filter { $0.values[statistic] != nil }
      return known.isEmpty ? points : known
    }
  }

  /// All that hangs behind one figure of these points.
  public func symbols(of points: [Point], at statistic: Int) -> String {
    let figure = Figure(points: points, statistic: statistic)
    let marks = figure.sources.compactMap { $0.marks[statistic] }.reduce(StatisticMarks.none, +)
    return marks.symbols + (isMarkedAsMissed(figure) ? Self.missedSymbol : "")
  }

  /// What the marks of these figures mean, missing costs by chip where chips lack different ones.
  func legend(of figures: [Figure]) -> [String] {
    let chip = axes.firstIndex(of: "chip")
    let chips = AxisLabels(chip.map { axis in points.map { $0.axisValues[axis] } } ?? [])
    let marks = figures.flatMap { figure in
      figure.sources.map { point in
        (chip.map { chips.text(point.axisValues[$0]) } ?? "", point.marks[figure.statistic] ?? .none)
      }
    }
    return StatisticMarks.legend(ofOwned: marks) + [missedLegend(of: figures)].compactMap(\.self)
  }

  /// What the marks of these statistics mean where each point is shown by itself.
  public func legend(of statistics: [Int]) -> [String] {
    legend(of: points.flatMap { point in statistics.map { Figure(points: [point], statistic: $0) } })
  }
}
