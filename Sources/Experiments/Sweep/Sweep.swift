import DataFiles
import Foundation
import Reports

/// The folder of a sweep: its plan, and what has been done of it.
///
/// Result folders are the truth: a point is done when its folder is there, which appears whole by a rename.
public struct Sweep: Sendable {
  /// A point of the plan.
  public struct Point: Sendable {
    /// The name of its files.
    public let id: String
    /// One value for each axis, as a person writes it.
    public let axisValues: [String]
  }

  /// The sweep's folder, an absolute path.
  public let folder: String
  /// Names of the axes.
  public let axes: [String]
  /// The points, in the order of the plan.
  public let points: [Point]

  /// Reads the plan in a sweep's folder.
  ///
  /// - Throws: `FileError` if there is none, `ExperimentError` if it is not one.
  public init(contentsOf folder: String) throws {
    self.folder = absolutePath(folder)
    let path = "\(folder)/\(Self.manifestName)"
    guard FileManager.default.fileExists(atPath: path) else {
      let isFile = [".yaml", ".yml"].contains { folder.hasSuffix($0) }
      throw ExperimentError(
        "\(folder): is not the folder of a sweep; make one with rheobase sweep plan "
          + (isFile ? "\(folder) --output DIR, and name DIR" : "SWEEP.yaml --output \(folder)"))
    }
    let data = try bytes(ofFile: path, maximumBytes: 1 << 30)
    guard let stored = try? JSONDecoder().decode(StoredPlan.self, from: data), stored.format == StoredPlan.format else {
      throw ExperimentError("\(path): is not a plan of format \(StoredPlan.format), as rheobase sweep plan writes it")
    }
    axes = stored.axes
    points = stored.points.map { point in
      Point(id: point.id, axisValues: stored.axes.map { point.axes[$0] ?? "" })
    }
  }

  /// Writes a plan into a sweep's folder, a new or an empty one, or that of a former plan, whose results stay.
  ///
  /// - Parameter file: the sweep's file, which is copied.
  /// - Throws: `FileError` if the folder holds something else, or cannot be written.
  public static func write(_ plan: SweepPlan, of file: String, to folder: String) throws {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    guard names.isEmpty || names.contains(manifestName) || names == [".lock"] else {
      throw FileError(path: folder, "holds other files than a sweep; name a new or an empty folder")
    }
    for point in plan.points {
      let path = "\(folder)/runs/\(point.id).yaml"
      let text = Data(point.configuration.yaml.utf8)
      if FileManager.default.contents(atPath: path) != text { try AtomicFile.write(text, to: path) }
    }
    try AtomicFile.write(bytes(ofFile: file, maximumBytes: 1 << 20), to: "\(folder)/sweep.yaml")
    try AtomicFile.write(Data(plan.json.text(expandedDepth: 2).utf8), to: "\(folder)/\(manifestName)")
    let runs = Set(plan.points.map { "\($0.id).yaml" })
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/runs")) ?? []
    where !runs.contains(name) {
      try? FileManager.default.removeItem(atPath: "\(folder)/runs/\(name)")
    }
  }

  static let manifestName = "manifest.json"

  // MARK: Files of a point

  func resultFolder(_ id: String) -> String { "\(folder)/points/\(id)" }
  func runFile(_ id: String) -> String { "\(folder)/runs/\(id).yaml" }
  private func failureFile(_ id: String) -> String { "\(folder)/failures/\(id).txt" }

  // MARK: What is done

  /// A folder without statistics is not whole, whoever took them out.
  func isDone(_ id: String) -> Bool { FileManager.default.fileExists(atPath: "\(resultFolder(id))/stats.json") }

  /// Names of points of the plan that are done.
  public var done: Set<String> {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/points")) ?? []
    return Set(names).intersection(points.map(\.id)).filter(isDone)
  }

  /// Names of points that are not done, in the order of the plan.
  var missing: [String] {
    let done = done
    return points.map(\.id).filter { !done.contains($0) }
  }

  /// Checks that these points would still be run as they were planned: their names tell all that decides a result.
  ///
  /// - Throws: `ExperimentError` naming the first that would not; a file that cannot be read is left to the run itself.
  func checkUnchanged(_ ids: Set<String>) throws {
    var identity = PointIdentity()
    let repeats = axes.firstIndex(of: "repeat")
    for point in points where ids.contains(point.id) {
      let run = try RunConfiguration(contentsOf: runFile(point.id))
      let repetition = repeats.flatMap { Int(point.axisValues[$0]) } ?? 1
      guard let id = try? identity.id(of: run, repetition: repetition), id != point.id else { continue }
      throw ExperimentError(
        "\(runFile(point.id)): it, or a file that it names, has changed since the plan; make the plan again with "
          + "rheobase sweep plan \(folder)/sweep.yaml --output \(folder)")
    }
  }

  /// Removes what a run of this point left that was killed, or a result that is not whole. It may only be called when the
  /// point is about to be run.
  func removeLeftovers(of ids: Set<String>) {
    for id in ids where !isDone(id) { try? FileManager.default.removeItem(atPath: resultFolder(id)) }
    let folder = "\(folder)/points"
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where name.hasPrefix(".") {
      guard let end = name.range(of: ".partial-") else { continue }
      let id = String(name[name.index(after: name.startIndex)..<end.lowerBound])
      if ids.contains(id) { try? FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
    }
  }

  // MARK: Failures

  /// What is known of a point that failed.
  public struct Failure: Equatable, Sendable {
    /// The last error, in one line.
    public let message: String
    /// How often it was tried since it was last done.
    public let attempts: Int
  }

  /// Points that failed and are not done, with the last error of each.
  public var failures: [String: Failure] {
    let missing = Set(missing)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/failures")) ?? []
    let ids = names.filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) }.filter(missing.contains)
    return Dictionary(uniqueKeysWithValues: ids.compactMap { id in failure(of: id).map { (id, $0) } })
  }

  private func failure(of id: String) -> Failure? {
    guard let data = FileManager.default.contents(atPath: failureFile(id)) else { return nil }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    guard lines.count == 2, let attempts = Int(lines[1].trimmingPrefix("attempts: ")) else { return nil }
    return Failure(message: String(lines[0]), attempts: attempts)
  }

  /// Notes that a point failed once more.
  func recordFailure(_ id: String, _ message: String) throws {
    let attempts = (failure(of: id)?.attempts ?? 0) + 1
    let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    try AtomicFile.write(Data("\(line)\nattempts: \(attempts)\n".utf8), to: failureFile(id))
  }

  /// Forgets the failures of a point that is done.
  func forgetFailure(_ id: String) { try? FileManager.default.removeItem(atPath: failureFile(id)) }
}

extension SweepPlan {
  /// The text of `manifest.json`, one line a point.
  var json: JSONValue {
    .object([
      .init("format", .integer(Int64(StoredPlan.format))), .init("axes", .list(axes.map { .text($0) })),
      .init(
        "points",
        .list(
          points.map { point in
            .object([
              .init("id", .text(point.id)),
              .init("axes", .object(zip(axes, point.axisValues).map { .init($0, .text($1)) })),
              .init("configuration", .object(RunKey.all.map { .init($0.name, $0.json(point.configuration)) })),
            ])
          })),
    ])
  }
}

/// What is read back of `manifest.json`; configurations are read from `runs`.
private struct StoredPlan: Decodable {
  static let format = 1

  struct Point: Decodable {
    let id: String
    let axes: [String: String]
  }

  let format: Int
  let axes: [String]
  let points: [Point]
}
