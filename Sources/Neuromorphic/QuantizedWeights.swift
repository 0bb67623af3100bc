import SparseCoding

/// How synapses of n bits hold a weight.
public enum WeightFormat: String, CaseIterable, Sendable {
  /// One synapse: integers of n bits.
  case single
  /// Two synapses, high and low digit: integer = 2^n · high + low, both signed, so of nearly 2n bits; n is at most 8. Every
  /// synaptic operation and every byte counts twice.
  case split

  /// Synapses that hold one weight.
  public var synapsesPerWeight: Int { self == .split ? 2 : 1 }

  /// Widest synapses that can be split.
  static let widestDigit = 8

  /// Integers lie in −largest … largest.
  func largest(bits: Int) -> Int {
    let largest = 1 << (bits - 1) - 1
    return self == .split ? largest * (1 << bits + 1) : largest
  }
}

/// Weights as the chip holds them: signed integers times a power of two, or reals in `float` arithmetic.
public struct QuantizedWeights: Equatable, Sendable {
  /// How synapses hold them.
  public let format: WeightFormat
  /// weight = integer × 2^exponent.
  public let exponent: Int
  /// Empty in `float` arithmetic.
  public let integers: [Int16]
  /// Empty in integer arithmetic.
  public let reals: [Float]

  /// Rounds weights to a signed width, with the power of two that gives the smallest squared error.
  public init(_ weights: [Float], arithmetic: Network.Arithmetic, format: WeightFormat = .single) {
    guard case .integer(let bits) = arithmetic else {
      self.format = .single
      exponent = 0
      integers = []
      reals = weights
      return
    }
    self.format = format
    let limit = Float(format.largest(bits: format == .split ? min(bits, WeightFormat.widestDigit) : bits))
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

  /// What synapses of n bits hold: the weights themselves, or all low digits and all high ones; weight = Σ 2^(n · place) ·
  /// synapse.
  func synapses(bits: Int) -> [QuantizedWeights] {
    guard format == .split else { return [self] }
    let base = 1 << bits, half = base / 2
    let low = integers.map { (Int($0) + half) & (base - 1) - half }
    let high = zip(integers, low).map { (Int($0) - $1) >> bits }
    return [low, high].map { QuantizedWeights(integers: $0.map(Int16.init), exponent: exponent) }
  }

  /// Weights integer × 2^exponent as they are; a simulation refuses integers that its synapses do not hold.
  package init(integers: [Int16], exponent: Int) {
    format = .single
    self.exponent = exponent
    self.integers = integers
    reals = []
  }

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
