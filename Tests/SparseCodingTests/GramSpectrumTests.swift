import DataFiles
import KernelBanks
import SparseCoding
import Testing
import TestSupport

@Suite struct GramSpectrumTests {
  struct Grid: CustomTestStringConvertible, Sendable {
    let rows: Int
    let columns: Int
    let kernels: Int
    let stride: Int
    let boundary: Boundary
    /// Bits of the rounded table, nil for the exact one.
    let bits: Int?

    var testDescription: String {
      "\(rows) × \(columns) × \(kernels), stride \(stride), \(boundary), \(bits ?? 32) bits"
    }
  }

  @Test(
    .enabled(if: PythonOracle.isAvailable, "compared with NumPy by make test"),
    arguments: [
      Grid(rows: 7, columns: 9, kernels: 5, stride: 1, boundary: .valid, bits: nil),
      Grid(rows: 7, columns: 6, kernels: 8, stride: 2, boundary: .valid, bits: 4),
      Grid(rows: 6, columns: 7, kernels: 10, stride: 1, boundary: .circular, bits: 3),
      Grid(rows: 5, columns: 3, kernels: 4, stride: 1, boundary: .circular, bits: nil),
      Grid(rows: 1, columns: 1, kernels: 1, stride: 1, boundary: .valid, bits: nil),
      Grid(rows: 12, columns: 10, kernels: 3, stride: 2, boundary: .circular, bits: 8),
    ])
  func bothEndsAreThoseOfTheExplicitMatrix(_ grid: Grid) throws {
    let table = try gramTable(kernels: grid.kernels, stride: grid.stride, bits: grid.bits)
    let spectrum = try GramSpectrum(
      of: table, rows: grid.rows, columns: grid.columns, boundary: grid.boundary, tolerance: 1e-5)
    let (smallest, largest) = try explicitEnds(table, rows: grid.rows, columns: grid.columns, boundary: grid.boundary)
    #expect(abs(spectrum.largest - largest) <= 1e-4 * largest)
    // The stop rule allows a residual of a fifth of |λ_min|; its square over the gap is the eigenvalue's error.
    #expect(abs(spectrum.smallest - smallest) <= max(1e-4 * largest, 0.05 * abs(smallest)))
    #expect(spectrum.smallest >= smallest - 1e-5 * largest)
    #expect(spectrum.largest <= largest + 1e-5 * largest)
  }

  /// Fine rounding makes a small negative λ_min: whether it counts is decided as NumPy would.
  @Test(
    .enabled(if: PythonOracle.isAvailable, "compared with NumPy by make test"),
    arguments: [6, 8, 12, 16])
  func theFlagIsThatOfTheExplicitMatrixDownToTheResolution(_ bits: Int) throws {
    let table = try gramTable(kernels: 20, stride: 1, bits: bits)
    let spectrum = try GramSpectrum(
      of: table, rows: 4, columns: 5, boundary: .valid, smallestTolerance: GramSpectrum.resolution, iterationLimit: 400)
    let (smallest, largest) = try explicitEnds(table, rows: 4, columns: 5, boundary: .valid)
    // λ_min is known to a fifth, from above.
    let limit = -GramSpectrum.resolution * largest
    #expect(smallest < 0 && (smallest > limit / 0.8 || spectrum.isIndefinite))
    #expect(smallest < limit || !spectrum.isIndefinite)
    #expect(abs(spectrum.smallest - smallest) <= max(-limit, abs(smallest) / 5))
  }

  /// A Rayleigh quotient below the limit proves; one above proves only with all of its interval, and after convergence.
  @Test(arguments: [
    (-2.0e-2, 5.0e-3, true, GramSpectrum.Definiteness.indefinite), (-2.0e-2, 9.0e-2, false, .indefinite),
    (-4.0e-3, 0.9e-3, true, .semidefinite), (-4.0e-3, 1.1e-3, true, .unknown), (1.0e-3, 7.0e-3, true, .unknown),
    (-5.003e-3, 1.0e-6, true, .unknown), (1, 1.0e-3, true, .semidefinite), (1, 1.0e-3, false, .unknown),
  ])
  func theSignIsToldOnlyWhereItIsKnown(
    _ smallest: Double, _ bound: Double, _ isConverged: Bool, _ definiteness: GramSpectrum.Definiteness
  ) {
    // λ_max is 100 … 100.1: the limit is −5·10⁻³, or a thousandth lower.
    let spectrum = GramSpectrum(
      smallest: smallest, largest: 100, smallestBound: bound, largestBound: 0.1, iterations: 9, isConverged: isConverged
    )
    #expect(spectrum.definiteness == definiteness)
  }

