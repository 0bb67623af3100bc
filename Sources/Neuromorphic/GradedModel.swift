/// LCA whose active neurons send their whole activation in every step.
///
/// Equations, states and sources are in `hwmodels/NeuroChip/include/NeuroChip/graded_model.hpp`.
public struct GradedModel: NeuronModel {
  /// Soft threshold λ.
  public let lambda: Double
  /// The Euler step is 2^−stepShift of τ.
  public let stepShift: Int

  public init(lambda: Double, stepShift: Int) {
    self.lambda = lambda
    self.stepShift = stepShift
  }

  public var name: NeuronModelName { .graded }
  public var neuronsPerDendrite: Int { 1 }
  public var stateWordsPerNeuron: Int { 1 }
  public var compartments: Set<Network.Compartment> { [.pulse, .hold, .trace] }

  public func lowered(to scale: NumberScale) -> [String: Double] {
    [
      "lambda": scale.state(lambda), "stepShift": Double(stepShift),
      "payloadShift": Double(scale.payloadExponent - scale.stateExponent),
    ]
  }
}
