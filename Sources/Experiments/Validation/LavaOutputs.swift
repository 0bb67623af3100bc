import DataFiles
import EventStreams
import Foundation
import KernelBanks
import Neuromorphic
import Reports
import SparseCoding

/// The published outputs of lava-optimization's LCA solver for Loihi 2, whose dictionary and image must be given.
struct LavaOutputs {
  private typealias Figures = PublishedFigures.LavaOutputs

  private struct Layers {
    let figures: Figures.Outputs
    let model: LCAModel
    let arithmetic: Network.Arithmetic
    /// Whether the weights are made integers as the solver does it; else rounded to the nearest.
    var truncates = false
    /// How far states reach, in largest drives. With 1 and 24 bits they count in 2⁻¹⁹, the finest unit without a
    /// saturation; the solver's is 2⁻²¹ (its notebook prints the scale 2097152), in integers of any width. With 4, as
    /// in our runs, in 2⁻¹⁷.
    var reach = 1.0
  }

  private static let networks = [
    Layers(figures: Figures.oneLayerFloat, model: .graded, arithmetic: .float),
    Layers(figures: Figures.oneLayerFixed, model: .graded, arithmetic: .integer(weightBits: 8), truncates: true),
    Layers(figures: Figures.oneLayerRounded, model: .graded, arithmetic: .integer(weightBits: 8)),
    Layers(figures: Figures.twoLayersFloat, model: .residual, arithmetic: .float),
    Layers(figures: Figures.twoLayersFixed, model: .residual, arithmetic: .integer(weightBits: 8), truncates: true),
    Layers(
      figures: Figures.twoLayersCoarse, model: .residual, arithmetic: .integer(weightBits: 8), truncates: true, reach: 4
    ),
    Layers(figures: Figures.twoLayersRounded, model: .residual, arithmetic: .integer(weightBits: 8)),
  ]

  static func rows(_ bench: Workbench) throws -> [ValidationRow] {
    let chip = try bench.chip("loihi2")
    guard let data = bench.lavaData else {
      return networks.flatMap { [$0.figures.psnr, $0.figures.zeros] }.map {
        $0.notRun(Figures.needsData, group: Figures.group, chip: chip.name)
      }
    }
    let outputs = try LavaOutputs(chip: chip, data)
    return try networks.flatMap { network in
      let code = try outputs.code(of: network), isFloat = network.arithmetic == .float
      return [(network.figures.psnr, try outputs.psnr(of: code)), (network.figures.zeros, code.sparseness)].map {
        $0.row($1, group: Figures.group, chip: chip.name + (isFloat ? ", float" : ""), isHypothetical: true)
      }
    }
  }

  private let chip: ChipDescription
  /// 0 to 255, as published.
  private let picture: [Float]
  /// The normalised picture, and a kernel for each element of the dictionary. Kernels as large as the image have one
  /// position whatever the stride; this one keeps the lateral table small.
  private let problem: LassoProblem

  private init(chip: ChipDescription, _ archive: NumPyArchive) throws {
    self.chip = chip
    picture = try archive.floats("image", rank: 2)
    let side = try archive.array("image", rank: 2).shape[0],
      elements = try archive.array("dictionary", rank: 2).shape[0]
    let pixels = picture.map { Float((Double($0) / 255 - Figures.mean) / Figures.deviation) }
    problem = try LassoProblem(
      image: Image(height: side, width: side, pixels: pixels),
      bank: KernelBank(name: "lava", count: elements, size: side, weights: archive.floats("dictionary", rank: 2)),
      lambda: Figures.lambda, stride: side)
  }

  /// The code after the published number of steps.
  private func code(of network: Layers) throws -> SparseCode {
    var options = LCAOptions()
    options.model = network.model
    options.lambda = Figures.lambda
    options.stepShift = Figures.stepShift
    options.arithmetic = network.arithmetic
    // The solver sends every activation and every residual in every step, as fine as its states.
    options.sendThreshold = 1e-6
    let lateral = try LateralWeights(
      bank: problem.bank, geometry: problem.geometry, arithmetic: options.arithmetic, model: options.model)
    let lca = try LCANetwork(
      bank: problem.bank, geometry: problem.geometry, lateral: lateral, drive: .image, inputExponent: Self.unit,
      largestDrive: problem.lambdaMax * network.reach / 4, stateBits: chip.stateBits.value, options: options)
    let isOneLayer = network.model == .graded
    var driven = isOneLayer ? lca.network.drivenFromHost : lca.network
    if network.truncates { driven.hold(truncatedTables(isOneLayer: isOneLayer)) }
    // What is computed does not depend on the mapping, and a table of 784 × 784 weights is too large for a core.
    let mapping = try Mapping(driven, on: chip, onlyReporting: true)
    let simulation = try Simulation(driven, mapping: mapping, chip: chip)
    try simulation.inject(
      .values(
        isOneLayer ? problem.synthesisOperator.analysis(of: problem.image) : problem.image.pixels,
        shape: driven.inputShape, unit: Self.unit))
    var tracker = CodeTracker(lca, problem: problem)
    for _ in 0..<Figures.steps { _ = tracker.advance(try simulation.run(steps: 1).spikes) }
    return tracker.code
  }

