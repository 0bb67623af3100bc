/// How a bank of log-Gabor kernels is made: every orientation with every bandwidth with every phase.
///
///     var design = BankDesign.heterogeneous
///     design.size = 16
///     let bank = try design.bank()
///
/// Source of the presets: Ladret, Casanova, Perrinet 2024, doi 10.1088/2634-4386/ad5d0f.
public struct BankDesign: Equatable, Sendable {
  /// How kernels are scaled.
  public enum Norm: String, Sendable, CaseIterable {
    /// Unit ℓ2 norm: the ℓ1 weight means the same for all kernels.
    case unit
    /// Largest absolute value 1, the study's scaling: ℓ2 norms differ (1.5 to 3.9 in the heterogeneous bank).
    case peak
  }

  /// What the bank will be called.
  public var name: String
  /// Number of orientations, evenly over [0, π).
  public var orientations: Int
  /// B_θ of each family of kernels, in degrees.
  public var bandwidths_deg: [Double]
  /// Phases, in radians.
  public var phases: [Double]
  /// Height and width of the kernels, in pixels.
  public var size: Int
  /// f₀, in cycles per pixel.
  public var frequency: Double
  /// B_f.
  public var radialBandwidth: Double
  /// How kernels are scaled.
  public var norm: Norm

  /// Makes a design; what is not given is the study's.
  public init(
    name: String, orientations: Int, bandwidths_deg: [Double], phases: [Double] = [0, .pi / 2], size: Int = 12,
    frequency: Double = LogGabor.studyFrequency, radialBandwidth: Double = LogGabor.studyRadialBandwidth,
    norm: Norm = .unit
  ) {
    self.name = name
    self.orientations = orientations
    self.bandwidths_deg = bandwidths_deg
    self.phases = phases
    self.size = size
    self.frequency = frequency
    self.radialBandwidth = radialBandwidth
    self.norm = norm
  }

  /// The study's homogeneous bank: 72 orientations, one bandwidth, 144 kernels of 12 × 12.
  public static let homogeneous = BankDesign(name: "homogeneous", orientations: 72, bandwidths_deg: [12])
  /// The study's heterogeneous bank: 12 orientations, six bandwidths, 144 kernels of 12 × 12.
  public static let heterogeneous = BankDesign(
    name: "heterogeneous", orientations: 12, bandwidths_deg: [5, 10, 15, 20, 25, 30])
  /// The designs that can be asked for by name.
  public static let presets = [homogeneous, heterogeneous]

  /// Largest B_θ that can be designed, in degrees; kernels of so large a one hardly have an orientation.
  public static let largestBandwidth_deg = 180.0
  /// Sizes that can be designed, in pixels.
  public static let sizes = 4...64
  /// Largest number of weights of a designed bank, so that making one takes seconds at most.
  public static let maximumWeightCount = 1 << 20

  /// The parameters of the kernels, ordered by θ, then B_θ, then phase.
  public var kernels: [LogGabor] {
    (0..<max(0, orientations)).flatMap { orientation in
      bandwidths_deg.flatMap { bandwidth_deg in
        phases.map { phase in
          LogGabor(
            theta: .pi * Double(orientation) / Double(orientations), bandwidth: bandwidth_deg * .pi / 180, phase: phase,
            frequency: frequency, radialBandwidth: radialBandwidth)
        }
      }
    }
  }

  /// Computes the bank.
  ///
  /// - Throws: `BankError` if a number is out of range.
  public func bank() throws -> KernelBank {
    guard orientations >= 1 else {
      throw BankError("the number of orientations is \(orientations); it must be 1 or more")
    }
    try checkBandwidths()
    try checkPhases()
    try checkWeightCount()
    let designs = kernels
    let weights = try designs.flatMap { design in
      let kernel = try design.kernel(size: size)
      let scale = norm == .unit ? 1 / kernel.reduce(0) { $0 + $1 * $1 }.squareRoot() : 1
      return kernel.map { Float(scale * $0) }
    }
    return try KernelBank(name: name, count: designs.count, size: size, weights: weights, designs: designs)
  }

  /// Checks B_θ: there is one or more, each above 0° and at most 180°, none twice.
  ///
  /// - Throws: `BankError` with the one that is wrong.
  public func checkBandwidths() throws {
    guard !bandwidths_deg.isEmpty else { throw BankError("there is no bandwidth B_θ; give one or more") }
    if let bandwidth_deg = bandwidths_deg.first(where: { !($0 > 0 && $0 <= Self.largestBandwidth_deg) }) {
      throw BankError(
        "B_θ is \(bandwidth_deg)°; it must be above 0° and at most \(Self.largestBandwidth_deg)°")
    }
    if let twice = Self.firstTwice(bandwidths_deg) {
      throw BankError("B_θ of \(twice)° is there twice, and so would be its kernels; give each once")
    }
  }

  /// Checks the phases: there is one or more, each finite, none twice in a turn.
  ///
  /// - Throws: `BankError` with the one that is wrong.
  public func checkPhases() throws {
    guard !phases.isEmpty else { throw BankError("there is no phase; give one or more") }
    if let phase = phases.first(where: { !$0.isFinite }) {
      throw BankError("a phase is \(phase); it must be a finite number")
    }
    // In millionths of a degree, the same in each turn.
    let turn = 360_000_000.0
    let degrees = phases.map { phase in
      let rest = (phase * turn / (2 * .pi)).rounded().truncatingRemainder(dividingBy: turn)
      return (rest < 0 ? rest + turn : rest) / 1e6
    }
    if let twice = Self.firstTwice(degrees) {
      throw BankError("the phase \(twice)° is there twice, and so would be its kernels; give each once in 360°")
    }
  }

  private static func firstTwice(_ values: [Double]) -> Double? {
    values.indices.first { values[..<$0].contains(values[$0]) }.map { values[$0] }
  }

  private func checkWeightCount() throws {
    guard Self.sizes.contains(size) else {
      throw BankError(
        "the kernel size is \(size); it must be from \(Self.sizes.lowerBound) to \(Self.sizes.upperBound) pixels")
    }
    let limit = Self.maximumWeightCount / (size * size)
    let perOrientation = bandwidths_deg.count * phases.count
    guard perOrientation <= limit, orientations <= limit / perOrientation else {
      throw BankError("the bank '\(name)' has too many kernels; at size \(size) it may have \(limit)")
    }
  }
}
