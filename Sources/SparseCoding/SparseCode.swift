/// One non-zero coefficient of a code.
public struct Coefficient: Equatable, Sendable {
  public let kernel: Int32
  public let row: Int32
  public let column: Int32
  public let value: Float

  public init(kernel: Int32, row: Int32, column: Int32, value: Float) {
    self.kernel = kernel
    self.row = row
    self.column = column
    self.value = value
  }
}

/// A sparse code: the non-zero coefficients, in the order of `CodeGeometry.index`.
public struct SparseCode: Equatable, Sendable {
  public let geometry: CodeGeometry
  public let coefficients: [Coefficient]

  /// Collects the non-zeros of an array of all coefficients (layout of `CodeGeometry.index`).
  public init(geometry: CodeGeometry, dense: [Float]) {
    precondition(dense.count == geometry.coefficientCount, "a code needs one value per coefficient")
    self.geometry = geometry
    let kernels = geometry.kernelCount
    let columns = geometry.columns
    coefficients = dense.indices.lazy.filter { dense[$0] != 0 }.map { index in
      let position = index / kernels
      return Coefficient(
        kernel: Int32(index % kernels), row: Int32(position / columns), column: Int32(position % columns),
        value: dense[index])
    }
  }

  /// All coefficients, zeros included (layout of `CodeGeometry.index`).
  public var dense: [Float] {
    var values = [Float](repeating: 0, count: geometry.coefficientCount)
    for c in coefficients {
      values[geometry.index(kernel: Int(c.kernel), row: Int(c.row), column: Int(c.column))] = c.value
    }
    return values
  }
}
