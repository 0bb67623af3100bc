import Foundation
import Synchronization

/// A result folder that appears whole or not at all.
///
/// Files are written under `path`, a hidden folder beside the destination; `commit()` renames it into place. Without a
/// `commit()` it goes away with the object. A folder that is in the way is replaced if it is empty or a former result
/// (it holds one of `OutputFolder.resultFiles`); anything else is an error, so that a slip costs nobody their files.
///
///     let folder = try OutputFolder(destination: "results")
///     try AtomicFile.write(statistics, to: folder.file("stats.json"))
///     try folder.commit()
public final class OutputFolder: Sendable {
  /// A folder with one of these is a former result.
  public static let resultFiles = ["stats.json", "comparison.json", "run.yaml"]

  /// Where the result will be, as it was given.
  public let destination: String
  /// Where to write until `commit()`.
  public let path: String

  private let resolved: String
  private let replacing: Former

  /// What a folder must be to be replaced, besides empty.
  public enum Former: Sendable {
    /// It holds one of `resultFiles`.
    case result
    /// It holds only files of these kinds, and what a process that was killed has left of them.
    case onlyFiles(endings: [String])

    fileprivate func isFormer(_ names: [String]) -> Bool {
      switch self {
      case .result: !Set(names).isDisjoint(with: resultFiles)
      case .onlyFiles(let endings):
        names.allSatisfy { name in endings.contains { (PartialFiles.Name(name)?.destination ?? name).hasSuffix($0) } }
      }
    }
  }

  /// Makes the folder aside.
  ///
  /// - Throws: `FileError` if the destination cannot be written or must not be replaced.
  public init(destination: String, replacing: Former = .result) throws {
    (self.destination, self.replacing) = (destination, replacing)
    resolved = try resolvedDestination(destination)
    try Self.checkReplaceable(resolved, as: destination, replacing)
    path = PartialFiles.add(for: resolved)
    guard mkdir(path, 0o777) == 0 else {
      let reason = lastError()
      PartialFiles.remove(path)
      throw FileError(path: destination, "cannot be written: \(reason)")
    }
  }

  deinit { discard() }

  /// The path of a file of the result, until `commit()`.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Puts the result in place; a former result is then gone.
  ///
  /// - Throws: `FileError` if that fails; a former result then stays.
  public func commit() throws {
    let former = PartialFiles.add(for: resolved)
    do {
      try PartialFiles.finish(path) { try replace(movingFormerTo: former) }
    } catch {
      PartialFiles.forget(former)
      throw error
    }
    PartialFiles.remove(former)
  }

  private func replace(movingFormerTo former: String) throws {
    try Self.checkReplaceable(resolved, as: destination, replacing)
    let replaces = rename(resolved, former) == 0
    guard rename(path, resolved) == 0 else {
      let reason = lastError()
      if replaces { rename(former, resolved) }
      throw FileError(path: destination, "cannot be written: \(reason)")
    }
  }

  /// Removes what was written aside; after `commit()` it does nothing.
  public func discard() { PartialFiles.remove(path) }

  private static func checkReplaceable(_ resolved: String, as destination: String, _ former: Former) throws {
    guard let kind = FileKind(path: resolved) else { return }
    guard kind == .folder else { throw FileError(path: destination, "is \(kind.rawValue); a result needs a folder") }
    let current = URL(fileURLWithPath: FileManager.default.currentDirectoryPath).resolvingSymlinksInPath().path
    guard resolved != "/", resolved != current else {
      throw FileError(path: destination, "is the root or the folder you are in; name a new folder for the result")
    }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: resolved) else {
      throw FileError(path: destination, "cannot be read: \(lastError())")
    }
    guard names.isEmpty || former.isFormer(names) else {
      throw FileError(path: destination, "holds other files than a former result; name a new or an empty folder")
    }
  }
}
