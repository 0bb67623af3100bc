import Foundation
import KernelBanks
import Neuromorphic

/// How a bank or a chip is named: by a name that comes with Rheobase, or by the path of a file.
struct NameOrPath {
  let kind: String
  let known: [String]
  let suffix: String

  static let bank = NameOrPath(kind: "bank", known: BankDesign.presets.map(\.name), suffix: ".npz")
  static let start = NameOrPath(kind: bank.kind, known: bank.known + [Learn.noise], suffix: bank.suffix)
  static let chip = NameOrPath(kind: "chip", known: ChipDescription.bundledNames, suffix: ".yaml")

  /// - Throws: `ExperimentError` if the name is not known and not a path either. Whether there is a file is not asked.
  func check(_ name: String) throws(ExperimentError) {
    guard known.contains(name) || isPath(name) else {
      throw ExperimentError(
        "unknown \(kind) '\(name)'; known: \(known.joined(separator: ", ")), and paths of \(kind) files (*\(suffix))")
    }
  }

  /// The same whatever the working directory; a relative path starts at `folder`, or at the working directory.
  func absolute(_ name: String, from folder: URL? = nil) -> String {
    known.contains(name) || !isPath(name) ? name : absolutePath(name, from: folder)
  }

  private func isPath(_ name: String) -> Bool { name.contains("/") || name.hasSuffix(suffix) }
}

/// The path from the root; a relative one starts at `folder`, or at the working directory.
func absolutePath(_ path: String, from folder: URL? = nil) -> String {
  URL(fileURLWithPath: path, relativeTo: folder).standardizedFileURL.path
}

extension RunConfiguration {
  /// Checks the names of banks and chip, without a look at any file.
  ///
  /// - Throws: `ExperimentError` with the known names.
  public func checkNames() throws(ExperimentError) {
    try NameOrPath.bank.check(bank)
    if let inputBank { try NameOrPath.bank.check(inputBank) }
    try NameOrPath.chip.check(chip)
  }

  /// The same run whatever the working directory; relative paths start at `folder`, or at the working directory.
  func withAbsolutePaths(from folder: URL? = nil) -> RunConfiguration {
    var run = self
    run.image = image.map { absolutePath($0, from: folder) }
    run.events = events.map { absolutePath($0, from: folder) }
    run.bank = NameOrPath.bank.absolute(bank, from: folder)
    run.inputBank = inputBank.map { NameOrPath.bank.absolute($0, from: folder) }
    run.chip = NameOrPath.chip.absolute(chip, from: folder)
    return run
  }
}
