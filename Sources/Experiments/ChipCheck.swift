import EventStreams
import KernelBanks
import Neuromorphic
import SparseCoding

/// `rheobase chip check`: whether networks of a bank and image size fit chips, and if not, what would. It maps networks
/// of the right shape, and needs neither photograph nor weights.
public struct ChipCheck: Sendable {
  /// Number of kernels.
  public var kernelCount: Int
  /// Height and width of a kernel, in pixels.
  public var kernelSize: Int
  /// Height and width of the image, in pixels.
  public var imageSize: Int
  /// Pixels between positions.
  public var stride: Int
  /// Signed width of weights.
  public var weightBits: Int
  /// Chips at the most.
  public var chipLimit: Int

  /// A question about networks of so many kernels on such an image.
  public init(
    kernelCount: Int, kernelSize: Int, imageSize: Int = 64, stride: Int = 2, weightBits: Int = 8, chipLimit: Int = 1
  ) {
    self.kernelCount = kernelCount
    self.kernelSize = kernelSize
    self.imageSize = imageSize
    self.stride = stride
    self.weightBits = weightBits
    self.chipLimit = chipLimit
  }

  /// Whether the input is every pixel or the coefficients of a sparse code.
  public enum Input: String, CaseIterable, Sendable { case dense, sparse }

  /// What came out for one model and input on one chip.
  public struct Finding: Sendable {
    /// The chip.
    public let chip: ChipDescription
    /// How the network is built.
    public let model: LCAModel
    /// What drives it: the encoder that the chip can take.
    public let encoder: Encoder
    /// What it needs and whether that is there.
    public let outcome: Outcome
  }

  /// Whether a network fits.
  public enum Outcome: Sendable {
    /// The chip has not got what the network is made of.
    case cannotRun(reason: String)
    /// It fits.
    case fits(Needs)
    /// It does not; needs are those of a layout that exceeds limits.
    case doesNotFit(reason: String, Needs, Remedies)

    /// What it takes of the chip; nil if it cannot run.
    var needs: Needs? {
      switch self {
      case .cannotRun: nil
      case .fits(let needs), .doesNotFit(_, let needs, _): needs
      }
    }
  }

  /// What a network takes of a chip.
  public struct Needs: Sendable {
    /// Chips.
    public let chips: Int
    /// Cores in use.
    public let cores: Int
    /// For each limit of a core: the need of the core that needs most of it, and the sum over the cores.
    public let limits: [(fullest: CoreNeeds.Limit, total: Int)]
  }

  /// Single changes that make a network fit; nil where no such change alone does.
  public struct Remedies: Equatable, Sendable {
    /// The largest number of kernels.
    public var kernels: Int?
    /// The smallest stride.
    public var stride: Int?
    /// The largest image.
    public var imageSize: Int?
    /// The number of chips; nil also if no number is enough.
    public var chips: Int?
  }

  /// λ of the networks.
  var lambda: Double { LCAOptions().lambda }

  /// What a run lets a picture drive neurons by.
  func largestDrive(on chip: ChipDescription) -> Double { chip.largestDrive(lambda: lambda) }

  /// Every model and input on a chip.
  public func findings(
    on chip: ChipDescription, models: [LCAModel] = LCAModel.allCases, inputs: [Input] = Input.allCases
  ) throws -> [Finding] {
    _ = try geometry()
    return models.flatMap { model in
      inputs.map { input in
        Finding(
          chip: chip, model: model, encoder: input.encoder(for: chip), outcome: outcome(model, input, on: chip))
      }
    }
  }

  /// One model and input on a chip.
  public func outcome(_ model: LCAModel, _ input: Input, on chip: ChipDescription) -> Outcome {
    if let reason = obstacle(model, on: chip) { return .cannotRun(reason: reason) }
    do {
      return .fits(try needs(model, input, on: chip))
    } catch {
      guard let needs = try? needs(model, input, on: chip, onlyReporting: true) else {
        return .cannotRun(reason: "\(error)")
      }
      return .doesNotFit(reason: "\(error)", needs, remedies(model, input, on: chip))
    }
  }

  /// - Throws: why a network does not fit a chip, without looking for what would.
  func checkFit(of model: LCAModel, _ input: Input, on chip: ChipDescription) throws {
    _ = try needs(model, input, on: chip)
  }

