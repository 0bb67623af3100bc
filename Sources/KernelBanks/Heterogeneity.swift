extension BankDesign {
  /// (Orientation, bandwidth) pairs of both banks of the study, and so of every bank on the dial; each in two phases.
  static let pairCount = 72

  /// Half the range of B_θ at heterogeneity 1, in degrees.
  package static let fullHalfRange_deg = 12.5

  /// The mean of B_θ at a place on the dial, in degrees, unless it is to be the same all along.
  package static func usualMeanBandwidth_deg(atHeterogeneity heterogeneity: Double) -> Double {
    12 + 5.5 * heterogeneity
  }

  /// Where the numbers of bandwidths change on the dial: m bandwidths up to h = (m − 1) / 5, which ends at the study's
  /// 6.
  static let bandwidthCounts = [1, 2, 3, 4, 6]

  /// The dial between the study's banks: 144 kernels of 12 × 12, from one bandwidth (0) to the full spread (1).
  ///
  /// The mean of B_θ goes from 12° to 17.5° and the half-range from 0° to 12.5°, both in proportion to h. The m
  /// bandwidths lie evenly over the range, at 72 / m orientations. Heterogeneity 0 is exactly `homogeneous`, 1 is
  /// `heterogeneous`.
  ///
  /// - Parameters:
  ///   - heterogeneity: h, from 0 to 1.
  ///   - bandwidthCount: m, a divisor of 72; the smallest of 1, 2, 3, 4, 6 with (m − 1) / 5 ≥ h unless given.
  ///   - meanBandwidth_deg: the mean of B_θ, the same all along the dial if given: tells the spread from the mean.
  /// - Throws: `BankError` if a number is out of range, m bandwidths would be one and the same, or
  ///   one is to be spread.
  public static func heterogeneity(
    _ heterogeneity: Double, bandwidthCount: Int? = nil, meanBandwidth_deg: Double? = nil
  ) throws -> BankDesign {
    guard (0...1).contains(heterogeneity) else {
      throw BankError("the heterogeneity is \(heterogeneity); it must be from 0 to 1")
    }
    let fitting = bandwidthCounts.first { Double($0 - 1) / 5 >= heterogeneity } ?? 6
    let count = bandwidthCount ?? fitting
    guard count >= 1, pairCount.isMultiple(of: count) else {
      throw BankError("\(count) bandwidths do not divide \(pairCount) kernels of one phase evenly")
    }
    guard heterogeneity > 0 || count == 1 else {
      throw BankError("at heterogeneity 0 all \(count) bandwidths would be the same; use 1 bandwidth or a larger value")
    }
    guard heterogeneity == 0 || count > 1 else {
      throw BankError("one bandwidth has no spread; at heterogeneity \(heterogeneity) use 2 or more")
    }
    let halfRange_deg = fullHalfRange_deg * heterogeneity
    let mean_deg = meanBandwidth_deg ?? usualMeanBandwidth_deg(atHeterogeneity: heterogeneity)
    guard mean_deg > halfRange_deg, mean_deg.isFinite else {
      throw BankError(
        "a mean bandwidth of \(mean_deg)° with a half-range of \(halfRange_deg)° reaches 0; use a larger mean")
    }
    guard mean_deg + halfRange_deg <= largestBandwidth_deg else {
      throw BankError(
        "a mean bandwidth of \(mean_deg)° with a half-range of \(halfRange_deg)° goes beyond \(largestBandwidth_deg)°; "
          + "use a smaller mean")
    }
    let steps = Double(max(1, count - 1))
    let bandwidths_deg =
      count == 1
      ? [mean_deg] : (0..<count).map { mean_deg - halfRange_deg + 2 * halfRange_deg * Double($0) / steps }
    return BankDesign(
      name: "heterogeneity-\(heterogeneity)", orientations: pairCount / count, bandwidths_deg: bandwidths_deg)
  }
}
