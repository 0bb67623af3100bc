import Reports

/// How many kernels have which θ or B_θ, in bins about the multiples of 2.5°.
///
/// Round values, as designs have them, lie in the middle of bins: a fit that is a little off stays in its bin.
package struct FitHistogram {
  /// The width of a bin, in degrees.
  package static let width = 2.5

  /// How many lie in each bin; the first one is about 0°.
  package let counts: [Int]
  private let end: Double
  private let isCircular: Bool

  /// Of orientations in degrees: a little less than 180° is about 0°.
  package static func orientations(_ values: [Double]) -> FitHistogram {
    let shifted = values.map { ($0 + width / 2).truncatingRemainder(dividingBy: 180) }
    return FitHistogram(shifted: shifted, bins: 72, end: 180, isCircular: true)
  }

  /// Of B_θ in degrees, up to the largest that is fitted.
  package static func bandwidths(_ values: [Double]) -> FitHistogram {
    FitHistogram(shifted: values.map { $0 + width / 2 }, bins: 25, end: 60, isCircular: false)
  }

  private init(shifted values: [Double], bins: Int, end: Double, isCircular: Bool) {
    counts = SampleStatistics.histogram(values, to: Double(bins) * Self.width, by: Self.width).map(\.count)
    (self.end, self.isCircular) = (end, isCircular)
  }

  /// The middle of a bin, in degrees.
  package static func center(_ bin: Int) -> Double { Double(bin) * width }

  /// A line of steps from 0° to the end: each bin from its lower end, orientations about 0° at both ends, and the end.
  package var steps: [(place: Double, count: Int)] {
    let all = counts + (isCircular ? counts.prefix(1) : [])
    let bins = all.enumerated().map { bin, count in (max(0, Self.center(bin) - Self.width / 2), count) }
    return bins + [(end, all.last ?? 0)]
  }
}
