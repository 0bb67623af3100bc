import Foundation

/// The choice of the power of two that is the unit of payloads.
public enum PayloadScale {
  /// The smallest exponent e at which a magnitude, counted in units of 2^e and rounded to nearest, is at most `limit`.
  ///
  /// 0 for a magnitude of 0.
  public static func exponent(holding magnitude: Float, limit: Int) -> Int {
    precondition(magnitude.isFinite && magnitude >= 0 && limit >= 1, "a finite magnitude and a positive limit")
    guard magnitude > 0 else { return 0 }
    // One too small (the limit has at most as many bits as this allows), then up.
    var exponent = Int(magnitude.exponent) - (Int.bitWidth - limit.leadingZeroBitCount)
    while units(magnitude, exponent) > Double(limit) { exponent += 1 }
    return exponent
  }

  /// The smallest exponent e with 2^e at least a magnitude; 0 for a magnitude of 0.
  public static func exponent(covering magnitude: Float) -> Int {
    precondition(magnitude.isFinite && magnitude >= 0, "a finite magnitude")
    guard magnitude > 0 else { return 0 }
    return Int(magnitude.exponent) + (magnitude.significand == 1 ? 0 : 1)
  }

  /// A value in units of 2^exponent, rounded to nearest, halves away from zero.
  public static func units(_ value: Float, _ exponent: Int) -> Double {
    scalbn(Double(value), -exponent).rounded()
  }

  /// The largest payload of a signed width in bits.
  public static func largestPayload(bits: Int) -> Int { (1 << (bits - 1)) - 1 }
}
