import DataFiles
import Foundation
import KernelBanks

/// What a study is to do.
public struct StudyOptions: Equatable, Sendable {
  /// Folder of photographs (PNG or JPEG), all of them taken.
  public var folder: String
  /// Results folder; what it already holds is not done again.
  public var output: String
  /// A square about the centre of each photograph; nil for the whole.
  public var cropSize: Int?
  /// Places on the dial, ends included.
  public var dial = [0, 0.2, 0.4, 0.6, 1]
  /// The mean of B_θ of every bank on the dial, in degrees; nil for one that rises from 12° to 17.5°, as from the
  /// study's homogeneous to its heterogeneous bank.
  public var meanBandwidth_deg: Double?
  /// λ of the certified codes, unit norm; the middle one is that of damage and local statistics.
  public var lambdas = [0.05, 0.1, 0.2]
  /// Relative duality gap of certified codes. The objective settles long before the number of non-zeros does: at 1 % a
  /// bank of near-parallel kernels still has a sixth too many of them.
  public var relativeGap = 0.001
  /// Side of the square that is coded to that gap, in pixels; nil for the whole of what is taken of a photograph.
  public var certifiedCrop: Int? = 128
  /// Side of the square that the convergence of the protocol is followed on, in pixels.
  public var convergenceCrop = 64
  /// Steps of learning; 0 for none.
  public var learningSteps = 200
  /// How many groups of photographs are held out in turn from learning, each a third of them, and judge banks of their
  /// own.
  public var foldCount = 1
  /// Whether photographs are whitened and masked before banks are learnt from them, as in the published study.
  public var whitens = false
  /// Chips, each by name or path; the first is the one that is damaged.
  public var chips = ["loihi2", "seneca", "loihi1"]
  /// Photographs that are run on chips: the first ones by name, before all others those that their learnt banks have
  /// not seen.
  public var chipImages = Self.usualChipImages
  /// Steps of every chip run, the same for all banks: a target is reached if it is held within them. The heterogeneous
  /// bank comes to its own gap on `camera`, by a dense input on Loihi 2, after 456 (`make demo`); on `astronaut` later
  /// than 600.
  public var stepLimit = 600
  /// What decides patches, noise and damage.
  public var seed: UInt64 = 1
  /// Processes side by side; results do not depend on it, but for times of the host: beside others encoding takes
  /// longer.
  public var jobs = max(1, ProcessInfo.processInfo.activeProcessorCount)

  private static let usualChipImages = 2

  /// A study of a folder.
  public init(folder: String, output: String) {
    self.folder = folder
    self.output = output
  }

  /// What the command line decides of results, besides the photographs: each option and its value.
  var settings: [(option: String, value: String)] {
    func list(_ numbers: [Double]) -> String { numbers.sorted().map { "\($0)" }.joined(separator: ",") }
    return [
      ("--crop", cropSize.map(String.init) ?? "none"), ("--dial", list(dial)),
      ("--mean-bandwidth", meanBandwidth_deg.map { "\($0)" } ?? "none"), ("--lambdas", list(lambdas)),
      ("--tolerance", "\(relativeGap)"), ("--certified-crop", "\(certifiedCrop ?? 0)"),
      ("--convergence-crop", "\(convergenceCrop)"), ("--learning-steps", "\(learningSteps)"),
      ("--folds", "\(foldCount)"),
      ("--whiten", whitens ? "yes" : "no"),
      ("--chips", chips.isEmpty ? "-" : chips.map(bankName).joined(separator: ",")),
      ("--chip-images", "\(chipImages)"), ("--seed", "\(seed)"),
    ]
  }

  /// The square that certified codes are made of; nil for whole photographs.
  var codedSquare: Int? { [cropSize, certifiedCrop].compactMap(\.self).min() }

  /// What certified codes are made of, in words.
  var codedArea: String { codedSquare.map { "central \($0) × \($0) pixels at the most" } ?? "whole photographs" }

  /// The λ between the others.
  var middleLambda: Double { lambdas.sorted()[lambdas.count / 2] }

