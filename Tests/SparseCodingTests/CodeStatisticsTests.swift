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

  @Test func aHistogramCountsMagnitudesWithinItsRange() {
    let ends = AmplitudeFit.binEnds
    #expect(ends.count == 66 && ends[0] == 0.01 && ends[65] == 1)
    let values = draws(1000, power: 0.5, rate: 4)
    let counts = AmplitudeFit.histogram(values + [0, 0.0099, 1.01, 7])
    #expect(
      counts.reduce(0, +) == 1000 && AmplitudeFit.histogram([1])[64] == 1 && AmplitudeFit.histogram([0.01])[0] == 1)
    for bin in [0, 10, 40] {
      let within = values.filter { $0 >= ends[bin] && $0 < ends[bin + 1] }.count
      #expect(counts[bin] == within)
    }
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

  /// A code with one coefficient a kernel, whose magnitudes follow two peaks at the cardinal orientations.
  private func codeOfPeaks(_ thetas: [Double], kappa: (Double, Double)) throws -> SparseCode {
    try code(
      thetas.enumerated().map { kernel, theta in
        let value = 0.02 + exp(kappa.0 * (cos(2 * theta) - 1)) + 0.6 * exp(kappa.1 * (-cos(2 * theta) - 1))
        return (Int32(kernel), 0, 0, Float(value))
      }, kernels: thetas.count)
  }

  private func peaks(_ thetas: [Double], kappa: (Double, Double)) throws -> CardinalPeaks {
    let designs = thetas.map { LogGabor(theta: $0, bandwidth: 0.2, phase: 0) }
    let histogram = try #require(try codeOfPeaks(thetas, kappa: kappa).orientationHistogram(designs))
    return CardinalPeaks(histogram: histogram, orientations: thetas)
  }

  @Test(arguments: [1, 3, 6])
  func peaksOfEvenOrientationsAreFoundAsFarAsTheyAreResolved(step: Int) throws {
    let thetas = stride(from: 0, to: 72, by: step).map { Double.pi * Double($0) / 72 }
    let largest = 2 / (1 - cos(2 * .pi * Double(step) / 72))
    let within = try peaks(thetas, kappa: (0.8 * largest, 0.5 * largest))
    #expect(within.largestConcentrations.allSatisfy { abs($0 - largest) < 1e-9 * largest })
    #expect(abs(try #require(within.concentrations[0]) / (0.8 * largest) - 1) < 0.02)
    #expect(abs(try #require(within.concentrations[1]) / (0.5 * largest) - 1) < 0.02)
    // The sharper of the two is said to be too sharp; the other is as good as before.
    let beyond = try peaks(thetas, kappa: (4 * largest, 0.5 * largest))
    #expect(beyond.concentrations[0] == nil && beyond.doubts == [.unresolved, nil])
    #expect(abs(try #require(beyond.concentrations[1]) / (0.5 * largest) - 1) < 0.02)
  }

  @Test func aHeterogeneousBankDoesNotResolveThePeaksOfNaturalImages() throws {
    let thetas = (0..<12).map { Double.pi * Double($0) / 12 }
    #expect(try peaks(thetas, kappa: (134, 91)).doubts == [.unresolved, .unresolved])
    #expect(try peaks((0..<72).map { Double.pi * Double($0) / 72 }, kappa: (134, 91)).doubts == [nil, nil])
  }

  @Test func peaksInHolesAreFoundAsFarAsTheNearestKernelsResolveThem() throws {
    // As in a learnt bank: no kernel within 7.5° of 0°, none within 2.5° of 90°. The second ones are at 12.5° and 7.5°.
    let bins = (4...68).filter { abs($0 - 36) > 1 }
    let thetas = bins.map { Double.pi * Double($0) / 72 }
    let largest = [12.5, 7.5].map { 2 / (1 - cos(2 * $0 * .pi / 180)) }
    let within = try peaks(thetas, kappa: (0.8 * largest[0], 0.8 * largest[1]))
    #expect(zip(within.largestConcentrations, largest).allSatisfy { abs($0 / $1 - 1) < 1e-9 })
    #expect(abs(try #require(within.concentrations[0]) / (0.8 * largest[0]) - 1) < 0.02)
    #expect(abs(try #require(within.concentrations[1]) / (0.8 * largest[1]) - 1) < 0.02)
    // The published concentrations lie in the holes.
    #expect(try peaks(thetas, kappa: (134, 91)).concentrations == [nil, nil])
    // A hole on one side of a peak is enough.
    let oneSided = try peaks((0...66).map { Double.pi * Double($0) / 72 }, kappa: (40, 91))
    #expect(oneSided.doubts == [.unresolved, nil])
  }

  @Test func unevenOrientationsAreFittedByAllTheirMass() throws {
    // One or two kernels a bin, as in a learnt bank, and none about 45°.
    let thetas = (0..<72).flatMap { (bin: Int) -> [Double] in
      let theta = Double.pi * (Double(bin) + 0.2) / 72
      return [Double](repeating: theta, count: bin == 18 ? 0 : 1 + bin % 2)
    }
    let designs = thetas.map { LogGabor(theta: $0, bandwidth: 0.2, phase: 0) }
    var counts = [Int: Double]()
    func bin(_ theta: Double) -> Int { Int((theta / .pi * 72).rounded()) % 72 }
    for theta in thetas { counts[bin(theta), default: 0] += 1 }
    let code = try code(
      thetas.enumerated().map { kernel, theta in
        let cosine = cos(2 * Double(bin(theta)) * Double.pi / 72)
        let (upright, level): (Double, Double) = (exp(60 * (cosine - 1)), 0.6 * exp(40 * (-cosine - 1)))
        return (Int32(kernel), 0, 0, Float((0.02 + upright + level) / (counts[bin(theta)] ?? 1)))
      }, kernels: thetas.count)
    let histogram = try #require(code.orientationHistogram(designs))
    let peaks = CardinalPeaks(histogram: histogram, orientations: thetas)
    #expect(abs(try #require(peaks.concentrations[0]) / 60 - 1) < 0.02)
    #expect(abs(try #require(peaks.concentrations[1]) / 40 - 1) < 0.02)
  }

  @Test func whereThereIsNoPeakThereIsNoConcentration() throws {
    let even = [Double](repeating: 1 / 72, count: 72)
    let thetas = (0..<72).map { Double.pi * Double($0) / 72 }
    #expect(CardinalPeaks(histogram: even, orientations: thetas).concentrations == [nil, nil])
    var dip = even
    dip[0] = 0
    #expect(CardinalPeaks(histogram: dip, orientations: thetas).doubts[0] == .absent)
  }

  @Test func kernelsWithoutAThetaAreLeftOutAndTheirShareIsKnown() throws {
    let designs: [LogGabor?] = [LogGabor(theta: 0, bandwidth: 0.2, phase: 0), nil]
    let code = try code([(0, 0, 0, 1), (1, 3, 3, -3)], kernels: 2)
    #expect(code.knownShare(designs) == 0.25)
    #expect(try #require(code.orientationHistogram(designs))[0] == 1)
    #expect(code.orientationHistogram([nil, nil]) == nil)
    let cell = Random.image(64, 64, seed: 1).cellOrientations(code: code, designs: designs)[0]
    #expect(abs((cell.meanBandwidth_deg ?? 0) - 0.2 * 180 / .pi) < 1e-9)
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
