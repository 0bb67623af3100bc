import EventStreams
import KernelBanks
import SparseCoding

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
  /// Smallest change that `delta` sends; nil for λ / 4.
  public var sendThreshold: Double?
  /// What a spike of `spiking` is worth, rounded up to a power of two; nil for the smallest that the largest drive allows.
  public var charge: Double?
  /// The Euler step is 2^−stepShift; nil for the largest stable one.
  public var stepShift: Int?

  /// `delta` with λ = 0.2 and 8-bit weights.
  public init() {}
}

/// How the coding layer inhibits itself, in the chip's numbers, with what follows from it.
public struct LateralWeights: Sendable {
  /// (G − I), quantised; nil with two layers, whose pixels do the inhibiting.
  public let table: ConvolutionTable?
  /// Eigenvalues of the quantised Gram operator on the grid of positions.
  public let spectrum: GramSpectrum

  /// Whether the network drifts away from the optimum in the long run (λ_min < 0). Two layers do not: their Gram operator
  /// is a product ΦᵀΦ, whatever the rounding.
  public var drifts: Bool { table != nil && spectrum.smallest < 0 }

  /// Smallest n for which a step of 2^−n is stable: 2^−n ≤ 2 / λ_max(G) with one layer, half of that with two, whose
  /// loop has one more delay.
  public var stableStepShift: Int {
    let limit = (table == nil ? 1 : 2) / (spectrum.largest + spectrum.largestBound)
    return (0...30).first { Double(sign: .plus, exponent: -$0, significand: 1) <= limit } ?? 30
  }

  /// Rounds what the model's lateral inhibition is made of, and computes its spectrum.
  public init(bank: KernelBank, geometry: CodeGeometry, arithmetic: Network.Arithmetic, model: LCAModel = .delta) throws
  {
    let gram: CorrelationTable
    if model == .residual {
      let rounded = QuantizedWeights(bank.weights, arithmetic: arithmetic).values
      let roundedBank = try KernelBank(name: bank.name, count: bank.count, size: bank.size, weights: rounded)
      gram = try CorrelationTable(from: roundedBank, to: roundedBank, stride: geometry.stride)
      table = nil
    } else {
      var lateral = try CorrelationTable(from: bank, to: bank, stride: geometry.stride)
      lateral.addToDiagonal(-1)
      let table = ConvolutionTable(lateral, arithmetic: arithmetic)
      lateral.values = table.weights.values
      lateral.addToDiagonal(1)
      gram = lateral
      self.table = table
    }
    spectrum = try GramSpectrum(of: gram, rows: geometry.rows, columns: geometry.columns, boundary: geometry.boundary)
  }
}

extension LateralWeights {
  /// A table of the right size without weights, and the spectrum of the identity.
  init(outlineOf geometry: CodeGeometry, _ options: LCAOptions) throws {
    let pixel = try KernelBank(name: "pixel", count: 1, size: 1, weights: [1])
    let identity = try CorrelationTable(from: pixel, to: pixel, stride: 1)
    spectrum = try GramSpectrum(of: identity, rows: 1, columns: 1, boundary: .valid)
    table =
      options.model == .residual
      ? nil
      : ConvolutionTable(
        sourceChannels: geometry.kernelCount, extent: 2 * ((geometry.kernelSize - 1) / geometry.stride) + 1,
        targetChannels: geometry.kernelCount, weights: QuantizedWeights([], arithmetic: options.arithmetic))
  }
}

