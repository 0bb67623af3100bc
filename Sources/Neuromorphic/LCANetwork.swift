import EventStreams
import KernelBanks
import SparseCoding

/// What a locally competitive network computes and how.
public struct LCAOptions: Equatable, Sendable {
  public var model: NeuronModelName = .delta
  public var lambda = 0.2
  public var arithmetic = Network.Arithmetic.integer(weightBits: 8)
  /// Smallest change that `delta` sends; nil for λ / 4.
  public var sendThreshold: Double?
  /// What a spike of `spiking` is worth, rounded up to a power of two; nil for the smallest that the largest drive allows.
  public var charge: Double?
  /// The Euler step is 2^−stepShift; nil for the largest stable one.
  public var stepShift: Int?

  public init() {}
}

/// Lateral weights of a bank on a chip: the Gram table less the identity, rounded, with what follows from it.
public struct LateralWeights: Sendable {
  /// (G − I), quantised.
  public let table: ConvolutionTable
  /// Eigenvalues of the quantised Gram operator on the grid of positions.
  public let spectrum: GramSpectrum

  /// Whether the network drifts away from the optimum in the long run (λ_min < 0).
  public var drifts: Bool { spectrum.smallest < 0 }

  /// Smallest n for which a step of 2^−n is stable, 2^−n ≤ 2 / λ_max(G) (facts of linear iteration: one delay).
  public var stableStepShift: Int {
    let limit = 2 / (spectrum.largest + spectrum.largestBound)
    return (0...30).first { Double(sign: .plus, exponent: -$0, significand: 1) <= limit } ?? 30
  }

  /// Builds and rounds the table, and computes its spectrum.
  public init(bank: KernelBank, geometry: CodeGeometry, arithmetic: Network.Arithmetic) throws {
    let gram = try CorrelationTable(from: bank, to: bank, stride: geometry.stride)
    var lateral = gram
    for k in 0..<bank.count { lateral.values[lateral.index(source: k, target: k, dy: 0, dx: 0)] -= 1 }
    table = ConvolutionTable(lateral, arithmetic: arithmetic)
    var quantized = lateral
    quantized.values = table.weights.values
    for k in 0..<bank.count { quantized.values[quantized.index(source: k, target: k, dy: 0, dx: 0)] += 1 }
    spectrum = try GramSpectrum(of: quantized, rows: geometry.rows, columns: geometry.columns, boundary: geometry.boundary)
  }
}

extension ConvolutionTable {
  /// Rounds a table of correlations.
  init(_ correlations: CorrelationTable, arithmetic: Network.Arithmetic) {
    self.init(
      sourceChannels: correlations.sourceCount, extent: correlations.extent, targetChannels: correlations.targetCount,
      weights: QuantizedWeights(correlations.values, arithmetic: arithmetic))
  }
}

/// A convolutional LCA network: one coding layer with lateral inhibition, driven by pixels or by another code's events.
public struct LCANetwork: Sendable {
  /// What the host's events stand for.
  public enum Drive: Sendable {
    /// Pixels: b = Φᵀx.
    case image
    /// Coefficients of a code made with bank D: b = ΦᵀDz; with D = Φ the sign term λ·sign(z) is added, which makes z the
    /// exact fixed point (KKT). `primes`: an event also sets its neuron's u = z + λ·sign(z) (D = Φ and `delta` only).
    case code(of: KernelBank, primes: Bool)
  }

  public let network: Network
  public let geometry: CodeGeometry
  public let options: LCAOptions
  /// Euler step 2^−stepShift in use.
  public let stepShift: Int
  /// `delta`: smallest change sent, as used. `spiking`: what a spike is worth.
  public let sendThreshold: Double
  public let charge: Double

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
    stepShift = options.stepShift ?? lateral.stableStepShift
    let range = max(largestDrive, options.lambda) * 4
    let stateExponent = Int(range.exponent) + 1 - (stateBits - 1)
    let plan = NumberPlan(options: options, stepShift: stepShift, largestDrive: largestDrive, stateExponent: stateExponent)
    sendThreshold = plan.sendThreshold
    charge = plan.charge

    var network = Network(
      arithmetic: options.arithmetic, inputShape: drive.shape(for: geometry), inputExponent: inputExponent)
    let scale = NumberScale(
      isInteger: network.isInteger, stateExponent: stateExponent, payloadExponent: plan.payloadExponent)
    network.populations = [
      Network.Population(
        name: "coding", shape: Network.Shape(rows: geometry.rows, columns: geometry.columns, channels: bank.count),
        model: plan.model, scale: scale, traceDecayShift: stepShift)
    ]
    network.tables = [lateral.table]
    network.projections = [Self.lateralProjection(options.model, extent: lateral.table.extent)]
    try network.addInput(drive, bank: bank, geometry: geometry, options: options)
    self.network = network
  }

  /// `delta` inhibits by −(G − I) on what was sent, kept in `hold`; `spiking` subtracts its `trace` of (G − I) σ itself.
  private static func lateralProjection(_ model: NeuronModelName, extent: Int) -> Network.Projection {
    let connectivity = Network.Connectivity.convolution(
      table: 0, sourceStride: 1, targetStride: 1, origin: (extent - 1) / 2)
    return switch model {
    case .delta:
      Network.Projection(
        source: .population(0), target: 0, compartment: .hold, connectivity: connectivity, sign: -1)
    case .spiking:
      Network.Projection(source: .population(0), target: 0, compartment: .trace, connectivity: connectivity)
    }
  }
}

