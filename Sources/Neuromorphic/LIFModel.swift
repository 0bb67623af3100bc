import Foundation

/// Loihi's current-based leaky integrate-and-fire neuron, for general networks.
///
/// Equations, states and sources are in `hwmodels/NeuroChip/include/NeuroChip/lif_model.hpp`. A spike's payload is 1.
public struct LIFModel: NeuronModel {
  /// Share of the current lost each step, in 1/4096; 4096: a current lasts one step.
  public let currentDecay: Int
  /// Share of the potential lost each step, in 1/4096; 0: no leak.
  public let voltageDecay: Int
  /// Added to the potential in every step.
  public let bias: Double
  /// A spike needs a potential above this.
  public let threshold: Double
  /// Steps after a spike during which the potential stays 0.
  public let refractorySteps: Int

  /// The model with its parameters in real units.
  public init(
    currentDecay: Int = 4096, voltageDecay: Int = 0, bias: Double = 0, threshold: Double, refractorySteps: Int = 0
  ) {
    self.currentDecay = currentDecay
    self.voltageDecay = voltageDecay
    self.bias = bias
    self.threshold = threshold
    self.refractorySteps = refractorySteps
  }

  /// What chip files call the model.
  public var name: NeuronModelName { .lif }
  /// Neurons on each dendrite.
  public var neuronsPerDendrite: Int { 1 }
  /// Words of state of a neuron, compartments not counted.
  public var stateWordsPerNeuron: Int { 3 }
  /// Compartments that the equations read.
  public var compartments: Set<Network.Compartment> { [.pulse] }

  /// States that can be read.
  public var states: [String] { ["u", "v"] }
  /// Threshold or bias.
  public var largestLevel: Double { max(abs(threshold), abs(bias)) }
  /// A spike is worth 1, so that a weight is what it adds to the current.
  public func payloadExponent(stateExponent: Int) -> Int { 0 }

  /// The share, in 1/4096, that decays each step with a time constant in steps: 1 − e^(−1/τ), rounded. 0 steps: all of
  /// it.
  public static func decay(timeConstant: Double) -> Int {
    timeConstant > 0 ? Int((4096 * (1 - exp(-1 / timeConstant))).rounded()) : 4096
  }

  /// - Throws: `NeuromorphicError` naming the population, the parameter and its range.
  func validate(_ population: String) throws(NeuromorphicError) {
    for (name, decay) in [("current decay", currentDecay), ("voltage decay", voltageDecay)]
    where !(0...4096).contains(decay) {
      throw NeuromorphicError("\(population) has the \(name) \(decay); it counts in 1/4096 and can be 0 to 4096")
    }
    guard threshold >= 0, threshold.isFinite else {
      throw NeuromorphicError(
        "\(population) has the threshold \(threshold); a potential at rest is 0, so it must be 0 or above")
    }
    guard bias.isFinite else { throw NeuromorphicError("\(population) has the bias \(bias); it must be a number") }
    guard (0...Self.mostRefractorySteps).contains(refractorySteps) else {
      throw NeuromorphicError(
        "\(population) has a refractory period of \(refractorySteps) steps; it can be 0 to \(Self.mostRefractorySteps)")
    }
  }

  private static let mostRefractorySteps = 1 << 30

  /// The parameters in the units of states.
  public func lowered(to scale: NumberScale) -> [String: Double] {
    [
      "currentDecay": Double(currentDecay), "voltageDecay": Double(voltageDecay), "bias": scale.state(bias),
      "threshold": scale.state(threshold), "refractory": Double(refractorySteps),
    ]
  }
}
