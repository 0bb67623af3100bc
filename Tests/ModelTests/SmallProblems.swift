import DataFiles
import EventStreams
import KernelBanks
import Neuromorphic
import SparseCoding
import TestSupport

/// A small convolutional problem of random kernels and pixels, and a network on a chip that solves it.
struct SmallProblem: Sendable {
  /// The LASSO of the image as its events carry it.
  let problem: LassoProblem
  let lateral: LateralWeights
  let lca: LCANetwork
  private let input: EventStream

  /// How large a problem is, and how hard its kernels overlap.
  struct Size: Sendable {
    let kernels: Int
    let kernelSize: Int
    let stride: Int
    let imageSize: Int
  }

  init(
    _ size: Size, seed: UInt64, lambda: Double = 0.3, model: LCAModel,
    arithmetic: Network.Arithmetic = .float, _ configure: (inout LCAOptions) -> Void = { _ in }
  ) throws {
    var generator = SplitMix64(seed: seed)
    let weights = (0..<size.kernels * size.kernelSize * size.kernelSize).map { _ in Float(generator.nextNormal()) }
    let bank = try KernelBank(name: "random", count: size.kernels, size: size.kernelSize, weights: weights)
      .normalized()
    let pixels = (0..<size.imageSize * size.imageSize).map { _ in Float(generator.nextNormal()) }
    let image = Image(height: size.imageSize, width: size.imageSize, pixels: pixels)
    var options = LCAOptions()
    options.model = model
    options.lambda = lambda
    options.arithmetic = arithmetic
    configure(&options)
    try self.init(image: image, bank: bank, stride: size.stride, options: options)
  }

  init(image: Image, bank: KernelBank, stride: Int, options: LCAOptions) throws {
    input = try Encoder.dense.encode(image, EncoderOptions(payloadBits: 16)).stream
    problem = try LassoProblem(
      image: input.decodedImage(), bank: bank, lambda: options.lambda, stride: stride, boundary: .valid)
    lateral = try LateralWeights(
      bank: bank, geometry: problem.geometry, arithmetic: options.arithmetic, model: options.model)
    lca = try LCANetwork(
      bank: bank, geometry: problem.geometry, lateral: lateral, drive: .image, inputExponent: input.payloadExponent,
      largestDrive: problem.lambdaMax, stateBits: 24, options: options)
  }

  /// Steps of one time constant τ.
  var stepsPerTau: Int { 1 << lca.stepShift }

  /// The network on a chip, its image injected.
  func simulation() throws -> Simulation {
    let chip = try SmallChip(weightBits: 16).description()
    let cores = lca.network.populations.map { _ in 0 }
    let simulation = try Simulation(lca.network, mapping: .whole(lca.network, on: cores), chip: chip)
    try simulation.inject(input)
    return simulation
  }

  /// The code after a run until no neuron has sent anything for 30 time constants; nil if that never came.
  func settledCode(stepLimit: Int) throws -> SparseCode? {
    let simulation = try simulation()
    var tracker = CodeTracker(lca, problem: problem)
    let window = 30 * stepsPerTau
    for start in stride(from: 0, to: stepLimit, by: window) {
      let spikes = try simulation.run(steps: window).spikes
      tracker.advance(spikes, steps: start..<start + window)
      if spikes.isEmpty { return tracker.code }
    }
    return nil
  }

  /// The code after so many time constants.
  func code(after tau: Int) throws -> SparseCode {
    let simulation = try simulation()
    var tracker = CodeTracker(lca, problem: problem)
    tracker.advance(try simulation.run(steps: tau * stepsPerTau).spikes, steps: 0..<tau * stepsPerTau)
    return tracker.code
  }
}

extension CodeTracker {
  /// Takes the spikes of steps in a row.
  mutating func advance(_ spikes: [Spike], steps: Range<Int>) {
    var next = 0
    for step in steps {
      let start = next
      while next < spikes.count, spikes[next].step == step { next += 1 }
      _ = advance(spikes[start..<next])
    }
  }
}

/// Optima of problems by an independent solver.
struct IndependentOptimum {
  let objective: Double
  let code: [Double]

  /// Least-angle regression by scikit-learn on the matrices written out.
  static func all(of problems: [LassoProblem]) throws -> [IndependentOptimum] {
    var input = NumPyArchive()
    for (n, problem) in problems.enumerated() {
      let (image, bank) = (problem.image, problem.bank)
      input.arrays["\(n).image"] = NumPyArray(shape: [image.height, image.width], image.pixels)
      input.arrays["\(n).kernels"] = NumPyArray(shape: [bank.count, bank.size, bank.size], bank.weights)
      input.arrays["\(n).lambda"] = NumPyArray(problem.lambda)
      input.arrays["\(n).stride"] = NumPyArray(problem.geometry.stride)
      input.arrays["\(n).boundary"] = NumPyArray(problem.geometry.boundary.rawValue)
    }
    let output = try PythonOracle.archive("lasso_lars.py", input: input)
    let objectives = try output.doubles("objective")
    return try objectives.indices.map {
      IndependentOptimum(objective: objectives[$0], code: try output.doubles("\($0).code"))
    }
  }
}

extension SparseCode {
  /// All coefficients.
  var reals: [Double] { dense.map(Double.init) }
}
