import DataFiles
import Foundation
import Neuromorphic

/// Names all that the result of a task depends on: a result found in the folder is the task's if the names are the
/// same.
///
/// A file is read once, whatever the number of tasks that depend on it.
struct StudyFingerprints {
  let options: StudyOptions
  private var contents: [String: String] = [:]
  private var learning: [String: [String]] = [:]
  private let folds: StudyFolds

  /// Raised when a task makes something else of the same.
  static let version = "10"

  /// - Throws: `ExperimentError` if there are no photographs.
  init(_ options: StudyOptions) throws { (self.options, folds) = (options, try options.folds()) }

  /// - Throws: `FileError` or `NeuromorphicError` if a photograph or a chip file cannot be read.
  mutating func callAsFunction(_ task: StudyTask) throws -> String {
    var parts = [Self.version, task.id, "crop \(options.cropSize ?? 0)", "seed \(options.seed)"]
    if let image = task.image { parts.append(try content(ofImage: image)) }
    switch task.kind {
    case .learn(let start, let fold): parts += try learntFrom(start, fold)
    case .convergence(_, let bank):
      parts += ["\(options.convergenceCrop)", "gap \(options.relativeGap)", StudyProtocol.convergenceFingerprint]
      parts += try content(of: bank)
    case .chip(let image, let chip):
      parts += ["\(options.stepLimit)", try content(ofChip: chip)]
      for bank in options.banks { parts += try content(of: folds.bank(bank, for: image)) }
    case .published(_, let bank): parts += try content(of: bank)
    case .codes(_, let bank):
      parts += [
        "\(options.codedLambdas(of: bank))", "gap \(options.relativeGap)", "square \(options.codedSquare ?? 0)",
      ]
      parts += try content(of: bank)
    case .chipDamage(_, let bank, let chip):
      parts += [try content(ofChip: chip), "\(StudyDamage.ofChips.map { "\($0.name) \($0.levels)" })"]
      parts += try content(of: bank)
    case .input(_, let chip):
      parts += [try content(ofChip: chip)] + (try content(of: options.heterogeneous))
    }
    return parts.joined(separator: "; ")
  }

  /// The bank's file; of a learnt bank also what it is learnt from, as the file may still be that of other photographs.
  private mutating func content(of bank: StudyBank) throws -> [String] {
    let path = bank.path(in: options.output)
    let file = try content(path) {
      FileManager.default.fileExists(atPath: path) ? "\(bank.fileName) \(try ContentHash.ofFile(path).text)" : "missing"
    }
    guard case .learnt(let start) = bank.origin else { return [file] }
    return [file] + (try learntFrom(start, bank.fold))
  }

  /// Whether a result is the task's; that of learning only as long as its bank is the one that was learnt.
  mutating func hold(_ cell: StudyCell, for task: StudyTask) throws -> Bool {
    guard try cell.fingerprint == self(task) else { return false }
    guard case .learn(let start, let fold) = task.kind else { return true }
    let path = StudyBank(origin: .learnt(start), fold: fold).path(in: options.output)
    guard FileManager.default.fileExists(atPath: path) else { return false }
    return cell.result["bank"]?.asText == (try ContentHash.ofFile(path).text)
  }

  /// What learnt banks depend on: another start, or another photograph to learn from, makes other banks.
  private mutating func learntFrom(_ start: String, _ fold: Int) throws -> [String] {
    guard options.learningSteps > 0 else { return ["steps 0"] }
    let name = "\(start) \(fold)"
    if let learning = learning[name] { return learning }
    let images = folds.all[fold]
    var parts = ["steps \(options.learningSteps)", options.whitens ? "learnt, whitened" : "learnt"]
    parts += StudyProtocol.learning.named.map { "\($0) \($1)" }.sorted()
    parts.append("from \(start) \(ContentHash(weightsOf: try options.start(start)).text)")
    for image in images.learnt { parts.append(try content(ofImage: image)) }
    parts.append("held out")
    for image in images.heldOut { parts.append(try content(ofImage: image)) }
    learning[name] = parts
    return parts
  }

  private mutating func content(ofImage path: String) throws -> String {
    try content(path) { "\(bankName(path)) \(try ContentHash.ofFile(path).value)" }
  }

  private mutating func content(ofChip chip: String) throws -> String {
    try content(chip) { "chip \(ContentHash(try ChipDescription.text(of: chip)).text)" }
  }

  private mutating func content(_ name: String, _ read: () throws -> String) throws -> String {
    if let known = contents[name] { return known }
    let content = try read()
    contents[name] = content
    return content
  }
}
