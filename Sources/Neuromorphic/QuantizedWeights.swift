import SparseCoding

/// Weights as the chip holds them: signed integers times a power of two, or reals in `float` arithmetic.
public struct QuantizedWeights: Equatable, Sendable {
  /// weight = integer × 2^exponent.
  public let exponent: Int
  /// Empty in `float` arithmetic.
  public let integers: [Int16]
  /// Empty in integer arithmetic.
  public let reals: [Float]

  /// Rounds weights to a signed width, with the power of two that gives the smallest squared error.
  public init(_ weights: [Float], arithmetic: Network.Arithmetic) {
    guard case .integer(let bits) = arithmetic else {
      exponent = 0
      integers = []
      reals = weights
      return
    }
    let limit = Float(1 << (bits - 1)) - 1
    let largest = weights.reduce(0) { max($0, abs($1)) }
    // The smallest exponent without clipping, and the one below it: a little clipping can cost less than a lost bit.
    let unclipped = largest > 0 ? Int((largest / limit).exponent) + ((largest / limit).significand > 1 ? 1 : 0) : 0
    let rounded = [unclipped, unclipped - 1].map { exponent in
      (exponent, Self.round(weights, exponent: exponent, limit: limit))
    }
    let errors = rounded.map { Self.squaredError(weights, $0.1, exponent: $0.0) }
    let best = errors[1] < errors[0] ? rounded[1] : rounded[0]
    exponent = best.0
    integers = best.1
    reals = []
  }

  /// The weights' values.
  public var values: [Float] {
    if integers.isEmpty { return reals }
    let unit = Float(sign: .plus, exponent: exponent, significand: 1)
    return integers.map { Float($0) * unit }
  }

  /// Number of weights.
  public var count: Int { integers.isEmpty ? reals.count : integers.count }

  private static func round(_ weights: [Float], exponent: Int, limit: Float) -> [Int16] {
    let scale = Float(sign: .plus, exponent: -exponent, significand: 1)
    return weights.map { Int16(min(max(($0 * scale).rounded(), -limit), limit)) }
  }

  private static func squaredError(_ weights: [Float], _ integers: [Int16], exponent: Int) -> Double {
    let unit = Float(sign: .plus, exponent: exponent, significand: 1)
    return zip(weights, integers).reduce(0.0) { sum, pair in
      let error = Double(pair.0 - Float(pair.1) * unit)
      return sum + error * error
    }
  }
}

/// Weights over channel pairs and position offsets: [source channel][offset y][offset x][target channel].
public struct ConvolutionTable: Equatable, Sendable {
  /// Channels of the source.
  public let sourceChannels: Int
  /// Offsets along each axis.
  public let extent: Int
  /// Channels of the target.
  public let targetChannels: Int
  /// [source channel][offset y][offset x][target channel].
  public let weights: QuantizedWeights

  /// Makes a table of sourceChannels × extent² × targetChannels weights; a simulation refuses another number of them.
  public init(sourceChannels: Int, extent: Int, targetChannels: Int, weights: QuantizedWeights) {
    self.sourceChannels = sourceChannels
    self.extent = extent
    self.targetChannels = targetChannels
    self.weights = weights
  }
}
