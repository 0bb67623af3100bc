import DataFiles
import KernelBanks

/// How good a bank is after some steps, on photographs that it is not learnt from.
public struct LearningLook: Equatable, Sendable {
  /// Steps done.
  public let step: Int
  /// Mean objective per pixel.
  public let objective: Double
  /// Mean PSNR, dB.
  public let psnr: Double

  /// A look at a bank.
  public init(step: Int, objective: Double, psnr: Double) {
    self.step = step
    self.objective = objective
    self.psnr = psnr
  }
}

/// Learning that can go on: a bank file with `step` and the options (`seed`, `lambda`, `stride`, `patch_size`,
/// `batch_size`, `gap`, `least_use`, `half_life`), `objective`, the batch objective of each step so far, the looks
/// at other photographs (`look_step`, `look_objective`, `look_psnr`), and what it is the learning of (`origin_name`,
/// `origin_value`).
public struct LearningCheckpoint: Sendable {
  /// The kernels so far.
  public let bank: KernelBank
  /// Steps done.
  public let step: Int
  /// How it learns.
  public let options: LearningOptions
  /// Mean objective per pixel of each step's batch.
  public let objectives: [Double]
  /// What was seen on other photographs so far.
  public let looks: [LearningLook]
  /// What it learns from, by name: only learning of the same origin may go on from here.
  public let origin: [String: String]

  /// What to write.
  public init(
    _ learning: DictionaryLearning, objectives: [Double], looks: [LearningLook] = [], origin: [String: String] = [:]
  ) {
    bank = learning.bank
    step = learning.step
    options = learning.options
    self.objectives = objectives
    self.looks = looks
    self.origin = origin
  }

  /// Reads a checkpoint.
  ///
  /// - Throws: `FileError` or `BankError` if the file is none.
  public init(contentsOf path: String) throws {
    let archive = try NumPyArchive(contentsOf: path)
    bank = try BankFile.read(path)
    step = try archive.integer("step")
    objectives = try archive.doubles("objective", rank: 1)
    options = try LearningOptions(in: archive)
    looks = try Self.looks(in: archive)
    let (names, values) = (try archive.array("origin_name").texts, try archive.array("origin_value").texts)
    guard names.count == values.count else { throw archive.error("origin_value", "is not as long as origin_name") }
    origin = Dictionary(zip(names, values)) { first, _ in first }
    guard step >= 0, objectives.count == step else {
      throw archive.error("objective", "has \(objectives.count.counted("value")) after \(step.counted("step"))")
    }
  }

  private static func looks(in archive: NumPyArchive) throws -> [LearningLook] {
    let columns = try ["look_step", "look_objective", "look_psnr"].map { try archive.doubles($0, rank: 1) }
    guard Set(columns.map(\.count)).count == 1, columns[0].allSatisfy({ Int(exactly: $0) != nil }) else {
      throw archive.error("look_step", "does not go with look_objective and look_psnr")
    }
    return columns[0].indices.map { place in
      LearningLook(step: Int(columns[0][place]), objective: columns[1][place], psnr: columns[2][place])
    }
  }

  /// Writes the checkpoint, whole or not at all; it is a bank file as well.
  ///
  /// - Throws: `FileError` if it cannot be written.
  public func write(to path: String) throws {
    let origin = origin.sorted { $0.key < $1.key }
    func texts(_ values: [String]) -> NumPyArray { NumPyArray(shape: [values.count], elements: .text(values)) }
    try NumPyArchive([
      "kernels": NumPyArray(shape: [bank.count, bank.size, bank.size], bank.weights),
      "step": NumPyArray(step), "objective": NumPyArray(shape: [objectives.count], objectives),
      "lambda": NumPyArray(options.lambda), "stride": NumPyArray(options.stride),
      "patch_size": NumPyArray(options.patchSize), "batch_size": NumPyArray(options.batchSize),
      "gap": NumPyArray(options.gap), "least_use": NumPyArray(options.leastUse),
      "half_life": NumPyArray(options.halfLife),
      "seed": NumPyArray(Int(Int64(bitPattern: options.seed))),
      "look_step": NumPyArray(shape: [looks.count], looks.map { Double($0.step) }),
      "look_objective": NumPyArray(shape: [looks.count], looks.map(\.objective)),
      "look_psnr": NumPyArray(shape: [looks.count], looks.map(\.psnr)),
      "origin_name": texts(origin.map(\.key)), "origin_value": texts(origin.map(\.value)),
    ]).write(to: path)
  }
}

extension LearningOptions {
  fileprivate init(in archive: NumPyArchive) throws {
    lambda = try archive.number("lambda")
    stride = try archive.integer("stride")
    patchSize = try archive.integer("patch_size")
    batchSize = try archive.integer("batch_size")
    gap = try archive.number("gap")
    leastUse = try archive.number("least_use")
    halfLife = try archive.integer("half_life")
    seed = UInt64(bitPattern: Int64(try archive.integer("seed")))
  }

  /// What they are called, with their values.
  public var named: [String: String] {
    [
      "λ": "\(lambda)", "stride": "\(stride)", "patch": "\(patchSize)", "batch": "\(batchSize)", "gap": "\(gap)",
      "least use": "\(leastUse)", "half-life": "\(halfLife)", "seed": "\(seed)",
    ]
  }
}
