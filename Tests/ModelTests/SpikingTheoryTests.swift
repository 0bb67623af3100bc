import Foundation
import Neuromorphic
import SparseCoding
import Testing

extension ChipModelTests {
  /// S-LCA's rates approach the LASSO optimum as 1/T (Tang, Lin, Davies, arXiv 1705.05475, 2017, theorem 3.1).
  ///
  /// A soma's potential V = ∫ (μ − λ) dt − q·n + (what the clamp at 0 gave) stays within a few q, so the rate a = q·n /
  /// T is T_λ of the average current up to O(q / T): it solves the optimality conditions of the LASSO with an error of
  /// O(1/T). On the support the solution is linear in that error, so ‖a − a*‖ falls as 1/T: that is what is fitted.
  /// (The objective's gap is stationary at a* on the support and linear off it; it would fall as anything from 1/T to
  /// 1/T².) The error oscillates, as counts are whole: each point of the fit is the root mean square over a twentieth
  /// of a decade.
  struct SpikingTheory {
    @Test func theErrorOfTheGoldenExampleFallsAsOneOverTOverADecade() throws {
      let network = GoldenExample().network(.float).0
      let simulation = try Simulation(network, mapping: .whole(network, on: [0]), chip: SmallChip().description())
      try simulation.inject(.events(for: network.inputShape, exponent: -1, [(0, 0, 1), (0, 1, 2), (0, 2, 3)]))
      let decade = RateErrors(
        of: try simulation.run(steps: 1000 * GoldenExample.stepsPerTau).spikes, optimum: GoldenExample.optimum,
        polarities: 1, unit: Double(GoldenExample.stepsPerTau), steps: 1000 * GoldenExample.stepsPerTau)
      #expect(abs(decade.slope + 1) <= 0.15, "slope \(decade.slope)")
      #expect(decade.lastRelative < 0.01)
    }

    @Test(arguments: UInt64(1)...20)
    func theErrorOfRandomConvolutionalProblemsFallsAsOneOverTOverADecade(_ seed: UInt64) throws {
      let size = SmallProblem.Size(kernels: 5, kernelSize: 4, stride: 2, imageSize: 8)
      let decade = try decade(of: size, seed: seed, upTo: 300)
      #expect(abs(decade.slope + 1) <= 0.15, "slope \(decade.slope)")
      #expect(decade.lastRelative < 0.05)
    }

    /// Kernels that overlap more make slow modes, of up to hundreds of τ here; a single problem's decade may begin
    /// before they have died away. Over a family of ten the slopes' mean is that of the errors' geometric mean.
    @Test(arguments: [
      SmallProblem.Size(kernels: 3, kernelSize: 3, stride: 1, imageSize: 6),
      SmallProblem.Size(kernels: 8, kernelSize: 3, stride: 2, imageSize: 7),
    ])
    func theMeanErrorOfProblemsWithSlowModesFallsAsOneOverTOverADecade(_ size: SmallProblem.Size) throws {
      let slopes = try (UInt64(1)...10).map { try decade(of: size, seed: $0, upTo: 1000).slope }
      let mean = slopes.reduce(0, +) / Double(slopes.count)
      #expect(abs(mean + 1) <= 0.15, "mean \(mean) of \(slopes)")
    }

    private func decade(of size: SmallProblem.Size, seed: UInt64, upTo tau: Int) throws -> RateErrors {
      // The step of the golden example; its rates reach 32, no coefficient does.
      let small = try SmallProblem(size, seed: seed, model: .spiking) {
        $0.stepShift = 5
        $0.charge = 1
      }
      let steps = tau * small.stepsPerTau
      return RateErrors(
        of: try small.simulation().run(steps: steps).spikes,
        optimum: try small.problem.solve(relativeGap: 1e-6).code.reals, polarities: 2,
        unit: small.lca.charge * Double(small.stepsPerTau), steps: steps)
    }
  }
}

/// ‖rates over all steps so far − optimum‖ in the last decade of a run.
private struct RateErrors {
  /// Points of the fit in the decade.
  private static let binCount = 20

  /// Of log error over log T.
  let slope: Double
  /// Root mean square over the last bin, against ‖optimum‖.
  let lastRelative: Double

  /// - Parameter unit: What one spike a step is worth as a rate.
  init(of spikes: [Spike], optimum: [Double], polarities: Int, unit: Double, steps: Int) {
    var counts = [Double](repeating: 0, count: optimum.count)
    var squares = [Double](repeating: 0, count: Self.binCount)
    var members = [Double](repeating: 0, count: Self.binCount)
    var next = 0
    for step in 0..<steps {
      while next < spikes.count, spikes[next].step == step {
        let neuron = spikes[next].neuron
        counts[neuron / polarities] += neuron % polarities == 0 ? 1 : -1
        next += 1
      }
      let place = 1 + log10(Double(step + 1) / Double(steps))
      guard place >= 0 else { continue }
      let bin = min(Int(place * Double(Self.binCount)), Self.binCount - 1)
      let scale = unit / Double(step + 1)
      squares[bin] += zip(counts, optimum).reduce(0) { $0 + ($1.0 * scale - $1.1) * ($1.0 * scale - $1.1) }
      members[bin] += 1
    }
    let errors = zip(squares, members).map { ($0 / $1).squareRoot() }
    lastRelative = errors[Self.binCount - 1] / optimum.reduce(0) { $0 + $1 * $1 }.squareRoot()
    slope = Self.slope(errors.indices.map { ((Double($0) + 0.5) / Double(Self.binCount), log10(errors[$0])) })
  }

  /// Of the line with the least squares.
  private static func slope(_ points: [(x: Double, y: Double)]) -> Double {
    let count = Double(points.count)
    let (x, y) = (points.reduce(0) { $0 + $1.x } / count, points.reduce(0) { $0 + $1.y } / count)
    let covariance = points.reduce(0) { $0 + ($1.x - x) * ($1.y - y) }
    return covariance / points.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
  }
}
