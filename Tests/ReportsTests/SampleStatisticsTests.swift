import DataFiles
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

  @Test func theMedianIntervalHoldsTheTrueMedianAboutNineteenTimesInTwenty() {
    var random = SplitMix64(seed: 8)
    var held = 0
    for _ in 0..<200 {
      let sample = (0..<25).map { _ in random.nextNormal() }
      let estimate = SampleStatistics.medianEstimate(sample, resamples: 400, using: &random)
      #expect(estimate.low <= estimate.value && estimate.value <= estimate.high)
      if estimate.low <= 0, estimate.high >= 0 { held += 1 }
    }
    // The percentile interval of a median is known to be a little narrow or wide; binomial error is 3 of 200.
    #expect((180...199).contains(held))
  }

  @Test func aSeedRepeatsAnInterval() {
    func estimate(_ seed: UInt64) -> Estimate {
      var random = SplitMix64(seed: seed)
      return SampleStatistics.medianEstimate([3, 1, 4, 1.5, 9, 2.6], using: &random)
    }
    #expect(estimate(1) == estimate(1))
    #expect(estimate(1).value == 2.8)
  }

  @Test(arguments: 0...5) func fewerThanSixValuesHaveNoInterval(count: Int) {
    var random = SplitMix64(seed: 1)
    let values = (0..<count).map { Double($0) }
    let few = SampleStatistics.medianEstimate(values, using: &random)
    #expect(!few.hasInterval && few.low.isNaN && few.high.isNaN && few.count == count)
    #expect(few.value == Double(count - 1) / 2 || count == 0)
    // Of six, the smallest and the largest hold the median with a probability of 1 − 2 · ½⁶ = 96.9 %.
    let six = SampleStatistics.medianEstimate([1, 2, 3, 4, 5, 6], using: &random)
    #expect(six.hasInterval && six.low >= 1 && six.high <= 6 && six.low < 3.5 && six.high > 3.5)
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
