import DataFiles
import EventStreams
import Foundation
import KernelBanks
import Reports
import SparseCoding

/// Does the tasks of a study that need no chip.
struct StudyWorker {
  let options: StudyOptions
  var progress: ProgressHandler = { _ in }

  /// Thresholds of the published pruning curve.
  static let thresholds = (0..<6).map { 0.001 + 0.0998 * Double($0) }

  /// Thresholds relative to the largest coefficient, none first.
  static let relativeThresholds = [0, 0.125, 0.25, 0.5]

  func result(of task: StudyTask) throws -> JSONValue {
    switch task.kind {
    case .learn(let start): try learn(start)
    case .published(let image, let bank): try published(image, bank)
    case .convergence(let image, let bank): try convergence(image, bank)
    case .codes(let image, let bank): try codes(image, bank)
    case .chip(let image, let chip): try StudyChips(options: options, task: task.id).compare(image, chip)
    case .input(let image, let chip): try StudyChips(options: options, task: task.id).inputCosts(image, chip)
    case .chipDamage(let image, let bank, let chip):
      try StudyChips(options: options, task: task.id).damage(image, bank, chip)
    }
  }

  // MARK: Codes

  private func prepared(_ path: String, cropSize: Int?) throws -> Image {
    let image = try Image(contentsOf: path)
    let side = min(image.height, image.width)
    let crop = try cropSize.map { try Crop(size: min($0, side)) }
    return try Image.prepared(contentsOf: path, crop: crop, minimum: StudyOptions.leastSquare)
  }

  private func bank(_ bank: StudyBank) throws -> KernelBank { try BankFile.read(bank.path(in: options.output)) }

  /// The study scales designed kernels by their peak and learnt ones by their norm.
  private func publishedProblem(_ image: Image, _ bank: StudyBank) throws -> LassoProblem {
    let kernels = try self.bank(bank)
    return try LassoProblem(
      image: image, bank: bank.task == nil ? kernels.peakNormalized() : kernels, lambda: StudyProtocol.publishedLambda,
      boundary: .circular)
  }

  private func published(_ path: String, _ bank: StudyBank) throws -> JSONValue {
    let problem = try publishedProblem(prepared(path, cropSize: options.cropSize), bank)
    let solution = try problem.solveByADMM(after: [StudyProtocol.publishedIterations])[0].solution
    let pruned = Self.thresholds.map { solution.code.pruned(below: $0) }
    return try .object(
      Self.members(problem, solution) + [
        .init("pruning_sparseness", .numbers(pruned.map(\.sparseness))),
        .init("pruning_psnr", .numbers(pruned.map { try Self.psnr(of: $0, in: problem) })),
      ] + relativePruning(problem, solution.code))
  }

  private func relativePruning(_ problem: LassoProblem, _ code: SparseCode) throws -> [JSONValue.Member] {
    let pruned = Self.relativeThresholds.map { code.pruned(belowShareOfLargest: $0) }
    return [
      .init("relative_pruning_sparseness", .numbers(pruned.map(\.sparseness))),
      .init("relative_pruning_psnr", .numbers(try pruned.map { try Self.psnr(of: $0, in: problem) })),
    ]
  }

  private func convergence(_ path: String, _ bank: StudyBank) throws -> JSONValue {
    let image = try prepared(path, cropSize: options.convergenceCrop)
    let even = try image.cropped(to: Crop(size: min(image.height, image.width) / 2 * 2))
    var members: [JSONValue.Member] = []
    for followed in StudyProtocol.convergence {
      let kernels = followed.isPeakNorm ? try self.bank(bank).peakNormalized() : try self.bank(bank)
      let problem = try LassoProblem(image: even, bank: kernels, lambda: followed.lambda, boundary: .circular)
      let counts = StudyProtocol.convergenceIterations
      for (count, run) in zip(counts, try problem.solveByADMM(after: counts)) {
        members.append(.init("\(followed.key)-\(count)", .object(try Self.members(problem, run.solution))))
      }
      guard !followed.isPeakNorm else { continue }
      let certified = try Self.members(problem, problem.solve(relativeGap: options.relativeGap))
      members.append(.init("\(followed.key)-certified", .object(certified)))
    }
    return .object(members)
  }

