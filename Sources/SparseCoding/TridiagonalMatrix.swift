/// A symmetric tridiagonal matrix, of which the ends of the spectrum are wanted.
struct TridiagonalMatrix {
  enum End { case smallest, largest }

  var diagonal: [Double] = []
  var offDiagonal: [Double] = []

  /// An eigenvalue at an end, by bisection on the number of negative pivots (Golub & Van Loan, §8.4.1).
  func eigenvalue(_ end: End) -> Double {
    var (low, high) = gershgorinInterval
    let wanted = end == .smallest ? 1 : diagonal.count
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { return middle }
      if eigenvalues(below: middle) >= wanted { high = middle } else { low = middle }
    }
  }

  /// The unit eigenvector of an eigenvalue at an end, by inverse iteration.
  ///
  /// A shift just outside the spectrum makes the matrix definite, so that elimination needs no pivoting.
  func eigenvector(of eigenvalue: Double, at end: End) -> [Double] {
    let (low, high) = gershgorinInterval
    let margin = 1e-13 * max(abs(low), abs(high), .leastNormalMagnitude)
    let shift = eigenvalue + (end == .smallest ? -margin : margin)
    var x = [Double](repeating: 1, count: diagonal.count)
    for _ in 0..<4 {
      x = solve(shift, x)
      let norm = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
      x = x.map { $0 / norm }
    }
    return x
  }

  private var gershgorinInterval: (low: Double, high: Double) {
    var (low, high) = (Double.infinity, -Double.infinity)
    for i in diagonal.indices {
      let radius = (i > 0 ? abs(offDiagonal[i - 1]) : 0) + (i < offDiagonal.count ? abs(offDiagonal[i]) : 0)
      low = min(low, diagonal[i] - radius)
      high = max(high, diagonal[i] + radius)
    }
    let margin = 1e-12 * max(abs(low), abs(high))
    return (low - margin, high + margin)
  }

  /// Sylvester's law of inertia: as many eigenvalues lie below x as pivots of T − xI are negative.
  private func eigenvalues(below x: Double) -> Int {
    var (count, pivot) = (0, 1.0)
    for i in diagonal.indices {
      let coupling = i > 0 ? offDiagonal[i - 1] : 0
      pivot = diagonal[i] - x - coupling * coupling / pivot
      if pivot == 0 { pivot = .leastNormalMagnitude }
      if pivot < 0 { count += 1 }
    }
    return count
  }

  /// Solves (T − shift · I) x = b by elimination.
  private func solve(_ shift: Double, _ b: [Double]) -> [Double] {
    var (pivots, x) = (diagonal.map { $0 - shift }, b)
    for i in pivots.indices.dropFirst() {
      let factor = offDiagonal[i - 1] / pivots[i - 1]
      pivots[i] -= factor * offDiagonal[i - 1]
      x[i] -= factor * x[i - 1]
    }
    for i in pivots.indices.reversed() {
      if i + 1 < x.count { x[i] -= offDiagonal[i] * x[i + 1] }
      x[i] /= pivots[i]
    }
    return x
  }
}
