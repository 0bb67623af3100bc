import DataFiles
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
    case .learn(let start, let fold): try learn(start, fold)
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
    return .object(try Self.members(problem, solution) + details(path, problem, solution.code))
  }

  private func convergence(_ path: String, _ bank: StudyBank) throws -> JSONValue {
    let image = try prepared(path, cropSize: options.convergenceCrop)
    let even = try image.cropped(to: Crop(size: min(image.height, image.width) / 2 * 2))
    var members: [JSONValue.Member] = []
    func look(_ name: String, _ problem: LassoProblem, _ solution: LassoSolution) throws {
      let damaged = StudyDamagedCode(solution.code, of: problem, seed: options.damageSeed(of: path))
      let loss = try damaged.loss(to: .eventsLost, at: StudyProtocol.convergenceLostShare)
      members.append(.init(name, .object(try Self.members(problem, solution) + [.init("loss", .real(loss))])))
    }
    for followed in StudyProtocol.convergence {
      let kernels = followed.isPeakNorm ? try self.bank(bank).peakNormalized() : try self.bank(bank)
      let problem = try LassoProblem(image: even, bank: kernels, lambda: followed.lambda, boundary: .circular)
      let counts = StudyProtocol.convergenceIterations
      for (count, run) in zip(counts, try problem.solveByADMM(after: counts)) {
        try look("\(followed.key)-\(count)", problem, run.solution)
      }
      guard followed.isCertified else { continue }
      try look("\(followed.key)-certified", problem, problem.solve(relativeGap: options.relativeGap))
    }
    return .object(members)
  }

  /// From the largest λ to the smallest, each from the code before.
  private func codes(_ path: String, _ bank: StudyBank) throws -> JSONValue {
    let image = try prepared(path, cropSize: options.codedSquare)
    let kernels = try self.bank(bank)
    var former: SparseCode?
    return .object(
      try options.codedLambdas(of: bank).reversed().map { lambda in
        let problem = try LassoProblem(image: image, bank: kernels, lambda: lambda, stride: StudyProtocol.stride)
        let solution = try problem.solve(relativeGap: options.relativeGap, from: former)
        former = solution.code
        var members = try Self.members(problem, solution)
        if lambda == options.middleLambda { members += try details(path, problem, solution.code) }
        return .init("\(lambda)", .object(members))
      })
  }

  /// What is said of every code.
  private static func members(_ problem: LassoProblem, _ solution: LassoSolution) throws -> [JSONValue.Member] {
    let code = solution.code
    let quality = try Quality(of: problem.synthesisOperator.synthesis(of: code), against: problem.image)
    let moments = AmplitudeFit.Moments(magnitudes(of: code))
    let known = problem.bank.knownDesigns
    let histogram = code.orientationHistogram(known)
    let use = code.bandwidthUse(problem.bank.designs)
    return [
      .init("sparseness", .real(code.sparseness)), .init("nonzeros", .integer(Int64(code.nonzeroCount))),
      .init("psnr", .real(quality.psnr)), .init("ssim", .real(quality.ssim)),
      .init("empty_psnr", .real(Quality.psnrOfNothing(against: problem.image))),
      .init("objective", .real(solution.certificate.primal)), .init("dual", .real(solution.certificate.dual)),
      .init("pixels", .integer(Int64(problem.image.pixels.count))), .init("seconds", .real(solution.seconds)),
      .init("orientations", histogram.map { .numbers($0) } ?? .null),
      .init("known_share", .real(code.knownShare(known) ?? 0)),
      .init("bandwidths", use.map { .numbers($0.map(\.bandwidth_deg)) } ?? .null),
      .init("bandwidth_shares", use.map { .numbers($0.map(\.share)) } ?? .null),
      .init("amplitude_moments", .numbers([Double(moments.count), moments.sum, moments.logSum])),
    ]
  }

  /// What is said of one code a photograph and bank, by the study's protocol and certified alike.
  private func details(_ path: String, _ problem: LassoProblem, _ code: SparseCode) throws -> [JSONValue.Member] {
    try Self.pruning("pruning", problem, Self.thresholds.map(code.pruned(below:)))
      + Self.pruning("relative_pruning", problem, Self.relativeThresholds.map(code.pruned(belowShareOfLargest:)))
      + StudyDamagedCode(code, of: problem, seed: options.damageSeed(of: path)).members()
      + Self.cells(problem, code)
      + [.init("amplitude_histogram", .numbers(AmplitudeFit.histogram(Self.magnitudes(of: code)).map(Double.init)))]
  }

  private static func pruning(
    _ name: String, _ problem: LassoProblem, _ pruned: [SparseCode]
  ) throws -> [JSONValue.Member] {
    let psnr = try pruned.map {
      try Quality.psnr(of: problem.synthesisOperator.synthesis(of: $0), against: problem.image)
    }
    return [
      .init("\(name)_sparseness", .numbers(pruned.map(\.sparseness))), .init("\(name)_psnr", .numbers(psnr)),
    ]
  }

  private static func magnitudes(of code: SparseCode) -> some Sequence<Double> {
    code.coefficients.lazy.map { Double(abs($0.value)) }
  }

  /// Of a bank of one B_θ there is nothing to tell.
  private static func cells(_ problem: LassoProblem, _ code: SparseCode) -> [JSONValue.Member] {
    guard let designs = problem.bank.knownDesigns, Set(designs.compactMap(\.?.bandwidth)).count > 1 else { return [] }
    let cells = problem.image.cellOrientations(code: code, designs: designs).filter { $0.meanBandwidth_deg != nil }
    return [
      .init("cell_top", .numbers(cells.map { Double($0.top) })),
      .init("cell_left", .numbers(cells.map { Double($0.left) })),
      .init("cell_variance", .numbers(cells.map(\.circularVariance))),
      .init("cell_tensor_spread", .numbers(cells.map(\.tensorSpread))),
      .init("cell_bandwidth", .numbers(cells.compactMap(\.meanBandwidth_deg))),
    ]
  }

  // MARK: Learning

  private func learn(_ start: String, _ fold: Int) throws -> JSONValue {
    let images = try options.folds().all[fold]
    let (learnt, heldOut) = (images.learnt, images.heldOut)
    var options = StudyProtocol.learning
    for path in learnt {
      let image = try Image(contentsOf: path)
      options.patchSize = min(options.patchSize, image.height, image.width, self.options.cropSize ?? .max)
    }
    options.seed = self.options.seed
    let bank = StudyBank(origin: .learnt(start), fold: fold)
    var learning = Learn(
      images: learnt, heldOut: heldOut.isEmpty ? learnt : heldOut, start: try self.options.start(start),
      options: options, steps: self.options.learningSteps,
      reportEvery: max(1, self.options.learningSteps / 4), cropSize: self.options.cropSize,
      checkpoint: "\(self.options.output)/banks/\(bank.fileName).checkpoint.npz",
      output: bank.path(in: self.options.output)
    )
    learning.whitens = self.options.whitens
    learning.beginsAfresh = true
    let report = try learning(progress: progress)
    return .object(report.members + [.init("bank", .text(try ContentHash.ofFile(learning.output).text))])
  }
}
