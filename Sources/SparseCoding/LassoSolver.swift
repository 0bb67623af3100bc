import KernelBanks

extension LassoProblem {
  /// Finds a code whose certificate shows at most a given relative gap.
  ///
  /// Working sets (as in Massias, Gramfort & Salmon, "Celer", ICML 2018), grown greedily and locally (in the spirit of
  /// Moreau, Oudre & Vayatis, "DICOD", ICML 2018): at every position the coefficient that violates optimality most
  /// joins, coordinate descent over the set follows, extrapolated after every fifth sweep, zeros leave. The residual is
  /// recomputed from the code before every growth, so rounding does not build up. Memory grows with the coefficients,
  /// five bytes each.
  ///
  /// Codes are single precision, which limits the gap that can be reached to about 1e-6.
  ///
  /// - Parameters:
  ///   - tolerance: the relative gap, (E − D) / D, at which to stop.
  ///   - start: a code to start from, of the problem's geometry; zero if nil.
  ///   - iterationLimit: how often the working set may grow.
  ///   - progress: called before each growth with the objective of the code so far and the best bound that its residual
  ///     gives.
  /// - Throws: `SparseCodingError` if the tolerance is not positive, the start does not fit, the limit is reached, or the
  ///   gap hardly falls any more; the last two say the gap reached.
  public func solve(
    relativeGap tolerance: Double = 0.01, from start: SparseCode? = nil, iterationLimit: Int = 10_000,
    progress: (_ primal: Double, _ dual: Double) -> Void = { _, _ in }
  ) throws -> LassoSolution {
    guard tolerance > 0 else { throw SparseCodingError("the tolerance is \(tolerance); it must be positive") }
    if let start, start.geometry != geometry {
      throw SparseCodingError("the code to start from has another geometry than the problem")
    }
    let stopwatch = Stopwatch()
    var search = WorkingSetSearch(self, from: start)
    var patience = Patience()
    var iterations = 0
    while iterations < iterationLimit, !patience.isExhausted {
      iterations += 1
      let estimate = search.grow()
      guard estimate.primal.isFinite else {
        throw SparseCodingError("the image's values are too large for single precision")
      }
      progress(estimate.primal, estimate.dual)
      patience.observe(gap: (estimate.primal - estimate.dual) / estimate.dual)
      if estimate.primal - estimate.dual <= tolerance * estimate.dual {
        let certificate = certificate(of: search.code)
        if certificate.relativeGap <= tolerance {
          return LassoSolution(
            code: search.code, certificate: certificate, updates: search.updates,
            seconds: stopwatch.seconds, processorSeconds: stopwatch.processorSeconds)
        }
      }
      search.descend()
    }
    throw SparseCodingError(
      "the gap is still \(certificate(of: search.code).relativeGap) after \(iterations) iterations; "
        + "\(tolerance) was asked for")
  }
}

/// Tells a search that gets on from one that does not: in single precision a gap may stay, or all but stay, where it is.
private struct Patience {
  /// Iterations within which the gap must fall by a tenth: slower, it would not fall to a tenth within the usual limit.
  private static let iterations = 500

  private var leastGap = Double.infinity
  private var iterationsSince = 0

  var isExhausted: Bool { iterationsSince >= Self.iterations }

  mutating func observe(gap: Double) {
    iterationsSince += 1
    if gap < 0.9 * leastGap { (leastGap, iterationsSince) = (gap, 0) }
  }
}

/// The state of one search.
private struct WorkingSetSearch {
  /// Most sweeps over one working set, and the share of the first sweep's progress at which to stop before. Chosen by
  /// measurement on photographs; neither touches the result, only the time.
  static let sweepLimit = 40
  static let progressShare: Float = 0.3

  let problem: LassoProblem
  private(set) var code: SparseCode
  private(set) var updates = 0

  private var descent: CoordinateDescent
  /// Which coefficients are in the working set.
  private var isMember: [Bool]
  /// Φᵀ(x − Φa).
  private var correlations: [Float]

  init(_ problem: LassoProblem, from start: SparseCode?) {
    let geometry = problem.geometry
    self.problem = problem
    code = start ?? SparseCode(geometry: geometry, ordered: [])
    descent = CoordinateDescent(problem)
    isMember = [Bool](repeating: false, count: geometry.coefficientCount)
    correlations = [Float](repeating: 0, count: geometry.coefficientCount)
    for c in code.coefficients { add(geometry.index(of: c), value: c.value) }
  }

  /// Adds the worst violator at each position, and estimates E and its lower bound in passing.
  mutating func grow() -> (primal: Double, dual: Double) {
    let residual = problem.residual(of: code)
    descent.setResidual(residual)
    residual.map(Float.init).withUnsafeBufferPointer { pixels in
      correlations.withUnsafeMutableBufferPointer { correlations in
        guard let base = correlations.baseAddress else { return }
        problem.synthesisOperator.analyse(pixels, into: base)
      }
    }
    let largest = addViolators()
    let (dual, _) = problem.dualPoint(along: residual, largestCorrelation: Double(largest))
    return (problem.objective(of: code, residual: residual), dual)
  }

  /// - Returns: ‖Φᵀ(x − Φa)‖∞.
  private mutating func addViolators() -> Float {
    let lambda = Float(problem.lambda)
    let kernelCount = problem.geometry.kernelCount
    var largest: Float = 0
    var violators: [Int] = []
    correlations.withUnsafeBufferPointer { correlations in
      isMember.withUnsafeBufferPointer { isMember in
        for first in stride(from: 0, to: correlations.count, by: kernelCount) {
          var (worst, violator) = (lambda, -1)
          for index in first..<first + kernelCount {
            let magnitude = abs(correlations[index])
            largest = max(largest, magnitude)
            if magnitude > worst, !isMember[index] { (worst, violator) = (magnitude, index) }
          }
          if violator >= 0 { violators.append(violator) }
        }
      }
    }
    for index in violators { add(index, value: 0) }
    return largest
  }

  private mutating func add(_ index: Int, value: Float) {
    isMember[index] = true
    descent.entries.append(CoordinateDescent.Entry(index: index, value: value, in: problem.geometry))
  }

  /// Minimises over the working set, roughly, and takes out the zeros.
  mutating func descend() {
    var firstProgress: Float?
    var history = Extrapolation()
    for _ in 0..<Self.sweepLimit {
      descent.record(in: &history)
      if history.isFull {
        descent.extrapolate(from: history)
        history = Extrapolation()
        descent.record(in: &history)
      }
      let sweep = descent.sweep()
      updates += sweep.updates
      if let firstProgress, sweep.progress <= Self.progressShare * firstProgress { break }
      firstProgress = firstProgress ?? sweep.progress
    }
    for entry in descent.entries where entry.value == 0 { isMember[entry.index] = false }
    descent.entries.removeAll { $0.value == 0 }
    descent.entries.sort { $0.index < $1.index }
    code = SparseCode(
      geometry: problem.geometry,
      ordered: descent.entries.map { problem.geometry.coefficient(at: $0.index, value: $0.value) })
  }
}
