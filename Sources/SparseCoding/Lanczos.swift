/// An approximate eigenvalue, its coordinates in the Lanczos basis, and the estimate of its residual.
struct RitzPair {
  let value: Double
  let coordinates: [Double]
  let bound: Double
}

/// A symmetric matrix that is given by what it makes of vectors.
protocol SymmetricOperator {
  /// Number of unknowns.
  var dimension: Int { get }
  /// Replaces `result` by the product with `v`.
  func apply(_ v: [Float], into result: inout [Float])
}

/// The Lanczos process for a symmetric operator.
///
/// Small problems may exhaust their space, which only an orthogonal basis shows: there every vector is orthogonalised
/// against all before it. In large ones that would cost more than the operator, and is not needed: what orthogonality
/// is lost only finds again eigenvalues that have converged (Paige, Linear Algebra Appl. 34, 1980).
struct Lanczos {
  /// Unknowns up to which the basis is kept orthogonal.
  private static let orthogonalDimension = 1 << 14

  private var basis: [[Float]]
  private var next: [Float]
  private var tridiagonal = TridiagonalMatrix()
  /// The norm of what the last step left over.
  private var remainder = 0.0

  var iterations: Int { tridiagonal.diagonal.count }

  /// Whether the basis spans an invariant subspace, so that the Ritz values are eigenvalues.
  private(set) var isExhausted = false

  init(dimension: Int, seed: UInt64) {
    var state = seed
    let start = (0..<dimension).map { _ in Float(Self.random(&state)) }
    let norm = Float(dot(start, start).squareRoot())
    basis = [start.map { $0 / norm }]
    next = [Float](repeating: 0, count: dimension)
  }

  /// A number in −1 ..< 1: SplitMix64 (Steele, Lea & Flood, OOPSLA 2014).
  private static func random(_ state: inout UInt64) -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double(Int64(bitPattern: z ^ (z >> 31))) * 0x1p-63
  }

  /// Extends the basis by one application of the operator.
  mutating func step(_ apply: (_ v: [Float], _ result: inout [Float]) -> Void) {
    guard let last = basis.last, !isExhausted else { return }
    if iterations > 0 {
      guard basis.count == iterations + 1 else { return }
      tridiagonal.offDiagonal.append(remainder)
    }
    apply(last, &next)
    let size = dot(next, next).squareRoot()
    let diagonal = dot(next, last)
    tridiagonal.diagonal.append(diagonal)
    addProduct(-diagonal, last, to: &next)
    if basis.count > 1 { addProduct(-remainder, basis[basis.count - 2], to: &next) }
    if last.count <= Self.orthogonalDimension {
      let overlaps = basis.map { dot(next, $0) }
      for (overlap, v) in zip(overlaps, basis) { addProduct(-overlap, v, to: &next) }
    }

    remainder = dot(next, next).squareRoot()
    // What is left is rounding: single precision has 2⁻²³.
    isExhausted = remainder <= 1e-6 * size || basis.count == last.count
    if !isExhausted {
      let scale = Float(1 / remainder)
      basis.append(next.map { $0 * scale })
    }
  }

  /// The Ritz pairs at both ends of the spectrum.
  func extremes() -> (smallest: RitzPair, largest: RitzPair) { (pair(.smallest), pair(.largest)) }

  private func pair(_ end: TridiagonalMatrix.End) -> RitzPair {
    let value = tridiagonal.eigenvalue(end)
    let coordinates = tridiagonal.eigenvector(of: value, at: end)
    return RitzPair(value: value, coordinates: coordinates, bound: remainder * abs(coordinates.last ?? 0))
  }

  /// The vector of a Ritz pair.
  func vector(_ pair: RitzPair) -> [Float] {
    var vector = [Float](repeating: 0, count: next.count)
    for (coordinate, v) in zip(pair.coordinates, basis) { addProduct(coordinate, v, to: &vector) }
    return vector
  }
}

/// aᵀb, in single precision over short stretches and in double precision over these.
func dot(_ a: [Float], _ b: [Float]) -> Double {
  a.withUnsafeBytes { a in
    b.withUnsafeBytes { b in
      let width = MemoryLayout<SIMD16<Float>>.size
      let stretch = 64 * width
      var sum = 0.0
      var offset = 0
      while offset + width <= a.count {
        var sums = SIMD16<Float>.zero
        let end = min(offset + stretch, a.count - width + 1)
        while offset < end {
          sums +=
            a.loadUnaligned(fromByteOffset: offset, as: SIMD16<Float>.self)
            * b.loadUnaligned(fromByteOffset: offset, as: SIMD16<Float>.self)
          offset += width
        }
        sum += Double(sums.sum())
      }
      while offset < a.count {
        sum +=
          Double(a.loadUnaligned(fromByteOffset: offset, as: Float.self))
          * Double(b.loadUnaligned(fromByteOffset: offset, as: Float.self))
        offset += MemoryLayout<Float>.size
      }
      return sum
    }
  }
}

/// result += factor · v.
private func addProduct(_ factor: Double, _ v: [Float], to result: inout [Float]) {
  let factor = Float(factor)
  result.withUnsafeMutableBufferPointer { result in
    v.withUnsafeBufferPointer { v in
      for i in 0..<min(v.count, result.count) { result[i] += factor * v[i] }
    }
  }
}