  /// Why a run would be refused whatever the picture; nil if it need not be. No picture is coded that drives no neuron
  /// beyond λ.
  private func obstacle(_ model: LCAModel, on chip: ChipDescription) -> String? {
    do {
      try chip.check(runs: model, weightBits: weightBits)
      try chip.check(holds: lambda.nextUp, lambda: lambda)
      return nil
    } catch { return "\(error)" }
  }

  // MARK: Trying a mapping

  private func geometry() throws -> CodeGeometry {
    try CodeGeometry(
      imageHeight: imageSize, imageWidth: imageSize, kernelCount: kernelCount, kernelSize: kernelSize, stride: stride,
      boundary: .valid)
  }

  private func needs(
    _ model: LCAModel, _ input: Input, on chip: ChipDescription, onlyReporting: Bool = false
  ) throws -> Needs {
    let lca = try outline(model, input, on: chip)
    let mapping = try Mapping.unplaced(
      lca.network, on: chip, chipLimit: chipLimit, onlyReporting: onlyReporting, activity: lca.activity)
    return Needs(mapping, lca.network, chip)
  }

  private func outline(_ model: LCAModel, _ input: Input, on chip: ChipDescription) throws -> LCANetwork {
    var options = LCAOptions()
    options.model = model
    options.arithmetic = .integer(weightBits: weightBits)
    return try LCANetwork.outline(
      geometry(), isDrivenByCode: input == .sparse, stateBits: chip.stateBits.value, options: options)
  }

  // MARK: What would fit

  private func fits(_ model: LCAModel, _ input: Input, on chip: ChipDescription, _ change: (inout ChipCheck) -> Void)
    -> Bool
  {
    var changed = self
    change(&changed)
    guard let lca = try? changed.outline(model, input, on: chip) else { return false }
    return Mapping.exists(for: lca.network, on: chip, chipLimit: changed.chipLimit, activity: lca.activity)
  }

  private func remedies(_ model: LCAModel, _ input: Input, on chip: ChipDescription) -> Remedies {
    func fits(_ change: (inout ChipCheck) -> Void) -> Bool { self.fits(model, input, on: chip, change) }
    var remedies = Remedies()
    remedies.kernels = Self.largest(below: kernelCount, from: 1) { count in fits { $0.kernelCount = count } }
    remedies.imageSize = Self.largest(below: imageSize, from: kernelSize) { size in fits { $0.imageSize = size } }
    // A stride as long as the image less a kernel leaves 2 × 2 positions; what it does not make fit no stride does. One
    // longer than a kernel leaves pixels out.
    let steps = max(stride, min(kernelSize, imageSize - kernelSize)) - stride
    remedies.stride = Self.largest(below: steps, from: 0) { fewer in fits { $0.stride = stride + steps - fewer } }
      .map { stride + steps - $0 }
    remedies.chips = (try? needs(model, input, on: chip, chips: 4096))?.chips
    return remedies
  }

  private func needs(_ model: LCAModel, _ input: Input, on chip: ChipDescription, chips: Int) throws -> Needs {
    var changed = self
    changed.chipLimit = chips
    return try changed.needs(model, input, on: chip)
  }

  /// The number before the first that does not fit, by bisection; nil if not even the first one fits.
  private static func largest(below count: Int, from first: Int, fits: (Int) -> Bool) -> Int? {
    guard first < count, fits(first) else { return nil }
    var good = first, bad = count
    while bad - good > 1 {
      let middle = (good + bad) / 2
      if fits(middle) { good = middle } else { bad = middle }
    }
    return good
  }
}

extension ChipCheck.Needs {
  init(_ mapping: Mapping, _ network: Network, _ chip: ChipDescription) {
    chips = mapping.chips
    cores = mapping.coreCount
    let needs =
      cores <= Mapping.mostCoresPairByPair
      ? mapping.needs(of: network, on: chip).map { ($0.needs, 1) }
      : mapping.needsOfParts(of: network, on: chip).map { ($0.needs, $0.parts) }
    let parts = needs.map { ($0.limits(of: chip), $1) }
    limits = CoreNeeds.none.limits(of: chip).indices.compactMap { index in
      let total = parts.reduce(0) { $0 + $1.0[index].needed * $1.1 }
      return parts.map { $0.0[index] }.max { $0.needed < $1.needed }.map { ($0, total) }
    }
  }
}

extension ChipCheck.Input {
  /// A chip with binary spikes takes rates.
  func encoder(for chip: ChipDescription) -> Encoder {
    switch self {
    case .dense: chip.isBinary ? .denseRate : .dense
    case .sparse: chip.isBinary ? .sparseRate : .sparse
    }
  }
}
