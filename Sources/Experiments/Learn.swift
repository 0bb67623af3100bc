import DataFiles
import Foundation
import KernelBanks
import Reports
import SparseCoding

/// `rheobase bank learn`: a bank from photographs, resumable.
public struct Learn {
  /// Photographs to learn from.
  public let images: [String]
  /// Photographs that show whether it got better; none of them is learnt from, unless there are no others.
  public let heldOut: [String]
  /// The bank to start from.
  public let start: KernelBank
  /// How to learn.
  public let options: LearningOptions
  /// Steps in all.
  public let steps: Int
  /// Steps between two looks at the held-out photographs and two checkpoints.
  public let reportEvery: Int
  /// A square about the centre of each photograph; nil for the whole.
  public let cropSize: Int?
  /// Where the state is kept while it goes on; it is taken up if it is there and has the same options.
  public let checkpoint: String
  /// Bank file to write.
  public let output: String
  /// Whether photographs are whitened and masked before learning, as in the study; else only contrast-normalised.
  public var whitens = false

  /// Learning from photographs.
  public init(
    images: [String], heldOut: [String], start: KernelBank, options: LearningOptions, steps: Int, reportEvery: Int,
    cropSize: Int?, checkpoint: String, output: String
  ) {
    self.images = images
    self.heldOut = heldOut
    self.start = start
    self.options = options
    self.steps = steps
    self.reportEvery = reportEvery
    self.cropSize = cropSize
    self.checkpoint = checkpoint
    self.output = output
  }

  /// What learning did.
  public struct Report: Sendable {
    /// After how many steps the held-out photographs were looked at.
    public let steps: [Int]
    /// Their mean objective per pixel.
    public let objectives: [Double]
    /// Their mean PSNR, dB.
    public let psnrs: [Double]
    /// Log-Gabors that resemble the kernels, before and after.
    public let before, after: [LogGaborFit]
    /// Seconds of this process.
    public let seconds: Double
  }

  /// Learns, checkpoints, and writes the bank, with the θ and B_θ of the log-Gabors that resemble its kernels.
  public func callAsFunction(progress: @escaping ProgressHandler = { _ in }) throws -> Report {
    let began = ContinuousClock.now
    guard steps >= 1, reportEvery >= 1 else { throw ExperimentError("learning needs at least one step") }
    let training = try images.map { try prepared($0) }
    let judges = try heldOut.map { try prepared($0) }
    var (learning, objectives) = try begin(training)
    var looks: [(step: Int, objective: Double, psnr: Double)] = []
    let first = try DictionaryLearning(from: start, images: training, options: options).quality(on: judges)
    looks.append((0, first.objective, first.psnr))
    while learning.step < steps {
      objectives.append(try learning.advance())
      progress(
        ProgressUpdate(
          "objective \(String(format: "%.5f", objectives.last ?? 0)) a pixel", done: Double(learning.step),
          of: Double(steps), unit: "steps"))
      guard learning.step % reportEvery == 0 || learning.step == steps else { continue }
      try LearningCheckpoint(learning, objectives: objectives).write(to: checkpoint)
      let quality = try learning.quality(on: judges)
      looks.append((learning.step, quality.objective, quality.psnr))
    }
    let fits = try LogGaborFit.fits(of: learning.bank)
    try BankFile.write(named(learning.bank, fits), to: output)
    return Report(
      steps: looks.map(\.step), objectives: looks.map(\.objective), psnrs: looks.map(\.psnr),
      before: try LogGaborFit.fits(of: start), after: fits, seconds: (ContinuousClock.now - began) / .seconds(1))
  }

  private func begin(_ training: [Image]) throws -> (DictionaryLearning, [Double]) {
    guard FileManager.default.fileExists(atPath: checkpoint) else {
      return (try DictionaryLearning(from: start, images: training, options: options), [])
    }
    let state = try LearningCheckpoint(contentsOf: checkpoint)
    guard state.options == options, state.step <= steps else {
      throw ExperimentError(
        "\(checkpoint): learning with other options or more steps began here; remove the file or name another")
    }
    return (
      try DictionaryLearning(from: state.bank, step: state.step, images: training, options: options), state.objectives
    )
  }

  private func prepared(_ path: String) throws -> Image {
    let image = try Image(contentsOf: path)
    let side = min(image.height, image.width)
    let normalized = whitens ? try image.preparedForLearning() : image.locallyContrastNormalized()
    return try cropSize.map { try normalized.cropped(to: Crop(size: min($0, side))) } ?? normalized
  }

  /// The fits stand in for a design: what reads θ and B_θ of a bank then reads them of a learnt one too.
  private func named(_ bank: KernelBank, _ fits: [LogGaborFit]) throws -> KernelBank {
    try KernelBank(
      name: bankName(output), count: bank.count, size: bank.size, weights: bank.weights,
      designs: fits.map { LogGabor(theta: $0.theta, bandwidth: $0.bandwidth, phase: 0) })
  }
}

extension Learn.Report {
  /// Everything, as JSON.
  public var json: JSONValue {
    func degrees(_ values: [Double]) -> JSONValue { .numbers(values.map { $0 * 180 / .pi }) }
    return .object([
      .init("steps", .numbers(steps.map(Double.init))), .init("objective", .numbers(objectives)),
      .init("psnr", .numbers(psnrs)), .init("seconds", .real(seconds)),
      .init("theta_before", degrees(before.map(\.theta))), .init("theta_after", degrees(after.map(\.theta))),
      .init("bandwidth_before", degrees(before.map(\.bandwidth))),
      .init("bandwidth_after", degrees(after.map(\.bandwidth))),
      .init("explained_before", .numbers(before.map(\.explained))),
      .init("explained_after", .numbers(after.map(\.explained))),
    ])
  }
}
