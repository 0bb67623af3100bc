/// S-LCA: binary spikes whose rates are the code; one neuron or an ON/OFF pair on each dendrite.
///
/// Equations, states and sources are in `hwmodels/NeuroChip/include/NeuroChip/spiking_model.hpp`.
public struct SpikingModel: NeuronModel {
  /// Threshold λ.
  public let lambda: Double
  /// What each spike is worth (q), in units of the code × τ.
  public let charge: Double
  /// The Euler step, and the trace's decay, is 2^−stepShift of τ.
  public let stepShift: Int
  /// 1: non-negative codes; 2: an ON/OFF pair for each coefficient.
  public let polarities: Int

  /// The model with its parameters in real units.
  public init(lambda: Double, charge: Double, stepShift: Int, polarities: Int) {
    self.lambda = lambda
    self.charge = charge
    self.stepShift = stepShift
    self.polarities = polarities
  }

  /// What chip files call the model.
  public var name: NeuronModelName { .spiking }
  /// Neurons on each dendrite.
  public var neuronsPerDendrite: Int { polarities }
  /// Words of state of a neuron, compartments not counted.
  public var stateWordsPerNeuron: Int { 1 }
  /// Compartments that the equations read.
  public var compartments: Set<Network.Compartment> { [.hold, .trace] }

  /// States that can be read.
  public var states: [String] { ["V"] }
  /// λ or the charge.
  public var largestLevel: Double { max(abs(lambda), abs(charge)) }
  /// A spike is worth the charge, which must be a power of two to be exact.
  public func payloadExponent(stateExponent: Int) -> Int { charge.isNormal ? Int(charge.exponent) : 0 }

  /// The parameters in the units of states.
  public func lowered(to scale: NumberScale) -> [String: Double] {
    [
      "lambda": scale.state(lambda), "charge": max(scale.state(charge), scale.isInteger ? 1 : 0),
      "payload": scale.isInteger ? 1 : charge, "stepShift": Double(stepShift), "polarities": Double(polarities),
    ]
  }
}
