import DataFiles
import Neuromorphic

/// Names all that the result of a task depends on: a result found in the folder is the task's if the names are the same.
///
/// A file is read once, whatever the number of tasks that depend on it.
struct StudyFingerprints {
  let options: StudyOptions
  private var contents: [String: String] = [:]
  private var learning: [String]?

  init(_ options: StudyOptions) { self.options = options }

  /// - Throws: `FileError` or `NeuromorphicError` if a photograph or a chip file cannot be read.
  mutating func callAsFunction(_ task: StudyTask) throws -> String {
    var parts = ["3", task.id, "crop \(options.cropSize ?? 0)", "seed \(options.seed)"]
    if let image = task.image { parts.append(try content(ofImage: image)) }
    switch task.kind {
    case .learn: parts += try learntFrom()
    case .convergence: parts += ["\(options.convergenceCrop)", "gap \(options.relativeGap)"]
    case .chip(_, let chip):
      parts += ["\(options.dial)", "\(options.stepLimit)", try content(ofChip: chip)]
      parts += try learntFrom()
    case .published(_, let bank):
      if bank.task != nil { parts += try learntFrom() }
    case .codes(_, let bank):
      parts += ["\(options.lambdas.sorted())", "gap \(options.relativeGap)", "square \(options.codedSquare ?? 0)"]
      if bank.task != nil { parts += try learntFrom() }
    case .chipDamage(_, let bank, let chip):
      parts += [try content(ofChip: chip), "\(StudyChips.damages.map { "\($0.name) \($0.levels)" })"]
      if bank.task != nil { parts += try learntFrom() }
    case .input(_, let chip): parts.append(try content(ofChip: chip))
    }
    return parts.joined(separator: "; ")
  }

  /// What learnt banks depend on: another photograph to learn from makes other banks.
  private mutating func learntFrom() throws -> [String] {
    guard options.learningSteps > 0 else { return ["steps 0"] }
    if let learning { return learning }
    let images = try options.learningImages()
    var parts = ["steps \(options.learningSteps)", "learnt"]
    for image in images.learnt { parts.append(try content(ofImage: image)) }
    parts.append("held out")
    for image in images.heldOut { parts.append(try content(ofImage: image)) }
    learning = parts
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
