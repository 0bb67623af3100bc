import KernelBanks
import Neuromorphic
import SparseCoding
import TestSupport
import Testing

@Suite struct NoisyWeightsTests {
  private func weights(_ count: Int, seed: UInt64) -> [Float] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in Float(generator.nextNormal()) }
  }

  private func deviation(_ errors: [Double]) -> Double {
    (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
  }

  private func errors(of noisy: QuantizedWeights, against exact: QuantizedWeights) -> [Double] {
    zip(noisy.values, exact.values).map { Double($0) - Double($1) }
  }

  @Test func theNoiseOfRealsIsNormalWithTheShareOfTheirRootMeanSquare() {
    let exact = QuantizedWeights(weights(100_000, seed: 1).map { 3 * $0 }, arithmetic: .float)
    let rms = deviation(exact.values.map(Double.init))
    let errors = errors(of: exact.withNoise(0.2, arithmetic: .float, seed: 5), against: exact)
    // Four standard errors of a mean, a standard deviation and a share.
    let count = Double(errors.count)
    let mean = errors.reduce(0, +) / count
    let shareWithinOne = Double(errors.count { abs($0) < 0.2 * rms }) / count
    #expect(abs(mean) < 4 * 0.2 * rms / count.squareRoot())
    #expect(abs(deviation(errors) / (0.2 * rms) - 1) < 4 / (2 * count).squareRoot())
    #expect(abs(shareWithinOne - 0.6827) < 4 * 0.00147)
    let more = self.errors(of: exact.withNoise(0.4, arithmetic: .float, seed: 5), against: exact)
    // Three sums below 32 are rounded to `Float`, each by 2⁻²⁰ at most; what `Double` loses is far below a fourth.
    #expect(zip(errors, more).allSatisfy { abs($1 - 2 * $0) < 4 * 0x1p-20 })
  }

  @Test(arguments: WeightFormat.allCases) func integersKeepTheirWidthAndTheirUnit(format: WeightFormat) {
    let arithmetic = Network.Arithmetic.integer(weightBits: 8)
    let exact = QuantizedWeights(weights(50_000, seed: 2), arithmetic: arithmetic, format: format)
    let noisy = exact.withNoise(0.3, arithmetic: arithmetic, seed: 7)
    #expect(noisy.exponent == exact.exponent && noisy.format == format)
    let limit = format == .split ? 127 * 257 : 127
    #expect(noisy.integers.allSatisfy { abs(Int($0)) <= limit })
    // Of what is not clipped, the variance is that of the noise and of one rounding.
    let unit = Double(Float(sign: .plus, exponent: exact.exponent, significand: 1))
    let rms = deviation(exact.values.map(Double.init))
    let inside = zip(errors(of: noisy, against: exact), exact.integers).filter { abs(Int($1)) < limit / 2 }.map(\.0)
    let expected = (0.09 * rms * rms + unit * unit / 12).squareRoot()
    // At most one bit is clipped, so half the limit is a quarter of the largest weight or more. That is beyond 0.67
    // standard deviations, within which half of all lie, as the largest of so many is beyond 2.7.
    #expect(inside.count > exact.count / 2)
    // Four standard errors of a standard deviation.
    #expect(abs(deviation(inside) / expected - 1) < 4 / (2 * Double(inside.count)).squareRoot())
  }

  private func network(noise: Double, seed: UInt64 = 1, model: LCAModel = .delta) throws -> Network {
    let bank = try BankDesign(name: "small", orientations: 3, bandwidths_deg: [20], size: 6).bank()
    let geometry = try CodeGeometry(
      imageHeight: 20, imageWidth: 20, kernelCount: bank.count, kernelSize: 6, stride: 2, boundary: .valid)
    var options = LCAOptions()
    options.model = model
    options.weightNoise = noise
    options.faults.seed = seed
    let lateral = try LateralWeights(bank: bank, geometry: geometry, arithmetic: options.arithmetic, model: model)
    return try LCANetwork(
      bank: bank, geometry: geometry, lateral: lateral, drive: .image, inputExponent: 0, largestDrive: 1,
      stateBits: 24, options: options
    ).network
  }

  @Test(arguments: [LCAModel.delta, .residual]) func everyTableHasNoiseOfItsOwnThatTheSeedDecides(model: LCAModel)
    throws
  {
    let exact = try network(noise: 0, model: model).tables
    let noisy = try network(noise: 0.3, model: model).tables
    #expect(exact.count == 2 && zip(exact, noisy).allSatisfy { $0 != $1 })
    #expect(try network(noise: 0.3, model: model).tables == noisy)
    let other = try network(noise: 0.3, seed: 2, model: model).tables
    #expect(zip(other, noisy).allSatisfy { $0 != $1 })
    #expect(try network(noise: 0, seed: 2, model: model).tables == exact)
    guard model == .residual else { return }
    // Analysis and synthesis hold the same kernels, pixel by pixel, and are wrong in other ways.
    func kernels(_ tables: [ConvolutionTable]) -> (analysis: [Float], synthesis: [Float]) {
      let (analysis, synthesis) = (tables[0].weights.values, tables[1].weights.values)
      return (
        analysis,
        (0..<36).flatMap { pixel in (0..<6).map { kernel in synthesis[kernel * 36 + 35 - pixel] } }
      )
    }
    #expect(kernels(exact).analysis == kernels(exact).synthesis)
    #expect(kernels(noisy).analysis != kernels(noisy).synthesis)
  }

  /// The two directions of an inhibition are the same weight in theory, and two on the chip.
  @Test func noisyInhibitionIsNoLongerMutual() throws {
    func directions(_ table: ConvolutionTable) -> [(Int16, Int16)] {
      let (integers, extent, count) = (table.weights.integers, table.extent, table.sourceChannels)
      func place(_ s: Int, _ y: Int, _ x: Int, _ t: Int) -> Int { ((s * extent + y) * extent + x) * count + t }
      var pairs: [(Int16, Int16)] = []
      for s in 0..<count {
        for t in 0..<count {
          for y in 0..<extent {
            for x in 0..<extent {
              let (one, other) = (place(s, y, x, t), place(t, extent - 1 - y, extent - 1 - x, s))
              if one < other { pairs.append((integers[one], integers[other])) }
            }
          }
        }
      }
      return pairs
    }
    let (exact, noisy) = (try network(noise: 0).tables[0], try network(noise: 0.3).tables[0])
    let pairs = directions(noisy)
    #expect(directions(exact).count == pairs.count && directions(exact).allSatisfy { $0 == $1 })
    // Two weights of one value round to one integer with the probability of the likeliest integer at most: the largest
    // density of the noise times a unit. Where both are clipped they are equal for another reason.
    let unit = Double(Float(sign: .plus, exponent: exact.weights.exponent, significand: 1))
    let noise = 0.3 * deviation(exact.weights.values.map(Double.init))
    let expected = Double(pairs.count) * unit / (noise * (2 * Double.pi).squareRoot())
    let equal = pairs.count { $0 == $1 && abs($0) < 127 }
    // Four standard deviations of such a count, whose variance is below its mean.
    #expect(Double(equal) < expected + 4 * expected.squareRoot())
  }

  @Test(arguments: [-0.1, .nan, .infinity]) func whatIsNoNoiseIsRefused(share: Double) {
    #expect(throws: NeuromorphicError.self) { try network(noise: share) }
  }
}
