import DataFiles
import Foundation
import Neuromorphic
import Reports

/// Every point of a sweep, fully resolved, in order: the first axis changes slowest, repeats fastest.
public struct SweepPlan {
  /// A point.
  package struct Point {
    /// What decides the result, hashed; also the name of its files.
    package let id: String
    /// One for each axis: the value as the sweep's file has it.
    package let axisValues: [String]
    package let configuration: RunConfiguration
  }

  /// Names of the axes; `repeat` counts repetitions.
  public let axes: [String]
  /// Names of axes that change together.
  package let coupledAxes: [[String]]
  package private(set) var points: [Point]
  /// What all combinations are the product of: each axis, the samples of a hypercube, repeats.
  let factors: [(name: String, count: Int)]
  /// Samples that were the same as earlier ones.
  public private(set) var doubles = 0
  /// What no chip can run and was left out: how often each reason was given.
  public private(set) var skipped: [String: Int] = [:]

  /// Hashes of the contents of all files that points name, by their paths.
  private(set) var contents: [String: String] = [:]

  /// How many points there are.
  public var count: Int { points.count }

  /// Makes the plan of a sweep's file; files that it names must be there.
  ///
  /// - Throws: one line that names file, axis and value of what is wrong.
  public init(contentsOf path: String, progress: ProgressHandler = { _ in }) throws {
    progress("reading \(path) and its files")
    let file = try SweepFile(contentsOf: path)
    axes = file.keys.map(\.name) + (file.repeats > 1 ? ["repeat"] : [])
    coupledAxes = file.axes.filter { $0.keys.count > 1 }.map { $0.keys.map(\.name) }
    points = []
    factors = try Self.factors(file)
    var collector = PointCollector(file: file, path: path)
    try collector.inputs.check(file)
    let combinations = try Self.combinations(file)
    for (place, settings) in combinations.enumerated() {
      if place.isMultiple(of: 50) {
        progress(.init("planning", done: Double(place), of: Double(combinations.count), unit: "points"))
      }
      try add(settings, &collector)
    }
    contents = collector.identity.contents
    guard !points.isEmpty else {
      throw ExperimentError("\(path): no point is left: \(skipped.keys.sorted().joined(separator: "; "))")
    }
  }

  /// What is needed to add points one after the other.
  private struct PointCollector {
    let file: SweepFile
    let path: String
    var identity = PointIdentity()
    var inputs = SweepInputs()
    var checker = PointChecker()
    var axisValuesByID: [String: [String]] = [:]
  }

  /// Adds the repeats of a point, unless it is impossible.
  private mutating func add(_ settings: [SweepAxis.Setting], _ collector: inout PointCollector) throws {
    let file = collector.file
    var run = file.base
    for setting in settings { try setting(&run) }
    let values = file.keys.map { $0.label(run) }
    run = run.withAbsolutePaths(from: file.folder)
    let point = "the point \(Self.text(axes, values))"
    guard run.image != nil || run.events != nil else {
      throw file.failure(of: ["image"], "no image is given; set image, in the base or as an axis")
    }
    let chip: ChipDescription
    do {
      chip = try collector.inputs.chip(of: run)
    } catch {
      throw file.failure(of: run.chipChanges.sorted.map { RunKey.chipPrefix + $0.key } + ["chip"], "\(point): \(error)")
    }
    // No combination: nothing is left out for it.
    do {
      try run.checkProbesAreRecorded()
    } catch {
      throw file.failure(of: ["probes", "traces"], "\(point): \(error)")
    }
    if let problem = collector.checker.problem(with: run, on: chip, &collector.inputs) {
      guard file.impossible == .skip else {
        throw file.failure(
          of: problem.keys,
          "\(point) cannot run: \(problem.message); impossible: skip leaves such points out")
      }
      skipped[problem.message, default: 0] += 1
      return
    }
    for count in 1...file.repeats {
      let id = try collector.identity.id(of: run, repetition: count)
      try add(
        Point(id: id, axisValues: values + (file.repeats > 1 ? ["\(count)"] : []), configuration: run), &collector)
    }
  }

  /// Adds a point, unless it is there.
  private mutating func add(_ point: Point, _ collector: inout PointCollector) throws {
    guard let former = collector.axisValuesByID.updateValue(point.axisValues, forKey: point.id) else {
      return points.append(point)
    }
    guard former == point.axisValues else {
      throw ExperimentError(
        "\(collector.path): the points \(Self.text(axes, former)) and \(Self.text(axes, point.axisValues)) are "
          + "the same: their files have the same content")
    }
    doubles += 1
  }

  private static func factors(_ file: SweepFile) throws -> [(name: String, count: Int)] {
    func names(_ axes: [SweepAxis]) -> String { axes.flatMap(\.keys).map(\.name).joined(separator: ", ") }
    return try file.grid.map { (names([$0]), try $0.listed.count) }
      + (file.hypercube.map { [("samples of \(names($0.axes))", $0.count)] } ?? [])
      + (file.repeats > 1 ? [("repeat", file.repeats)] : [])
  }

