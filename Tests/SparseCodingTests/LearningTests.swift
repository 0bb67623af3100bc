import DataFiles
import Foundation
import KernelBanks
import SparseCoding
import TestSupport
import Testing

@Suite struct LearningTests {
  private func photograph(_ name: String, size: Int) throws -> Image {
    try .prepared(contentsOf: "\(ADMMTests.photographs)/\(name).png", crop: Crop(size: size))
  }

  private var options: LearningOptions {
    var options = LearningOptions()
    options.stride = 2
    options.patchSize = 32
    options.batchSize = 1
    return options
  }

  @Test(arguments: ["noise", "designed"])
  func learningLowersTheObjectiveOnPhotographsNotLearntFrom(start: String) throws {
    let start =
      start == "noise"
      ? try DictionaryLearning.noise(count: 24, size: 8, seed: 3)
      : try BankDesign(name: "small", orientations: 6, bandwidths_deg: [10, 30], size: 8).bank()
    let heldOut = try [photograph("chelsea", size: 48), photograph("gravel", size: 48)]
    var learning = try DictionaryLearning(
      from: start, images: [photograph("camera", size: 128), photograph("grass", size: 128)], options: options)
    var qualities = [try learning.quality(on: heldOut)]
    for _ in 0..<4 {
      for _ in 0..<10 { try learning.advance() }
      qualities.append(try learning.quality(on: heldOut))
    }
    #expect(zip(qualities, qualities.dropFirst()).allSatisfy { $1.objective < $0.objective })
    #expect(learning.bank.norms.allSatisfy { abs($0 - 1) < 1e-5 })
  }

