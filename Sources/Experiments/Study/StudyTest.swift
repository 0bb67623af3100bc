import Reports

/// A test whose p a table tells. Of few photographs p has few values, perhaps none below a level.
package enum StudyTest: Hashable, Sendable {
  /// Of so many paired differences other than 0.
  case signedRank(Int)
  /// Of two samples of so many values.
  case mannWhitney(Int, Int)

  /// The test of these differences, which leaves out those of 0.
  package static func signedRank(of differences: [Double]) -> StudyTest {
    .signedRank(differences.filter { $0 != 0 && $0.isFinite }.count)
  }

  /// How probable a p below a level is by chance alone: as probable as the largest p below it that the test can have
  /// without ties; 0 if it has none.
  package func size(below level: Double) -> Double {
    // The sum of ranks, or U, and with it p, from one end to the middle.
    var (below, from) = (0, middle + 1)
    guard p(of: 0) < level else { return 0 }
    while below + 1 < from {
      let statistic = (below + from) / 2
      if p(of: statistic) < level { below = statistic } else { from = statistic }
    }
    return p(of: below)
  }

  /// The least p that it can have; NaN of nothing.
  package var leastP: Double { p(of: 0) }

  private var middle: Int {
    switch self {
    case .signedRank(let count): count * (count + 1) / 4
    case .mannWhitney(let first, let second): first * second / 2
    }
  }

  /// The p of an example that has this sum of ranks, or U.
  private func p(of statistic: Int) -> Double {
    var left = statistic
    switch self {
    case .signedRank(let count):
      let differences = (0..<count).reversed().map { place in
        let rank = place + 1
        guard rank <= left else { return -Double(rank) }
        left -= rank
        return Double(rank)
      }
      return SampleStatistics.signedRank(differences).p
    case .mannWhitney(let first, let second):
      let sample = (0..<first).map { place in
        let below = min(left, second)
        left -= below
        return Double(below) + Double(place + 1) / Double(first + 1)
      }
      return SampleStatistics.mannWhitney(sample, (0..<second).map { Double($0 + 1) }).p
    }
  }
}

extension [StudyTest] {
  /// How many can have a p below a level at all.
  package func count(ableToBeBelow level: Double) -> Int { sizes(level).filter { $0 > 0 }.count }

  /// How many are expected to have a p below a level by chance alone.
  package func expectedCount(below level: Double) -> Double { sizes(level).reduce(0, +) }

  /// A size for each; tests of as many photographs share one.
  private func sizes(_ level: Double) -> [Double] {
    Dictionary(grouping: self) { $0 }.flatMap { test, alike in
      [Double](repeating: test.size(below: level), count: alike.count)
    }
  }
}

extension StudyTable.Cell {
  /// The p of paired differences.
  static func signedRank(of differences: [Double]) -> Self {
    .probability(SampleStatistics.signedRank(differences).p, of: .signedRank(of: differences))
  }

  /// The p of two samples.
  static func mannWhitney(_ a: [Double], _ b: [Double]) -> Self {
    .probability(SampleStatistics.mannWhitney(a, b).p, of: .mannWhitney(a.count, b.count))
  }
}