  @Test func aSearchThatIsCutShortTellsNoSign() throws {
    let bank = try BankDesign.heterogeneous.bank()
    let table = try CorrelationTable(from: bank, to: bank, stride: 2)
    let cut = try GramSpectrum(of: table, rows: 9, columns: 9, boundary: .valid, iterationLimit: 4)
    #expect(!cut.isConverged && cut.definiteness == .unknown)
    let whole = try GramSpectrum(
      of: table, rows: 9, columns: 9, boundary: .valid, smallestTolerance: GramSpectrum.resolution / 4,
      iterationLimit: 400)
    #expect(whole.isConverged && whole.definiteness == .semidefinite)
  }

  @Test func separateDeltaKernelsHaveAllEigenvaluesOne() throws {
    let bank = try KernelBank(name: "delta", count: 1, size: 1, weights: [1])
    let table = try CorrelationTable(from: bank, to: bank, stride: 1)
    let spectrum = try GramSpectrum(of: table, rows: 8, columns: 8, boundary: .valid)
    #expect(abs(spectrum.smallest - 1) < 1e-5 && abs(spectrum.largest - 1) < 1e-5)
    #expect(spectrum.smallestBound < 1e-5)
  }

  @Test func roundingABankToEightBitsMakesItIndefinite() throws {
    let bank = try BankDesign.heterogeneous.bank()
    var table = try CorrelationTable(from: bank, to: bank, stride: 2)
    let exact = try GramSpectrum(of: table, rows: 27, columns: 27, boundary: .valid)
    #expect(!exact.isIndefinite)
    let step = (table.values.map(abs).max() ?? 0) / 127
    table.values = table.values.map { ($0 / step).rounded() * step }
    let rounded = try GramSpectrum(of: table, rows: 27, columns: 27, boundary: .valid)
    #expect(rounded.isIndefinite)
    #expect(rounded.smallest + rounded.smallestBound < 0)
    #expect(rounded.largestBound < 1e-3 * rounded.largest)
  }

  @Test func aTableThatIsNotSymmetricIsRefused() throws {
    var table = try gramTable(kernels: 3, stride: 1, bits: nil)
    table.values[table.index(source: 0, target: 1, dy: 1, dx: 0)] += 1
    #expect(throws: SparseCodingError.self) { try GramSpectrum(of: table, rows: 4, columns: 4, boundary: .valid) }
  }

  @Test func aTableBetweenTwoBanksIsRefused() throws {
    let table = try CorrelationTable(
      from: Random.bank(2, size: 3, seed: 1), to: Random.bank(4, size: 3, seed: 2), stride: 1)
    #expect(throws: SparseCodingError.self) { try GramSpectrum(of: table, rows: 4, columns: 4, boundary: .valid) }
  }