  /// Paths of the photographs, by name.
  ///
  /// - Throws: `ExperimentError` if there are none, or two have one name.
  func images() throws -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw ExperimentError("\(folder): the folder cannot be read; name a folder of photographs")
    }
    let photographs = names.filter { name in
      [".png", ".jpg", ".jpeg"].contains { name.lowercased().hasSuffix($0) } && !name.hasPrefix(".")
    }.sorted()
    guard !photographs.isEmpty else { throw ExperimentError("\(folder): it holds no photograph (PNG or JPEG)") }
    if let other = photographs.first(where: { !FileManager.default.fileExists(atPath: "\(folder)/\($0)") }) {
      throw ExperimentError(
        "\(folder): the name of \(other) is not UTF-8, or it is a link to nothing; rename or remove it")
    }
    let stems = photographs.map(bankName)
    if let twice = stems.indices.first(where: { stems[..<$0].contains(stems[$0]) }) {
      throw ExperimentError("\(folder): two photographs are called \(stems[twice]); rename one")
    }
    return photographs.map { "\(folder)/\($0)" }
  }

  /// Photographs to learn from, and those held out.
  func folds() throws -> StudyFolds { StudyFolds(try images(), count: foldCount) }

  /// Photographs that are run on chips, first those that their learnt banks have not seen; the same if none is learnt.
  func imagesOfChips() throws -> [String] {
    let (images, heldOut) = (try images(), try folds().heldOut)
    return Array((heldOut + images.filter { !heldOut.contains($0) }).prefix(chipImages))
  }

  /// What was asked for and cannot be had, in one line; nil if there is nothing to say.
  public func note() throws -> String? {
    let photographs = try images().count
    guard !chips.isEmpty, chipImages > max(photographs, Self.usualChipImages) else { return nil }
    return
      "--chip-images \(chipImages): the folder has \(photographs.counted("photograph")), of which all are run on chips"
  }

  /// Checks all that takes no time.
  ///
  /// - Throws: `ExperimentError` for numbers out of range, for what is named twice, and for a folder without
  ///   photographs.
  public func check() throws {
    try checkNumbers()
    try checkSquares()
    try Self.checkOnce("the dial's places", dial)
    try Self.checkOnce("the λ", lambdas)
    try Self.checkOnce("the names of the chips", chips.map(bankName))
    try checkTasks()
  }

  private func checkNumbers() throws {
    if let place = dial.first(where: { !(0...1).contains($0) }) {
      throw ExperimentError("the dial's place \(place) is out of range; each must be from 0 to 1")
    }
    for end in [0, 1] where !dial.contains(Double(end)) {
      throw ExperimentError("the dial's places lack \(end); both 0 and 1 must be among them")
    }
    try checkMeanBandwidth()
    guard !lambdas.isEmpty else { throw ExperimentError("there is no λ; give one or more") }
    if let lambda = lambdas.first(where: { $0 <= 0 || !$0.isFinite }) {
      throw ExperimentError("λ is \(lambda); each must be above 0")
    }
    guard relativeGap >= 1e-5, relativeGap < 1 else {
      throw ExperimentError("the tolerance is \(relativeGap); it must be from 1e-5 to 1")
    }
    for (name, value, least) in [
      ("learning steps", learningSteps, 0), ("folds", foldCount, 1), ("chip images", chipImages, 1), ("jobs", jobs, 1),
    ] where value < least {
      throw ExperimentError("the number of \(name) is \(value); it must be \(least) or more")
    }
    let (photographs, most) = (try images().count, StudyFolds.largestCount(try images()))
    guard foldCount <= most else {
      throw ExperimentError(
        "the number of folds is \(foldCount); it must be \(most) or less, as each holds out a third of the photographs "
          + "(\(photographs)), rounded down")
    }
    let held = StudyProtocol.chipRun.heldSteps
    guard stepLimit > held else {
      throw ExperimentError("chip runs of \(stepLimit.counted("step")) can hold no target for \(held); give them more")
    }
  }

  /// All of the spread must fit about it, as 1 is among the dial's places.
  private func checkMeanBandwidth() throws {
    guard let meanBandwidth_deg else { return }
    let (spread_deg, largest_deg) = (BankDesign.fullHalfRange_deg, BankDesign.largestBandwidth_deg)
    guard meanBandwidth_deg > spread_deg, meanBandwidth_deg <= largest_deg - spread_deg else {
      throw ExperimentError(
        "the dial's mean bandwidth is \(meanBandwidth_deg)°; it must be above \(spread_deg)° and at most "
          + "\(largest_deg - spread_deg)°, as B_θ spreads by \(spread_deg)° about it")
    }
    do { _ = try narrow.design()?.bank() } catch {
      throw ExperimentError(
        "the dial's mean bandwidth is \(meanBandwidth_deg)°; it must be larger, as kernels \(spread_deg)° narrower "
          + "cannot be made: \(error)")
    }
  }

  private func checkSquares() throws {
    let squares: [(name: String, size: Int?)] = [
      ("the crop", cropSize), ("the crop of certified codes", certifiedCrop),
      ("the crop of convergence", convergenceCrop),
    ]
    for (name, size) in squares {
      guard let size, size < Self.leastSquare else { continue }
      throw ExperimentError("\(name) is \(size) pixels; it must be \(Self.leastSquare) or more")
    }
  }

  /// Side of the smallest square that is coded, in pixels.
  static let leastSquare = 32

  private static func checkOnce<Value: Equatable>(_ what: String, _ values: [Value]) throws {
    guard let twice = values.indices.first(where: { values[..<$0].contains(values[$0]) }) else { return }
    throw ExperimentError("\(what) must differ; \(values[twice]) is there twice")
  }

  /// Two tasks of one name would take each other's result: `a-learnt` with the bank `homogeneous`, `a` with
  /// `learnt-homogeneous`.
  private func checkTasks() throws {
    let ids = try StudyTask.all(self).map(\.id).sorted()
    guard let twice = ids.indices.dropFirst().first(where: { ids[$0] == ids[$0 - 1] }) else { return }
    throw ExperimentError("\(folder): two tasks would be called \(ids[twice]); rename the photograph or the chip")
  }
}
