import Foundation

/// How `LassoProblem.solveByADMM` runs; the defaults are the study's (sporco's `ConvBPDN` with its own defaults).
public struct ADMMParameters: Equatable, Sendable {
  /// Iterations at the most.
  public var iterationLimit = 100
  /// Relative primal and dual residual at which to stop.
  public var tolerance: Float = 1e-4
  /// α, over-relaxation.
  public var relaxation: Float = 1.8
  /// ρ at the start; 50 λ + 1 if nil.
  public var penalty: Float?
  /// Whether ρ follows the residuals, after every iteration.
  public var adaptsPenalty = true

  /// The study's parameters.
  public init() {}
}

/// What ADMM found, with a certificate like any other solver's: its own stop rule proves nothing.
public struct ADMMSolution: Sendable {
  /// The exactly sparse variable Y, and its certificate.
  public let solution: LassoSolution
  /// Iterations done.
  public let iterations: Int
  /// ρ at the end.
  public let penalty: Float
}

extension LassoProblem {
  /// Solves by the alternating direction method of multipliers, as published studies do; the certificate tells how far
  /// from the optimum it stopped.
  ///
  /// The algorithm is that of Wohlberg, "Efficient Algorithms for Convolutional Sparse Representations", IEEE Trans.
  /// Image Processing 25, 2016, with the adaptive penalty of Wohlberg, "ADMM Penalty Parameter Selection by Residual
  /// Balancing", arXiv 1704.06209, §4 and §5 (relative residuals), in single precision. As the x-step's matrix is a
  /// rank-one update of the identity at each frequency, x = v + Φᵀt with one image t: one transform a kernel pair and
  /// direction suffices.
  ///
  /// - Throws: `SparseCodingError` if the boundary is not circular or the stride is not 1.
  public func solveByADMM(_ parameters: ADMMParameters = ADMMParameters()) throws -> ADMMSolution {
    try solveByADMM(parameters, after: [parameters.iterationLimit])[0]
  }

  /// One run, seen after several numbers of iterations: as if it had been stopped there.
  ///
  /// - Parameters:
  ///   - parameters: How it runs; their iteration limit does not count.
  ///   - counts: Numbers of iterations, rising.
  /// - Returns: A solution for each; those after the run has converged are the same.
  /// - Throws: `SparseCodingError` if the boundary is not circular or the stride is not 1, or a number of iterations is
  ///   not positive.
  public func solveByADMM(_ parameters: ADMMParameters = ADMMParameters(), after counts: [Int]) throws
    -> [ADMMSolution]
  {
    guard geometry.boundary == .circular, geometry.stride == 1 else {
      throw SparseCodingError("ADMM needs a circular boundary and a stride of 1")
    }
    if let count = counts.first(where: { $0 < 1 }) {
      throw SparseCodingError("the iteration limit is \(count); it must be 1 or more")
    }
    let stopwatch = Stopwatch()
    var iteration = try ADMMIteration(self, parameters)
    return counts.map { count in
      while iteration.count < count, !iteration.hasConverged { iteration.advance() }
      return solution(of: iteration, stopwatch)
    }
  }

  private func solution(of iteration: ADMMIteration, _ stopwatch: Stopwatch) -> ADMMSolution {
    let code = iteration.code
    return ADMMSolution(
      solution: LassoSolution(
        code: code, certificate: certificate(of: code), updates: iteration.count * geometry.coefficientCount,
        seconds: stopwatch.seconds, processorSeconds: stopwatch.processorSeconds),
      iterations: iteration.count, penalty: iteration.penalty)
  }
}

/// The state of one run: ‖x‖, the residuals and ρ as sporco defines them.
private struct ADMMIteration {
  private(set) var count = 0
  private(set) var penalty: Float
  private(set) var hasConverged = false

  private let problem: LassoProblem
  private let parameters: ADMMParameters
  private let pairs: KernelPairs
  /// ŝ, and Σ |d̂|² at each frequency.
  private let imageSpectrum: [Complex]
  private let power: [Float]
  /// The sparse variable Y and the scaled multiplier U, one complex grid a kernel pair.
  private var sparse: [Complex]
  private var multiplier: [Complex]
  /// What U is to be divided by, since ρ changed.
  private var multiplierScale: Float = 1
  /// The ratio of residuals aimed at.
  private let target: Double

  init(_ problem: LassoProblem, _ parameters: ADMMParameters) throws {
    self.problem = problem
    self.parameters = parameters
    penalty = parameters.penalty ?? Float(50 * problem.lambda + 1)
    // Wohlberg, arXiv 1704.06209: ξ = 1 + 18.3^(log₁₀ λ + 1).
    target = 1 + pow(18.3, log10(problem.lambda) + 1)
    pairs = try KernelPairs(problem)
    imageSpectrum = pairs.spectrum(of: problem.image.pixels)
    power = pairs.power
    sparse = [Complex](repeating: Complex(), count: pairs.count * pairs.size)
    multiplier = sparse
  }

  mutating func advance() {
    let scale = 1 / multiplierScale
    multiplierScale = 1
    let synthesis = Self.difference(pairs, sparse, multiplier, scale: scale)
    // t = (ŝ − Σ d̂ v̂) / (ρ + Σ |d̂|²).
    let image = zip(zip(imageSpectrum, synthesis), power).map { spectra, power in
      let factor = 1 / ((penalty + power) * Float(pairs.size))
      return Complex(r: (spectra.0.r - spectra.1.r) * factor, i: (spectra.0.i - spectra.1.i) * factor)
    }
    adapt(update(along: image, multiplierScale: scale))
    count += 1
  }

