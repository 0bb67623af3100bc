import DataFiles
import Foundation
import Reports
import TestSupport
import Testing

@Suite struct SampleStatisticsTests {
  @Test(.enabled(if: PythonOracle.isAvailable, "needs SciPy; run by make test"))
  func rankTestsAreThoseOfSciPy() throws {
    var random = SplitMix64(seed: 5)
    var archive = NumPyArchive()
    var pairs: [([Double], [Double])] = []
    for (a, b, shift, hasTies) in [
      (6, 6, 0.0, false), (6, 6, 1.5, false), (3, 20, 0.7, false), (12, 15, 0.5, false), (6, 6, 0.5, true),
      (30, 30, 0.4, true),
    ] {
      func sample(_ count: Int, _ shift: Double) -> [Double] {
        (0..<count).map { _ in
          let value = random.nextNormal() + shift
          return hasTies ? value.rounded() : value
        }
      }
      pairs.append((sample(a, 0), sample(b, shift)))
    }
    for (n, pair) in pairs.enumerated() {
      archive.arrays["a\(n)"] = NumPyArray(shape: [pair.0.count], pair.0)
      archive.arrays["b\(n)"] = NumPyArray(shape: [pair.1.count], pair.1)
    }
    let expected = try PythonOracle.archive("rank_statistics.py", input: archive)
    let (u, p, spearman) = try (
      expected.doubles("u"), expected.doubles("p"), expected.doubles("spearman")
    )
    for (n, pair) in pairs.enumerated() {
      let test = SampleStatistics.mannWhitney(pair.0, pair.1)
      #expect(test.u == u[n])
      #expect(abs(test.p - p[n]) < 1e-9, "pair \(n)")
      guard pair.0.count == pair.1.count else { continue }
      #expect(abs(SampleStatistics.rankCorrelation(pair.0, pair.1) - spearman[n]) < 1e-12)
    }
  }

  /// Ways in which so many of the values lie below the median, counted one by one, of 2ⁿ.
  @Test(arguments: 6...20) func theMedianIntervalIsTheNarrowestOfCoverageEnough(count: Int) throws {
    let below = (0..<1 << count).map { $0.nonzeroBitCount }
    func coverage(_ rank: Int) -> Double {
      Double(below.count { $0 >= rank && count - $0 >= rank }) / Double(below.count)
    }
    let interval = try #require(SampleStatistics.medianInterval(count))
    #expect(abs(interval.coverage - coverage(interval.rank)) < 1e-12)
    #expect(interval.coverage >= 0.95 && coverage(interval.rank + 1) < 0.95)
    let values = (1...count).map { Double($0) }.shuffled()
    let estimate = SampleStatistics.medianEstimate(values)
    #expect(estimate.low == Double(interval.rank) && estimate.high == Double(count + 1 - interval.rank))
  }

  @Test func ofSixValuesTheIntervalIsFromTheSmallestToTheLargest() throws {
    #expect(
      SampleStatistics.medianEstimate([3, 1, 4, 1.5, 9, 2.6]) == Estimate(value: 2.8, low: 1, high: 9, count: 6))
    #expect(abs(try #require(SampleStatistics.medianInterval(6)).coverage - 31.0 / 32) < 1e-15)
  }

  /// The published study's 1145 photographs: ½ⁿ is no number there. 0.98 √n from the middle, by the normal law.
  @Test func ofManyValuesTheIntervalIsThatOfTheNormalLaw() throws {
    let interval = try #require(SampleStatistics.medianInterval(1145))
    #expect(abs(Double(interval.rank) - (573 - 0.98 * 1145.0.squareRoot())) < 1)
    #expect((0.95..<0.96).contains(interval.coverage))
  }

  /// As often as it is said to, whatever the law: a symmetric one and a lopsided one, whose median is ln 2.
  @Test(arguments: [6, 9, 25]) func theMedianIntervalHoldsTheTrueMedianAsOftenAsItSays(count: Int) throws {
    let coverage = try #require(SampleStatistics.medianInterval(count)).coverage
    var random = SplitMix64(seed: 8)
    let laws: [(median: Double, draw: () -> Double)] = [
      (0, { random.nextNormal() }), (log(2), { -log(1 - Double.random(in: 0..<1, using: &random)) }),
    ]
    for law in laws {
      let samples = 10_000
      let held = (0..<samples).count { _ in
        let estimate = SampleStatistics.medianEstimate((0..<count).map { _ in law.draw() })
        return estimate.low <= law.median && law.median <= estimate.high
      }
      let deviation = (coverage * (1 - coverage) / Double(samples)).squareRoot()
      #expect(abs(Double(held) / Double(samples) - coverage) < 4 * deviation)
    }
  }

  @Test(arguments: 0...5) func fewerThanSixValuesHaveNoInterval(count: Int) {
    let few = SampleStatistics.medianEstimate((0..<count).map { Double($0) })
    #expect(!few.hasInterval && few.low.isNaN && few.high.isNaN && few.count == count)
    #expect(few.value == Double(count - 1) / 2 || count == 0)
    #expect(SampleStatistics.medianInterval(count) == nil)
  }

  @Test func samplesOfNothingHaveNoStatistics() {
    #expect(SampleStatistics.median([]).isNaN)
    #expect(SampleStatistics.mannWhitney([], [1]).p.isNaN)
    #expect(SampleStatistics.mannWhitney([1, 1], [1, 1]).p == 1)
    #expect(SampleStatistics.rankCorrelation([1, 1, 1], [1, 2, 3]).isNaN)
  }

  @Test func aHistogramLeavesNothingOutBetweenZeroAndItsEnd() {
    let bins = SampleStatistics.histogram([0, 4.9, 5, 14.9, 15, -1, 16], to: 15, by: 5)
    #expect(bins.map(\.low) == [0, 5, 10])
    #expect(bins.map(\.count) == [2, 1, 2])
  }

  /// θ of a fitted kernel is 15° but for rounding.
  @Test func valuesAtAnEdgeAreInTheBinAboveItHoweverTheyWereRounded() {
    let values = (0..<12).flatMap { step -> [Double] in
      let theta = 15 * Double(step)
      return [theta, max(theta.nextDown, 0), theta.nextUp]
    }
    let bins = SampleStatistics.histogram(values, to: 180, by: 7.5)
    let expected = (0..<24).map { $0.isMultiple(of: 2) ? 3 : 0 }
    #expect(bins.map(\.count) == expected)
  }
}
