import DataFiles
import Foundation
import KernelBanks

/// How a bank is learnt.
public struct LearningOptions: Equatable, Sendable {
  /// λ of the codes.
  public var lambda = 0.1
  /// Pixels between positions.
  public var stride = 1
  /// Height and width of the patches that are coded.
  public var patchSize = 64
  /// Patches a step.
  public var batchSize = 2
  /// Relative gap to which patches are coded.
  public var gap = 0.05
  /// Least use of a kernel, as a share of the mean over kernels, that is added to each one's: a kernel that a batch hardly
  /// uses must not leap to what it saw there.
  public var leastUse = 0.1
  /// Steps after which the step size is half; it is t₀ / (t₀ + t) of the best step of the batch.
  public var halfLife = 50
  /// What decides patches and noise.
  public var seed: UInt64 = 1

  /// The defaults.
  public init() {}
}

/// Online convolutional dictionary learning: code a batch of patches, then move the kernels against the gradient.
///
/// The scheme is that of Liu, Garcia-Cardona, Wohlberg & Yin, "First- and Second-Order Methods for Online Convolutional
/// Dictionary Learning", SIAM J. Imaging Sciences 11, 2018, §4 (projected stochastic gradient, with forgetting step
/// sizes). Each kernel's part of the gradient is divided by Σa², its use, as in Mairal, Bach, Ponce & Sapiro, "Online
/// Learning for Matrix Factorization and Sparse Coding", JMLR 11, 2010, Algorithm 2, Eq. (10), here for all kernels at
/// once. The codes are certified, and the step of a batch is the exact minimiser along that direction for these codes,
/// before norms are renewed and the step is shortened, so that no step size has to be tuned to λ or to the number of
/// pixels. Each step is decided by the seed and its number alone:
/// learning that is resumed gives the bank of learning that was not interrupted.
public struct DictionaryLearning: Sendable {
  /// How it learns.
  public let options: LearningOptions
  /// The kernels so far, at unit norm.
  public private(set) var bank: KernelBank
  /// Steps done.
  public private(set) var step: Int

  private let images: [Image]

  /// Learning from a bank, at a step.
  ///
  /// - Throws: `SparseCodingError` if an option is out of range, there are no images, or one is smaller than a patch.
  public init(from bank: KernelBank, step: Int = 0, images: [Image], options: LearningOptions) throws {
    let numbers = [
      ("λ", options.lambda), ("stride", Double(options.stride)), ("batch", Double(options.batchSize)),
      ("half-life", Double(options.halfLife)), ("gap", options.gap), ("least use", options.leastUse),
    ]
    if let (name, value) = numbers.first(where: { !($0.1 > 0) }) {
      throw SparseCodingError("the \(name) of learning is \(value); it must be above 0")
    }
    guard options.patchSize >= bank.size else {
      throw SparseCodingError("patches of \(options.patchSize) are smaller than a kernel of \(bank.size)")
    }
    guard !images.isEmpty, images.allSatisfy({ min($0.height, $0.width) >= options.patchSize }) else {
      throw SparseCodingError("learning needs images of at least \(options.patchSize) × \(options.patchSize) pixels")
    }
    // Learning that goes on is of unit norm; to scale it once more would round it.
    self.bank = step == 0 ? try bank.normalized() : bank
    self.step = step
    self.images = images
    self.options = options
  }

  /// Kernels of seeded noise at unit norm, to start from.
  ///
  /// - Throws: `BankError` if the numbers are no bank.
  public static func noise(count: Int, size: Int, seed: UInt64) throws -> KernelBank {
    var random = SeededGenerator(seed: seed)
    let weights = (0..<max(0, count * size * size)).map { _ in Float(random.nextNormal()) }
    return try KernelBank(name: "noise", count: count, size: size, weights: weights).normalized()
  }

  /// One step.
  ///
  /// - Returns: the mean objective of the batch before it, per pixel.
  /// - Throws: what coding throws.
  @discardableResult
  public mutating func advance() throws -> Double {
    let coded = try batch().map { patch in
      let problem = try problem(patch)
      return (problem: problem, solution: try problem.solve(relativeGap: options.gap))
    }
    let codes = coded.map(\.solution.code)
    let residuals = zip(coded, codes).map { $0.problem.residual(of: $1) }
    let descent = tangentPart(of: descent(of: codes, residuals))
    let direction = divided(descent, byUseIn: codes)
    let curvature = codes.map { energyOfChange(of: $0, along: direction) }.reduce(0, +)
    if curvature > 0 {
      let slope = zip(descent, direction).reduce(0) { $0 + $1.0 * $1.1 }
      let decay = Double(options.halfLife) / Double(options.halfLife + step)
      try move(along: direction, by: decay * slope / curvature)
    }
    step += 1
    let pixels = Double(options.patchSize * options.patchSize)
    return coded.reduce(0) { $0 + $1.solution.certificate.primal } / pixels / Double(options.batchSize)
  }

