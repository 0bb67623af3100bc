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

  /// A number of events of a Poisson distribution, by the inverse of its distribution function, term by term.
  mutating func nextPoisson(_ rate: Double, probabilityOfNone: Double) -> Int {
    var left = nextUnit() - probabilityOfNone
    var probability = probabilityOfNone
    var count = 0
    while left >= 0, probability > 0 {
      count += 1
      probability *= rate / Double(count)
      left -= probability
    }
    return count
  }
}
