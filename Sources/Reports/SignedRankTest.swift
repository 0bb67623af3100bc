import Foundation

extension SampleStatistics {
  /// The two-sided signed-rank test of paired differences: the sum of the ranks of those above 0, and the probability
  /// of a sum as far from its mean if each difference were as likely below 0 (Wilcoxon, Biometrics Bulletin 1, 1945).
  ///
  /// Differences of 0 are left out. Exact for up to 40 others, ties included; beyond, by the normal distribution with
  /// corrections for ties and continuity. (NaN, NaN) if there is no difference.
  public static func signedRank(_ differences: [Double]) -> (w: Double, p: Double) {
    let others = differences.filter { $0 != 0 && $0.isFinite }
    guard !others.isEmpty else { return (.nan, .nan) }
    let ranks = ranks(others.map(abs))
    let w = zip(others, ranks).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
    let mean = ranks.reduce(0, +) / 2
    let distance = abs(w - mean)
    guard others.count > 40 else { return (w, min(1, exactShare(of: ranks, atLeast: distance, from: mean))) }
    // Ranks that are shared have smaller squares, which is the correction for ties.
    let deviation = (ranks.reduce(0) { $0 + $1 * $1 } / 4).squareRoot()
    return (w, min(1, erfc(max(0, distance - 0.5) / deviation / 2.0.squareRoot())))
  }

  /// The share of all choices of signs whose sum of ranks is as far from the mean: ways to each sum, rank by rank.
  /// Ranks are halves at the finest, so sums are counted twice over.
  private static func exactShare(of ranks: [Double], atLeast distance: Double, from mean: Double) -> Double {
    let doubled = ranks.map { Int(2 * $0) }
    var ways = [1.0] + [Double](repeating: 0, count: doubled.reduce(0, +))
    for rank in doubled {
      for sum in stride(from: ways.count - 1, through: rank, by: -1) { ways[sum] += ways[sum - rank] }
    }
    let far = ways.indices.filter { abs(Double($0) / 2 - mean) >= distance - 1e-9 }
    return far.reduce(0) { $0 + ways[$1] } / pow(2, Double(ranks.count))
  }
}
