import SparseCoding

/// How synapses of n bits hold a weight.
public enum WeightFormat: String, CaseIterable, Sendable {
  /// One synapse: integers of n bits.
  case single
  /// Two synapses, high and low digit: integer = 2^n · high + low, both signed, so of nearly 2n bits; n is at most 8.
  /// Every synaptic operation and every byte counts twice.
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

  /// The same for weights that are to be rounded to synapses of n bits, or of as many as can be split.
  fileprivate func limit(bits: Int) -> Float {
    Float(largest(bits: self == .split ? min(bits, Self.widestDigit) : bits))
  }
}

/// Weights as the chip holds them: signed integers times a power of two, or reals in `float` arithmetic.
public struct QuantizedWeights: Equatable, Sendable {
  /// How synapses hold them.
  public let format: WeightFormat
  /// weight = integer × 2^exponent.
  public let exponent: Int
  let stored: Stored

  /// Integers in a byte each if all of them fit.
  enum Stored: Equatable, Sendable {
    case bytes(SharedArray<Int8>)
    case words(SharedArray<Int16>)
    case reals(SharedArray<Float>)
  }

  /// Rounds weights to a signed width, with the power of two that gives the smallest squared error.
  public init(_ weights: some Collection<Float>, arithmetic: Network.Arithmetic, format: WeightFormat = .single) {
    guard case .integer(let bits) = arithmetic else {
      self.format = .single
      exponent = 0
      stored = .reals(SharedArray(weights))
      return
    }
    self.format = format
    let limit = format.limit(bits: bits)
    let largest = weights.reduce(0) { max($0, abs($1)) }
    // The smallest exponent without clipping, and the one below it: a little clipping can cost less than a lost bit.
    let unclipped = largest > 0 ? Int((largest / limit).exponent) + ((largest / limit).significand > 1 ? 1 : 0) : 0
    let roundings = [unclipped, unclipped - 1].map { Rounding(exponent: $0, limit: limit) }
    let errors = roundings.map { $0.squaredError(of: weights) }
    let best = errors[1] < errors[0] ? roundings[1] : roundings[0]
    exponent = best.exponent
    stored = Stored(weights.lazy.map(best.integer))
  }

  /// Rounds weights with the format and exponent of others, to the same width.
  init(_ weights: some Collection<Float>, like other: QuantizedWeights, arithmetic: Network.Arithmetic) {
    (format, exponent) = (other.format, other.exponent)
    guard case .integer(let bits) = arithmetic else {
      stored = .reals(SharedArray(weights))
      return
    }
    let rounding = Rounding(exponent: exponent, limit: format.limit(bits: bits))
    stored = Stored(weights.lazy.map(rounding.integer))
  }

  /// Weights integer × 2^exponent as they are; a simulation refuses integers that its synapses do not hold.
  package init(integers: some Collection<Int16>, exponent: Int) {
    format = .single
    self.exponent = exponent
    stored = Stored(integers)
  }

  /// The same from an integer for each synapse that is computed whenever it is asked for, and not held.
  package init(count: Int, exponent: Int, integer: @escaping (_ synapse: Int) -> Int16) {
    self.init(integers: (0..<count).lazy.map(integer), exponent: exponent)
  }

  private init(_ stored: Stored, like other: QuantizedWeights) {
    format = other.format
    exponent = other.exponent
    self.stored = stored
  }

  /// Empty in `float` arithmetic.
  public var integers: Integers { Integers(stored: stored) }

  /// Empty in integer arithmetic.
  public var reals: SharedArray<Float> {
    if case .reals(let reals) = stored { reals } else { SharedArray([]) }
  }

  /// The weights' values.
  public var values: [Float] {
    var values: [Float] = []
    values.reserveCapacity(count)
    forEachValue { values.append($0) }
    return values
  }

  /// Visits the weights' values in order.
  func forEachValue(_ visit: (Float) -> Void) {
    let unit = Float(sign: .plus, exponent: exponent, significand: 1)
    switch stored {
    case .bytes(let bytes): for byte in bytes { visit(Float(byte) * unit) }
    case .words(let words): for word in words { visit(Float(word) * unit) }
    case .reals(let reals): for real in reals { visit(real) }
    }
  }

