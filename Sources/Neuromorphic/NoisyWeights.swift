import DataFiles

extension Network {
  /// Puts noise on every weight of the tables, each by itself: what is equal in theory, as the two directions of lateral
  /// inhibition are, is no longer equal.
  mutating func addWeightNoise(_ share: Double, seed: UInt64) {
    guard share > 0 else { return }
    var seeds = SeededGenerator(seed: seed)
    tables = tables.map { $0.withNoise(share, arithmetic: arithmetic, seed: seeds.next()) }
  }
}

extension ConvolutionTable {
  fileprivate func withNoise(_ share: Double, arithmetic: Network.Arithmetic, seed: UInt64) -> ConvolutionTable {
    ConvolutionTable(
      sourceChannels: sourceChannels, extent: extent, targetChannels: targetChannels,
      weights: weights.withNoise(share, arithmetic: arithmetic, seed: seed))
  }
}

extension QuantizedWeights {
  /// The weights with normal noise, whose standard deviation is a share of their root mean square. Integers stay
  /// integers of the same width and exponent. More noise has the same signs, and errors in proportion before rounding.
  package func withNoise(_ share: Double, arithmetic: Network.Arithmetic, seed: UInt64) -> QuantizedWeights {
    var random = SeededGenerator(seed: seed)
    let deviation = share * rootMeanSquare
    let noisy = values.map { Float(Double($0) + deviation * random.nextNormal()) }
    return QuantizedWeights(noisy, like: self, arithmetic: arithmetic)
  }

  private var rootMeanSquare: Double {
    var sum = 0.0
    forEachValue { sum += Double($0) * Double($0) }
    return count > 0 ? (sum / Double(count)).squareRoot() : 0
  }
}
