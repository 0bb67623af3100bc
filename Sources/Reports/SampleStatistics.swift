import Foundation

/// A number with the interval that holds it at 95 % confidence or more, if there are values enough for one.
public struct Estimate: Equatable, Sendable {
  /// The number.
  public let value: Double
  /// The interval's lower end; NaN if there is no interval.
  public let low: Double
  /// The interval's upper end; NaN if there is no interval.
  public let high: Double
  /// Values that it rests on.
  public let count: Int

  /// Makes an estimate.
  public init(value: Double, low: Double, high: Double, count: Int) {
    self.value = value
    self.low = low
    self.high = high
    self.count = count
  }

  /// Whether it has an interval.
  public var hasInterval: Bool { low.isFinite && high.isFinite }
}

/// Statistics of small samples: medians, intervals, rank tests.
public enum SampleStatistics {
  /// The median; NaN of no values.
  public static func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  /// How many values lie in each bin of this width from 0 on; the last one holds its end, too.
  public static func histogram(_ values: [Double], to end: Double, by width: Double) -> [(low: Double, count: Int)] {
    // Values at an edge are in the bin above it, though rounding may have left them a little below.
    let lows = Array(stride(from: 0, to: end, by: width))
    let bins = values.filter { $0 <= end }.map { ($0 / width + 1e-9).rounded(.down) }
    return lows.enumerated().map { index, low in
      (low, bins.count { $0 == Double(index) || (index == lows.count - 1 && $0 > Double(index)) })
    }
  }

  /// Fewer values have no 95 % interval of their median: even from the smallest to the largest of five it is one of
  /// 1 − 2 · ½⁵ = 93.75 %.
  public static let leastCountWithInterval = 6

  /// The median and the narrowest interval from one of the values to another, as many from the smallest as the other
  /// is from the largest, that holds the true median at 95 % or more, whatever the law of the values (Conover,
  /// Practical Nonparametric Statistics, 3rd ed., 1999, §3.2); none of fewer values than `leastCountWithInterval`.
  public static func medianEstimate(_ values: [Double]) -> Estimate {
    guard let rank = medianInterval(values.count)?.rank else {
      return Estimate(value: median(values), low: .nan, high: .nan, count: values.count)
    }
    let sorted = values.sorted()
    return Estimate(
      value: median(values), low: sorted[rank - 1], high: sorted[values.count - rank], count: values.count)
  }

  /// From which value to which that interval is: from the one of this rank to the one of this rank from above, counted
  /// from 1; and how often it holds the median, 1 − 2 P(B < rank), where B of the values, each with probability ½, lie
  /// below it. Nil of fewer values than `leastCountWithInterval`.
  package static func medianInterval(_ count: Int) -> (rank: Int, coverage: Double)? {
    var interval: (rank: Int, coverage: Double)?
    var coverage = 1.0
    // Of P(B = rank − 1): of many values the first are too small for a number.
    var logarithm = -Double(count) * log(2)
    for rank in 1...max(1, count) {
      coverage -= 2 * exp(logarithm)
      guard coverage >= 0.95 else { break }
      interval = (rank, coverage)
      logarithm += log(Double(count - rank + 1) / Double(rank))
    }
    return interval
  }

  /// Ranks from 1; equal values share their mean rank.
  static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
      start = end
    }
    return ranks
  }

  /// The two-sided Mann–Whitney test of two samples: U of the first, and the probability of a U as far from its mean if
  /// both came from one distribution (Mann & Whitney, Ann. Math. Statist. 18, 1947).
  ///
  /// Exact without ties if the smaller sample has at most 8 values; else by the normal distribution, with corrections
  /// for ties and continuity (as SciPy does by default).
  public static func mannWhitney(_ a: [Double], _ b: [Double]) -> (u: Double, p: Double) {
    guard !a.isEmpty, !b.isEmpty else { return (.nan, .nan) }
    let all = a + b
    let ranks = ranks(all)
    let rankSum = ranks[..<a.count].reduce(0, +)
    let u = rankSum - Double(a.count * (a.count + 1)) / 2
    let larger = max(u, Double(a.count * b.count) - u)
    let ties = Dictionary(grouping: ranks) { $0 }.values.map { Double($0.count) }
    if min(a.count, b.count) <= 8, ties.allSatisfy({ $0 == 1 }) {
      return (u, min(1, 2 * exactTail(from: Int(larger), a.count, b.count)))
    }
    let (n1, n2, n) = (Double(a.count), Double(b.count), Double(all.count))
    let tieTerm = ties.reduce(0) { $0 + $1 * ($1 * $1 - 1) } / (n * (n - 1))
    let deviation = (n1 * n2 / 12 * (n + 1 - tieTerm)).squareRoot()
    guard deviation > 0 else { return (u, 1) }
    let z = (larger - n1 * n2 / 2 - 0.5) / deviation
    return (u, min(1, erfc(z / 2.0.squareRoot())))
  }

  /// P(U ≥ u): the number of ways to choose ranks with each U, built up rank by rank.
  private static func exactTail(from u: Int, _ first: Int, _ second: Int) -> Double {
    // ways[i][s]: ways to place i of the first sample's values among those seen so far, of U = s.
    var ways = [[Double]](repeating: [Double](repeating: 0, count: first * second + 1), count: first + 1)
    ways[0][0] = 1
    for rank in 0..<first + second {
      for chosen in stride(from: min(first - 1, rank), through: 0, by: -1) where rank - chosen <= second {
        for s in ways[chosen].indices where ways[chosen][s] > 0 {
          let sum = s + rank - chosen
          if sum < ways[chosen].count { ways[chosen + 1][sum] += ways[chosen][s] }
        }
      }
    }
    let total = ways[first].reduce(0, +)
    return ways[first][min(u, first * second)...].reduce(0, +) / total
  }

  /// Spearman's rank correlation; NaN if a sample is constant.
  public static func rankCorrelation(_ a: [Double], _ b: [Double]) -> Double {
    correlation(ranks(a), ranks(b))
  }

  /// Pearson's correlation; NaN if a sample is constant.
  public static func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let count = Double(a.count)
    let (meanA, meanB) = (a.reduce(0, +) / count, b.reduce(0, +) / count)
    let (sumAB, sumAA, sumBB) = zip(a, b).reduce((0.0, 0.0, 0.0)) { sums, pair in
      let (x, y) = (pair.0 - meanA, pair.1 - meanB)
      return (sums.0 + x * y, sums.1 + x * x, sums.2 + y * y)
    }
    return sumAB / (sumAA * sumBB).squareRoot()
  }
}
