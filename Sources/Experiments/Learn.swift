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
  /// Steps between two looks at the held-out photographs and two checkpoints. Learning may go on with another; of the
  /// looks so far those remain that it would have taken, too.
  public let reportEvery: Int
  /// A square about the centre of each photograph; nil for the whole.
  public let cropSize: Int?
  /// Where the state is kept while it goes on; it is taken up if it is there and of the same learning.
  public let checkpoint: String
  /// Bank file to write.
  public let output: String
  /// Whether photographs are whitened and masked before learning, as in the study; else only contrast-normalised.
  public var whitens = false
  /// Whether the state of other learning is passed over instead of refused.
  public var beginsAfresh = false

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
    /// What was seen on the held-out photographs.
    public let looks: [LearningLook]
    /// Log-Gabors that resemble the kernels, before and after.
    public let before, after: [LogGaborFit]
    /// Seconds of this process.
    public let seconds: Double
  }

  /// Learns, checkpoints, and writes the bank, with the log-Gabors that resemble its kernels.
  ///
  /// What is reported of the held-out photographs does not depend on how often learning was interrupted.
  public func callAsFunction(progress: @escaping ProgressHandler = { _ in }) throws -> Report {
    let began = ContinuousClock.now
    for (name, value) in [("steps of learning", steps), ("steps between two looks", reportEvery)] where value < 1 {
      throw ExperimentError("the number of \(name) is \(value); it must be 1 or more")
    }
    let training = try images.map { try prepared($0) }
    if let (path, image) = zip(images, training).first(where: { min($1.height, $1.width) < options.patchSize }) {
      throw ExperimentError(
        "\(path): is \(image.width) × \(image.height) pixels, smaller than a patch of \(options.patchSize); "
          + "use smaller patches, or leave it out")
    }
    let judges = try heldOut.map { try prepared($0) }
    var (learning, objectives, looks) = try begin(training, judges)
    while learning.step < steps {
      objectives.append(try learning.advance())
      progress(
        ProgressUpdate(
          "objective \(String(format: "%.5f", objectives.last ?? 0)) a pixel", done: Double(learning.step),
          of: Double(steps), unit: "steps"))
      guard isLook(learning.step) else { continue }
      looks.append(try look(learning, judges))
      try LearningCheckpoint(learning, objectives: objectives, looks: looks, origin: try origin()).write(to: checkpoint)
    }
    let fits = try LogGaborFit.fits(of: learning.bank)
    try BankFile.write(named(learning.bank, fits), to: output)
    // Earlier runs to fewer steps looked at their end, too.
    return Report(
      looks: looks.filter { isLook($0.step) }, before: try LogGaborFit.fits(of: start), after: fits,
      seconds: (ContinuousClock.now - began) / .seconds(1))
  }

  private func isLook(_ step: Int) -> Bool { step % reportEvery == 0 || step == steps }

  private func look(_ learning: DictionaryLearning, _ judges: [Image]) throws -> LearningLook {
    let quality = try learning.quality(on: judges)
    return LearningLook(step: learning.step, objective: quality.objective, psnr: quality.psnr)
  }

  // MARK: Checks

  /// The start that is random kernels.
  public static let noise = "noise"

  /// Checks the name of a start, without a look at any file.
  ///
  /// - Throws: `ExperimentError` with the known names.
  public static func checkStart(_ name: String) throws(ExperimentError) { try NameOrPath.start.check(name) }

  /// Checks that no photograph is learnt from and held out, by whatever paths.
  ///
  /// - Throws: `ExperimentError` that names the first; `FileError` if one cannot be read.
  public static func checkHeldOut(_ heldOut: [String], learningFrom images: [String]) throws {
    let contents = try images.map { try ContentHash.ofFile($0).text }
    for path in heldOut {
      guard let same = contents.firstIndex(of: try ContentHash.ofFile(path).text) else { continue }
      throw ExperimentError(
        "\(path): is held out, but "
          + (images[same] == path
            ? "learnt from, too" : "\(images[same]), which is learnt from, is the same photograph")
          + "; leave out one of them")
    }
  }

  // MARK: Beginning

  private typealias State = (learning: DictionaryLearning, objectives: [Double], looks: [LearningLook])

  private func begin(_ training: [Image], _ judges: [Image]) throws -> State {
    if let state = try formerState() {
      let learning = try DictionaryLearning(from: state.bank, step: state.step, images: training, options: options)
      return (learning, state.objectives, state.looks)
    }
    let learning = try DictionaryLearning(from: start, images: training, options: options)
    return (learning, [], [try look(learning, judges)])
  }

  /// The checkpoint, if there is one; one of other learning is refused, or passed over by whoever begins afresh.
  private func formerState() throws -> LearningCheckpoint? {
    guard FileManager.default.fileExists(atPath: checkpoint) else { return nil }
    do {
      let state = try readCheckpoint()
      let (ours, theirs) = (try origin(), state.origin)
      let others = Set(ours.keys).union(theirs.keys).filter { ours[$0] != theirs[$0] }.sorted()
      guard others.isEmpty else {
        throw ExperimentError(
          "\(checkpoint): here began learning with another \(others.joined(separator: ", ")); remove the file to begin "
            + "afresh, or name another output")
      }
      guard state.step <= steps else {
        throw ExperimentError(
          "\(checkpoint): learning is at step \(state.step) already; ask for as many steps, or remove the file "
            + "to begin afresh")
      }
      return state
    } catch  where beginsAfresh {
      return nil
    }
  }

  private func readCheckpoint() throws -> LearningCheckpoint {
    do {
      return try LearningCheckpoint(contentsOf: checkpoint)
    } catch {
      throw ExperimentError("\(error); remove the file to begin afresh, or name another output")
    }
  }

  /// All that decides what is learnt, but for the number of steps.
  private func origin() throws -> [String: String] {
    func contents(_ paths: [String]) throws -> String {
      try paths.map { try ContentHash.ofFile($0).text }.joined(separator: " ")
    }
    let subject = [
      "start": "\(start.count) × \(start.size) × \(start.size) \(ContentHash(weightsOf: start).text)",
      "set of photographs": try contents(images), "set of held-out photographs": try contents(heldOut),
      "crop": cropSize.map(String.init) ?? "none", "whitening": whitens ? "yes" : "no",
    ]
    return subject.merging(options.named) { first, _ in first }
  }

  /// As photographs are coded; with whitening, the crop comes first, as in the study.
  private func prepared(_ path: String) throws -> Image {
    let image = try Image(contentsOf: path)
    do {
      let crop = try cropSize.map { try Crop(size: $0) }
      _ = try crop?.corner(inHeight: image.height, width: image.width, leastSize: options.patchSize)
      let prepared =
        try whitens
        ? (crop.map { try image.cropped(to: $0) } ?? image).preparedForLearning() : image.prepared(crop: crop)
      guard !prepared.isWithoutContrast else {
        throw SparseCodingError(
          "it is of one gray once contrast is normalised, and nothing can be learnt from it; leave it out")
      }
      return prepared
    } catch let error as SparseCodingError {
      throw ExperimentError("\(path): \(error)")
    }
  }

  private func named(_ bank: KernelBank, _ fits: [LogGaborFit]) throws -> KernelBank {
    try KernelBank(name: bankName(output), count: bank.count, size: bank.size, weights: bank.weights, fits: fits)
  }
}

