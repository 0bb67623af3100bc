import Foundation
import KernelBanks
import SparseCoding
import TestSupport
import Testing

@Suite struct CodeStatisticsTests {
  // MARK: Fits

  @Test func aCardinalFitFindsWhatAHistogramWasMadeOf() {
    let histogram = (0..<72).map { bin -> Double in
      let angle = Double.pi * Double(bin) / 72
      return 0.01 + 0.12 * exp(60 * (cos(2 * angle) - 1)) + 0.08 * exp(25 * (-cos(2 * angle) - 1))
    }
    let fit = CardinalFit(histogram: histogram)
    #expect(abs(fit.concentrations[0] - 60) < 0.6 && abs(fit.concentrations[1] - 25) < 0.25)
    #expect(abs(fit.ground - 0.01) < 1e-4)
    #expect(abs(fit.heights[0] - 0.12) < 1e-3 && abs(fit.heights[1] - 0.08) < 1e-3)
    #expect(fit.squaredError < 1e-8)
  }

  /// Draws from a density on 0.01 … 1 by rejection.
  private func draws(_ count: Int, power: Double, rate: Double) -> [Double] {
    var random = SplitMix64(seed: 11)
    func density(_ x: Double) -> Double { pow(x, -power) * exp(-rate * x) }
    let largest = max(density(0.01), density(1))
    var values: [Double] = []
    while values.count < count {
      let x = Double.random(in: 0.01...1, using: &random)
      if Double.random(in: 0..<largest, using: &random) < density(x) { values.append(x) }
    }
    return values
  }

  @Test(arguments: [(AmplitudeFit.Law.exponential, 0.0, 3.0), (.powerLaw, 0.7, 0), (.cutOff, 0.5, 4)])
  func magnitudesGiveBackTheirLaw(law: AmplitudeFit.Law, power: Double, rate: Double) {
    let moments = AmplitudeFit.Moments(draws(20_000, power: power, rate: rate))
    let fit = AmplitudeFit(law, moments)
    #expect(abs(fit.power - power) < 0.06)
    #expect(abs(fit.rate - rate) < 0.25)
    let best = AmplitudeFit.Law.allCases.map { AmplitudeFit($0, moments) }.min { $0.bic < $1.bic }
    #expect(best?.law == law)
  }

  @Test func theLikelihoodOfAnEvenDensityIsKnown() {
    // Power and rate 0: the density is 1 / 0.99 everywhere.
    let even = AmplitudeFit(.exponential, .init((0..<99).map { 0.015 + 0.01 * Double($0) }))
    #expect(abs(even.rate) < 0.01)
    #expect(abs(even.logLikelihood + 99 * log(0.99)) < 1e-3)
  }

  @Test func momentsAddUpAndLeaveOutWhatIsOutOfRange() {
    let all = AmplitudeFit.Moments([0.001, 0.5, 0.25, 2])
    #expect(all.count == 2 && all.sum == 0.75)
    #expect(all == AmplitudeFit.Moments([0.5]) + AmplitudeFit.Moments([0.25]))
  }

  // MARK: Orientations

  private func code(_ coefficients: [(kernel: Int32, row: Int32, column: Int32, value: Float)], kernels: Int) throws
    -> SparseCode
  {
    let geometry = try CodeGeometry(
      imageHeight: 64, imageWidth: 64, kernelCount: kernels, kernelSize: 12, stride: 1, boundary: .valid)
    return try SparseCode(
      geometry: geometry,
      coefficients: coefficients.map { Coefficient(kernel: $0.0, row: $0.1, column: $0.2, value: $0.3) })
  }

  @Test func histogramsWeighKernelsByMagnitudeOverAllPhases() throws {
    let designs = BankDesign.heterogeneous.kernels
    // Kernel ((θ · 6 + B_θ) · 2 + phase): two phases at 0°, one kernel at 90° with B_θ = 30°.
    let right = Int32((6 * 6 + 5) * 2)
    let code = try code([(0, 0, 0, 1), (1, 3, 3, -2), (right, 9, 9, -1)], kernels: 144)
    let histogram = try #require(code.orientationHistogram(designs))
    #expect(histogram[0] == 0.75 && histogram[36] == 0.25)
    let use = try #require(code.bandwidthUse(designs))
    #expect(use.map(\.bandwidth_deg) == [5, 10, 15, 20, 25, 30])
    #expect(use.map(\.share) == [0.75, 0, 0, 0, 0, 0.25])
  }

  @Test func aGratingHasOneOrientationAndNoiseNone() {
    func image(_ value: (Int, Int) -> Float) -> Image {
      Image(height: 64, width: 64, pixels: (0..<64 * 64).map { value($0 / 64, $0 % 64) })
    }
    let grating = image { y, x in sin(Float(y) * 0.5 + Float(x) * 0.3) }
    #expect(grating.cellOrientations().count == 4)
    #expect(grating.cellOrientations().allSatisfy { $0.circularVariance < 0.02 && $0.tensorSpread < 0.02 })
    let noise = Random.image(64, 64, seed: 1)
    #expect(noise.cellOrientations().allSatisfy { $0.circularVariance > 0.85 && $0.tensorSpread > 0.8 })
    #expect(image { _, _ in 1 }.cellOrientations().isEmpty)
  }

  @Test func cellsTellWhichBandwidthTheirCoefficientsUse() throws {
    let designs = BankDesign.heterogeneous.kernels
    // Centres lie 6 pixels below the corner: 10 and 40 are in the first and the last cell.
    let code = try code([(0, 4, 4, 1), (10, 4, 4, -3), (2, 34, 34, 0.5)], kernels: 144)
    let cells = Random.image(64, 64, seed: 1).cellOrientations(code: code, designs: designs)
    let widths = cells.map(\.meanBandwidth_deg)
    #expect(abs((widths[0] ?? 0) - (5 + 3 * 30) / 4) < 1e-9)
    #expect(widths[1] == nil && widths[2] == nil)
    #expect(abs((widths[3] ?? 0) - 10) < 1e-9)
  }

  // MARK: Pruning

  @Test func pruningTakesTheSmallestAndNothingElse() throws {
    let code = try code([(0, 0, 0, 0.1), (1, 0, 0, -0.5), (2, 0, 0, 1), (3, 0, 0, -0.2)], kernels: 4)
    #expect(code.pruned(below: 0) == code)
    #expect(code.pruned(below: 0.2).coefficients.map(\.kernel) == [1, 2, 3])
    #expect(code.pruned(belowShareOfLargest: 0.5).coefficients.map(\.kernel) == [1, 2])
    #expect(code.largest(2).coefficients.map(\.kernel) == [1, 2])
    #expect(code.largest(9) == code)
  }
}
