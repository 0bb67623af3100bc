import CPathExchange
import Foundation

/// A result folder that appears whole or not at all.
///
/// Files are written under `path`, in a hidden folder beside the destination; `commit()` puts it into place. Without a
/// `commit()` it goes away with the object. A folder that is in the way is replaced if it is empty or nothing but a
/// former one; anything else is an error, so that a slip costs nobody their files.
///
///     let folder = try OutputFolder(destination: "results", replacing: .result(files: names, charts: "charts"))
///     try AtomicFile.write(statistics, to: folder.file("stats.json"))
///     try folder.commit()
public final class OutputFolder: Sendable {
  /// Where the result will be, as it was given.
  public let destination: String
  /// Where to write until `commit()`.
  public let path: String

  private let resolved: String
  private let former: FormerFolder

  /// Makes the folder aside.
  ///
  /// - Throws: `FileError` if the destination cannot be written or must not be replaced.
  public init(destination: String, replacing former: FormerFolder) throws {
    (self.destination, self.former) = (destination, former)
    resolved = try resolvedDestination(destination)
    try Self.checkReplaceable(resolved, as: destination, former)
    PartialFiles.removeAbandoned(for: resolved)
    path = try PartialFiles.makeFolder(for: resolved, called: destination, remakesOuter: true)
  }

  deinit { discard() }

  /// The path of a file of the result, until `commit()`.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Gives errors about files that are written aside the paths that these are to have.
  ///
  /// - Throws: What `body` throws.
  public func naming<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as FileError {
      guard let file = error.path, file.hasPrefix(path) else { throw error }
      throw FileError(path: destination + file.dropFirst(path.count), error.problem)
    }
  }

  /// Puts the result in place; a former result is then gone. Whoever looks meanwhile finds the one or the other.
  ///
  /// - Parameter whenInPlace: Called then, before an interruption can come in between.
  /// - Throws: `FileError` if that fails; a former result then stays.
  public func commit(whenInPlace: () -> Void = {}) throws {
    try AtomicFile.keepAll(inFolder: path, called: destination)
    try PartialFiles.undisturbed {
      try putInPlace()
      whenInPlace()
    }
    // What is here now is the former result, if there was one.
    PartialFiles.remove(path)
    AtomicFile.keepNames(inFolder: URL(fileURLWithPath: resolved).deletingLastPathComponent().path)
  }

  private func putInPlace() throws {
    try Self.checkReplaceable(resolved, as: destination, former)
    guard FileKind(path: resolved) != nil else {
      guard rename(path, resolved) == 0 else {
        throw FileError(path: destination, "cannot be written: \(lastError())")
      }
      return
    }
    try exchange()
    // Somebody may have put a file there in between.
    do {
      if let objection = try former.objection(to: path) { throw FileError(objection) }
    } catch let error as FileError {
      try exchange()
      throw error.naming(destination)
    }
  }

  private func exchange() throws {
    guard exchangePaths(path, resolved) else {
      throw FileError(path: destination, "cannot be written: \(lastError())")
    }
  }

  /// Removes what was written aside; after `commit()` it does nothing.
  public func discard() { PartialFiles.remove(path) }

  private static func checkReplaceable(_ resolved: String, as destination: String, _ former: FormerFolder) throws {
    guard let kind = FileKind(path: resolved) else { return }
    guard kind == .folder else { throw FileError(path: destination, "is \(kind.rawValue); a result needs a folder") }
    let current = URL(fileURLWithPath: FileManager.default.currentDirectoryPath).resolvingSymlinksInPath().path
    guard resolved != "/", resolved != current else {
      throw FileError(path: destination, "is the root or the folder you are in; name a new folder for the result")
    }
    do {
      guard let objection = try former.objection(to: resolved) else { return }
      throw FileError(path: destination, "\(objection); name a new or an empty folder")
    } catch let error as FileError {
      throw error.naming(destination)
    }
  }
}

/// Gives each of two paths what the other one has, at once where the file system can; `errno` says why it failed.
private func exchangePaths(_ first: String, _ second: String) -> Bool {
  if path_exchange(first, second) == 0 { return true }
  guard [EINVAL, ENOSYS, ENOTSUP].contains(errno) else { return false }
  return exchangeInSteps(first, second)
}

/// For file systems without an exchange; what is killed in the middle leaves what the second path had beside it, where
/// nothing unfinished is looked for.
private func exchangeInSteps(_ first: String, _ second: String) -> Bool {
  let url = URL(fileURLWithPath: second)
  let third = url.deletingLastPathComponent().appendingPathComponent(
    PartialFiles.hiddenName(for: url.lastPathComponent, ending: ".former")
  ).path
  guard rename(second, third) == 0 else { return false }
  guard rename(first, second) == 0 else {
    let reason = errno
    rename(third, second)
    errno = reason
    return false
  }
  return rename(third, first) == 0
}
