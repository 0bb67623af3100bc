import DataFiles
import KernelBanks

/// Learning that can go on: a bank file with `step` and the options (`seed`, `lambda`, `stride`, `patch_size`,
/// `batch_size`, `gap`, `half_life`), and `objective`, the batch objective of each step so far.
public struct LearningCheckpoint: Sendable {
  /// The kernels so far.
  public let bank: KernelBank
  /// Steps done.
  public let step: Int
  /// How it learns.
  public let options: LearningOptions
  /// Mean objective per pixel of each step's batch.
  public let objectives: [Double]

  /// What to write.
  public init(_ learning: DictionaryLearning, objectives: [Double]) {
    bank = learning.bank
    step = learning.step
    options = learning.options
    self.objectives = objectives
  }

  /// Reads a checkpoint.
  ///
  /// - Throws: `FileError` or `BankError` if the file is none.
  public init(contentsOf path: String) throws {
    let archive = try NumPyArchive(contentsOf: path)
    bank = try BankFile.read(path)
    step = try archive.integer("step")
    objectives = try archive.doubles("objective", rank: 1)
    var options = LearningOptions()
    options.lambda = try archive.number("lambda")
    options.stride = try archive.integer("stride")
    options.patchSize = try archive.integer("patch_size")
    options.batchSize = try archive.integer("batch_size")
    options.gap = try archive.number("gap")
    options.halfLife = try archive.integer("half_life")
    options.seed = UInt64(bitPattern: Int64(try archive.integer("seed")))
    self.options = options
    guard step >= 0, objectives.count == step else {
      throw archive.error("objective", "has \(objectives.count) values after \(step) steps")
    }
  }

  /// Writes the checkpoint, whole or not at all; it is a bank file as well.
  ///
  /// - Throws: `FileError` if it cannot be written.
  public func write(to path: String) throws {
    try NumPyArchive([
      "kernels": NumPyArray(shape: [bank.count, bank.size, bank.size], bank.weights),
      "step": NumPyArray(step), "objective": NumPyArray(shape: [objectives.count], objectives),
      "lambda": NumPyArray(options.lambda), "stride": NumPyArray(options.stride),
      "patch_size": NumPyArray(options.patchSize), "batch_size": NumPyArray(options.batchSize),
      "gap": NumPyArray(options.gap), "half_life": NumPyArray(options.halfLife),
      "seed": NumPyArray(Int(Int64(bitPattern: options.seed))),
    ]).write(to: path)
  }
}
