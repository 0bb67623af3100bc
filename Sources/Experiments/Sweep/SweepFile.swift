import DataFiles
import Foundation
import SparseCoding

/// What `sweep.yaml` says: a base, axes over keys of `run.yaml`, and how they are combined.
struct SweepFile {
  /// What is done with points that their chip, model and input make impossible.
  enum Impossible: String, CaseIterable { case refuse, skip }

  static let mostRepeats = 10_000

  private let root: YAMLReader
  /// Where relative paths start.
  let folder: URL
  /// What all points share.
  private(set) var base: RunConfiguration
  /// Axes of which every combination is a point.
  private(set) var grid: [SweepAxis] = []
  /// Axes that are sampled together; nil without them.
  private(set) var hypercube: LatinHypercube?
  private(set) var repeats = 1
  private(set) var impossible = Impossible.refuse

  /// Reads the file.
  ///
  /// - Throws: `YAMLError` with file, line and column, or `FileError`.
  init(contentsOf path: String) throws {
    let data = try bytes(ofFile: path, maximumBytes: 1 << 20)
    guard let text = String(data: data, encoding: .utf8) else { throw YAMLError("\(path): a sweep is UTF-8 text") }
    let root = try YAMLReader(text: text, file: path)
    try Schema.sweep.check(root)
    try root.allowKeys(["schema", "base", "axes", "latin_hypercube", "repeats", "impossible"])
    self.root = root
    folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    base = RunConfiguration()
    base.crop = try Crop(size: 64)
    base.traces = []
    let reading = SweepAxis.Reading(file: path, folder: folder)
    try root.optional("base")?.read(into: &base)
    if let axes = try root.optional("axes") { grid = try reading.axes(axes) }
    hypercube = try root.optional("latin_hypercube").map { try LatinHypercube($0, reading) }
    repeats = try root.optional("repeats")?.integer(in: 1...Self.mostRepeats) ?? 1
    if let reader = try root.optional("impossible") { impossible = try reader.choice() }
    try checkAxes(root)
  }

  /// The keys of all axes, in the order of columns.
  var keys: [RunKey] { axes.flatMap(\.keys) }

  /// All axes.
  var axes: [SweepAxis] { grid + (hypercube?.axes ?? []) }

  /// An error at the first axis that sets one of these keys, else where the base does, else of the file.
  func failure(of keys: [String], _ message: String) -> YAMLError {
    if let axis = axes.first(where: { $0.keys.contains { keys.contains($0.name) } }) { return axis.failure(message) }
    let base = try? root.optional("base")
    let places = keys.compactMap { try? base?.present($0) }
    return (places.first ?? root).failure(message)
  }

  private func checkAxes(_ root: YAMLReader) throws {
    guard !keys.isEmpty else { throw root.failure("a sweep needs an axis, under axes or latin_hypercube.axes") }
    var names: Set<String> = []
    for axis in axes {
      for key in axis.keys where !names.insert(key.name).inserted {
        throw axis.failure("two axes set the key '\(key.name)'; one is possible")
      }
    }
    guard let base = try root.optional("base") else { return try checkChipKeys(root, nil) }
    if let both = try base.keys().first(where: names.contains) {
      throw try base.required(both).failure("an axis sets this key too; leave it out of the base")
    }
    try checkChipKeys(root, base)
  }

  /// Numbers of the chip have two names: their own, and an entry of `chip_changes`, which would replace all others.
  private func checkChipKeys(_ root: YAMLReader, _ base: YAMLReader?) throws {
    let names = keys.map(\.name)
    if let changes = try base?.optional(RunKey.chipChanges) {
      for key in try changes.keys() where names.contains(RunKey.chipPrefix + key) {
        throw changes.failure("an axis sets \(RunKey.chipPrefix)\(key) too; leave \(key) out here")
      }
    }
    guard let axis = axes.first(where: { $0.keys.contains { $0.name == RunKey.chipChanges } }) else { return }
    if let other = try (names + (base?.keys() ?? [])).first(where: { $0.hasPrefix(RunKey.chipPrefix) }) {
      throw axis.failure("it replaces all numbers of the chip, and \(other) is set too; use one of the two")
    }
  }
}
