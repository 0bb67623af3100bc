import DataFiles

/// The order of combinations of axes' values: along the first axis, then along the next. Numbers come by their size,
/// then what is none as it comes first.
enum AxisOrder {
  /// The different ones of such combinations, each of which has a value for each axis.
  static func different(_ combinations: [[String]]) -> [[String]] {
    let different = combinations.uniqued()
    let ranks = (different.first ?? []).indices.map { axis in places(of: different.map { $0[axis] }.uniqued()) }
    return different.map { values in (values: values, places: zip(ranks, values).map { $0[$1] ?? 0 }) }
      .sorted { $0.places.lexicographicallyPrecedes($1.places) }.map(\.values)
  }

  private static func places(of values: [String]) -> [String: Int] {
    let numbered = values.map { (value: $0, number: SweepTable.number(ofAxisValue: $0) ?? .infinity) }
    let ordered = numbered.sorted { $0.number < $1.number }.map(\.value)
    return Dictionary(uniqueKeysWithValues: ordered.enumerated().map { ($0.element, $0.offset) })
  }
}
