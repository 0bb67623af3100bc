import EventStreams
import Foundation
import TestSupport
import Testing

@Suite struct PayloadScaleTests {
  @Test func theExponentIsTheSmallestThatHoldsTheMagnitude() {
    var random = SplitMix64(seed: 1)
    for _ in 0..<2000 {
      let magnitude = Float.random(in: 1...2, using: &random) * Float(scalbn(1.0, random.int(-148...120)))
      let limit = PayloadScale.largestPayload(bits: random.int(2...32))
      let exponent = PayloadScale.exponent(holding: magnitude, limit: limit)
      #expect(PayloadScale.units(magnitude, exponent) <= Double(limit))
      #expect(PayloadScale.units(magnitude, exponent - 1) > Double(limit))
    }
  }

  @Test func roundingCountsAsHolding() {
    // 127.4 rounds to 127, the largest 8-bit payload; 127.5 rounds to 128.
    #expect(PayloadScale.exponent(holding: 127.4, limit: 127) == 0)
    #expect(PayloadScale.exponent(holding: 127.5, limit: 127) == 1)
  }

  @Test func theCoveringExponentIsThePowerOfTwoAtOrAbove() {
    #expect(PayloadScale.exponent(covering: 4) == 2)
    #expect(PayloadScale.exponent(covering: Float(4).nextUp) == 3)
    #expect(PayloadScale.exponent(covering: Float(4).nextDown) == 2)
    #expect(PayloadScale.exponent(covering: 0.5) == -1)
    #expect(PayloadScale.exponent(covering: .leastNonzeroMagnitude) == -149)
  }

  @Test func zeroNeedsNoScale() {
    #expect(PayloadScale.exponent(holding: 0, limit: 127) == 0)
    #expect(PayloadScale.exponent(covering: 0) == 0)
  }
}
