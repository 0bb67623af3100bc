import DataFiles
import Foundation

/// A run file: a configuration, and, if it is the `run.yaml` of a result, what the files that it names contained then.
public struct RunFile {
  /// Where it lies.
  let path: String
  /// What it says.
  public let configuration: RunConfiguration
  /// Hashes of contents, by the paths of the files; empty in a file that somebody wrote.
  private let contents: [String: String]

  private static let contentsKey = "contents"

  /// Reads a run file. Keys that are absent keep their defaults; paths are relative to the file's folder.
  ///
  /// - Throws: `YAMLError` with file, line and column, or `FileError`.
  public init(contentsOf path: String) throws {
    let data = try bytes(ofFile: path, maximumBytes: 1 << 20)
    guard let text = String(data: data, encoding: .utf8) else {
      throw YAMLError("\(path): a run file is UTF-8 text; a photograph is given with --image")
    }
    let root = try YAMLReader(text: text, file: path)
    try Schema.run.check(root)
    var run = RunConfiguration()
    try root.read(into: &run, besides: ["schema", Self.contentsKey])
    run = run.withAbsolutePaths(from: URL(fileURLWithPath: path).deletingLastPathComponent())
    (self.path, configuration) = (path, run)
    contents = try root.present(Self.contentsKey).map { try Self.contents($0, of: run) } ?? [:]
  }

  private static func contents(_ value: YAMLReader, of run: RunConfiguration) throws -> [String: String] {
    try value.allowKeys(SweepInputs.fileKeys)
    var contents: [String: String] = [:]
    for key in SweepInputs.fileKeys {
      guard let hash = try value.present(key)?.text(), let file = PointIdentity.file(ofKey: key, in: run) else {
        continue
      }
      contents[file] = hash
    }
    return contents
  }

  /// The text of a result's `run.yaml`.
  ///
  /// - Parameter contents: Hashes of what the files that the run names contained, by their paths.
  static func text(_ run: RunConfiguration, contents: [String: String]) -> String {
    let hashes = SweepInputs.fileKeys.compactMap { key in
      PointIdentity.file(ofKey: key, in: run).flatMap { contents[$0] }.map { "\(key): \(quoted($0))" }
    }
    return run.yaml
      + "\(contentsKey): {\(hashes.joined(separator: ", "))}  # what these held, hashed: a run says if one has changed\n"
  }

  /// What has changed since the result, in a line for each file that a run still names; none if the file is of none.
  func changes(in identity: PointIdentity, of run: RunConfiguration) -> [String] {
    identity.changedParts(of: run, since: contents).map { "\($0) has changed since the result that \(path) is of" }
  }
}
