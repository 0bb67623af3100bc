import DataFiles

/// One non-zero coefficient of a code.
public struct Coefficient: Equatable, Sendable {
  /// Which kernel of the bank.
  public let kernel: Int32
  /// Row of positions; its pixel row is this times the stride.
  public let row: Int32
  /// Column of positions; its pixel column is this times the stride.
  public let column: Int32
  /// The factor of the kernel.
  public let value: Float

  /// Makes a coefficient.
  public init(kernel: Int32, row: Int32, column: Int32, value: Float) {
    self.kernel = kernel
    self.row = row
    self.column = column
    self.value = value
  }
}

/// A sparse code: the non-zero coefficients, in the order of `CodeGeometry.index`.
public struct SparseCode: Equatable, Sendable {
  /// Where the coefficients can stand.
  public let geometry: CodeGeometry
  /// The non-zeros.
  public let coefficients: [Coefficient]

  /// Puts coefficients in order; zeros are left out.
  ///
  /// - Throws: `SparseCodingError` if a coefficient lies outside the geometry, is not finite, or is given twice.
  public init(geometry: CodeGeometry, coefficients: [Coefficient]) throws {
    for c in coefficients {
      guard
        (0..<geometry.kernelCount).contains(Int(c.kernel)), (0..<geometry.rows).contains(Int(c.row)),
        (0..<geometry.columns).contains(Int(c.column))
      else {
        throw SparseCodingError(
          "coefficient \(c.place) lies outside the code of \(geometry.kernelCount.counted("kernel")) × "
            + "\(geometry.rows.counted("row")) × \(geometry.columns.counted("column"))")
      }
      guard c.value.isFinite else {
        throw SparseCodingError("coefficient \(c.place) is \(c.value); every coefficient must be finite")
      }
    }
    let indexed = coefficients.lazy.filter { $0.value != 0 }.map { (index: geometry.index(of: $0), coefficient: $0) }
      .sorted { $0.index < $1.index }
    if let twice = zip(indexed, indexed.dropFirst()).first(where: { $0.index == $1.index }) {
      throw SparseCodingError("coefficient \(twice.0.coefficient.place) is given twice")
    }
    self.init(geometry: geometry, ordered: indexed.map(\.coefficient))
  }

  /// Collects the non-zeros of an array of all coefficients (layout of `CodeGeometry.index`).
  public init(geometry: CodeGeometry, dense: [Float]) {
    precondition(dense.count == geometry.coefficientCount, "a code needs one value per coefficient")
    self.init(
      geometry: geometry,
      ordered: dense.indices.lazy.filter { dense[$0] != 0 }.map { geometry.coefficient(at: $0, value: dense[$0]) })
  }

  /// Takes non-zero coefficients that are already in order.
  init(geometry: CodeGeometry, ordered coefficients: [Coefficient]) {
    self.geometry = geometry
    self.coefficients = coefficients
  }

  /// All coefficients, zeros included (layout of `CodeGeometry.index`).
  public var dense: [Float] {
    var values = [Float](repeating: 0, count: geometry.coefficientCount)
    for c in coefficients { values[geometry.index(of: c)] = c.value }
    return values
  }
}

extension CodeGeometry {
  /// The place of a coefficient in arrays of all coefficients.
  public func index(of c: Coefficient) -> Int {
    index(kernel: Int(c.kernel), row: Int(c.row), column: Int(c.column))
  }

  /// The coefficient at a place in arrays of all coefficients.
  public func coefficient(at index: Int, value: Float) -> Coefficient {
    let (position, kernel) = index.quotientAndRemainder(dividingBy: kernelCount)
    let (row, column) = position.quotientAndRemainder(dividingBy: columns)
    return Coefficient(kernel: Int32(kernel), row: Int32(row), column: Int32(column), value: value)
  }
}

extension Coefficient {
  fileprivate var place: String { "(kernel \(kernel), row \(row), column \(column))" }
}
