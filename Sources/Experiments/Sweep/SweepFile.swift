import DataFiles
import Foundation
import SparseCoding

/// What `sweep.yaml` says: a base, axes over keys of `run.yaml`, and how they are combined.
struct SweepFile {
  static let schema = "rheobase.sweep/1"

  /// What is done with points that their chip, model and input make impossible.
  enum Impossible: String, CaseIterable { case refuse, skip }

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
    try root.allowKeys(["schema", "base", "axes", "latin_hypercube", "repeats", "impossible"])
    let schema = try root.required("schema")
    guard try schema.text() == Self.schema else { throw schema.failure("the schema '\(Self.schema)' is expected") }
    folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    base = RunConfiguration()
    base.crop = try Crop(size: 64)
    base.traces = []
    let reading = SweepAxis.Reading(file: path, folder: folder)
    if let base = try root.optional("base") { try read(base: base) }
    if let axes = try root.optional("axes") { grid = try reading.axes(axes) }
    hypercube = try root.optional("latin_hypercube").map { try LatinHypercube($0, reading) }
    repeats = try root.optional("repeats")?.integer(in: 1...10_000) ?? 1
    if let reader = try root.optional("impossible") { impossible = try reader.choice() }
    try checkAxes(root)
  }

  private mutating func read(base: YAMLReader) throws {
    try base.allowKeys(RunKey.all.map(\.name))
    for key in RunKey.all {
      if let value = try base.present(key.name) { try value.explaining { try key.read($0, &self.base) } }
    }
  }

  /// The keys of all axes, in the order of columns.
  var keys: [RunKey] { (grid + (hypercube?.axes ?? [])).flatMap(\.keys) }

  private func checkAxes(_ root: YAMLReader) throws {
    guard !keys.isEmpty else { throw root.failure("a sweep needs an axis, under axes or latin_hypercube.axes") }
    let names = keys.map(\.name)
    if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
      throw root.failure("two axes set the key '\(names[twice])'; one is possible")
    }
    if let base = try root.optional("base"), let both = try base.keys().first(where: names.contains) {
      throw try base.required(both).failure("an axis sets this key too; leave it out of the base")
    }
  }
}
