extension SparseCode {
  /// The code without the coefficients smaller than a threshold, |a| < c.
  public func pruned(below threshold: Double) -> SparseCode {
    SparseCode(geometry: geometry, ordered: coefficients.filter { Double(abs($0.value)) >= threshold })
  }

  /// The code without the coefficients smaller than a share of the largest one.
  public func pruned(belowShareOfLargest share: Double) -> SparseCode {
    pruned(below: share * Double(coefficients.reduce(0) { max($0, abs($1.value)) }))
  }

  /// The code of the `count` largest coefficients.
  public func largest(_ count: Int) -> SparseCode {
    let order = coefficients.indices.sorted { abs(coefficients[$0].value) > abs(coefficients[$1].value) }
    let kept = order.prefix(max(0, count)).sorted()
    return SparseCode(geometry: geometry, ordered: kept.map { coefficients[$0] })
  }
}