  /// Number of weights.
  public var count: Int {
    switch stored {
    case .bytes(let bytes): bytes.count
    case .words(let words): words.count
    case .reals(let reals): reals.count
    }
  }

  /// What synapses of n bits hold: the weights themselves, or all low digits and all high ones; weight = Σ 2^(n ·
  /// place) · synapse.
  func synapses(bits: Int) -> [QuantizedWeights] {
    guard format == .split else { return [self] }
    let base = 1 << bits, half = base / 2
    func low(_ integer: Int16) -> Int { (Int(integer) + half) & (base - 1) - half }
    return [
      QuantizedWeights(integers: integers.lazy.map { Int16(low($0)) }, exponent: exponent),
      QuantizedWeights(integers: integers.lazy.map { Int16((Int($0) - low($0)) >> bits) }, exponent: exponent),
    ]
  }

  /// The weights in the order of rising targets, and these row by row.
  func sorted(with rows: GivenRows<some Collection<Int32>>, _ visit: ([Int32]) -> Void) -> QuantizedWeights {
    switch stored {
    case .bytes(let bytes): QuantizedWeights(.bytes(bytes.sorted(with: rows, visit)), like: self)
    case .words(let words): QuantizedWeights(.words(words.sorted(with: rows, visit)), like: self)
    case .reals(let reals): QuantizedWeights(.reals(reals.sorted(with: rows, visit)), like: self)
    }
  }
}

extension QuantizedWeights.Stored {
  fileprivate init(_ integers: some Collection<Int16>) {
    self =
      integers.allSatisfy { Int8(exactly: $0) != nil }
      ? .bytes(SharedArray(integers.lazy.map { Int8(truncatingIfNeeded: $0) })) : .words(SharedArray(integers))
  }
}

extension QuantizedWeights {
  /// A view of integers, whatever their width in memory.
  public struct Integers: RandomAccessCollection, Sendable {
    let stored: Stored

    /// 0.
    public var startIndex: Int { 0 }
    /// Number of integers.
    public var endIndex: Int {
      switch stored {
      case .bytes(let bytes): bytes.count
      case .words(let words): words.count
      case .reals: 0
      }
    }

    /// An integer; positions are checked.
    public subscript(position: Int) -> Int16 {
      switch stored {
      case .bytes(let bytes): Int16(bytes[position])
      case .words(let words): words[position]
      case .reals: preconditionFailure("reals are no integers")
      }
    }
  }

  private struct Rounding {
    let exponent: Int
    let limit: Float
    private let unit, scale: Float

    init(exponent: Int, limit: Float) {
      self.exponent = exponent
      self.limit = limit
      unit = Float(sign: .plus, exponent: exponent, significand: 1)
      scale = Float(sign: .plus, exponent: -exponent, significand: 1)
    }

    func integer(_ weight: Float) -> Int16 { Int16(min(max((weight * scale).rounded(), -limit), limit)) }

    func squaredError(of weights: some Collection<Float>) -> Double {
      weights.reduce(0.0) { sum, weight in
        let error = Double(weight - Float(integer(weight)) * unit)
        return sum + error * error
      }
    }
  }
}

extension SharedArray {
  /// The elements of each row in the order of its rising targets; equal targets keep theirs.
  fileprivate func sorted(with rows: GivenRows<some Collection<Int32>>, _ visit: ([Int32]) -> Void) -> SharedArray {
    SharedArray(count: count) { sorted in
      rows.forEach { first, row in
        // Target and place as one number, which sorts fast.
        let order = row.enumerated().map { UInt64($0.element) << 32 | UInt64($0.offset) }.sorted()
        visit(order.map { Int32(truncatingIfNeeded: $0 >> 32) })
        for (place, key) in order.enumerated() {
          sorted.initializeElement(at: first + place, to: self[first + Int(UInt32(truncatingIfNeeded: key))])
        }
      }
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