  /// What sets each point, repeats not counted.
  private static func combinations(_ file: SweepFile) throws -> [[SweepAxis.Setting]] {
    var combinations: [[SweepAxis.Setting]] = [[]]
    let factors = try file.grid.map { try $0.listed.map { [$0] } } + (file.hypercube.map { [try $0.settings] } ?? [])
    let count = factors.reduce(file.repeats) {
      $0.multipliedReportingOverflow(by: $1.count).overflow ? .max : $0 * $1.count
    }
    guard count <= mostPoints else {
      throw ExperimentError("the sweep has \(count) points; at most \(mostPoints) can be planned")
    }
    for axis in file.grid { try checkDifferent(axis, file.base) }
    for settings in factors {
      combinations = combinations.flatMap { former in settings.map { former + $0 } }
    }
    return combinations
  }

  /// - Throws: `YAMLError` if two values of an axis are the same, or one is impossible.
  private static func checkDifferent(_ axis: SweepAxis, _ base: RunConfiguration) throws {
    var seen: Set<String> = []
    for setting in try axis.listed {
      var run = base
      try setting(&run)
      let value = axis.keys.map { $0.label(run) }.joined(separator: ", ")
      guard seen.insert(value).inserted else { throw axis.failure("\(value) is given twice") }
    }
  }

  private static let mostPoints = 1_000_000

  private static func text(_ names: [String], _ values: [String]) -> String {
    zip(names, values).map { "\($0)=\($1)" }.joined(separator: " ")
  }
}

/// Names points by all that decides their results: every key of `run.yaml`, the contents of files in place of their
/// paths.
struct PointIdentity {
  /// Hashes of the contents of files, by their paths.
  private(set) var contents: [String: String] = [:]

  /// - Throws: `FileError` if a file that the configuration names cannot be read.
  mutating func id(of run: RunConfiguration, repetition: Int) throws -> String {
    Self.hash(try hash(of: run), repetition: repetition).text
  }

  /// Whether a name is that of this configuration, whichever repetition it is.
  ///
  /// - Throws: as `id(of:repetition:)`.
  mutating func isName(_ id: String, of run: RunConfiguration) throws -> Bool {
    let hash = try hash(of: run)
    return (1...SweepFile.mostRepeats).contains { Self.hash(hash, repetition: $0).text == id }
  }

  private mutating func hash(of run: RunConfiguration) throws -> ContentHash {
    var hash = ContentHash()
    for key in RunKey.said(by: run) {
      hash.add("\(key.name): \(try value(of: key, in: run))\n".utf8)
    }
    return hash
  }

  private static func hash(_ hash: ContentHash, repetition: Int) -> ContentHash {
    var hash = hash
    if repetition > 1 { hash.add("repeat: \(repetition)\n".utf8) }
    return hash
  }

  /// The files and the chip of a configuration that has been hashed which have other contents than formerly, each as a
  /// sentence begins with it.
  func changedParts(of run: RunConfiguration, since former: [String: String]) -> [String] {
    let files = SweepInputs.fileKeys.compactMap { Self.file(ofKey: $0, in: run) }.uniqued()
    return changed(among: files, since: former).map {
      NameOrPath.chip.known.contains($0) ? "the chip \($0) of this version" : "\($0):"
    }
  }

  /// Those of some files and chips that have been hashed which have other contents than formerly.
  func changed(among files: [String], since former: [String: String]) -> [String] {
    files.filter { file in former[file].flatMap { before in contents[file].map { $0 != before } } ?? false }
  }

  /// Hashes files and chips; those that cannot be read are left out of `contents`.
  mutating func hash(_ files: [String]) {
    for file in files { contents[file] = try? Self.content(of: file, isChip: NameOrPath.chip.known.contains(file)) }
  }

  /// Hashes the files of a configuration; one that cannot be read is left to whoever needs it.
  mutating func hashFiles(of run: RunConfiguration) {
    for key in RunKey.all { _ = try? value(of: key, in: run) }
  }

  /// The file that a key names. A chip that comes with Rheobase is one, too, which a new version may change.
  static func file(ofKey key: String, in run: RunConfiguration) -> String? {
    key == "chip" ? run.chip : SweepInputs.path(of: key, in: run)
  }

  private mutating func value(of key: RunKey, in run: RunConfiguration) throws -> String {
    guard let file = Self.file(ofKey: key.name, in: run) else { return key.write(run) }
    if let known = contents[file] { return known }
    let content = try Self.content(of: file, isChip: key.name == "chip")
    contents[file] = content
    return content
  }

  private static func content(of file: String, isChip: Bool) throws -> String {
    (isChip ? ContentHash(try ChipDescription.text(of: file)) : try ContentHash.ofFile(file)).text
  }
}

extension RunKey {
  /// The value in a configuration as a person writes it, without quotes.
  func label(_ run: RunConfiguration) -> String {
    if case .text(let text) = json(run) { return text }
    return write(run)
  }

  /// The value in a configuration as JSON.
  func json(_ run: RunConfiguration) -> JSONValue {
    let text = write(run)
    // Quoted YAML is quoted as JSON is; null, flags and numbers are the same in both. The rest are words, and lists of
    // them.
    if let value = try? JSONValue(parsing: Data(text.utf8)) { return value }
    guard text.hasPrefix("["), let list = try? YAMLReader(text: text, file: name).list() else { return .text(text) }
    return .list(list.map { .text((try? $0.text()) ?? "") })
  }
}
