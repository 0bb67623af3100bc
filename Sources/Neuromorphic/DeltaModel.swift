/// LCA with graded spikes that carry the change of the activation, sent when it reaches a threshold (residue kept).
///
/// Equations, states and sources are in `hwmodels/NeuroChip/include/NeuroChip/delta_model.hpp`.
public struct DeltaModel: NeuronModel {
  /// Soft threshold λ.
  public let lambda: Double
  /// Smallest change of the activation that is sent (θ).
  public let sendThreshold: Double
  /// The Euler step is 2^−stepShift of τ.
  public let stepShift: Int
  /// Whether the neuron is driven by residuals (two layers) and adds its own activation back.
  public let isDrivenByResiduals: Bool

  /// The model with its parameters in real units.
  public init(lambda: Double, sendThreshold: Double, stepShift: Int, isDrivenByResiduals: Bool = false) {
    self.lambda = lambda
    self.sendThreshold = sendThreshold
    self.stepShift = stepShift
    self.isDrivenByResiduals = isDrivenByResiduals
  }

  /// What chip files call the model.
  public var name: NeuronModelName { .delta }
  /// Neurons on each dendrite.
  public var neuronsPerDendrite: Int { 1 }
  /// Words of state of a neuron, compartments not counted.
  public var stateWordsPerNeuron: Int { 2 }
  /// Compartments that the equations read.
  public var compartments: Set<Network.Compartment> { [.pulse, .hold] }

  /// States that can be read.
  public var states: [String] { ["u", "s"] }
  /// λ or θ.
  public var largestLevel: Double { max(abs(lambda), abs(sendThreshold)) }
  /// Eight units to the smallest message: the residue that rounding leaves is small against the threshold.
  public func payloadExponent(stateExponent: Int) -> Int {
    sendThreshold.isNormal ? max(stateExponent, Int(sendThreshold.exponent) - 3) : stateExponent
  }

  /// The parameters in the units of states.
  public func lowered(to scale: NumberScale) -> [String: Double] {
    [
      "lambda": scale.state(lambda), "sendThreshold": max(scale.state(sendThreshold), scale.isInteger ? 1 : 0),
      "stepShift": Double(stepShift), "payloadShift": Double(scale.payloadExponent - scale.stateExponent),
      "ownShare": isDrivenByResiduals ? 1 : 0,
    ]
  }
}