  @Test(arguments: [(0, 4), (4, -1), (1 << 40, 5), (1 << 30, 12)])
  func anImpossibleGridIsRefused(_ grid: (rows: Int, columns: Int)) throws {
    let table = try gramTable(kernels: 2, stride: 1, bits: nil)
    #expect(throws: SparseCodingError.self) {
      try GramSpectrum(of: table, rows: grid.rows, columns: grid.columns, boundary: .circular)
    }
  }

  /// A grid too large is judged by a part: the ends bound the whole's, which the symbol of one kernel has in closed
  /// form.
  @Test(arguments: Boundary.allCases)
  func aPartOfAGridTooLargeBoundsItsEnds(_ boundary: Boundary) throws {
    // G = δ₀ + ¼ (δ₁ + δ₋₁) along each axis' product with itself: eigenvalues (1 + ½ cos α)(1 + ½ cos β), ¼ … 2¼.
    let bank = try KernelBank(name: "pair", count: 1, size: 2, weights: [1, 1, 1, 1])
    var table = try CorrelationTable(from: bank, to: bank, stride: 1)
    for (place, weight) in [0.25, 1, 0.25].enumerated() {
      for (other, factor) in [0.25, 1, 0.25].enumerated() { table.values[3 * place + other] = Float(weight * factor) }
    }
    let side = 1 << 12
    let spectrum = try GramSpectrum(
      of: table, rows: side, columns: side, boundary: boundary, iterationLimit: 12, memoryLimit_B: 32 << 20)
    #expect(spectrum.isOfPart && !spectrum.isConverged && spectrum.definiteness == .unknown)
    #expect((0.25...0.5).contains(spectrum.smallest) && (1.9...2.25 + 1e-6).contains(spectrum.largest))
    #expect(spectrum.largest + spectrum.largestBound >= 2.24)
  }

  /// The residual of a part counts what leaves it.
  @Test func anImageReachesBeyondItsGrid() throws {
    let table = try gramTable(kernels: 3, stride: 1, bits: nil)
    let part = try GramOperator(table, rows: 6, columns: 5, boundary: .valid, margin: 2 * table.reach)
    let v = (0..<part.dimension).map { Float(($0 * 7) % 11) - 5 }
    var inside = v
    part.apply(v, into: &inside)
    // On a grid with room for all of the image, the same vector amid zeros.
    let reach = table.reach
    let whole = try GramOperator(table, rows: 6 + 2 * reach, columns: 5 + 2 * reach, boundary: .valid)
    var padded = [Float](repeating: 0, count: whole.dimension)
    for row in 0..<6 {
      for place in 0..<5 * 3 {
        padded[((row + reach) * (5 + 2 * reach) + reach) * 3 + place] = v[row * 5 * 3 + place]
      }
    }
    var image = padded
    whole.apply(padded, into: &image)
    let squaredNorm = image.reduce(0.0) { $0 + Double($1) * Double($1) }
    let squaredNormInside = inside.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs(part.squaredNormBeyondGrid(v) + squaredNormInside - squaredNorm) < 1e-5 * squaredNorm)
    #expect(squaredNormInside < 0.99 * squaredNorm)
  }

  /// ΦΦᵀ, among images, and ΦᵀΦ, among codes, have the same largest eigenvalue.
  @Test(arguments: Boundary.allCases, [1, 2, 3])
  func theLargestEigenvalueIsTheSameAmongImages(_ boundary: Boundary, _ stride: Int) throws {
    let bank = try Random.bank(30, size: 5, seed: 22)
    let geometry = try CodeGeometry(
      imageHeight: 18, imageWidth: 24, kernelCount: 30, kernelSize: 5, stride: stride, boundary: boundary)
    let among = try GramSpectrum(of: bank, geometry: geometry, tolerance: 1e-5)
    let table = try CorrelationTable(from: bank, to: bank, stride: stride)
    let explicit = try GramSpectrum(
      of: table, rows: geometry.rows, columns: geometry.columns, boundary: boundary, tolerance: 1e-5)
    #expect(abs(among.largest - explicit.largest) <= 1e-5 * explicit.largest)
    #expect(among.largestBound <= 2e-5 * among.largest && among.isConverged)
    #expect(among.smallest == 0 && abs(explicit.smallest) <= 1e-4 * explicit.largest)
  }

  /// With fewer coefficients than pixels ΦᵀΦ is the smaller, and its least eigenvalue need not be zero.
  @Test func aBankWithFewCoefficientsIsSearchedAmongCodes() throws {
    let bank = try KernelBank(name: "flat", count: 1, size: 2, weights: [1, 1, 1, 1])
    let geometry = try CodeGeometry(
      imageHeight: 8, imageWidth: 8, kernelCount: 1, kernelSize: 2, stride: 2, boundary: .valid)
    let spectrum = try GramSpectrum(of: bank, geometry: geometry)
    #expect(abs(spectrum.smallest - 4) < 1e-5 && abs(spectrum.largest - 4) < 1e-5)
  }

  private func explicitEnds(
    _ table: CorrelationTable, rows: Int, columns: Int, boundary: Boundary
  ) throws -> (smallest: Double, largest: Double) {
    let expected = try PythonOracle.archive(
      "gram_eigenvalues.py",
      input: NumPyArchive([
        "table": NumPyArray(
          shape: [table.sourceCount, table.extent, table.extent, table.targetCount], table.values.map(Double.init)),
        "rows": NumPyArray(rows), "columns": NumPyArray(columns), "boundary": NumPyArray(boundary.rawValue),
      ]))
    return (try expected.number("smallest"), try expected.number("largest"))
  }

  private func gramTable(kernels: Int, stride: Int, bits: Int?) throws -> CorrelationTable {
    let bank = try Random.bank(kernels, size: 5, seed: 21)
    var table = try CorrelationTable(from: bank, to: bank, stride: stride)
    if let bits {
      let step = 1 / Float(1 << (bits - 1))
      table.values = table.values.map { ($0 / step).rounded() * step }
    }
    return table
  }
}
