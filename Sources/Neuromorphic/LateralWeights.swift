import KernelBanks
import SparseCoding

/// How the coding layer inhibits itself, in the chip's numbers, with what follows from it.
public struct LateralWeights: Sendable {
  /// (G − I), quantised; nil with two layers, whose pixels do the inhibiting.
  public let table: ConvolutionTable?
  /// Eigenvalues of the quantised Gram operator on the grid of positions.
  public let spectrum: GramSpectrum

  /// Whether the network can drift away from the optimum within some 10,000 steps: rounding has made the Gram operator
  /// indefinite (`GramSpectrum.definiteness`), so that the network's energy has no least value and an error along some
  /// direction grows while the neurons that carry it are active. Whether they become active depends on the image and λ.
  /// Two layers cannot: their Gram operator is a product ΦᵀΦ, whatever the rounding. Nor can real numbers, whose Gram
  /// operator is not rounded. Nil if it is not known: what was found of λ_min leaves both open.
  public var drifts: Bool? {
    guard mayDrift else { return false }
    return switch spectrum.definiteness {
    case .indefinite: true
    case .semidefinite: false
    case .unknown: nil
    }
  }

  /// Only rounded lateral weights can be indefinite: the sign of a ΦᵀΦ needs no search.
  private var mayDrift: Bool { table?.weights.reals.isEmpty == true }

  /// The fewest steps of size 2^−stepShift in which any error can grow e-fold, 1 / (η·|λ_min|), λ_min by its bound: the
  /// operator restricted to the active neurons has no smaller eigenvalue (Cauchy's interlacing theorem). Nil if no
  /// drift is proven.
  public func driftSteps(stepShift: Int) -> Double? {
    let rate = spectrum.smallestBound - spectrum.smallest
    return drifts == true ? Double(sign: .plus, exponent: stepShift, significand: 1 / rate) : nil
  }

  /// Smallest n for which a step of 2^−n is stable: 2^−n ≤ 2 / λ_max(G) with one layer, half of that with two, whose
  /// loop has one more delay.
  public var stableStepShift: Int {
    let limit = (table == nil ? 1 : 2) / (spectrum.largest + spectrum.largestBound)
    return (0...30).first { Double(sign: .plus, exponent: -$0, significand: 1) <= limit } ?? 30
  }

  /// Rounds what the model's lateral inhibition is made of, and computes its spectrum.
  public init(
    bank: KernelBank, geometry: CodeGeometry, arithmetic: Network.Arithmetic, format: WeightFormat = .single,
    model: LCAModel = .delta
  ) throws {
    if model == .residual {
      let rounded = QuantizedWeights(bank.weights, arithmetic: arithmetic, format: format).values
      let roundedBank = try KernelBank(name: bank.name, count: bank.count, size: bank.size, weights: rounded)
      table = nil
      spectrum = try GramSpectrum(of: roundedBank, geometry: geometry)
      return
    }
    var lateral = try CorrelationTable(from: bank, to: bank, stride: geometry.stride)
    lateral.addToDiagonal(-1)
    let table = ConvolutionTable(lateral, arithmetic: arithmetic, format: format)
    lateral.values = table.weights.values
    lateral.addToDiagonal(1)
    self.table = table
    spectrum = try GramSpectrum(
      of: lateral, rows: geometry.rows, columns: geometry.columns, boundary: geometry.boundary,
      smallestTolerance: arithmetic == .float ? nil : GramSpectrum.resolution / 4,
      iterationLimit: Self.iterationLimit(arithmetic))
  }

  /// The sign of a rounded λ_min takes longer to find.
  private static func iterationLimit(_ arithmetic: Network.Arithmetic) -> Int { arithmetic == .float ? 200 : 400 }

  /// The most memory that the spectrum takes while it is computed, in bytes.
  package static func largestMemory_B(
    geometry: CodeGeometry, arithmetic: Network.Arithmetic, model: LCAModel
  ) -> Int {
    model == .residual
      ? GramSpectrum.largestMemoryAmongImages_B(of: geometry, iterationLimit: 200)
      : GramSpectrum.largestMemory_B(of: geometry, iterationLimit: iterationLimit(arithmetic))
  }
}

extension LateralWeights {
  /// A table of the right size without weights, and the spectrum of the identity.
  init(outlineOf geometry: CodeGeometry, _ options: LCAOptions) throws {
    let pixel = try KernelBank(name: "pixel", count: 1, size: 1, weights: [1])
    let identity = try CorrelationTable(from: pixel, to: pixel, stride: 1)
    spectrum = try GramSpectrum(of: identity, rows: 1, columns: 1, boundary: .valid)
    let weights = QuantizedWeights([], arithmetic: options.arithmetic, format: options.weightFormat)
    table =
      options.model == .residual
      ? nil
      : ConvolutionTable(
        sourceChannels: geometry.kernelCount, extent: 2 * ((geometry.kernelSize - 1) / geometry.stride) + 1,
        targetChannels: geometry.kernelCount, weights: weights)
  }
}

extension CorrelationTable {
  fileprivate mutating func addToDiagonal(_ value: Float) {
    for k in 0..<sourceCount { values[index(source: k, target: k, dy: 0, dx: 0)] += value }
  }
}