  /// From the largest λ to the smallest, each from the code before.
  private func codes(_ path: String, _ bank: StudyBank) throws -> JSONValue {
    let image = try prepared(path, cropSize: options.codedSquare)
    let kernels = try self.bank(bank)
    var former: SparseCode?
    return .object(
      try options.lambdas.sorted(by: >).map { lambda in
        let problem = try LassoProblem(image: image, bank: kernels, lambda: lambda, stride: StudyProtocol.stride)
        let solution = try problem.solve(relativeGap: options.relativeGap, from: former)
        former = solution.code
        var members = try Self.members(problem, solution)
        if lambda == options.middleLambda {
          members += try damage(problem, solution.code)
          members += cells(image, solution.code, kernels.knownDesigns)
        }
        return .init("\(lambda)", .object(members))
      })
  }

  /// What is said of every code.
  private static func members(_ problem: LassoProblem, _ solution: LassoSolution) throws -> [JSONValue.Member] {
    let code = solution.code
    let quality = try Quality(of: problem.synthesisOperator.synthesis(of: code), against: problem.image)
    let moments = AmplitudeFit.Moments(code.coefficients.lazy.map { Double(abs($0.value)) })
    let known = problem.bank.knownDesigns
    let histogram = code.orientationHistogram(known)
    let use = code.bandwidthUse(problem.bank.designs)
    return [
      .init("sparseness", .real(code.sparseness)), .init("nonzeros", .integer(Int64(code.nonzeroCount))),
      .init("psnr", .real(quality.psnr)), .init("ssim", .real(quality.ssim)),
      .init("objective", .real(solution.certificate.primal)), .init("dual", .real(solution.certificate.dual)),
      .init("pixels", .integer(Int64(problem.image.pixels.count))), .init("seconds", .real(solution.seconds)),
      .init("orientations", histogram.map { .numbers($0) } ?? .null),
      .init("known_share", .real(code.knownShare(known) ?? 0)),
      .init("bandwidths", use.map { .numbers($0.map(\.bandwidth_deg)) } ?? .null),
      .init("bandwidth_shares", use.map { .numbers($0.map(\.share)) } ?? .null),
      .init("amplitude_moments", .numbers([Double(moments.count), moments.sum, moments.logSum])),
    ]
  }

  private static func psnr(of code: SparseCode, in problem: LassoProblem) throws -> Double {
    try Quality(of: problem.synthesisOperator.synthesis(of: code), against: problem.image).psnr
  }

  private func cells(_ image: Image, _ code: SparseCode, _ designs: [LogGabor?]?) -> [JSONValue.Member] {
    guard let designs, Set(designs.compactMap(\.?.bandwidth)).count > 1 else { return [] }
    let cells = image.cellOrientations(code: code, designs: designs).filter { $0.meanBandwidth_deg != nil }
    return [
      .init("cell_variance", .numbers(cells.map(\.circularVariance))),
      .init("cell_tensor_spread", .numbers(cells.map(\.tensorSpread))),
      .init("cell_bandwidth", .numbers(cells.compactMap(\.meanBandwidth_deg))),
    ]
  }

  // MARK: Damage

  /// Kinds of damage to a code, each with the levels of its curve; the first level is none.
  static let damages: [(name: String, label: String, levels: [Double])] = [
    ("lost", "events lost", [0, 0.01, 0.03, 0.1, 0.3]),
    ("dead", "dead neurons", [0, 0.01, 0.03, 0.1, 0.3]),
    ("bits", "bits of a payload", [16, 8, 6, 5, 4, 3]),
    ("jitter", "jitter in steps of \(StudyProtocol.latencySteps)", [0, 1, 2, 4, 8]),
    ("noise", "weight noise (share of rms)", [0, 0.03, 0.1, 0.3]),
  ]

