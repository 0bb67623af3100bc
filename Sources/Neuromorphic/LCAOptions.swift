/// How a locally competitive network is built from neurons.
public enum LCAModel: String, CaseIterable, Sendable {
  /// One layer; graded spikes carry changes of the activation.
  case delta
  /// One layer; every active neuron sends its activation in every step.
  case graded
  /// Two layers, of pixels' residuals and of codes; both send changes.
  case residual
  /// One layer of ON/OFF pairs with binary spikes.
  case spiking

  /// The neuron model of its layers, which a chip must be able to run.
  public var neuronModel: NeuronModelName {
    switch self {
    case .delta, .residual: .delta
    case .graded: .graded
    case .spiking: .spiking
    }
  }

  /// All names, for messages.
  public static var listed: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// What a locally competitive network computes and how.
public struct LCAOptions: Equatable, Sendable {
  /// How it is built from neurons.
  public var model: LCAModel = .delta
  /// Weight of the sparseness, λ.
  public var lambda = 0.2
  /// The numbers it computes with.
  public var arithmetic = Network.Arithmetic.integer(weightBits: 8)
  /// How the chip's synapses hold the weights of kernels and of lateral inhibition.
  public var weightFormat = WeightFormat.single
  /// Smallest change that `delta` sends; nil for λ / 4.
  public var sendThreshold: Double?
  /// What a spike of `spiking` is worth, rounded up to a power of two; nil for the smallest that the largest drive
  /// allows.
  public var charge: Double?
  /// The Euler step is 2^−stepShift; nil for the largest stable one.
  public var stepShift: Int?
  /// What is broken on the chip.
  public var faults = Faults()
  /// Normal noise on each weight that the chip holds, of kernels and of lateral inhibition: its standard deviation as a
  /// share of the root mean square of its table. The faults' seed decides it.
  public var weightNoise = 0.0

  /// `delta` with λ = 0.2 and 8-bit weights.
  public init() {}
}

extension LCAOptions {
  /// Numbers whose powers of two a network can be scaled with.
  private static let scales = 0x1p-512...0x1p+512

  /// - Throws: `NeuromorphicError` naming the option and what would be right.
  func validate(largestDrive: Double) throws {
    for (name, value) in [("lambda", lambda), ("the send threshold", sendThreshold), ("the charge", charge)] {
      if let value, !Self.scales.contains(value) {
        throw NeuromorphicError("\(name) is \(value); it must be a positive number that is not extreme")
      }
    }
    guard largestDrive <= Self.scales.upperBound else {
      throw NeuromorphicError("the largest drive is \(largestDrive); it must be a number that is not extreme")
    }
    if let sendThreshold, model != .spiking, sendThreshold > largestDrive {
      throw NeuromorphicError(
        "send_threshold is \(sendThreshold) and no neuron is driven beyond \(largestDrive), so nothing would be sent; "
          + "use a smaller one (lambda / 4 is usual)")
    }
    guard weightNoise >= 0, weightNoise.isFinite else {
      throw NeuromorphicError("the noise of weights is \(weightNoise); it must be 0 or more")
    }
    if let stepShift, !(0...30).contains(stepShift) {
      throw NeuromorphicError("the step shift is \(stepShift); it can be 0 to 30")
    }
  }
}