extension CorrelationTable {
  fileprivate mutating func addToDiagonal(_ value: Float) {
    for k in 0..<sourceCount { values[index(source: k, target: k, dy: 0, dx: 0)] += value }
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

/// A convolutional LCA network driven by pixels or by a code's events: population 0 is the coding layer; with two layers,
/// population 1 holds the pixels' residuals.
public struct LCANetwork: Sendable {
  /// What the host's events stand for.
  public enum Drive: Sendable {
    /// Pixels: b = Φᵀx.
    case image
    /// Coefficients of a code made with bank D: b = ΦᵀDz; with D = Φ the sign term λ·sign(z) is added, which makes z the
    /// exact fixed point (KKT). `primes`: an event also sets its neuron's u = z + λ·sign(z) (D = Φ and `delta`, `graded`, `residual`).
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
    let plan = NumberPlan(
      options: options, stepShift: stepShift, largestDrive: largestDrive, stateExponent: stateExponent)
    sendThreshold = plan.sendThreshold
    charge = plan.charge

    var network = Network(
      arithmetic: options.arithmetic, inputShape: drive.shape(for: geometry), inputExponent: inputExponent)
    let scale = NumberScale(
      isInteger: network.isInteger, stateExponent: stateExponent, payloadExponent: plan.payloadExponent)
    network.populations = [
      Network.Population(
        name: "coding", shape: Network.Shape(rows: geometry.rows, columns: geometry.columns, channels: bank.count),
        model: plan.model, scale: scale, traceDecayShift: options.model == .spiking ? stepShift : 0)
    ]
    if options.model == .residual {
      network.addPixelLayer(bank: bank, geometry: geometry, sendThreshold: sendThreshold, scale: scale)
      try network.addInputToPixels(drive, bank: bank, geometry: geometry, options: options)
    } else {
      guard let table = lateral.table else { throw NeuromorphicError("one layer needs a lateral table") }
      network.tables = [table]
      network.projections = [Self.lateralProjection(options.model, extent: table.extent)]
      try network.addInputToCodes(drive, bank: bank, geometry: geometry, options: options)
    }
    self.network = network
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
  /// From the README's comparison: a run of about a hundred steps; a code has 2 % non-zeros, and the chip's own code 5 %,
  /// which `graded` sends in every step.
  fileprivate init(_ model: LCAModel, _ drive: LCANetwork.Drive) {
    self.init()
    if model == .graded { spikesPerNeuron = 0.05 }
    if case .code = drive { eventsPerInput = 0.0002 }
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
    case .delta, .residual:
      model = DeltaModel(
        lambda: options.lambda, sendThreshold: sendThreshold, stepShift: stepShift,
        isDrivenByResiduals: options.model == .residual)
      // Eight units to the smallest message: the residue that rounding leaves is small against the threshold.
      payloadExponent = max(stateExponent, Int(sendThreshold.exponent) - 3)
    case .graded:
      model = GradedModel(lambda: options.lambda, stepShift: stepShift)
      payloadExponent = max(stateExponent, Int(sendThreshold.exponent) - 3)
    case .spiking:
      model = SpikingModel(lambda: options.lambda, charge: charge, stepShift: stepShift, polarities: 2)
      payloadExponent = Int(charge.exponent)
    }
  }
}

extension Network {
  /// Adds the projections from the host's events to a coding layer that is alone.
  fileprivate mutating func addInputToCodes(
    _ drive: LCANetwork.Drive, bank: KernelBank, geometry: CodeGeometry, options: LCAOptions
  ) throws {
    switch drive {
    case .image:
      tables.append(ConvolutionTable(analysisOf: bank, arithmetic: arithmetic))
      projections.append(
        inputProjection(.convolution(table: 1, sourceStride: 1, targetStride: geometry.stride, origin: 0)))
    case .code(let source, let primes):
      let isSameBank = source.weights == bank.weights
      try checkPriming(primes, isSameBank: isSameBank, options.model)
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
      addOwnDrive(weight: 1, lambda: options.lambda, primes: primes)
    }
  }

  /// Adds the layer of pixels, which sends changes of the residual to the codes and gets the codes' changes back.
  fileprivate mutating func addPixelLayer(
    bank: KernelBank, geometry: CodeGeometry, sendThreshold: Double, scale: NumberScale
  ) {
    populations.append(
      Population(
        name: "pixels", shape: Shape(rows: geometry.imageHeight, columns: geometry.imageWidth, channels: 1),
        model: DeltaModel(lambda: 0, sendThreshold: sendThreshold, stepShift: 0), scale: scale))
    tables = [
      ConvolutionTable(analysisOf: bank, arithmetic: arithmetic),
      ConvolutionTable(synthesisOf: bank, arithmetic: arithmetic),
    ]
    projections = [
      Projection(
        source: .population(1), target: 0, compartment: .hold,
        connectivity: .convolution(table: 0, sourceStride: 1, targetStride: geometry.stride, origin: 0)),
      Projection(
        source: .population(0), target: 1, compartment: .hold, connectivity: Self.synthesis(table: 1, bank, geometry),
        sign: -1),
    ]
  }

  /// Adds the projections from the host's events to the layer of pixels: the image itself, or what a code rebuilds of it.
  fileprivate mutating func addInputToPixels(
    _ drive: LCANetwork.Drive, bank: KernelBank, geometry: CodeGeometry, options: LCAOptions
  ) throws {
    switch drive {
    case .image: projections.append(inputProjection(.oneToOne(weight: 1, signWeight: 0), target: 1))
    case .code(let source, let primes):
      let isSameBank = source.weights == bank.weights
      try checkPriming(primes, isSameBank: isSameBank, options.model)
      if !isSameBank { tables.append(ConvolutionTable(synthesisOf: source, arithmetic: arithmetic)) }
      projections.append(inputProjection(Self.synthesis(table: isSameBank ? 1 : 2, source, geometry), target: 1))
      // Φᵀ of what the pixels rebuild is all of the drive but the sign term.
      if isSameBank { addOwnDrive(weight: 0, lambda: options.lambda, primes: primes) }
    }
  }

  private static func synthesis(table: Int, _ bank: KernelBank, _ geometry: CodeGeometry) -> Connectivity {
    .convolution(table: table, sourceStride: geometry.stride, targetStride: 1, origin: bank.size - 1)
  }

  private func checkPriming(_ primes: Bool, isSameBank: Bool, _ model: LCAModel) throws {
    guard !primes || (isSameBank && model != .spiking) else {
      throw NeuromorphicError(
        "priming needs the input code's bank to be the network's own and a model other than 'spiking'")
    }
  }

  /// The event's own neuron gets weight · value + λ·sign(value), and with priming value + λ·sign(value) as its state.
  private mutating func addOwnDrive(weight: Double, lambda: Double, primes: Bool) {
    projections.append(inputProjection(.oneToOne(weight: weight, signWeight: lambda)))
    if primes { projections.append(inputProjection(.oneToOne(weight: 1, signWeight: lambda), into: .pulse)) }
  }

  private func inputProjection(
    _ connectivity: Connectivity, into compartment: Compartment = .hold, target: Int = 0
  ) -> Projection {
    Projection(source: .input, target: target, compartment: compartment, connectivity: connectivity)
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

  /// Φ as a table: offsets run backwards through the kernel, one target channel (the pixel).
  init(synthesisOf bank: KernelBank, arithmetic: Network.Arithmetic) {
    let pixels = bank.size * bank.size
    let weights = (0..<bank.count).flatMap { bank.weights[$0 * pixels..<($0 + 1) * pixels].reversed() }
    self.init(
      sourceChannels: bank.count, extent: bank.size, targetChannels: 1,
      weights: QuantizedWeights(weights, arithmetic: arithmetic))
  }
}