  /// I − G of one layer or Φᵀ and −Φ of two, as integers as the solver makes them: towards zero to 9 bits with sign, as
  /// large as they can be, then down to an even number.
  private func truncatedTables(isOneLayer: Bool) -> [ConvolutionTable] {
    let bank = problem.bank
    guard isOneLayer else {
      let exponent = LavaWeights.exponent(of: bank.weights)
      let analysis = ConvolutionTable(analysisOf: bank, arithmetic: .float, format: .single)
      let synthesis = ConvolutionTable(synthesisOf: bank, arithmetic: .float, format: .single)
      return [
        analysis.holding(analysis.weights.reals.map { LavaWeights.truncated($0, exponent) }, exponent + 1),
        synthesis.holding(synthesis.weights.reals.map { LavaWeights.truncated(-$0, exponent) }, exponent + 1),
      ]
    }
    let count = bank.count, pixels = bank.size * bank.size
    var lateral = [Float](repeating: 0, count: count * count)
    for source in 0..<count {
      let kernel = bank.weights[source * pixels..<(source + 1) * pixels]
      for target in 0..<count {
        let other = bank.weights[target * pixels..<(target + 1) * pixels]
        let overlap = zip(kernel, other).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        lateral[source * count + target] = Float((source == target ? 1 : 0) - overlap)
      }
    }
    let exponent = LavaWeights.exponent(of: lateral)
    return [
      ConvolutionTable(
        sourceChannels: count, extent: 1, targetChannels: count,
        weights: QuantizedWeights(integers: lateral.map { LavaWeights.truncated($0, exponent) }, exponent: exponent + 1)
      )
    ]
  }

  /// Inputs have 16 binary places.
  private static let unit = -16

  /// Of the picture as it was before normalisation, in dB below 255.
  private func psnr(of code: SparseCode) throws -> Double {
    let rebuilt = problem.synthesisOperator.synthesis(of: code).pixels
    let errors = zip(rebuilt, picture).map { rebuilt, pixel in
      (Double(rebuilt) * Figures.deviation + Figures.mean) * 255 - Double(pixel)
    }
    let meanSquare = errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)
    return 10 * log10(255 * 255 / meanSquare)
  }
}

extension ConvolutionTable {
  /// The same shape with other weights.
  fileprivate func holding(_ integers: [Int16], _ exponent: Int) -> ConvolutionTable {
    ConvolutionTable(
      sourceChannels: sourceChannels, extent: extent, targetChannels: targetChannels,
      weights: QuantizedWeights(integers: integers, exponent: exponent))
  }
}

extension Network {
  /// Takes tables of weights that are added where the network's own are subtracted: of −128 … 127 not all have a
  /// negative.
  fileprivate mutating func hold(_ tables: [ConvolutionTable]) {
    self.tables = tables
    projections = projections.map {
      Projection(
        source: $0.source, target: $0.target, compartment: $0.compartment, connectivity: $0.connectivity,
        delay: $0.delay)
    }
  }

  /// The one layer as the published solver drives it: the host computes b = Φᵀx, in real numbers, and sends each neuron
  /// its own.
  fileprivate var drivenFromHost: Network {
    var network = self
    network.inputShape = populations[0].shape
    network.projections =
      projections.filter { $0.source != .input } + [
        Projection(source: .input, target: 0, compartment: .hold, connectivity: .oneToOne(weight: 1, signWeight: 0))
      ]
    return network
  }
}

extension EventStream {
  /// One event for each value, in the first step.
  fileprivate static func values(_ values: [Float], shape: Network.Shape, unit: Int) -> EventStream {
    var stream = EventStream(
      encoder: "dense", channels: shape.channels, rows: shape.rows, columns: shape.columns, payloadExponent: unit)
    for (place, value) in values.enumerated() {
      let position = place / shape.channels
      stream.append(
        Event(
          step: 0, time_ns: 0, channel: Int32(place % shape.channels), row: Int32(position / shape.columns),
          column: Int32(position % shape.columns),
          payload: Int32((Double(value) * Double(sign: .plus, exponent: -unit, significand: 1)).rounded())))
    }
    return stream
  }
}
