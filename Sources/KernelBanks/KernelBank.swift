import DataFiles

/// A set of equally sized square kernels.
///
/// Kernel `j` occupies `weights[j * size * size ..< (j + 1) * size * size]`, row by row.
public struct KernelBank: Equatable, Sendable {
  /// What the bank is called in tables and file names, for example `heterogeneous`.
  public let name: String
  /// Number of kernels K.
  public let count: Int
  /// Height and width k of each kernel, in pixels.
  public let size: Int
  /// The kernels' values, K × k × k.
  public let weights: [Float]
  /// For a designed bank, the parameters of each kernel.
  public let designs: [LogGabor]?
  /// For a learnt bank, the log-Gabors that resemble its kernels.
  public let fits: [LogGaborFit]?

  /// θ and B_θ of each kernel, so far as they are known: of its design, or of a fit that explains enough of it.
  public var knownDesigns: [LogGabor?]? { designs ?? fits?.map(\.design) }

  /// Makes a bank from its values.
  ///
  /// - Throws: `BankError` if the number of values is not K·k², or a value is not finite, or a kernel is zero, or there
  ///   are designs or fits but not one for each kernel.
  public init(
    name: String, count: Int, size: Int, weights: [Float], designs: [LogGabor]? = nil, fits: [LogGaborFit]? = nil
  ) throws {
    self.name = name
    self.count = count
    self.size = size
    self.weights = weights
    self.designs = designs
    self.fits = fits
    try validate()
  }

  private func validate() throws {
    guard count >= 1, size >= 1 else {
      throw BankError(
        "the bank '\(name)' has \(count.counted("kernel")) of \(size) × \(size); it needs at least one of 1 × 1")
    }
    let (area, areaOverflows) = size.multipliedReportingOverflow(by: size)
    let (needed, overflows) = area.multipliedReportingOverflow(by: count)
    guard !areaOverflows, !overflows, weights.count == needed else {
      throw BankError(
        "the bank '\(name)' has \(weights.count.counted("value")) for \(count.counted("kernel")) of \(size) × \(size)")
    }
    if let index = weights.firstIndex(where: { !$0.isFinite }) {
      throw BankError("kernel \(index / area) of the bank '\(name)' holds \(weights[index]); values must be finite")
    }
    // A kernel whose norm underflows could not be scaled either.
    if let kernel = norms.firstIndex(where: { $0 < Double(Float.leastNormalMagnitude) }) {
      throw BankError("kernel \(kernel) of the bank '\(name)' is zero; no image could be coded with it")
    }
    if let designs, designs.count != count {
      throw BankError("the bank '\(name)' has \(count.counted("kernel")) but \(designs.count.counted("design"))")
    }
    if let fits, fits.count != count {
      throw BankError("the bank '\(name)' has \(count.counted("kernel")) but \(fits.count.counted("fit"))")
    }
  }

  /// The values of one kernel, k × k, row by row.
  public func kernel(_ index: Int) -> ArraySlice<Float> {
    weights[index * size * size..<(index + 1) * size * size]
  }

  /// The ℓ2 norm of each kernel.
  public var norms: [Double] {
    (0..<count).map { index in
      kernel(index).reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
  }

  /// The bank with every kernel at unit ℓ2 norm.
  public func normalized() throws -> KernelBank {
    let norms = norms
    let scaled = weights.indices.map { Float(Double(weights[$0]) / norms[$0 / (size * size)]) }
    return try KernelBank(name: name, count: count, size: size, weights: scaled, designs: designs, fits: fits)
  }

  /// The bank with every kernel's largest absolute value 1, the study's scaling.
  public func peakNormalized() throws -> KernelBank {
    let peaks = (0..<count).map { kernel($0).reduce(0) { max($0, abs($1)) } }
    let scaled = weights.indices.map { weights[$0] / peaks[$0 / (size * size)] }
    return try KernelBank(name: name, count: count, size: size, weights: scaled, designs: designs, fits: fits)
  }
}
