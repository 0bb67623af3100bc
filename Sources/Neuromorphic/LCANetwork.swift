import EventStreams
import KernelBanks
import SparseCoding

/// A convolutional LCA network driven by pixels or by a code's events: population 0 is the coding layer; with two
/// layers, population 1 holds the pixels' residuals.
public struct LCANetwork: Sendable {
  /// What the host's events stand for.
  public enum Drive: Sendable {
    /// Pixels: b = Φᵀx.
    case image
    /// Coefficients of a code made with bank D: b = ΦᵀDz; with D = Φ the sign term λ·sign(z) is added, which makes z
    /// the exact fixed point (KKT). `primes`: an event also sets its neuron's u = z + λ·sign(z) (D = Φ and `delta`,
    /// `graded`, `residual`).
    case code(of: KernelBank, primes: Bool)
  }

  /// The populations and projections.
  public let network: Network
  /// Where the coding layer's kernels stand.
  public let geometry: CodeGeometry
  /// What it was built from.
  public let options: LCAOptions
  /// Euler step 2^−stepShift in use.
  public let stepShift: Int
  /// `delta`: smallest change sent, as used. `spiking`: what a spike is worth.
  public let sendThreshold: Double
  /// `spiking`: what a spike is worth.
  public let charge: Double
  /// What it is expected to do, for its mapping.
  public let activity: ActivityEstimate

  /// Builds the network.
  ///
  /// - Parameters:
  ///   - inputExponent: An input event's value is payload × 2^inputExponent.
  ///   - largestDrive: An upper bound of |b|; states reach four times as far.
  ///   - stateBits: Width of the chip's states.
  /// - Throws: `NeuromorphicError` if the boundary is circular (a chip has edges), or priming is asked for where it has
  ///   no meaning.
  public init(
    bank: KernelBank, geometry: CodeGeometry, lateral: LateralWeights, drive: Drive, inputExponent: Int,
    largestDrive: Double, stateBits: Int, options: LCAOptions
  ) throws {
    guard geometry.boundary == .valid else {
      throw NeuromorphicError("a network on a chip has edges; use the boundary 'valid'")
    }
    try options.validate(largestDrive: largestDrive)
    self.geometry = geometry
    self.options = options
    activity = ActivityEstimate(options.model, drive)
    stepShift = options.stepShift ?? lateral.stableStepShift
    let range = max(largestDrive, options.lambda) * 4
    let stateExponent = Int(range.exponent) + 1 - (stateBits - 1)
    let plan = LCANumbers(
      options: options, stepShift: stepShift, largestDrive: largestDrive, stateExponent: stateExponent)
    sendThreshold = plan.sendThreshold
    charge = plan.charge

    var network = Network(
      arithmetic: options.arithmetic, inputShape: drive.shape(for: geometry), inputExponent: inputExponent,
      faults: options.faults)
    let scale = NumberScale(
      isInteger: network.isInteger, stateExponent: stateExponent, payloadExponent: plan.payloadExponent)
    let coding = Self.populations(of: options.model, geometry)[0]
    network.populations = [
      Network.Population(
        name: coding.name, shape: coding.shape, model: plan.model, scale: scale,
        traceDecayShift: options.model == .spiking ? stepShift : 0)
    ]
    if options.model == .residual {
      network.addPixelLayer(
        bank: bank, geometry: geometry, options: options, sendThreshold: sendThreshold, scale: scale)
      try network.addInputToPixels(drive, bank: bank, geometry: geometry, options: options)
    } else {
      guard let table = lateral.table else { throw NeuromorphicError("one layer needs a lateral table") }
      network.tables = [table]
      network.projections = [Self.lateralProjection(options.model, extent: table.extent)]
      try network.addInputToCodes(drive, bank: bank, geometry: geometry, options: options)
    }
    network.addWeightNoise(options.weightNoise, seed: options.faults.seed)
    self.network = network
  }

  /// Names and shapes of the populations of a network.
  public static func populations(
    of model: LCAModel, _ geometry: CodeGeometry
  ) -> [(name: String, shape: Network.Shape)] {
    let coding = Network.Shape(rows: geometry.rows, columns: geometry.columns, channels: geometry.kernelCount)
    let pixels = Network.Shape(rows: geometry.imageHeight, columns: geometry.imageWidth, channels: 1)
    return [("coding", coding)] + (model == .residual ? [("pixels", pixels)] : [])
  }

  /// `delta` inhibits by −(G − I) on all that was sent, kept in `hold`; `graded` on what was sent in the last step, a
  /// `trace` that decays at once; `spiking` subtracts its `trace` of (G − I) σ itself.
  private static func lateralProjection(_ model: LCAModel, extent: Int) -> Network.Projection {
    let compartment: Network.Compartment =
      switch model {
      case .delta, .residual: .hold
      case .graded, .spiking: .trace
      }
    return Network.Projection(
      source: .population(0), target: 0, compartment: compartment,
      connectivity: .convolution(table: 0, sourceStride: 1, targetStride: 1, origin: (extent - 1) / 2),
      sign: model == .spiking ? 1 : -1)
  }
}

extension ActivityEstimate {
  /// From the README's comparison: a run of about a hundred steps; a code has 2 % non-zeros, and the chip's own code 5
  /// %, which `graded` sends in every step.
  fileprivate init(_ model: LCAModel, _ drive: LCANetwork.Drive) {
    self.init()
    if model == .graded { spikesPerNeuron = 0.05 }
    if case .code = drive { eventsPerInput = 0.0002 }
  }
}

extension LCANetwork.Drive {
  fileprivate func shape(for geometry: CodeGeometry) -> Network.Shape {
    switch self {
    case .image: Network.Shape(rows: geometry.imageHeight, columns: geometry.imageWidth, channels: 1)
    case .code(let bank, _): Network.Shape(rows: geometry.rows, columns: geometry.columns, channels: bank.count)
    }
  }
}
