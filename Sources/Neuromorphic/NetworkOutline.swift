import KernelBanks
import SparseCoding

extension LCANetwork {
  /// The shape of a network: its populations, projections and tables' sizes, but no lateral weights. Enough to map it,
  /// not to run it.
  ///
  /// - Parameters:
  ///   - geometry: The code's positions and kernels.
  ///   - isDrivenByCode: Whether the input is a sparse code of the network's own bank; else it is the image.
  /// - Throws: `NeuromorphicError` if the options are impossible.
  public static func outline(
    _ geometry: CodeGeometry, isDrivenByCode: Bool, stateBits: Int, options: LCAOptions
  ) throws -> LCANetwork {
    let bank = try KernelBank(
      name: "outline", count: geometry.kernelCount, size: geometry.kernelSize,
      weights: [Float](repeating: 1, count: geometry.kernelCount * geometry.kernelSize * geometry.kernelSize))
    var options = options
    options.stepShift = options.stepShift ?? 0
    return try LCANetwork(
      bank: bank, geometry: geometry, lateral: LateralWeights(outlineOf: geometry, options),
      drive: isDrivenByCode ? .code(of: bank, primes: false) : .image, inputExponent: 0, largestDrive: 1,
      stateBits: stateBits, options: options)
  }
}

extension Mapping {
  /// Who sends to whom is counted pair by pair; for an outline on more cores than these it is not worth the time.
  public static let mostCoresPairByPair = 4096

  /// The parts of a network and which of them share a core, as `balanced` cuts it; where the cores lie in the mesh is
  /// left open, which is all that capacities depend on. Of more than `mostCoresPairByPair` cores only those in the
  /// middle of each population are held to the limits: a refusal is certain, a fit is likely.
  ///
  /// - Throws: `NeuromorphicError` naming the core's limit, the need and what would fit.
  public static func unplaced(
    _ network: Network, on chip: ChipDescription, chipLimit: Int = 64, onlyReporting: Bool = false,
    activity: ActivityEstimate = ActivityEstimate()
  ) throws -> Mapping {
    let plan = try LayoutPlan(
      CapacityModel(network: network, chip: chip), chipLimit: chipLimit, onlyReporting: onlyReporting, .balanced,
      activity, pairByPair: mostCoresPairByPair)
    return Mapping(placements: plan.placements, chips: plan.chips)
  }

  /// Whether `unplaced` finds a place for a network.
  public static func exists(
    for network: Network, on chip: ChipDescription, chipLimit: Int, activity: ActivityEstimate = ActivityEstimate()
  ) -> Bool {
    LayoutPlan.isPossible(
      CapacityModel(network: network, chip: chip), chipLimit: chipLimit, activity, pairByPair: mostCoresPairByPair)
  }
}
