import DataFiles
import KernelBanks

/// The ends of the spectrum of a Gram operator G on a finite grid of positions: rows × columns × K unknowns.
///
/// λ_max sets the largest stable step of a network with these lateral weights; a negative λ_min, which rounding the
/// weights brings, means that it can drift away from the optimum.
public struct GramSpectrum: Equatable, Sendable {
  /// Rayleigh quotient of the vector found for λ_min: an upper bound of λ_min, so a negative one proves that G is
  /// indefinite (to single-precision rounding, about 1e-6 · λ_max).
  public let smallest: Double
  /// Rayleigh quotient of the vector found for λ_max: a lower bound of λ_max.
  public let largest: Double
  /// ‖Gv − smallest·v‖: an eigenvalue lies within this distance of `smallest`.
  public let smallestBound: Double
  /// ‖Gv − largest·v‖: an eigenvalue lies within this distance of `largest`.
  public let largestBound: Double
  /// Applications of G.
  public let iterations: Int
  /// Whether both ends are known as well as was asked for, before the limit of applications was reached.
  public let isConverged: Bool

  /// The part of λ_max that is told from zero. At the largest stable step η = 2 / λ_max an error along an eigenvector
  /// of λ_min = −resolution · λ_max takes 1 / (η·|λ_min|) = 10,000 steps to grow e-fold.
  public static let resolution = 5e-5

  /// What is known of the sign of λ_min, down to the resolution.
  public enum Definiteness: Sendable {
    /// Below −resolution · λ_max: large enough to matter within 10,000 steps. A Rayleigh quotient is never below λ_min,
    /// so that one below this limit is proof whatever its residual.
    case indefinite
    /// Not below: the whole interval of the residual lies above, and the search has converged.
    case semidefinite
    /// The interval straddles the limit, or the search has not converged.
    case unknown
  }

  /// The sign of λ_min.
  public var definiteness: Definiteness {
    if smallest < -Self.resolution * (largest + largestBound) { return .indefinite }
    return isConverged && smallest - smallestBound >= -Self.resolution * largest ? .semidefinite : .unknown
  }

  /// Whether a negative eigenvalue is proven, and large enough to matter within 10,000 steps.
  public var isIndefinite: Bool { definiteness == .indefinite }

  /// Whether the grid was too large, so that both ends are those of a part of it; then `isConverged` is false.
  ///
  /// A vector on the part is one on the whole with zeros round it, and has the same Rayleigh quotient there (Cauchy's
  /// interlacing theorem). So `smallest` and `largest` bound the whole's λ_min from above and its λ_max from below, and
  /// the residuals count what G sends beyond the part: all that they say holds for the whole grid, valid or circular.
  public let isOfPart: Bool

  /// Computes both ends by the Lanczos process (Golub & Van Loan, Matrix Computations, §10.1 and §10.3), G applied
  /// through FFTs.
  ///
  /// It ends when the residual of λ_max is at most `tolerance` × λ_max, that of λ_min at most `smallestTolerance` ×
  /// λ_max or a fifth of |λ_min| (which settles the sign, and λ_min itself to a fifth), or after `iterationLimit`
  /// applications: `isConverged` and the bounds say what was reached. Memory is 4·K² bytes a frequency, for about
  /// (rows + reach) × (columns + reach) frequencies, and 4 bytes an unknown and iteration.
  ///
  /// Where the matrices would take more than `memoryLimit_B`, a square part of the grid that needs at most half of it,
  /// vectors included, stands for it (`isOfPart`).
  ///
  /// - Parameter smallestTolerance: nil for `tolerance`.
  /// - Throws: `SparseCodingError` if the table is not square, not finite or not symmetric, or the grid is empty or
  ///   needs more memory than the limit and no part of it less.
  public init(
    of table: CorrelationTable, rows: Int, columns: Int, boundary: Boundary, tolerance: Double = 3e-4,
    smallestTolerance: Double? = nil, iterationLimit: Int = 200, memoryLimit_B: Int = Self.memoryLimit_B
  ) throws {
    let side = GramOperator.side(table, vectors: iterationLimit, bytes: memoryLimit_B / 2)
    isOfPart =
      min(rows, columns) >= side + 2 * table.reach && side > table.reach
      && Self.needsPart(
        GramOperator.estimatedBytes(kernelCount: table.sourceCount, reach: table.reach, rows: rows, columns: columns),
        memoryLimit_B)
    let gram =
      try isOfPart
      ? GramOperator(
        table, rows: side, columns: side, boundary: .valid, margin: 2 * table.reach, memoryLimit_B: memoryLimit_B)
      : GramOperator(table, rows: rows, columns: columns, boundary: boundary, memoryLimit_B: memoryLimit_B)
    var lanczos = Lanczos(dimension: gram.dimension, seed: 1)
    var ends: (smallest: RitzPair, largest: RitzPair)
    repeat {
      lanczos.step { gram.apply($0, into: &$1) }
      ends = lanczos.extremes()
    } while lanczos.iterations < iterationLimit && !lanczos.isExhausted
      && !Self.areKnown(ends.smallest, ends.largest, tolerance, smallestTolerance ?? tolerance)

    let areKnown = Self.areKnown(ends.smallest, ends.largest, tolerance, smallestTolerance ?? tolerance)
    isConverged = !isOfPart && (lanczos.isExhausted || areKnown)
    let beyond = isOfPart ? gram.squaredNormBeyondGrid : nil
    let smallest = Self.residual(of: lanczos.vector(ends.smallest), under: gram, beyond: beyond)
    let largest = Self.residual(of: lanczos.vector(ends.largest), under: gram, beyond: beyond)
    self.smallest = smallest.quotient
    self.largest = largest.quotient
    smallestBound = smallest.norm
    largestBound = largest.norm
    iterations = lanczos.iterations + 2
  }

