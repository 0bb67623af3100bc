/// How lava-optimization's solver makes weights integers (lava-nc 0.10.0, utils/weightutils.py).
package enum LavaWeights {
  /// Of the largest power of two with which all weights lie below 256.
  package static func exponent(of weights: [Float]) -> Int {
    Int((weights.map(abs).max() ?? 0).exponent) + 1 - 8
  }

  /// Half of the even number that the solver takes, −256 … 254: an integer of 8 bits, −128 … 127. Towards zero, then
  /// down.
  package static func truncated(_ weight: Float, _ exponent: Int) -> Int16 {
    let scaled = weight * Float(sign: .plus, exponent: -exponent, significand: 1)
    return Int16((scaled.rounded(.towardZero) / 2).rounded(.down))
  }
}