extension LCAOptions {
  /// Numbers whose powers of two a network can be scaled with.
  private static let scales = 0x1p-512...0x1p+512

  fileprivate func validate(largestDrive: Double) throws {
    for (name, value) in [("lambda", lambda), ("the send threshold", sendThreshold), ("the charge", charge)] {
      if let value, !Self.scales.contains(value) {
        throw NeuromorphicError("\(name) is \(value); it must be a positive number that is not extreme")
      }
    }
    guard largestDrive <= Self.scales.upperBound else {
      throw NeuromorphicError("the largest drive is \(largestDrive); it must be a number that is not extreme")
    }
    if let stepShift, !(0...30).contains(stepShift) {
      throw NeuromorphicError("the step shift is \(stepShift); it can be 0 to 30")
    }
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

extension Double {
  /// The smallest power of two that is not below a positive number.
  fileprivate var roundedUpToPowerOfTwo: Double {
    significand == 1 ? self : Double(sign: .plus, exponent: Int(exponent) + 1, significand: 1)
  }
}

/// The model's parameters and the exponents of its numbers.
private struct NumberPlan {
  let model: any NeuronModel
  let payloadExponent: Int
  let sendThreshold: Double
  let charge: Double

  init(options: LCAOptions, stepShift: Int, largestDrive: Double, stateExponent: Int) {
    sendThreshold = options.sendThreshold ?? options.lambda / 4
    // A rate is at most one spike a step, charge / 2^−stepShift; no coefficient exceeds the largest drive.
    let smallest = max(largestDrive, options.lambda).timesPowerOfTwo(-stepShift)
    charge = (options.charge ?? smallest).roundedUpToPowerOfTwo
    switch options.model {
    case .delta:
      model = DeltaModel(lambda: options.lambda, sendThreshold: sendThreshold, stepShift: stepShift)
      // Eight units to the smallest message: the residue that rounding leaves is small against the threshold.
      payloadExponent = max(stateExponent, Int(sendThreshold.exponent) - 3)
    case .spiking:
      model = SpikingModel(lambda: options.lambda, charge: charge, stepShift: stepShift, polarities: 2)
      payloadExponent = Int(charge.exponent)
    }
  }
}

extension Network {
  /// Adds the projections from the host's events to the coding layer.
  fileprivate mutating func addInput(
    _ drive: LCANetwork.Drive, bank: KernelBank, geometry: CodeGeometry, options: LCAOptions
  ) throws {
    switch drive {
    case .image:
      tables.append(ConvolutionTable(analysisOf: bank, arithmetic: arithmetic))
      projections.append(
        inputProjection(.convolution(table: 1, sourceStride: 1, targetStride: geometry.stride, origin: 0)))
    case .code(let source, let primes):
      let isSameBank = source.weights == bank.weights
      guard !primes || (isSameBank && options.model == .delta) else {
        throw NeuromorphicError("priming needs the input code's bank to be the network's own and the neuron model 'delta'")
      }
      if !isSameBank {
        let correlations = try CorrelationTable(from: source, to: bank, stride: geometry.stride)
        tables.append(ConvolutionTable(correlations, arithmetic: arithmetic))
      }
      let table = isSameBank ? 0 : 1
      projections.append(
        inputProjection(
          .convolution(table: table, sourceStride: 1, targetStride: 1, origin: (tables[table].extent - 1) / 2)))
      guard isSameBank else { return }
      // The table lacks the identity: the event's own neuron gets value + λ·sign(value).
      let own = Connectivity.oneToOne(weight: 1, signWeight: options.lambda)
      projections.append(inputProjection(own))
      if primes { projections.append(inputProjection(own, into: .pulse)) }
    }
  }

  private func inputProjection(_ connectivity: Connectivity, into compartment: Compartment = .hold) -> Projection {
    Projection(source: .input, target: 0, compartment: compartment, connectivity: connectivity)
  }
}

extension ConvolutionTable {
  /// Φᵀ as a table: one source channel (the pixel), offsets within a kernel, one target channel a kernel.
  init(analysisOf bank: KernelBank, arithmetic: Network.Arithmetic) {
    var weights = [Float](repeating: 0, count: bank.weights.count)
    for kernel in 0..<bank.count {
      for pixel in 0..<bank.size * bank.size {
        weights[pixel * bank.count + kernel] = bank.weights[kernel * bank.size * bank.size + pixel]
      }
    }
    self.init(
      sourceChannels: 1, extent: bank.size, targetChannels: bank.count,
      weights: QuantizedWeights(weights, arithmetic: arithmetic))
  }
}
