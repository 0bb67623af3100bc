import DataFiles
import Foundation
import Reports

/// One piece of a study, done by one process into one file.
struct StudyTask: Sendable {
  enum Kind: Sendable {
    /// Learn a bank from a start.
    case learn(start: String, fold: Int)
    /// The study's protocol on a photograph.
    case published(image: String, bank: StudyBank)
    /// How the protocol goes on when it is given more iterations.
    case convergence(image: String, bank: StudyBank)
    /// Certified codes at unit norm, one for each λ.
    case codes(image: String, bank: StudyBank)
    /// All banks and inputs on a chip.
    case chip(image: String, chip: String)
    /// What sending a frame costs on a chip.
    case input(image: String, chip: String)
    /// Damaged events and weights on a chip.
    case chipDamage(image: String, bank: StudyBank, chip: String)
  }

  let kind: Kind

  /// Unique, and fit for a file name.
  var id: String {
    switch kind {
    case .learn(let start, let fold): fold == 0 ? "learn-\(start)" : "learn-\(start)-\(fold + 1)"
    case .published(let image, let bank): "published-\(bankName(image))-\(bank.fileName)"
    case .convergence(let image, let bank): "convergence-\(bankName(image))-\(bank.fileName)"
    case .codes(let image, let bank): "codes-\(bankName(image))-\(bank.fileName)"
    case .chip(let image, let chip): "chip-\(bankName(image))-\(bankName(chip))"
    case .input(let image, let chip): "input-\(bankName(image))-\(bankName(chip))"
    case .chipDamage(let image, let bank, let chip): "damage-\(bankName(image))-\(bank.fileName)-\(bankName(chip))"
    }
  }

  /// The photograph's path, if there is one.
  var image: String? {
    switch kind {
    case .learn: nil
    case .published(let image, _), .convergence(let image, _), .codes(let image, _), .chip(let image, _),
      .input(let image, _), .chipDamage(let image, _, _):
      image
    }
  }

  /// Tasks that must be done before.
  func requirements(_ options: StudyOptions, _ folds: StudyFolds) -> [String] {
    switch kind {
    case .learn, .input: []
    case .published(_, let bank), .convergence(_, let bank), .codes(_, let bank), .chipDamage(_, let bank, _):
      bank.task.map { [$0] } ?? []
    case .chip(let image, _): options.learntBanks.compactMap { folds.bank($0, for: image).task }
    }
  }

  /// Every task of a study: learning first, as others wait for it, and the slowest last.
  static func all(_ options: StudyOptions) throws -> [StudyTask] {
    let (images, folds) = (try options.images(), try options.folds())
    var kinds = options.bankFiles.compactMap { bank in
      if case .learnt(let start) = bank.origin { Kind.learn(start: start, fold: bank.fold) } else { nil }
    }
    for image in images {
      kinds += options.studyBanks.map { .published(image: image, bank: folds.bank($0, for: image)) }
      kinds += options.banks.map { .codes(image: image, bank: folds.bank($0, for: image)) }
    }
    for image in try options.imagesOfChips() {
      kinds += options.chips.map { .chip(image: image, chip: $0) }
      kinds += options.chips.map { .input(image: image, chip: $0) }
      if let chip = options.chips.first {
        kinds += options.damagedBanks.map { .chipDamage(image: image, bank: folds.bank($0, for: image), chip: chip) }
      }
    }
    for image in images {
      kinds += options.studyBanks.prefix(2).map { .convergence(image: image, bank: $0) }
    }
    return kinds.map(StudyTask.init)
  }
}

/// A task's result in the folder `cells`.
struct StudyCell {
  let fingerprint: String
  let result: JSONValue

  static func path(_ id: String, _ output: String) -> String { "\(output)/cells/\(id).json" }

  /// Nil if there is none, or it cannot be read.
  init?(of id: String, in output: String) {
    guard let data = FileManager.default.contents(atPath: Self.path(id, output)),
      let json = try? JSONValue(parsing: data), case .text(let fingerprint)? = json["fingerprint"],
      let result = json["result"]
    else { return nil }
    (self.fingerprint, self.result) = (fingerprint, result)
  }

  static func write(_ result: JSONValue, of id: String, fingerprint: String, to output: String) throws {
    let json = JSONValue.object([.init("fingerprint", .text(fingerprint)), .init("result", result)])
    try AtomicFile.write(Data(json.text(expandedDepth: 2).utf8), to: path(id, output))
  }
}

extension JSONValue {
  /// A number under a name; NaN if there is none.
  func number(_ name: String) -> Double { self[name]?.asNumber ?? .nan }

  /// A list of numbers under a name; empty if there is none.
  func numbers(_ name: String) -> [Double] { (self[name]?.asList ?? []).map { $0.asNumber ?? .nan } }

  /// The texts of a list under a name; empty if there is none.
  func texts(_ name: String) -> [String] { (self[name]?.asList ?? []).compactMap(\.asText) }

  static func numbers(_ values: some Sequence<Double>) -> JSONValue { .list(values.map { .real($0) }) }
}
