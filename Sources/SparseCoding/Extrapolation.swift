/// The limit that the last sweeps of coordinate descent point to: Anderson acceleration (Bertrand & Massias, AISTATS
/// 2021, algorithm 2).
///
/// Sweeps are nearly linear once the signs have settled, so the combination of iterates whose differences cancel best
/// is near their limit; the residual, which is linear in the code, is combined with the same weights.
struct Extrapolation {
  /// Differences that are combined, as in the paper.
  private static let depth = 5

  private var codes: [[Float]] = []
  private var residuals: [[Float]] = []

  var isFull: Bool { codes.count > Self.depth }

  mutating func record(code: [Float], residual: [Float]) {
    codes.append(code)
    residuals.append(residual)
  }

  /// The code and the residual that are extrapolated, or nil if the differences do not tell.
  func limit() -> (code: [Float], residual: [Float])? {
    let differences = zip(codes.dropFirst(), codes).map { later, earlier in zip(later, earlier).map { $0 - $1 } }
    guard let weights = Self.weights(differences) else { return nil }
    return (Self.combine(codes.dropFirst(), weights), Self.combine(residuals.dropFirst(), weights))
  }

  /// The weights of sum 1 that minimise ‖Σ w d‖², slightly regularised: (DᵀD + εI) w ∝ 1.
  private static func weights(_ differences: [[Float]]) -> [Float]? {
    let count = differences.count
    var gram = differences.map { a in differences.map { dot(a, $0) } }
    let trace = (0..<count).reduce(0.0) { $0 + gram[$1][$1] }
    for i in 0..<count { gram[i][i] += 1e-10 * trace }
    var w = [Double](repeating: 1, count: count)
    // Elimination; the matrix is positive definite, so that it needs no pivoting.
    for i in 0..<count {
      for k in i + 1..<max(count, i + 1) {
        let factor = gram[k][i] / gram[i][i]
        for j in i..<count { gram[k][j] -= factor * gram[i][j] }
        w[k] -= factor * w[i]
      }
    }
    for i in (0..<count).reversed() {
      for j in i + 1..<max(count, i + 1) { w[i] -= gram[i][j] * w[j] }
      w[i] /= gram[i][i]
    }
    let sum = w.reduce(0, +)
    let weights = w.map { Float($0 / sum) }
    return weights.allSatisfy(\.isFinite) ? weights : nil
  }

  private static func combine(_ vectors: ArraySlice<[Float]>, _ weights: [Float]) -> [Float] {
    var sum = [Float](repeating: 0, count: vectors.first?.count ?? 0)
    for (vector, weight) in zip(vectors, weights) {
      for i in sum.indices { sum[i] += weight * vector[i] }
    }
    return sum
  }
}

extension CoordinateDescent {
  /// Puts where it stands into a history.
  func record(in history: inout Extrapolation) {
    history.record(code: entries.map(\.value), residual: residual)
  }

  /// Goes where the last sweeps point to, if E is lower there.
  mutating func extrapolate(from history: Extrapolation) {
    guard let (code, residual) = history.limit() else { return }
    let here = objective(entries.lazy.map(\.value), self.residual)
    guard objective(code, residual) < here else { return }
    for n in entries.indices { entries[n].value = code[n] }
    self.residual = residual
  }

  /// ½‖r‖² + λ‖a‖₁.
  private func objective(_ code: some Sequence<Float>, _ residual: [Float]) -> Double {
    dot(residual, residual) / 2 + Double(lambda) * code.reduce(0.0) { $0 + Double(abs($1)) }
  }
}
