import Foundation

/// Two von Mises peaks at the cardinal orientations over an even ground:
/// y(θ) = c + a₀ e^(κ₀ (cos 2θ − 1)) + a₉₀ e^(κ₉₀ (−cos 2θ − 1)).
public struct CardinalFit: Equatable, Sendable {
  /// c.
  public let ground: Double
  /// a of the peaks at 0° and 90°.
  public let heights: [Double]
  /// κ of the peaks at 0° and 90°.
  public let concentrations: [Double]
  /// Σ (y − fit)².
  public let squaredError: Double

  /// The κ that are tried.
  public static let range = 0.3...3000.0

  /// Fits a histogram over [0, π), bin i at θ = π i / n, by least squares.
  ///
  /// For given κ the rest is linear; both κ are searched on a logarithmic grid over `range` that narrows four times.
  ///
  /// - Parameter used: The bins that are fitted; nil for all.
  public init(histogram: [Double], used: [Int]? = nil) {
    let bins = used ?? Array(histogram.indices)
    let values = bins.map { histogram[$0] }
    let angles = bins.map { Double.pi * Double($0) / Double(histogram.count) }
    let ends = (log(Self.range.lowerBound), log(Self.range.upperBound))
    var ranges = [ends, ends]
    var best: (error: Double, parts: [Double], kappa: [Double]) = (.infinity, [0, 0, 0], [0, 0])
    for _ in 0..<5 {
      let grids = ranges.map { range in
        (0...20).map { exp(range.0 + (range.1 - range.0) * Double($0) / 20) }
      }
      for first in grids[0] {
        for second in grids[1] {
          let columns = [
            angles.map { _ in 1.0 }, angles.map { exp(first * (cos(2 * $0) - 1)) },
            angles.map { exp(second * (-cos(2 * $0) - 1)) },
          ]
          guard let (parts, error) = leastSquares(columns, values), error < best.error else { continue }
          best = (error, parts, [first, second])
        }
      }
      ranges = zip(ranges, best.kappa).map { range, kappa in
        let reach = (range.1 - range.0) / 10
        let center = log(max(kappa, Self.range.lowerBound))
        return (max(ends.0, center - reach), min(ends.1, center + reach))
      }
    }
    ground = best.parts[0]
    heights = Array(best.parts[1...])
    concentrations = best.kappa
    squaredError = best.error
  }
}

/// Solves the normal equations; nil if they are singular.
func leastSquares(_ columns: [[Double]], _ values: [Double]) -> (parts: [Double], squaredError: Double)? {
  let n = columns.count
  var matrix = (0..<n).map { i in
    (0..<n).map { j in zip(columns[i], columns[j]).reduce(0) { $0 + $1.0 * $1.1 } }
      + [zip(columns[i], values).reduce(0) { $0 + $1.0 * $1.1 }]
  }
  for pivot in 0..<n {
    guard let row = (pivot..<n).max(by: { abs(matrix[$0][pivot]) < abs(matrix[$1][pivot]) }) else { return nil }
    matrix.swapAt(pivot, row)
    guard abs(matrix[pivot][pivot]) > 1e-12 else { return nil }
    for other in 0..<n where other != pivot {
      let factor = matrix[other][pivot] / matrix[pivot][pivot]
      for column in pivot...n { matrix[other][column] -= factor * matrix[pivot][column] }
    }
  }
  let parts = (0..<n).map { matrix[$0][n] / matrix[$0][$0] }
  let error = values.indices.reduce(0.0) { sum, place in
    let fit = (0..<n).reduce(0) { $0 + parts[$1] * columns[$1][place] }
    return sum + (values[place] - fit) * (values[place] - fit)
  }
  return (parts, error)
}

/// Magnitudes of coefficients between 0.01 and 1, and which law describes them best.
public struct AmplitudeFit: Equatable, Sendable {
  /// A density over 0.01 … 1, proportional to x^(−power) e^(−rate x).
  public enum Law: String, CaseIterable, Sendable {
    /// e^(−rate x), the study's.
    case exponential
    /// x^(−power).
    case powerLaw = "power law"
    /// x^(−power) e^(−rate x).
    case cutOff = "power law with cut-off"

    /// Number of free parameters.
    public var parameterCount: Int { self == .cutOff ? 2 : 1 }
  }

  /// The law.
  public let law: Law
  /// Power of x; 0 for the exponential.
  public let power: Double
  /// Rate of the exponential; 0 for the power law.
  public let rate: Double
  /// Magnitudes that it rests on.
  public let count: Int
  /// Logarithm of the likelihood.
  public let logLikelihood: Double