extension ContentHash {
  /// The hash of a bank's weights, whatever it is called.
  init(weightsOf bank: KernelBank) {
    self.init()
    for weight in bank.weights { withUnsafeBytes(of: weight.bitPattern.littleEndian) { add($0) } }
  }
}

extension Learn.Report {
  /// How many kernels have which θ and B_θ before and after, of those that a log-Gabor explains to half; without bins
  /// that have none.
  public var histograms: String {
    let columns: [(name: String, histogram: ([Double]) -> FitHistogram, value: (LogGabor) -> Double)] = [
      ("θ", FitHistogram.orientations, \.theta), ("B_θ", FitHistogram.bandwidths, \.bandwidth),
    ]
    let (designs, learnt) = (before.compactMap(\.design), after.compactMap(\.design))
    let tables = columns.map { column in
      let counts = [designs, learnt].map { designs in
        column.histogram(designs.map { column.value($0) * 180 / .pi }).counts
      }
      let rows = counts[0].indices.filter { counts[0][$0] + counts[1][$0] > 0 }.map { bin -> Table.Row in
        let center = String(format: "%g°", FitHistogram.center(bin))
        return .cells([center, "\(counts[0][bin])", "\(counts[1][bin])"].map { Table.Cell($0) })
      }
      let name = "\(column.name) ± \(FitHistogram.width / 2)°"
      return Table(columns: [name, "before", "after"].map { Table.Column([$0]) }, rows: rows).text
    }
    return tables.joined(separator: "\n")
      + "\n\(designs.count) and \(learnt.count) of \(after.count) kernels, of which a log-Gabor explains half the energy"
  }

  /// Everything, as JSON.
  public var json: JSONValue { .object(members) }

  var members: [JSONValue.Member] {
    func degrees(_ values: [Double]) -> JSONValue { .numbers(values.map { $0 * 180 / .pi }) }
    return [
      .init("steps", .numbers(looks.map { Double($0.step) })), .init("objective", .numbers(looks.map(\.objective))),
      .init("psnr", .numbers(looks.map(\.psnr))), .init("seconds", .real(seconds)),
      .init("theta_before", degrees(before.map(\.theta))), .init("theta_after", degrees(after.map(\.theta))),
      .init("bandwidth_before", degrees(before.map(\.bandwidth))),
      .init("bandwidth_after", degrees(after.map(\.bandwidth))),
      .init("explained_before", .numbers(before.map(\.explained))),
      .init("explained_after", .numbers(after.map(\.explained))),
    ]
  }
}
