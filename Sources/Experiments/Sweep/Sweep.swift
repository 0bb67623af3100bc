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
    /// Whether it ends at its target, not after a number of steps.
    let runsToTarget: Bool
  }

  /// The files of its points.
  let files: SweepFolder
  /// Configurations of a plan that is not written; empty if they are in the folder.
  private let unwritten: [String: RunConfiguration]
  /// Names of the axes.
  public let axes: [String]
  /// Names of axes that change together.
  let coupledAxes: [[String]]
  /// The points, in the order of the plan.
  public let points: [Point]

  /// The sweep's folder, an absolute path.
  public var folder: String { files.path }

  /// Reads the plan in a sweep's folder.
  ///
  /// - Throws: `FileError` if there is none, `ExperimentError` if it is not one.
  public init(contentsOf folder: String) throws {
    (files, unwritten) = (SweepFolder(folder), [:])
    let path = "\(folder)/\(Self.manifestName)"
    guard FileManager.default.fileExists(atPath: path) else {
      let isFile = [".yaml", ".yml"].contains { folder.hasSuffix($0) }
      throw ExperimentError(
        "\(folder): is not the folder of a sweep; make one with rheobase sweep plan "
          + (isFile ? "\(folder) --output DIR, and name DIR" : "SWEEP.yaml --output \(folder)"))
    }
    let stored = try StoredPlan(contentsOf: path)
    (axes, coupledAxes) = (stored.axes, stored.coupled ?? [])
    points = stored.points.map { point in
      Point(
        id: point.id, axisValues: stored.axes.map { point.axes[$0] ?? "" },
        runsToTarget: point.configuration.timesteps == nil)
    }
  }

  /// A sweep whose plan is not written into its folder, for looking at.
  public init(_ plan: SweepPlan, unwrittenIn folder: String) {
    files = SweepFolder(folder)
    unwritten = Dictionary(uniqueKeysWithValues: plan.points.map { ($0.id, $0.configuration) })
    (axes, coupledAxes) = (plan.axes, plan.coupledAxes)
    points = plan.points.map { point in
      Point(id: point.id, axisValues: point.axisValues, runsToTarget: point.configuration.timesteps == nil)
    }
  }

  /// The configuration of a point.
  ///
  /// - Throws: `ExperimentError` if its file is gone, else as `RunConfiguration`.
  func configuration(of id: String) throws -> RunConfiguration { try unwritten[id] ?? files.configuration(of: id) }

  /// Checks that a folder can have a plan: is new, empty, or that of a former plan of the same file, or of one that the
  /// plan has all points of. Of the sweep of another file the plan and the tables would be lost.
  ///
  /// - Returns: a line on the points of the former plan that this one has not; nil if there are none.
  /// - Throws: `ExperimentError` if the folder cannot.
  @discardableResult
  public static func check(_ plan: SweepPlan, of file: String, in folder: String) throws -> String? {
    try SweepLock.check(folder: folder)
    guard let former = try StoredPlan(inFolder: folder) else { return nil }
    let dropped = Set(former.points.map(\.id)).subtracting(plan.points.map(\.id)).count
    guard dropped > 0 else { return nil }
    if let other = former.file, let own = recorded(file, folder), other != own,
      FileManager.default.fileExists(atPath: other)
    {
      throw ExperimentError(
        "\(folder): belongs to the sweep \(other), whose plan and tables \(file) would replace; "
          + "name another folder with --output, or change the former file")
    }
    return "\(dropped) of the former plan's \(former.points.count.counted("point")) \(dropped == 1 ? "is" : "are") "
      + "not in this one; results of such points stay, and do not count"
  }

  /// What a plan calls the file that it is made of; nil for the copy in its folder, as that is of another file.
  private static func recorded(_ file: String, _ folder: String) -> String? {
    resolvedPath(file) == resolvedPath("\(folder)/\(copyName)") ? nil : resolvedPath(file)
  }

  /// Writes a plan into a sweep's folder, a new or an empty one, or that of a former plan, whose results stay.
  ///
  /// - Parameter file: the sweep's file, which is copied.
  /// - Returns: as `check(_:of:in:)`.
  /// - Throws: `ExperimentError` if the folder holds something else, `FileError` if it cannot be written.
  @discardableResult
  public static func write(_ plan: SweepPlan, of file: String, to folder: String) throws -> String? {
    let note = try check(plan, of: file, in: folder)
    let recorded = try recorded(file, folder) ?? StoredPlan(inFolder: folder)?.file
    for point in plan.points {
      let path = "\(folder)/runs/\(point.id).yaml"
      let text = Data(point.configuration.yaml.utf8)
      if FileManager.default.contents(atPath: path) != text { try AtomicFile.write(text, to: path) }
    }
    try AtomicFile.write(bytes(ofFile: file, maximumBytes: 1 << 20), to: "\(folder)/\(copyName)")
    let contents = plan.contents.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .text($0.value)) }
    try AtomicFile.write(Data(JSONValue.object(contents).text().utf8), to: SweepFolder(folder).contentsFile)
    let manifest = plan.json(of: recorded).text(expandedDepth: 2)
    try AtomicFile.write(Data(manifest.utf8), to: "\(folder)/\(manifestName)")
    let runs = Set(plan.points.map { "\($0.id).yaml" })
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/runs")) ?? []
    where !runs.contains(name) {
      try? FileManager.default.removeItem(atPath: "\(folder)/runs/\(name)")
    }
    return note
  }

  package static let manifestName = "manifest.json"
  /// The copy of the sweep's file.
  private static let copyName = "sweep.yaml"

  // MARK: What is done

  /// How many results are of no point of the plan, as it was another one once.
  var strangers: Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/points")) ?? []
    // Pages and charts of results may lie beside them.
    return Set(names.filter(SweepFolder.isID)).subtracting(points.map(\.id)).count
  }

  /// Names of points of the plan that are done.
  public var done: Set<String> { done(beside: []) }

  /// The same where some are known to be done: only the others are looked into.
  func done(beside known: Set<String>) -> Set<String> {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/points")) ?? []
    return Set(names).intersection(points.map(\.id)).filter { known.contains($0) || files.isDone($0) }
  }

  /// Names of points that are not done, in the order of the plan.
  var missing: [String] {
    let done = done
    return points.map(\.id).filter { !done.contains($0) }
  }

  /// Checks that these points would still be run as they were planned.
  ///
  /// - Throws: `ExperimentError` naming the first that would not.
  func checkUnchanged(_ ids: [String]) throws {
    // A plan that is not written has just been made.
    guard unwritten.isEmpty else { return }
    var identity = PointIdentity()
    for id in ids { try files.checkUnchanged(id, &identity) }
  }

  /// Points that failed and are not done, with the last error of each; what is damaged has failed, too.
  func failures(beside done: Set<String>) -> [String: Failure] {
    let missing = Set(points.map(\.id)).subtracting(done)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/failures")) ?? []
    let ids = names.filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) }.filter(missing.contains)
    let failed = Dictionary(uniqueKeysWithValues: ids.compactMap { id in files.failure(of: id).map { (id, $0) } })
    return failed.merging(damages(beside: done).map { ($0.id, Failure(message: $0.text, attempts: 0)) }) { $1 }
  }

  /// Points whose folders are there, but damaged, in the order of the plan, each with what is wrong.
  func damages(beside done: Set<String>) -> [(id: String, text: String)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/points")) ?? []
    let damaged = Set(names).subtracting(done)
    return points.map(\.id).filter(damaged.contains).compactMap { id in files.damage(of: id).map { (id, $0) } }
  }

  /// What is known of a point that failed.
  public struct Failure: Equatable, Sendable {
    /// The last error, in one line.
    public let message: String
    /// How often it was tried since it was last done; 0 if it is damaged.
    public let attempts: Int
  }
}