  /// Mean objective per pixel and mean PSNR of whole images, coded with the bank so far.
  ///
  /// - Throws: what coding throws.
  public func quality(on images: [Image]) throws -> (objective: Double, psnr: Double) {
    var (objective, psnr) = (0.0, 0.0)
    for image in images {
      let problem = try problem(image)
      let solution = try problem.solve(relativeGap: 0.01)
      objective += solution.certificate.primal / Double(image.pixels.count)
      psnr += try Quality(of: problem.synthesisOperator.synthesis(of: solution.code), against: image).psnr
    }
    return (objective / Double(images.count), psnr / Double(images.count))
  }

  private func problem(_ image: Image) throws -> LassoProblem {
    try LassoProblem(image: image, bank: bank, lambda: options.lambda, stride: options.stride)
  }

  private func batch() throws -> [Image] {
    try (0..<options.batchSize).map { place in
      func chance(_ draw: Int, _ count: Int) -> Int {
        Int(SeededGenerator.unit(seed: options.seed, [step, place, draw]) * Double(count))
      }
      let image = images[chance(0, images.count)]
      let (y, x) = (
        chance(1, image.height - options.patchSize + 1), chance(2, image.width - options.patchSize + 1)
      )
      return try image.cropped(to: Crop(size: options.patchSize, corner: Crop.Corner(x: x, y: y)))
    }
  }

  /// The negative gradient of ½ of the residuals' energy with respect to the kernels.
  private func descent(of codes: [SparseCode], _ residuals: [[Double]]) -> [Double] {
    var descent = [Double](repeating: 0, count: bank.weights.count)
    for (code, residual) in zip(codes, residuals) {
      code.forEachPixel(width: options.patchSize) { weight, pixel, value in descent[weight] += value * residual[pixel] }
    }
    return descent
  }

  /// Without what would only change the norms.
  private func tangentPart(of descent: [Double]) -> [Double] {
    var tangent = descent
    for range in weightsOfKernels {
      let along = range.reduce(0.0) { $0 + descent[$1] * Double(bank.weights[$1]) }
      for weight in range { tangent[weight] -= along * Double(bank.weights[weight]) }
    }
    return tangent
  }

  /// Each kernel's part over its use, Σa²: else the most used ones alone would decide how far all may go.
  private func divided(_ descent: [Double], byUseIn codes: [SparseCode]) -> [Double] {
    var use = [Double](repeating: 0, count: bank.count)
    for coefficient in codes.flatMap(\.coefficients) {
      use[Int(coefficient.kernel)] += Double(coefficient.value) * Double(coefficient.value)
    }
    let least = options.leastUse * use.reduce(0, +) / Double(bank.count)
    guard least > 0 else { return descent }
    var direction = descent
    for (kernel, range) in weightsOfKernels.enumerated() {
      for weight in range { direction[weight] /= use[kernel] + least }
    }
    return direction
  }

  private var weightsOfKernels: [Range<Int>] {
    let area = bank.size * bank.size
    return (0..<bank.count).map { $0 * area..<($0 + 1) * area }
  }

  /// Σ over pixels of what a code's reconstruction changes by, squared, where the kernels change by a direction.
  private func energyOfChange(of code: SparseCode, along direction: [Double]) -> Double {
    var change = [Double](repeating: 0, count: options.patchSize * options.patchSize)
    code.forEachPixel(width: options.patchSize) { weight, pixel, value in change[pixel] += value * direction[weight] }
    return change.reduce(0) { $0 + $1 * $1 }
  }

  private mutating func move(along direction: [Double], by step: Double) throws {
    let moved = zip(bank.weights, direction).map { Float(Double($0) + step * $1) }
    bank = try KernelBank(name: bank.name, count: bank.count, size: bank.size, weights: moved).normalized()
  }
}

extension SparseCode {
  /// Every (weight of a kernel, pixel under it, coefficient).
  fileprivate func forEachPixel(width: Int, _ body: (_ weight: Int, _ pixel: Int, _ value: Double) -> Void) {
    let size = geometry.kernelSize
    for c in coefficients {
      let corner = Int(c.row) * geometry.stride * width + Int(c.column) * geometry.stride
      let weight = Int(c.kernel) * size * size
      for i in 0..<size {
        for j in 0..<size { body(weight + i * size + j, corner + i * width + j, Double(c.value)) }
      }
    }
  }
}
