/// The neuron models that exist; each is one file here and one in `hwmodels/NeuroChip`.
public enum NeuronModelName: String, CaseIterable, Sendable {
  case delta
  case graded
  case lif
  case spiking

  /// Whether its spikes carry payloads wider than a bit.
  public var sendsGradedSpikes: Bool { self == .delta || self == .graded }

  /// All names, for messages.
  public static var listed: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// A neuron model with its parameters in real units, as the user states them.
public protocol NeuronModel: Sendable {
  var name: NeuronModelName { get }
  /// Neurons on each dendrite: 2 for an ON/OFF pair.
  var neuronsPerDendrite: Int { get }
  /// Words of state that each neuron keeps, dendrite compartments not counted.
  var stateWordsPerNeuron: Int { get }
  /// The dendrite compartments that its equations read.
  var compartments: Set<Network.Compartment> { get }
  /// Names of the states that can be read.
  var states: [String] { get }
  /// The largest magnitude among its parameters that are states, in real units: what states are measured by.
  var largestLevel: Double { get }
  /// The exponent of the unit of its payloads, for states in units of 2^stateExponent.
  func payloadExponent(stateExponent: Int) -> Int
  /// The parameters in the chip's units.
  ///
  /// - Parameter scale: How real values become states and payloads.
  func lowered(to scale: NumberScale) -> [String: Double]
}

/// How real values become a chip's numbers: value = integer × 2^exponent. In `float` arithmetic both exponents are 0
/// and values stay real.
public struct NumberScale: Equatable, Sendable {
  /// Whether numbers are the chip's integers.
  public let isInteger: Bool
  /// A state is worth its integer × 2^this.
  public let stateExponent: Int
  /// A payload is worth its integer × 2^this.
  public let payloadExponent: Int

  /// A scale; the exponents are ignored in `float` arithmetic.
  public init(isInteger: Bool, stateExponent: Int, payloadExponent: Int) {
    self.isInteger = isInteger
    self.stateExponent = isInteger ? stateExponent : 0
    self.payloadExponent = isInteger ? payloadExponent : 0
  }

  /// A real value in units of states, rounded in integer arithmetic.
  public func state(_ value: Double) -> Double {
    isInteger ? value.timesPowerOfTwo(-stateExponent).rounded() : value
  }
}

extension Double {
  /// The value times 2^exponent, exactly.
  func timesPowerOfTwo(_ exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: self) }
}
