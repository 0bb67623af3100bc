extension LassoProblem {
  /// E(a) = ½‖x − Φa‖² + λ‖a‖₁ in double precision; `code` must have the problem's geometry.
  public func objective(of code: SparseCode) -> Double {
    objective(of: code, residual: residual(of: code))
  }

  /// The proof of how good a code is: E against the dual value of its scaled residual.
  ///
  /// The dual point is the residual times the best factor that keeps it feasible.
  public func certificate(of code: SparseCode) -> Certificate {
    let residual = residual(of: code)
    let (dual, point) = dualPoint(along: residual, largestCorrelation: largestCorrelation(with: residual))
    return Certificate(lambda: lambda, primal: objective(of: code, residual: residual), dual: dual, dualPoint: point)
  }

  /// The largest violation of the optimality conditions: |φᵢᵀr| ≤ λ everywhere, and φᵢᵀr = λ·sign(aᵢ) where aᵢ ≠ 0.
  public func optimalityViolation(of code: SparseCode) -> Double {
    var next = 0
    var worst = 0.0
    forEachCorrelation(with: residual(of: code)) { index, correlation in
      var violation = max(0, abs(correlation) - lambda)
      if next < code.coefficients.count, geometry.index(of: code.coefficients[next]) == index {
        violation = abs(correlation - (code.coefficients[next].value < 0 ? -lambda : lambda))
        next += 1
      }
      worst = max(worst, violation)
    }
    return worst
  }

  /// λ_max = ‖Φᵀx‖∞, from which on the optimum is the zero code.
  public var lambdaMax: Double { largestCorrelation(with: image.pixels.map(Double.init)) }

  /// x − Φa.
  func residual(of code: SparseCode) -> [Double] {
    zip(image.pixels, synthesisOperator.synthesisInDouble(of: code)).map { Double($0) - $1 }
  }

  func objective(of code: SparseCode, residual: [Double]) -> Double {
    let magnitude = code.coefficients.reduce(0.0) { $0 + abs(Double($1.value)) }
    return residual.reduce(0) { $0 + $1 * $1 } / 2 + lambda * magnitude
  }

  /// The point y on the line through a direction d that has the largest dual value, given ‖Φᵀd‖∞.
  func dualPoint(along direction: [Double], largestCorrelation: Double) -> (dual: Double, point: [Double]) {
    var (alongImage, squaredLength) = (0.0, 0.0)
    for (pixel, value) in zip(image.pixels, direction) {
      alongImage += Double(pixel) * value
      squaredLength += value * value
    }
    guard squaredLength > 0 else { return (0, direction) }
    let limit = largestCorrelation > 0 ? lambda / largestCorrelation : .infinity
    let scale = min(max(alongImage / squaredLength, -limit), limit)
    return (scale * alongImage - scale * scale * squaredLength / 2, direction.map { scale * $0 })
  }

  private func largestCorrelation(with pixels: [Double]) -> Double {
    var largest = 0.0
    forEachCorrelation(with: pixels) { largest = max(largest, abs($1)) }
    return largest
  }

  /// Φᵀy in double precision, in the order of `CodeGeometry.index`, without keeping it.
  private func forEachCorrelation(with pixels: [Double], _ body: (_ index: Int, _ correlation: Double) -> Void) {
    let matrix = KernelMatrix<SIMD4<Double>>(bank)
    let rowLength = geometry.columns * geometry.kernelCount
    withUnsafeTemporaryAllocation(of: Double.self, capacity: rowLength) { products in
      guard let base = products.baseAddress else { return }
      for row in 0..<geometry.rows {
        matrix.analyse(row: row, of: pixels, in: geometry, into: base)
        for place in 0..<rowLength { body(row * rowLength + place, base[place]) }
      }
    }
  }
}