extension SweepPlan {
  /// The text of `manifest.json` of a plan that is made of a file, one line a point.
  fileprivate func json(of file: String?) -> JSONValue {
    .object([
      .init("format", .integer(Int64(StoredPlan.format))), .init("file", file.map { .text($0) } ?? .null),
      .init("axes", .list(axes.map { .text($0) })),
      .init("coupled", .list(coupledAxes.map { .list($0.map { .text($0) }) })),
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
    let configuration: Configuration
  }

  struct Configuration: Decodable {
    let timesteps: Int?
  }

  let format: Int
  /// The path of the sweep's file; nil in plans of former versions.
  let file: String?
  let axes: [String]
  /// Axes that change together; nil in plans of former versions.
  let coupled: [[String]]?
  let points: [Point]

  /// - Throws: `FileError` if it cannot be read, `ExperimentError` if it is none.
  init(contentsOf path: String) throws {
    let data = try bytes(ofFile: path, maximumBytes: 1 << 30)
    guard let stored = try? JSONDecoder().decode(StoredPlan.self, from: data), stored.format == Self.format else {
      throw ExperimentError(
        "\(path): is not a plan of format \(Self.format), as rheobase sweep plan writes it; "
          + "remove it, and make the plan again")
    }
    self = stored
  }

  /// The plan in a folder; nil if there is none.
  ///
  /// - Throws: as `init(contentsOf:)`.
  init?(inFolder folder: String) throws {
    let path = "\(folder)/\(Sweep.manifestName)"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    try self.init(contentsOf: path)
  }
}