  /// The spectrum of Φ(y − u).
  private static func difference(
    _ pairs: KernelPairs, _ sparse: [Complex], _ multiplier: [Complex], scale: Float
  ) -> [Complex] {
    pairs.synthesis { pair, grid in
      sparse.withUnsafeBufferPointer { y in
        multiplier.withUnsafeBufferPointer { u in
          for n in 0..<pairs.size {
            let place = pair * pairs.size + n
            grid[n] = Complex(r: y[place].r - scale * u[place].r, i: y[place].i - scale * u[place].i)
          }
        }
      }
    }
  }

  /// The rest of the iteration, pair by pair: x = v + Φᵀt, relaxation, shrinkage, multiplier.
  private mutating func update(along image: [Complex], multiplierScale scale: Float) -> Norms {
    let (alpha, threshold, size) = (parameters.relaxation, Float(problem.lambda) / penalty, pairs.size)
    var norms = [Norms](repeating: Norms(), count: pairs.count)
    let pairs = pairs
    sparse.withUnsafeMutableBufferPointer { sparse in
      multiplier.withUnsafeMutableBufferPointer { multiplier in
        norms.withUnsafeMutableBufferPointer { norms in
          let (y, u, sums) = (Unshared(sparse), Unshared(multiplier), Unshared(norms))
          pairs.analyse(image) { pair, grid in
            let range = pair * size..<(pair + 1) * size
            sums.buffer[pair] = grid.withMemoryRebound(to: Float.self) { x in
              UnsafeMutableBufferPointer(rebasing: y.buffer[range]).withMemoryRebound(to: Float.self) { y in
                UnsafeMutableBufferPointer(rebasing: u.buffer[range]).withMemoryRebound(to: Float.self) { u in
                  Self.update(x, y, u, alpha: alpha, threshold: threshold, scale: scale)
                }
              }
            }
          }
        }
      }
    }
    return norms.reduce(into: Norms()) { $0.squares += $1.squares }
  }

  /// Works in lanes of eight.
  private static func update(
    _ x: UnsafeMutableBufferPointer<Float>, _ y: UnsafeMutableBufferPointer<Float>,
    _ u: UnsafeMutableBufferPointer<Float>, alpha: Float, threshold: Float, scale: Float
  ) -> Norms {
    var norms = Norms()
    var start = 0
    while start < x.count {
      let end = min(start + 512, x.count)
      var (primal, dual, full, shrunk, scaled) = (Float(0), Float(0), Float(0), Float(0), Float(0))
      for n in start..<end {
        let former = y[n]
        let multiplier = scale * u[n]
        let solution = former - multiplier + x[n]
        let relaxed = alpha * solution + (1 - alpha) * former
        let argument = relaxed + multiplier
        let magnitude = max(abs(argument) - threshold, 0)
        let value = argument < 0 ? -magnitude : magnitude
        let next = argument - value
        y[n] = value
        u[n] = next
        primal += (solution - value) * (solution - value)
        dual += (former - value) * (former - value)
        full += solution * solution
        shrunk += value * value
        scaled += next * next
      }
      norms.squares += [Double(primal), Double(dual), Double(full), Double(shrunk), Double(scaled), 0, 0, 0]
      start = end
    }
    return norms
  }

  private mutating func adapt(_ norms: Norms) {
    let primal = norms.primal
    let dual = norms.dual
    let tolerance = Double(parameters.tolerance)
    hasConverged = primal < tolerance && dual < tolerance
    // sporco leaves ρ as it is in the first iteration.
    guard parameters.adaptsPenalty, count > 0 else { return }
    let (ratio, largest) = (1.2, 1000.0)
    let balance = primal > dual * target ? primal / (dual * target) : dual * target / primal
    let step = primal == 0 || dual == 0 ? largest : min(balance.squareRoot(), largest)
    let factor = primal > target * ratio * dual ? step : dual > ratio / target * primal ? 1 / step : 1
    penalty *= Float(factor)
    multiplierScale = Float(factor)
  }

  var code: SparseCode {
    let geometry = problem.geometry
    var dense = [Float](repeating: 0, count: geometry.coefficientCount)
    for kernel in 0..<geometry.kernelCount {
      for n in 0..<pairs.size {
        let value = sparse[kernel / 2 * pairs.size + n]
        dense[n * geometry.kernelCount + kernel] = kernel.isMultiple(of: 2) ? value.r : value.i
      }
    }
    return SparseCode(geometry: geometry, dense: dense)
  }
}

/// Squared norms: x − y, y's change, x, y, u.
private struct Norms: Sendable {
  var squares = SIMD8<Double>.zero

  /// ‖x − y‖ / max(‖x‖, ‖y‖).
  var primal: Double { squares[0].squareRoot() / nonzero(max(squares[2], squares[3]).squareRoot()) }
  /// ρ‖Δy‖ / (ρ‖u‖).
  var dual: Double { squares[1].squareRoot() / nonzero(squares[4].squareRoot()) }

  private func nonzero(_ value: Double) -> Double { value == 0 ? 1 : value }
}
