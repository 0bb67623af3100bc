import Foundation
import Reports
import TestSupport
import Testing

@Suite struct NumberFormatTests {
  @Test func largeRatiosHaveNoExponent() {
    let ratios = [0.43, 0.8451, 127.04, 999.4, 999.6, 4452.3, 1e-5].map(NumberFormat.ratio)
    #expect(ratios == ["0.43 ×", "0.845 ×", "127 ×", "999 ×", "1000 ×", "4452 ×", "1e-05 ×"])
  }

  @Test(arguments: [
    (1.234e-3, "s", "1.23 ms"), (45.6e-6, "J", "45.6 µJ"), (12_345, "1", "12.3 k"), (0, "J", "0 J"), (0, "1", "0"),
    (999.4, "s", "999 s"), (999.6, "s", "1.00 ks"), (0.9996, "s", "1.00 s"), (-0.0123, "s", "-12.3 ms"),
    (105e3, "B", "105 kB"), (3.2e-9, "J·s", "3.20 nJ·s"), (61.25, "1/s", "61.2 /s"), (4.1e7, "1/s", "41.0 M/s"),
    (23.6e-12, "J", "23.6 pJ"), (1e-25, "s", "1.00e-25 s"), (2e30, "1", "2.00e30"), (.infinity, "s", "–"),
    (.nan, "s", "–"),
  ])
  func quantitiesHaveThreeDigitsAndAPrefix(value: Double, unit: String, text: String) {
    #expect(NumberFormat.engineering(value, unit: unit) == text)
  }

  @Test func aFormattedQuantityReadsBackWithinItsDigits() throws {
    let prefixes: [Character: Int] = [
      "a": -18, "f": -15, "p": -12, "n": -9, "µ": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18,
    ]
    var random = SplitMix64(seed: 1)
    for _ in 0..<5000 {
      let value = Double.random(in: 1...10, using: &random) * pow(10, Double.random(in: -18...19, using: &random))
      let parts = NumberFormat.engineering(value, unit: "s").split(separator: " ")
      let mantissa = try #require(Double(parts[0]))
      let prefix = try #require(parts[1].first)
      let exponent = parts[1].count == 1 ? 0 : try #require(prefixes[prefix])
      #expect((1..<1000).contains(mantissa))
      #expect(parts[0].filter(\.isNumber).count == 3)
      #expect(abs(mantissa * pow(10, Double(exponent)) / value - 1) <= 0.005 + 1e-9)
    }
  }

  @Test func countsAreExactBelowTenThousand() {
    #expect(NumberFormat.count(9999) == "9999")
    #expect(NumberFormat.count(10_000) == "10.0 k")
    #expect(NumberFormat.count(-12) == "-12")
    #expect(NumberFormat.count(17_408_256) == "17.4 M")
  }

  @Test func statisticsShowAsTheirRegistrySays() {
    #expect(Statistic(.gap, .real(0.0498)).displayText == "4.98 %")
    #expect(Statistic(.psnr, .real(20.345)).displayText == "20.34 dB")
    #expect(Statistic(.drifts, .flag(true)).displayText == "yes")
    #expect(Statistic(.drifts, .flag(false)).displayText == "no")
    #expect(Statistic(.drifts, .null).displayText == "unknown")
    #expect(Statistic(.reachedStep, .null).displayText == "–")
    #expect(Statistic(.synops, .integer(1_234_567)).displayText == "1.23 M")
    #expect(Statistic(.smallestEigenvalue, .real(-0.39)).displayText == "-0.39")
    #expect(Statistic(name: "own", .real(2e-3), unit: "V", description: "").displayText == "2.00 mV")
  }
}
