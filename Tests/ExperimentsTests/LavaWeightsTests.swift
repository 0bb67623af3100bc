import Experiments
import Testing

/// The published solver's weights at the ends of their range.
@Suite struct LavaWeightsTests {
  /// Numbers of 9 bits with sign, made even downwards, are twice what 8 bits hold: the negative end is one further
  /// away.
  @Test(
    arguments: [
      (255.9, 127), (255, 127), (254.99, 127), (254, 127), (253.99, 126), (1.99, 0), (0.99, 0), (-0.99, 0), (-1, -1),
      (-2.99, -1), (-3, -2), (-253.99, -127), (-254, -127), (-254.99, -127), (-255, -128), (-255.9, -128),
    ] as [(Float, Int16)])
  func aWeightIsRoundedTowardsZeroAndThenDownToAnEvenNumber(scaled: Float, half: Int16) {
    for exponent in [-12, 0, 5] {
      let weight = scaled * Float(sign: .plus, exponent: exponent, significand: 1)
      #expect(LavaWeights.truncated(weight, exponent) == half)
      #expect(Int8(exactly: half) != nil)
    }
  }

  /// The largest weight takes all of its bits, and none lies beyond them.
  @Test(arguments: [1, 1.001, 1.5, 1.99999, 2, 0.3, 255.99, 256] as [Float])
  func theExponentIsTheSmallestThatHoldsTheLargestWeight(largest: Float) {
    let exponent = LavaWeights.exponent(of: [0.1, -largest, 0.2])
    let scaled = largest * Float(sign: .plus, exponent: -exponent, significand: 1)
    #expect(scaled >= 128 && scaled < 256)
    #expect(Int8(exactly: LavaWeights.truncated(-largest, exponent)) != nil)
  }
}
