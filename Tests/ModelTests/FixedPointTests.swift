import Neuromorphic
import SparseCoding
import TestSupport
import Testing

extension ChipModelTests {
  /// Where networks of real numbers come to rest: at the optimum of the LASSO, up to the send threshold θ.
  ///
  /// At rest u = b − (G − I)s, so Φᵀr = b − Gs = u − s, and |a − s| < θ with a = T_λ(u). Hence |φᵢᵀr| ≤ λ + θ
  /// everywhere, and
  /// |φᵢᵀr − λ·sign(sᵢ)| ≤ θ where |sᵢ| ≥ θ: optimality up to θ. A smaller sᵢ may be left over from an aᵢ that has become 0.
  struct FixedPoints {
    private static let sizes = [
      SmallProblem.Size(kernels: 5, kernelSize: 4, stride: 2, imageSize: 8),
      SmallProblem.Size(kernels: 3, kernelSize: 3, stride: 1, imageSize: 6),
      SmallProblem.Size(kernels: 8, kernelSize: 5, stride: 2, imageSize: 11),
      SmallProblem.Size(kernels: 2, kernelSize: 6, stride: 1, imageSize: 9),
    ]
    private static let lambda = 0.3
    /// Single-precision weights and codes, against λ.
    private static let rounding = 1e-5

    private func problem(_ index: Int, _ model: LCAModel, theta: Double?) throws -> SmallProblem {
      try SmallProblem(Self.sizes[index], seed: 70 + UInt64(index), lambda: Self.lambda, model: model) {
        $0.sendThreshold = theta
      }
    }

    /// How far Φᵀr leaves the bounds of optimality anywhere, and where |s| is at least θ.
    private func violations(of code: SparseCode, _ problem: LassoProblem, theta: Double) -> (all: Double, held: Double)
    {
      let rebuilt = problem.synthesisOperator.synthesis(of: code)
      let residual = Image(
        height: rebuilt.height, width: rebuilt.width, pixels: zip(problem.image.pixels, rebuilt.pixels).map { $0 - $1 })
      let correlations = problem.synthesisOperator.analysis(of: residual)
      var (all, held) = (0.0, 0.0)
      for (correlation, value) in zip(correlations, code.reals) {
        all = max(all, abs(Double(correlation)) - Self.lambda)
        if abs(value) >= theta { held = max(held, abs(Double(correlation) - (value < 0 ? -Self.lambda : Self.lambda))) }
      }
      return (all, held)
    }

    @Test(arguments: 0..<4, [0.1, 0.01, 0.001])
    func deltaComesToRestWithinItsThresholdOfOptimality(_ index: Int, _ theta: Double) throws {
      let small = try problem(index, .delta, theta: theta)
      let code = try #require(try small.settledCode(stepLimit: 60_000))
      let (all, held) = violations(of: code, small.problem, theta: theta)
      #expect(all <= theta + Self.rounding && held <= theta + Self.rounding, "\(all), \(held)")
    }

    /// The pixels' messages lack up to θ each, which a kernel sees as up to θ·‖φ‖₁.
    @Test(arguments: 0..<4, [0.1, 0.01, 0.001])
    func residualComesToRestWithinItsThresholdsOfOptimality(_ index: Int, _ theta: Double) throws {
      let small = try problem(index, .residual, theta: theta)
      let code = try #require(try small.settledCode(stepLimit: 120_000))
      let (all, held) = violations(of: code, small.problem, theta: theta)
      let bank = small.problem.bank
      let largest = (0..<bank.count).map { bank.kernel($0).reduce(0) { $0 + Double(abs($1)) } }.max() ?? 0
      let bound = theta * (1 + largest) + Self.rounding
      #expect(all <= bound && held <= bound, "\(all), \(held), \(bound)")
    }

    /// With y = r·λ/(λ + θ) as dual point, E(s) − E* ≤ c·(2θ‖s‖₁ + 2λ·L) + ½(1 − c)²‖r‖², c = λ/(λ + θ), L the sum of
    /// the |sᵢ| below θ, which alone may have another sign than aᵢ.
    @Test(arguments: 0..<4)
    func deltasGapFallsWithItsThresholdAndStaysBelowItsBound(_ index: Int) throws {
      var last = Double.infinity
      for theta in [2, 8, 32, 128, 512].map({ Self.lambda / $0 }) {
        let small = try problem(index, .delta, theta: theta)
        let code = try #require(try small.settledCode(stepLimit: 60_000))
        let optimum = try small.problem.solve(relativeGap: 1e-6).certificate
        let objective = small.problem.objective(of: code)
        let magnitude = code.reals.reduce(0) { $0 + abs($1) }
        let leftOver = code.reals.reduce(0) { $0 + (abs($1) < theta ? abs($1) : 0) }
        let c = Self.lambda / (Self.lambda + theta)
        let bound =
          c * 2 * (theta * magnitude + Self.lambda * leftOver)
          + (1 - c) * (1 - c) * (objective - Self.lambda * magnitude)
        let gap = objective - optimum.dual
        #expect(gap < last && gap <= bound + 1e-6 * objective, "θ \(theta): \(gap), \(bound)")
        last = gap
      }
      #expect(last <= 1e-3)
    }

    @Test(
      .enabled(if: PythonOracle.isAvailable, "compared with scikit-learn by make test"),
      arguments: [LCAModel.delta, .graded, .residual])
    func runToTheEndTheCodeIsThatOfLeastAngleRegression(_ model: LCAModel) throws {
      let theta = 1e-6
      let problems = try Self.sizes.indices.map { try problem($0, model, theta: theta) }
      let optima = try IndependentOptimum.all(of: problems.map(\.problem))
      for (small, optimum) in zip(problems, optima) {
        let code = try small.code(after: 1000)
        let objective = small.problem.objective(of: code)
        #expect(abs(objective - optimum.objective) <= 1e-5 * optimum.objective)
        let distance = zip(code.reals, optimum.code).map { abs($0 - $1) }.max() ?? .infinity
        #expect(distance <= 1e-3, "\(distance)")
        let (all, held) = violations(of: code, small.problem, theta: 10 * theta)
        #expect(all <= 1e-5 && held <= 1e-5, "\(all), \(held)")
      }
    }
  }
}