  /// Two kernels, each at an angle from the part of the image that it alone codes, one with 100 times the coefficient:
  /// each turns towards its part by what its own coefficient, residual and use give, times the best common step.
  @Test(arguments: [1e-9, 0.1, 1e9])
  func aStepTurnsEachKernelByItsShareOfTheBestStep(leastUse: Double) throws {
    let (size, angle, scales) = (4, 0.3, [10.0, 0.1])
    func unit(_ place: Int) -> [Double] { (0..<size * size).map { $0 == place ? 1 : 0 } }
    func sum(_ a: Double, _ x: [Double], _ b: Double, _ y: [Double]) -> [Double] { zip(x, y).map { a * $0 + b * $1 } }
    let parts = [unit(0), unit(1)]
    let starts = [sum(cos(angle), parts[0], sin(angle), unit(2)), sum(cos(angle), parts[1], sin(angle), unit(3))]
    // The parts are the upper two of four positions.
    var pixels = [Float](repeating: 0, count: 4 * size * size)
    for part in 0..<2 {
      for pixel in 0..<size * size {
        pixels[pixel / size * 2 * size + part * size + pixel % size] = Float(scales[part] * parts[part][pixel])
      }
    }
    var options = LearningOptions()
    (options.lambda, options.stride, options.patchSize, options.batchSize) = (0.01, size, 2 * size, 1)
    (options.gap, options.leastUse) = (1e-6, leastUse)
    let start = try KernelBank(name: "two", count: 2, size: size, weights: starts.flatMap { $0.map(Float.init) })
    let image = Image(height: 2 * size, width: 2 * size, pixels: pixels)
    var learning = try DictionaryLearning(from: start, images: [image], options: options)
    try learning.advance()

    let coefficients = scales.map { $0 * cos(angle) - options.lambda }
    let uses = coefficients.map { $0 * $0 }
    let pulls = zip(coefficients, scales).map { $0 * $1 * sin(angle) }
    let directions = zip(pulls, uses).map { $0 / ($1 + leastUse * (uses[0] + uses[1]) / 2) }
    let slope = zip(pulls, directions).reduce(0) { $0 + $1.0 * $1.1 }
    let curvature = zip(uses, directions).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
    let step = slope / curvature
    for part in 0..<2 {
      let tangent = sum(1 / sin(angle), parts[part], -cos(angle) / sin(angle), starts[part])
      let moved = sum(1, starts[part], step * directions[part], tangent)
      let norm = moved.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let learnt = learning.bank.weights[part * size * size..<(part + 1) * size * size]
      // The parts are orthogonal: a first pass over the coefficients solves it, in single precision.
      for (value, expected) in zip(learnt, moved) { #expect(abs(Double(value) - expected / norm) < 1e-5) }
    }
  }

  @Test func aLearntBankBeatsItsStartInPSNRAtEqualSparseness() throws {
    let start = try BankDesign(name: "small", orientations: 12, bandwidths_deg: [5, 15, 30], size: 8).bank()
    var learning = try DictionaryLearning(
      from: start, images: [photograph("camera", size: 128), photograph("grass", size: 128)], options: options)
    for _ in 0..<40 { try learning.advance() }
    let image = try photograph("coffee", size: 64)
    func best(_ bank: KernelBank, lambda: Double) throws -> (SparseCode, LassoProblem) {
      let problem = try LassoProblem(image: image, bank: bank, lambda: lambda, stride: 2)
      return (try problem.solve(relativeGap: 0.01).code, problem)
    }
    func psnr(_ code: SparseCode, _ problem: LassoProblem) throws -> Double {
      try Quality(of: problem.synthesisOperator.synthesis(of: code), against: image).psnr
    }
    let (before, problem) = try best(start, lambda: 0.1)
    // A λ at which the learnt bank uses no more coefficients than its start did.
    let codes = try [0.1, 0.13, 0.17, 0.22, 0.3].map { try best(learning.bank, lambda: $0) }
    let after = try #require(codes.first { $0.0.nonzeroCount <= before.nonzeroCount })
    #expect(try psnr(after.0, after.1) > psnr(before, problem) + 0.5)
  }

  @Test func learningThatIsResumedGivesTheSameBank() throws {
    // None is the default, which a state that lost it would have as well.
    var options = options
    (options.lambda, options.gap, options.leastUse, options.halfLife) = (0.12, 0.04, 0.3, 20)
    let images = [try photograph("camera", size: 64)]
    let start = try DictionaryLearning.noise(count: 10, size: 6, seed: 1)
    var whole = try DictionaryLearning(from: start, images: images, options: options)
    var first = whole
    var objectives: [Double] = []
    for _ in 0..<6 { try whole.advance() }
    for _ in 0..<3 { objectives.append(try first.advance()) }
    try withTemporaryFolder { folder in
      let looks = [LearningLook(step: 0, objective: 0.3, psnr: 20), LearningLook(step: 3, objective: 0.2, psnr: 21)]
      let origin = ["start": "noise", "crop": "64"]
      try LearningCheckpoint(first, objectives: objectives, looks: looks, origin: origin).write(
        to: "\(folder)/state.npz")
      let state = try LearningCheckpoint(contentsOf: "\(folder)/state.npz")
      #expect(state.options == options && state.step == 3 && state.objectives == objectives)
      #expect(state.looks == looks && state.origin == origin)
      var second = try DictionaryLearning(
        from: state.bank, step: state.step, images: images, options: state.options)
      for _ in 0..<3 { try second.advance() }
      #expect(second.bank.weights == whole.bank.weights)
    }
    var other = options
    other.seed = 2
    var elsewhere = try DictionaryLearning(from: start, images: images, options: other)
    for _ in 0..<6 { try elsewhere.advance() }
    #expect(elsewhere.bank.weights != whole.bank.weights)
  }

  @Test(.enabled(if: PythonOracle.isAvailable && LongTests.areOn, "long, and needs sporco; run by make check-all"))
  func withAsManyVisitsItIsAsGoodAsSporcoInATenthOfTheTime() throws {
    let images = try ["camera", "grass", "coffee"].map { try photograph($0, size: 128) }
    let heldOut = try [photograph("chelsea", size: 64), photograph("gravel", size: 64)]
    let start = try BankDesign(name: "small", orientations: 12, bandwidths_deg: [5, 15, 30], size: 8).bank()
    let visits = 18
    var options = options
    options.stride = 1
    let patches = (0..<visits).map { visit in
      images[visit % 3].pixelsOfPatch(size: 32, top: visit * 37 % 96, left: visit * 53 % 96)
    }
    let learnt = try PythonOracle.archive(
      "online_learning.py",
      input: NumPyArchive([
        "patches": NumPyArray(shape: [visits, 32, 32], patches.flatMap { $0 }),
        "kernels": NumPyArray(shape: [start.count, 8, 8], start.weights), "lambda": NumPyArray(0.1),
        "eta_a": NumPyArray(10.0), "eta_b": NumPyArray(20.0),
      ]))
    let theirs = try KernelBank(name: "sporco", count: start.count, size: 8, weights: learnt.floats("kernels"))
    var learning = try DictionaryLearning(from: start, images: images, options: options)
    let began = ContinuousClock.now
    for _ in 0..<visits { try learning.advance() }
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    let before = try DictionaryLearning(from: start, images: images, options: options).quality(on: heldOut)
    let theirSeconds = try learnt.number("seconds")
    let their = try DictionaryLearning(from: theirs, images: images, options: options).quality(on: heldOut)
    let our = try learning.quality(on: heldOut)
    print(
      "learning, \(visits) visits: objective a pixel \(before.objective) at the start, ours \(our.objective) in "
        + "\(seconds) s, sporco's \(their.objective) in \(theirSeconds) s")
    #expect(their.objective < before.objective)
    #expect(our.objective < 1.02 * their.objective)
    #expect(seconds < 0.1 * theirSeconds)
  }

  @Test func wrongOptionsAreRefused() throws {
    let bank = try DictionaryLearning.noise(count: 2, size: 6, seed: 1)
    let image = Random.image(20, 20, seed: 1)
    let changes: [(inout LearningOptions) -> Void] = [
      { $0.lambda = 0 }, { $0.stride = 0 }, { $0.patchSize = 4 }, { $0.patchSize = 21 }, { $0.batchSize = 0 },
      { $0.gap = 0 }, { $0.leastUse = 0 },
    ]
    for change in changes {
      var options = options
      options.patchSize = 16
      change(&options)
      #expect(throws: SparseCodingError.self) { try DictionaryLearning(from: bank, images: [image], options: options) }
    }
  }

  // MARK: Refits and whitening

  @Test func aRefitFindsTheOrientationAndBandwidthOfADesignedKernel() throws {
    let designs = [(0.3, 8.0, 0.0), (1.9, 25, 1.2), (2.9, 14, .pi / 2)].map {
      LogGabor(theta: $0.0, bandwidth: $0.1 * .pi / 180, phase: $0.2)
    }
    let weights = try designs.flatMap { try $0.kernel(size: 12).map { Float(0.7 * $0) } }
    let bank = try KernelBank(name: "designed", count: 3, size: 12, weights: weights)
    for (fit, design) in zip(try LogGaborFit.fits(of: bank), designs) {
      #expect(fit.explained > 0.98)
      #expect(abs(fit.theta - design.theta) < 0.02)
      #expect(abs(fit.bandwidth - design.bandwidth) < 0.12 * design.bandwidth)
    }
  }

  @Test func whiteningScalesAWaveByTheGainOfItsFrequency() throws {
    let image = Image(
      height: 64, width: 64, pixels: (0..<64 * 64).map { Float(cos(2 * .pi * 8 * Double($0 / 64) / 64)) })
    let gain = Float(pow(0.125, 1.4) * exp(-pow(0.125 / 0.4, 4)))
    let whitened = try image.whitened()
    #expect(zip(whitened.pixels, image.pixels).allSatisfy { abs($0 - gain * $1) < 1e-5 })
    let masked = image.circularlyMasked()
    #expect(masked.pixels[0] == 0 && abs(masked.pixels[32 * 64 + 32] - image.pixels[32 * 64 + 32]) < 1e-2)
  }
}

extension Image {
  fileprivate func pixelsOfPatch(size: Int, top: Int, left: Int) -> [Float] {
    (top..<top + size).flatMap { row in pixels[row * width + left..<row * width + left + size] }
  }
}
