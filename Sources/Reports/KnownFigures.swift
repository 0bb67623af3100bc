// Which figures say something. A cost that nobody has published contributes nothing, so that an energy of such costs
// alone is 0: tables show it as `–`, lists of values have nothing in its place, and it is sorted last. The 0 of a count
// (of steps that overran a tick, say) stands, with its mark.

extension StatisticMarks {
  /// A number with these marks; NaN if it is an energy, or one times a time, to which no published cost contributes.
  public func known(_ number: Double, unit: String) -> Double {
    number == 0 && !missing.isEmpty && ["J", "J·s"].contains(unit) ? .nan : number
  }
}

extension Statistic {
  /// Whether it is an energy to which no published cost contributes, so that its 0 says nothing.
  public var isUnknown: Bool {
    let marks = StatisticMarks(isEstimate: isEstimate, missing: missing, isHypothetical: false)
    return value.number.map { marks.known($0, unit: unit).isNaN } ?? false
  }

  /// The value; null if it says nothing.
  public var known: Value { isUnknown ? .null : value }
}