  /// What is damaged of a code: each loses something by itself.
  enum Encoding: String, CaseIterable {
    case code, graded, latency

    /// What tables call it.
    var title: String {
      switch self {
      case .code: "the code itself"
      case .graded: "graded events, \(StudyProtocol.payloadBits) bits"
      case .latency: "latency code, \(StudyProtocol.latencySteps) steps"
      }
    }

    /// The PSNR of the undamaged code in a cell.
    var key: String { self == .code ? "psnr" : "undamaged_\(rawValue)" }
  }

  static func encoding(damagedBy name: String) -> Encoding {
    switch name {
    case "noise": .code
    case "jitter": .latency
    default: .graded
    }
  }

  private func damage(_ problem: LassoProblem, _ code: SparseCode) throws -> [JSONValue.Member] {
    let (graded, latency) = try Self.streams(of: code)
    let undamaged = try [(Encoding.graded, graded), (.latency, latency)].map { encoding, stream in
      JSONValue.Member(
        encoding.key, .real(try Self.psnr(of: stream.decodedCode(geometry: problem.geometry), in: problem)))
    }
    let damaged = try Self.damages.map { damage in
      let curve = try damage.levels.map { level -> Double in
        if damage.name == "noise" {
          let noisy = try problem.bank.withWeightNoise(level, seed: options.seed)
          let synthesis = try ConvolutionOperator(bank: noisy, geometry: problem.geometry)
          return try Quality(of: synthesis.synthesis(of: code), against: problem.image).psnr
        }
        let stream = Self.encoding(damagedBy: damage.name) == .latency ? latency : graded
        let damaged = try stream.damaged(by: Self.damage(damage.name, level), seed: options.seed)
        return try Self.psnr(of: damaged.decodedCode(geometry: problem.geometry), in: problem)
      }
      return JSONValue.Member("damage_\(damage.name)", .numbers(curve))
    }
    return undamaged + damaged
  }

  /// The code as graded events and as a latency code.
  static func streams(of code: SparseCode) throws -> (graded: EventStream, latency: EventStream) {
    let (bits, steps) = (StudyProtocol.payloadBits, StudyProtocol.latencySteps)
    return (
      try Encoder.sparse.encode(code, EncoderOptions(payloadBits: bits)).stream,
      try Encoder.sparseLatency.encode(code, EncoderOptions(payloadBits: bits, steps: steps)).stream
    )
  }

  static func damage(_ name: String, _ level: Double) -> Damage {
    switch name {
    case "lost": .lost(level)
    case "dead": .dead(level)
    case "jitter": .jitter(steps: Int(level))
    default: .quantised(bits: Int(level))
    }
  }

  // MARK: Learning

  private func learn(_ start: String) throws -> JSONValue {
    let (learnt, heldOut) = try options.learningImages()
    let from =
      start == "noise"
      ? try DictionaryLearning.noise(count: 144, size: 12, seed: options.seed) : try KernelBank.named(start)
    var options = StudyProtocol.learning
    for path in learnt {
      let image = try Image(contentsOf: path)
      options.patchSize = min(options.patchSize, image.height, image.width, self.options.cropSize ?? .max)
    }
    options.seed = self.options.seed
    let bank = StudyBank(origin: .learnt(start))
    var learning = Learn(
      images: learnt, heldOut: heldOut.isEmpty ? learnt : heldOut, start: from, options: options,
      steps: self.options.learningSteps,
      reportEvery: max(1, self.options.learningSteps / 4), cropSize: self.options.cropSize,
      checkpoint: "\(self.options.output)/banks/\(bank.name).checkpoint.npz", output: bank.path(in: self.options.output)
    )
    learning.whitens = self.options.whitens
    learning.beginsAfresh = true
    return try learning(progress: progress).json
  }
}