  /// Computes both ends for G = ΦᵀΦ, by the Lanczos process on the smaller of ΦᵀΦ and ΦΦᵀ, whose eigenvalues are the
  /// same but for zeros.
  ///
  /// With more coefficients than pixels λ_min is zero, and λ_max is searched among images: 4 bytes a pixel and
  /// iteration. It ends when its residual is at most `tolerance` × λ_max, or after `iterationLimit` applications.
  ///
  /// - Throws: `SparseCodingError` if the geometry was made for another size of kernels, or as for a table.
  public init(
    of bank: KernelBank, geometry: CodeGeometry, tolerance: Double = 3e-4, iterationLimit: Int = 200
  ) throws {
    guard bank.count == geometry.kernelCount, bank.size == geometry.kernelSize else {
      throw SparseCodingError(
        "the bank has \(bank.count.counted("kernel")) of size \(bank.size), the geometry \(geometry.kernelCount) of "
          + "size \(geometry.kernelSize)"
      )
    }
    guard geometry.coefficientCount > geometry.imageHeight * geometry.imageWidth else {
      try self.init(
        of: CorrelationTable(from: bank, to: bank, stride: geometry.stride), rows: geometry.rows,
        columns: geometry.columns, boundary: geometry.boundary, tolerance: tolerance, iterationLimit: iterationLimit)
      return
    }
    let frame = try FrameOperator(bank, geometry: geometry)
    var lanczos = Lanczos(dimension: frame.dimension, seed: 1)
    var end: RitzPair
    repeat {
      lanczos.step { frame.apply($0, into: &$1) }
      end = lanczos.extremes().largest
    } while lanczos.iterations < iterationLimit && !lanczos.isExhausted && end.bound > tolerance * end.value
    let largest = Self.residual(of: lanczos.vector(end), under: frame)
    self.init(
      smallest: 0, largest: largest.quotient, smallestBound: 0, largestBound: largest.norm,
      iterations: lanczos.iterations + 1, isConverged: lanczos.isExhausted || end.bound <= tolerance * end.value)
  }

  /// A spectrum that is known.
  package init(
    smallest: Double, largest: Double, smallestBound: Double, largestBound: Double, iterations: Int, isConverged: Bool
  ) {
    self.smallest = smallest
    self.largest = largest
    self.smallestBound = smallestBound
    self.largestBound = largestBound
    self.iterations = iterations
    self.isConverged = isConverged
    isOfPart = false
  }

  /// What matrices may take by default.
  public static let memoryLimit_B = 2 << 30

  private static func needsPart(_ matrices_B: Double, _ memoryLimit_B: Int) -> Bool {
    matrices_B > 0.75 * Double(memoryLimit_B)
  }

  /// The most memory that finding both ends on a geometry's positions takes, in bytes: matrices and all vectors, or a
  /// part.
  package static func largestMemory_B(of geometry: CodeGeometry, iterationLimit: Int) -> Int {
    let matrices = GramOperator.estimatedBytes(
      kernelCount: geometry.kernelCount, reach: (geometry.kernelSize - 1) / geometry.stride, rows: geometry.rows,
      columns: geometry.columns)
    guard !needsPart(matrices, memoryLimit_B) else { return memoryLimit_B / 2 }
    return Int(matrices) + MemoryLayout<Float>.stride * geometry.coefficientCount * iterationLimit
  }

  /// The same for λ_max among images: vectors of images, and one of patches.
  package static func largestMemoryAmongImages_B(of geometry: CodeGeometry, iterationLimit: Int) -> Int {
    let patches = geometry.rows * geometry.columns * geometry.kernelSize * geometry.kernelSize
    return MemoryLayout<Float>.stride * (geometry.imageHeight * geometry.imageWidth * iterationLimit + patches)
  }

  private static func areKnown(
    _ smallest: RitzPair, _ largest: RitzPair, _ tolerance: Double, _ smallestTolerance: Double
  ) -> Bool {
    largest.bound <= tolerance * abs(largest.value)
      && smallest.bound <= max(smallestTolerance * abs(largest.value), abs(smallest.value) / 5)
  }

  /// Rayleigh quotient θ of v and ‖Gv − θv‖ / ‖v‖, computed afresh.
  ///
  /// - Parameter beyond: the squared norm of what G makes of a vector outside of the operator's unknowns.
  private static func residual(
    of v: [Float], under gram: some SymmetricOperator, beyond: (([Float]) -> Double)? = nil
  ) -> (quotient: Double, norm: Double) {
    var image = [Float](repeating: 0, count: v.count)
    gram.apply(v, into: &image)
    let length = dot(v, v)
    let quotient = dot(v, image) / length
    let squares = zip(v, image).reduce(0.0) { sum, pair in
      let difference = Double(pair.1) - quotient * Double(pair.0)
      return sum + difference * difference
    }
    // What lies beyond is orthogonal to v.
    return (quotient, ((squares + (beyond?(v) ?? 0)) / length).squareRoot())
  }
}
