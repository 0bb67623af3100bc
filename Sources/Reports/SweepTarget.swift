import DataFiles

/// Points of a sweep that were to run to their target and did not reach it: their figures are those after their last
/// step.
extension SweepTable {
  /// What hangs behind a figure of such a point.
  public static let missedSymbol = "§"

  /// Places of such points.
  public var missed: Set<Int> { Set(points.indices.filter { isMissed(points[$0]) }) }

  /// Whether a point is one of them.
  public func isMissed(_ point: Point) -> Bool {
    statistics.firstIndex(of: StatisticName.missedTarget.rawValue).map { point.values[$0] == 1 } ?? false
  }

  /// What the symbol means; nil if none of these statistics bears it.
  public func missedLegend(of statistics: [Int]) -> String? {
    missedLegend(of: statistics.map { Figure(points: points, statistic: $0) })
  }

  /// The same for figures of several points.
  func missedLegend(of figures: [Figure]) -> String? {
    guard figures.contains(where: isMarkedAsMissed) else { return nil }
    return "\(Self.missedSymbol) \(missed.count) of \(points.count.counted("point")) did not reach their target: "
      + "their figures are those after their last step"
  }

  /// Whether a figure has the symbol.
  func isMarkedAsMissed(_ figure: Figure) -> Bool {
    figure.sources.contains { isOfMissedTarget($0, figure.statistic) }
  }

  private func isOfMissedTarget(_ point: Point, _ place: Int) -> Bool {
    point.values[place] != nil && StatisticName(rawValue: statistics[place])?.isOfTheStepsCounted == true
      && isMissed(point)
  }
}