  /// Schwarz's criterion, parameters · ln n − 2 ln L: the smaller, the better the law.
  public var bic: Double { Double(law.parameterCount) * log(Double(max(1, count))) - 2 * logLikelihood }

  /// Range of magnitudes that are fitted, the study's.
  public static let range = 0.01...1.0
  /// Bins of a histogram over it, as many as the study's.
  public static let binCount = 65

  /// The lower end of each bin, and the upper end of the last.
  public static var binEnds: [Double] {
    (0...binCount).map { place in
      (range.lowerBound * Double(binCount - place) + range.upperBound * Double(place)) / Double(binCount)
    }
  }

  /// How many magnitudes lie in each bin; those outside of the range in none.
  public static func histogram(_ magnitudes: some Sequence<Double>) -> [Int] {
    let width = (range.upperBound - range.lowerBound) / Double(binCount)
    return magnitudes.reduce(into: [Int](repeating: 0, count: binCount)) { counts, value in
      guard range.contains(value) else { return }
      counts[min(Int((value - range.lowerBound) / width), binCount - 1)] += 1
    }
  }

  /// What a fit needs to know of the magnitudes: their number, sum, and sum of logarithms.
  public struct Moments: Equatable, Sendable {
    /// Number of magnitudes within the range.
    public var count = 0
    /// Their sum.
    public var sum = 0.0
    /// The sum of their natural logarithms.
    public var logSum = 0.0

    /// Of no magnitudes.
    public init() {}

    /// Counts the magnitudes within the range.
    public init(_ magnitudes: some Sequence<Double>) {
      for value in magnitudes where AmplitudeFit.range.contains(value) {
        count += 1
        sum += value
        logSum += log(value)
      }
    }

    /// Both together.
    public static func + (a: Moments, b: Moments) -> Moments {
      var total = a
      total.count += b.count
      total.sum += b.sum
      total.logSum += b.logSum
      return total
    }
  }

  /// The most likely parameters of a law.
  ///
  /// The log-likelihood is concave in both parameters, so that nested golden-section searches find its peak.
  public init(_ law: Law, _ moments: Moments) {
    func likelihood(_ power: Double, _ rate: Double) -> Double {
      -power * moments.logSum - rate * moments.sum - Double(moments.count) * Self.logNormalizer(power, rate)
    }
    func bestRate(_ power: Double) -> Double { maximum(of: { likelihood(power, $0) }, in: -60...200) }
    switch law {
    case .exponential: (power, rate) = (0, bestRate(0))
    case .powerLaw: (power, rate) = (maximum(of: { likelihood($0, 0) }, in: -20...20), 0)
    case .cutOff:
      power = maximum(of: { likelihood($0, bestRate($0)) }, in: -20...20)
      rate = bestRate(power)
    }
    self.law = law
    count = moments.count
    logLikelihood = likelihood(power, rate)
  }

  /// ln ∫ x^(−power) e^(−rate x) dx over the range, by Simpson's rule in ln x.
  private static func logNormalizer(_ power: Double, _ rate: Double) -> Double {
    let (low, high, steps) = (log(range.lowerBound), log(range.upperBound), 64)
    let exponents = (0...steps).map { step in
      let u = low + (high - low) * Double(step) / Double(steps)
      return (1 - power) * u - rate * exp(u)
    }
    let largest = exponents.max() ?? 0
    let sum = exponents.enumerated().reduce(0.0) { sum, term in
      let weight = term.offset == 0 || term.offset == steps ? 1.0 : term.offset.isMultiple(of: 2) ? 2 : 4
      return sum + weight * exp(term.element - largest)
    }
    return largest + log(sum * (high - low) / Double(3 * steps))
  }
}

/// Where a function of one peak has it, by golden-section search.
func maximum(of function: (Double) -> Double, in range: ClosedRange<Double>) -> Double {
  let ratio = (5.0.squareRoot() - 1) / 2
  var (low, high) = (range.lowerBound, range.upperBound)
  var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
  var (atLeft, atRight) = (function(left), function(right))
  while high - low > 1e-6 * (range.upperBound - range.lowerBound) {
    if atLeft > atRight {
      (high, right, atRight) = (right, left, atLeft)
      left = high - ratio * (high - low)
      atLeft = function(left)
    } else {
      (low, left, atLeft) = (left, right, atRight)
      right = low + ratio * (high - low)
      atRight = function(right)
    }
  }
  return (low + high) / 2
}
