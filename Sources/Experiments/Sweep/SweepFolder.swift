import DataFiles
import Foundation
import Reports

/// The files of a sweep, point by point. They are found without the plan, which may be large.
package struct SweepFolder: Sendable {
  /// An absolute path.
  let path: String

  package init(_ path: String) { self.path = absolutePath(path) }

  /// Whether a name is that of a point.
  static func isID(_ name: some StringProtocol) -> Bool {
    String(name).wholeMatch(of: /[0-9a-f]{16}/) != nil
  }

  package func resultFolder(_ id: String) -> String { "\(path)/points/\(id)" }
  func runFile(_ id: String) -> String { "\(path)/runs/\(id).yaml" }
  private func failureFile(_ id: String) -> String { "\(path)/failures/\(id).txt" }

  /// The configuration of a point.
  ///
  /// - Throws: `ExperimentError` if its file is gone, else as `RunConfiguration`.
  func configuration(of id: String) throws -> RunConfiguration {
    guard FileManager.default.fileExists(atPath: runFile(id)) else {
      throw ExperimentError("\(runFile(id)): is gone; \(planAgain)")
    }
    return try RunConfiguration(contentsOf: runFile(id))
  }

  private var planAgain: String {
    "make the plan again from the file that it was made of: rheobase sweep plan SWEEP.yaml --output \(path.shellWord)"
  }

  // MARK: What is done

  /// A folder that lacks a file that every run writes, or has an empty one, or whose statistics are cut off or none, is
  /// not whole, whoever did that. What stands between their beginning and their end is read by who wants
  /// `result(of:)`: to read all of thousands takes seconds.
  package func isDone(_ id: String) -> Bool { Self.isWhole(resultFolder(id)) }

  private static func isWhole(_ result: String) -> Bool {
    guard (try? checkFiles(in: result)) != nil,
      let text = FileManager.default.contents(atPath: "\(result)/\(statisticsFile)")
    else { return false }
    return StatisticsFile.looksWhole(text) || (try? StatisticsFile(parsing: text)) != nil
  }

  private static func checkFiles(in result: String) throws {
    for name in fileNames {
      var status = stat()
      guard stat("\(result)/\(name)", &status) == 0 else {
        throw ExperimentError(
          errno == ENOENT ? "\(result): has no \(name)" : "\(result)/\(name): cannot be read: \(lastError())")
      }
      guard status.st_size > 0 else { throw ExperimentError("\(result)/\(name): is empty") }
    }
  }

  private static let fileNames = ChipRun.fileNames.sorted()
  private static let statisticsFile = "stats.json"

  /// The statistics of a point that is done, and what they say of its configuration.
  ///
  /// - Throws: what is wrong with its folder, or that there is none.
  func result(of id: String) throws -> StatisticsFile {
    try Self.checkFiles(in: resultFolder(id))
    try checkIsOfPoint(id)
    return try StatisticsFile(ofFile: "\(resultFolder(id))/\(Self.statisticsFile)")
  }

  /// Checks that the result is the point's, by what both configurations say: somebody may have copied another's folder.
  /// Where files lie may differ, as a sweep can move, and a former version may have had fewer keys.
  ///
  /// - Throws: `ExperimentError` naming the first key that differs.
  private func checkIsOfPoint(_ id: String) throws {
    let texts = [runFile(id), "\(resultFolder(id))/run.yaml"].map { FileManager.default.contents(atPath: $0) ?? Data() }
    // A result's goes on, behind the same keys, with what its files contained.
    guard texts[1].prefix(texts[0].count) != texts[0] else { return }
    let (planned, run) = (Self.lines(of: texts[0]), Self.lines(of: texts[1]))
    let other = planned.keys.sorted().first { key in
      !SweepInputs.fileKeys.contains(key) && run[key].map { $0 != planned[key] } == true
    }
    guard let other else { return }
    throw ExperimentError("\(resultFolder(id)): is the result of another point: its \(other) is \(run[other] ?? "")")
  }

  /// What stands behind each key of a configuration, as `RunConfiguration.yaml` writes it, a line each.
  private static func lines(of text: Data) -> [String: String] {
    let pairs = String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { line -> (String, String)? in
      guard let colon = line.firstIndex(of: ":"), line.first?.isLetter == true else { return nil }
      return (String(line[..<colon]), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
    }
    return Dictionary(pairs) { first, _ in first }
  }

  /// What is wrong with the folder of a point whose statistics cannot be had, and what to do; nil if there is none.
  /// What looks whole may be of another version, or out of reach for a moment: only who knows that it is not removes
  /// it.
  func damage(of id: String) -> String? {
    guard FileManager.default.fileExists(atPath: resultFolder(id)) else { return nil }
    do {
      _ = try result(of: id)
      return nil
    } catch {
      return "\(error); \(isDone(id) ? "remove its folder, and " : "")"
        + "rheobase sweep run \(path.shellWord) makes this point again"
    }
  }

  // MARK: What has changed

  /// Checks that the folder is still there: whoever would write into it would make it again.
  ///
  /// - Throws: `ExperimentError` if not.
  func checkIsThere() throws {
    var status = stat()
    // A network's file system may not answer for a moment, which says nothing of what it holds.
    guard stat("\(path)/\(Sweep.manifestName)", &status) != 0, [ENOENT, ENOTDIR].contains(errno) else { return }
    throw ExperimentError(
      "\(path): the sweep's folder has gone while the sweep ran, which ends here; "
        + "begin anew with rheobase sweep SWEEP.yaml --output \(path.shellWord)")
  }

  /// Checks that a point would still be run as it was planned: its name tells all that decides its result.
  ///
  /// - Throws: `ExperimentError` if not, naming the file; one that cannot be read is left to the run itself.
  func checkUnchanged(_ id: String, _ identity: inout PointIdentity) throws {
    let run = try configuration(of: id)
    guard let isMeant = try? identity.isName(id, of: run), !isMeant else { return }
    var changed = "\(runFile(id)): it, or a file that it names,"
    if let contents = plannedContents {
      changed = identity.changedParts(of: run, since: contents).first ?? "\(runFile(id)):"
    }
    throw ExperimentError("\(changed) has changed since the plan; \(planAgain)")
  }

  /// Contents of the files that points name, as they were planned: hashes by paths.
  var contentsFile: String { "\(path)/contents.json" }

  /// Nil in plans of former versions.
  private var plannedContents: [String: String]? {
    FileManager.default.contents(atPath: contentsFile).flatMap {
      try? JSONDecoder().decode([String: String].self, from: $0)
    }
  }

  /// Files and chips that are no longer what they were when the sweep was planned, and those that cannot be read any
  /// more.
  var filesSincePlan: (changed: [String], lost: [String]) {
    let planned = plannedContents ?? [:]
    let files = planned.keys.sorted()
    var identity = PointIdentity()
    identity.hash(files)
    return (identity.changed(among: files, since: planned), files.filter { identity.contents[$0] == nil })
  }

  /// Lets the file system look at the results again: that of a network may show a folder as it was up to a minute ago,
  /// until it is changed from here.
  package func lookAgain() {
    guard let aside = try? PartialFiles.makeFolder(for: resultFolder("look"), called: resultFolder("look")) else {
      return
    }
    PartialFiles.remove(aside)
  }

  // MARK: What was not finished

  /// Removes results of these points that are not whole, and what runs of them left that were killed.
  ///
  /// - Parameter lock: Who else runs points: as long as others may, only what processes of this machine left that are
  /// gone.
  package func removeLeftovers(of ids: Set<String>, _ lock: SweepWorkLock) {
    for id in ids {
      if !isDone(id) { removeUnfinished(id) }
      PartialFiles.removeAbandoned(for: resultFolder(id), everyone: lock.isExclusive)
    }
  }

  /// Removes a result that is not whole. Where others run points, a whole one may take its place any moment: so it is
  /// moved aside, looked at again, and only what is then not whole is removed.
  package func removeUnfinished(_ id: String) {
    let result = resultFolder(id)
    guard FileManager.default.fileExists(atPath: result),
      let aside = try? PartialFiles.makeFolder(for: result, called: result)
    else { return }
    PartialFiles.undisturbed {
      guard rename(result, aside) == 0, Self.isWhole(aside) else { return }
      // Where another whole one has come, it does not go back, and the one is as good as the other.
      rename(aside, result)
    }
    PartialFiles.remove(aside)
  }

  // MARK: Failures

  package func failure(of id: String) -> Sweep.Failure? {
    guard let data = FileManager.default.contents(atPath: failureFile(id)) else { return nil }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    guard lines.count == 2, let attempts = Int(lines[1].trimmingPrefix("attempts: ")) else { return nil }
    return Sweep.Failure(message: String(lines[0]), attempts: attempts)
  }

  /// Notes that a point failed once more.
  ///
  /// - Throws: `ExperimentError` if the sweep's folder has gone, `FileError` if the note cannot be written.
  package func recordFailure(_ id: String, _ message: String) throws {
    try checkIsThere()
    let attempts = (failure(of: id)?.attempts ?? 0) + 1
    let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    try AtomicFile.write(Data("\(line)\nattempts: \(attempts)\n".utf8), to: failureFile(id))
  }

  /// Forgets what failed of a point that is done, and what runs of it left that were killed.
  func forgetFailures(_ id: String) {
    try? FileManager.default.removeItem(atPath: failureFile(id))
    PartialFiles.removeAbandoned(for: resultFolder(id))
  }
}
