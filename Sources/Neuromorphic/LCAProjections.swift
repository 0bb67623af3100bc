import KernelBanks
import SparseCoding

extension Network {
  /// Adds the projections from the host's events to a coding layer that is alone.
  mutating func addInputToCodes(
    _ drive: LCANetwork.Drive, bank: KernelBank, geometry: CodeGeometry, options: LCAOptions
  ) throws {
    switch drive {
    case .image:
      tables.append(ConvolutionTable(analysisOf: bank, arithmetic: arithmetic, format: options.weightFormat))
      projections.append(
        inputProjection(.convolution(table: 1, sourceStride: 1, targetStride: geometry.stride, origin: 0)))
    case .code(let source, let primes):
      let isSameBank = source.weights == bank.weights
      try checkPriming(primes, isSameBank: isSameBank, options.model)
      if !isSameBank {
        let correlations = try CorrelationTable(from: source, to: bank, stride: geometry.stride)
        tables.append(ConvolutionTable(correlations, arithmetic: arithmetic, format: options.weightFormat))
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
  mutating func addPixelLayer(
    bank: KernelBank, geometry: CodeGeometry, options: LCAOptions, sendThreshold: Double, scale: NumberScale
  ) {
    let pixels = LCANetwork.populations(of: .residual, geometry)[1]
    populations.append(
      Population(
        name: pixels.name, shape: pixels.shape,
        model: DeltaModel(lambda: 0, sendThreshold: sendThreshold, stepShift: 0), scale: scale))
    tables = [
      ConvolutionTable(analysisOf: bank, arithmetic: arithmetic, format: options.weightFormat),
      ConvolutionTable(synthesisOf: bank, arithmetic: arithmetic, format: options.weightFormat),
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

  /// Adds the projections from the host's events to the layer of pixels: the image itself, or what a code rebuilds of
  /// it.
  mutating func addInputToPixels(
    _ drive: LCANetwork.Drive, bank: KernelBank, geometry: CodeGeometry, options: LCAOptions
  ) throws {
    switch drive {
    case .image: projections.append(inputProjection(.oneToOne(weight: 1, signWeight: 0), target: 1))
    case .code(let source, let primes):
      let isSameBank = source.weights == bank.weights
      try checkPriming(primes, isSameBank: isSameBank, options.model)
      if !isSameBank {
        tables.append(ConvolutionTable(synthesisOf: source, arithmetic: arithmetic, format: options.weightFormat))
      }
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
