/// LCA whose active neurons send their whole activation in every step.
///
/// Equations, states and sources are in `hwmodels/NeuroChip/include/NeuroChip/graded_model.hpp`.
public struct GradedModel: NeuronModel {
  /// Soft threshold λ.
  public let lambda: Double
  /// The Euler step is 2^−stepShift of τ.
  public let stepShift: Int

  /// The model with its parameters in real units.
  public init(lambda: Double, stepShift: Int) {
    self.lambda = lambda
    self.stepShift = stepShift
  }

  /// What chip files call the model.
  public var name: NeuronModelName { .graded }
  /// Neurons on each dendrite.
  public var neuronsPerDendrite: Int { 1 }
  /// Words of state of a neuron, compartments not counted.
  public var stateWordsPerNeuron: Int { 1 }
  /// Compartments that the equations read.
  public var compartments: Set<Network.Compartment> { [.pulse, .hold, .trace] }

  /// States that can be read.
  public var states: [String] { ["u"] }
  /// λ.
  public var largestLevel: Double { abs(lambda) }
  /// 32 units to the threshold, as fine as those of `delta` with its threshold λ / 4.
  public func payloadExponent(stateExponent: Int) -> Int {
    lambda.isNormal ? max(stateExponent, Int(lambda.exponent) - 5) : stateExponent
  }

  /// The parameters in the units of states.
  public func lowered(to scale: NumberScale) -> [String: Double] {
    [
      "lambda": scale.state(lambda), "stepShift": Double(stepShift),
      "payloadShift": Double(scale.payloadExponent - scale.stateExponent),
    ]
  }
}
