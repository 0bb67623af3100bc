import Foundation

/// Random numbers that a seed decides, the same on every machine: SplitMix64 (Steele, Lea & Flood, OOPSLA 2014).
package struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number in 0 ..< 1.
  package mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A standard normal number (Box & Muller, Ann. Math. Statist. 29, 1958).
  package mutating func nextNormal() -> Double {
    let radius = (-2 * log(1 - nextUnit())).squareRoot()
    return radius * cos(2 * .pi * nextUnit())
  }

  /// A number in 0 ..< 1 that a seed and a place decide, whatever else was drawn.
  package static func unit(seed: UInt64, _ place: [Int]) -> Double {
    var generator = SeededGenerator(seed: seed)
    for part in place { generator = SeededGenerator(seed: generator.next() ^ UInt64(bitPattern: Int64(part))) }
    return generator.nextUnit()
  }
}
