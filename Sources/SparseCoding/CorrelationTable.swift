import KernelBanks

/// How strongly each kernel of bank D, placed somewhere, drives each kernel of bank Φ, placed somewhere: ΦᵀD as a
/// table over kernel pairs and position offsets (the same for all positions away from a circular seam).
///
/// `values[((source * extent + (dy + reach)) * extent + (dx + reach)) * targetCount + target]` is the inner product of
/// kernel `source` of D at code position (r, c) and kernel `target` of Φ at (r − dy, c − dx); that is, dy = source row
/// − target row.
public struct CorrelationTable: Sendable {
  /// Largest offset with overlap, ⌈k / stride⌉ − 1, in code positions.
  public let reach: Int
  /// Number of kernels of D.
  public let sourceCount: Int
  /// Number of kernels of Φ.
  public let targetCount: Int
  /// The inner products, source × dy × dx × target.
  public var values: [Float]

  /// Offsets along one axis, 2 · reach + 1.
  public var extent: Int { 2 * reach + 1 }

  /// Place of an entry in `values`.
  public func index(source: Int, target: Int, dy: Int, dx: Int) -> Int {
    ((source * extent + dy + reach) * extent + dx + reach) * targetCount + target
  }
}

extension CorrelationTable {
  /// Correlates two banks of equally sized kernels, ΦᵀD at a stride; the Gram table G = ΦᵀΦ if both are the same.
  ///
  /// Summed in double precision, in an order that makes the table of a bank with itself exactly symmetric.
  ///
  /// - Throws: `SparseCodingError` if the kernels differ in size, or the stride is not positive or larger than they.
  public init(from source: KernelBank, to target: KernelBank, stride: Int) throws {
    guard source.size == target.size else {
      throw SparseCodingError(
        "kernels of \(source.size) × \(source.size) cannot be correlated with kernels of \(target.size) × \(target.size)"
      )
    }
    guard stride >= 1 else { throw SparseCodingError("the stride is \(stride); it must be 1 or more") }
    let size = source.size
    reach = (size - 1) / stride
    sourceCount = source.count
    targetCount = target.count

    // A source kernel alone in an image that just holds all targets overlapping it; its analysis is the table,
    // with the target's row rising where dy = source row − target row falls.
    let margin = reach * stride
    let side = size + 2 * margin
    let geometry = try CodeGeometry(
      imageHeight: side, imageWidth: side, kernelCount: target.count, kernelSize: size, stride: stride, boundary: .valid
    )
    let matrix = KernelMatrix<SIMD4<Double>>(target)
    let extent = 2 * reach + 1
    var values = [Float](repeating: 0, count: source.count * extent * extent * target.count)
    var image = [Double](repeating: 0, count: side * side)
    var products = [Double](repeating: 0, count: extent * target.count)
    for kernel in 0..<source.count {
      for i in 0..<size {
        for j in 0..<size {
          image[(margin + i) * side + margin + j] = Double(source.weights[(kernel * size + i) * size + j])
        }
      }
      for row in 0..<extent {
        matrix.analyse(row: row, of: image, in: geometry, into: &products)
        for column in 0..<extent {
          let place = ((kernel * extent + extent - 1 - row) * extent + extent - 1 - column) * target.count
          for j in 0..<target.count { values[place + j] = Float(products[column * target.count + j]) }
        }
      }
    }
    self.values = values
  }
}

extension CorrelationTable {
  /// Checks that this can be the table of a Gram operator: T[s, dy, dx, t] = T[t, −dy, −dx, s].
  func checkSymmetry() throws {
    guard sourceCount == targetCount, values.count == sourceCount * extent * extent * targetCount else {
      throw SparseCodingError(
        "a Gram table needs as many sources as targets; this one has \(sourceCount) and \(targetCount)")
    }
    for s in 0..<sourceCount {
      for dy in -reach...reach {
        for dx in -reach...reach {
          for t in s..<targetCount {
            let value = values[index(source: s, target: t, dy: dy, dx: dx)]
            let mirrored = values[index(source: t, target: s, dy: -dy, dx: -dx)]
            guard value.isFinite, value == mirrored else {
              throw SparseCodingError(
                "the table is no Gram table: kernels \(s) and \(t) at (\(dy), \(dx)) have \(value), mirrored \(mirrored)"
              )
            }
          }
        }
      }
    }
  }
}
