import Foundation

/// Files that appear whole or not at all: written aside, then renamed.
public enum AtomicFile {
  /// Writes a file. Folders on the way to it are made; a file that it replaces leaves it its permissions.
  ///
  /// - Throws: `FileError` if the file cannot be written; an existing file then stays as it was.
  public static func write(_ data: Data, to path: String) throws {
    try write(to: path) { partial in
      guard let handle = fopen(partial, "wbx") else { throw FileError(path: path, "cannot be written: \(lastError())") }
      let written = data.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, handle) }
      let closed = fclose(handle)
      guard written == data.count, closed == 0 else {
        throw FileError(path: path, "cannot be written: \(lastError())")
      }
    }
  }

  /// Checks, before the work for it, that a file can be written. Folders on the way to it are made.
  ///
  /// - Throws: `FileError` if not.
  public static func checkWritable(_ path: String) throws {
    let destination = try replaceableDestination(path)
    guard access(URL(fileURLWithPath: destination).deletingLastPathComponent().path, W_OK) == 0 else {
      throw FileError(path: path, "cannot be written: \(lastError())")
    }
  }

  /// Lets `body` write a file at the path that it is given, then renames it to `path`.
  ///
  /// - Throws: `FileError` if the file cannot be put in place, and what `body` throws; an existing file then stays as
  /// it was.
  public static func write(to path: String, _ body: (_ partialPath: String) throws -> Void) throws {
    let destination = try replaceableDestination(path)
    let partial = PartialFiles.add(for: destination)
    defer { PartialFiles.remove(partial) }
    try body(partial)
    try keep(partial, called: path)
    copyPermissions(of: destination, to: partial)
    try PartialFiles.finish(partial) {
      guard rename(partial, destination) == 0 else {
        throw FileError(path: path, "cannot be written: \(lastError())")
      }
    }
  }
}

extension AtomicFile {
  /// Waits until the system has written all files of a folder.
  static func keepAll(inFolder folder: String, called path: String) throws {
    guard let names = FileManager.default.enumerator(atPath: folder), FileKind(path: folder) == .folder else {
      throw FileError(path: path, "cannot be written: what was written aside is gone")
    }
    for case let name as String in names {
      let item = "\(folder)/\(name)"
      if FileKind(path: item) == .folder { keepNames(inFolder: item) } else { try keep(item, called: path) }
    }
    keepNames(inFolder: folder)
  }

  /// Waits until the system has written which files a folder has, where its file system can tell.
  static func keepNames(inFolder folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Waits until the system has written a file: renamed before, it could be there in part after a loss of power.
  private static func keep(_ file: String, called path: String) throws {
    let descriptor = open(file, O_RDONLY)
    guard descriptor >= 0 else { throw FileError(path: path, "cannot be written: \(lastError())") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FileError(path: path, "cannot be written: \(lastError())") }
  }

  /// Gives a finished file the permissions of the one whose place it takes, if there is one.
  private static func copyPermissions(of former: String, to file: String) {
    var status = stat()
    if stat(former, &status) == 0 { chmod(file, status.st_mode & 0o777) }
  }

  /// Where a path leads, if a file may be written there.
  private static func replaceableDestination(_ path: String) throws -> String {
    guard !path.hasSuffix("/") else {
      throw FileError(path: path, "ends in a slash, as the name of a folder does; a file is written: leave it out")
    }
    let destination = try resolvedDestination(path)
    if let kind = FileKind(path: destination), kind != .file {
      throw FileError(path: path, "is \(kind.rawValue); a file can only be written in place of a file")
    }
    return destination
  }

  /// Lets `body` write a file, and others that it needs on the way, in a folder beside `path`, then renames the file
  /// that it returns to `path`; the folder goes away, and so do those of processes that were killed on the way.
  ///
  /// - Returns: What else `body` returns.
  /// - Throws: as `write(to:_:)`; errors about files in the folder name `path`.
  package static func writeInFolder<Result>(
    to path: String, _ body: (_ folder: String) throws -> (file: String, result: Result)
  ) throws -> Result {
    let destination = try replaceableDestination(path)
    PartialFiles.removeAbandoned(for: destination)
    let folder = try PartialFiles.makeFolder(for: destination, called: path, remakesOuter: true)
    defer { PartialFiles.remove(folder) }
    do {
      let (file, result) = try body(folder)
      try keep(file, called: path)
      copyPermissions(of: destination, to: file)
      guard rename(file, destination) == 0 else { throw FileError(path: path, "cannot be written: \(lastError())") }
      return result
    } catch let error as FileError where error.path?.hasPrefix("\(folder)/") == true {
      throw FileError(path: path, error.problem)
    }
  }
}

/// What a path leads to.
package enum FileKind: String {
  case file = "a file"
  case folder = "a folder"
  case other = "a pipe or a device"

  /// What helps if that is to be read.
  package static let otherHelp = "save what it gives to one first"

  /// `nil` if there is nothing.
  package init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: self = .file
    case S_IFDIR: self = .folder
    default: self = .other
    }
  }
}

/// The system's text for the last failed call.
package func lastError() -> String { String(cString: strerror(errno)) }

/// The absolute path behind `path`, symbolic links followed, also where they lead to nothing yet; makes the folders on
/// the way to it.
func resolvedDestination(_ path: String) throws -> String {
  guard !path.isEmpty else { throw FileError("the path of a result is empty") }
  let given = URL(fileURLWithPath: path).standardizedFileURL
  // What they lead to would be replaced: a log, say, that somebody only adds to.
  guard !["/dev/std", "/dev/fd/", "/proc/"].contains(where: given.path.hasPrefix) else {
    throw FileError(path: path, "is no place for a file of its own; name one")
  }
  let url = try followingLinks(from: given, called: path)
  try PartialFiles.makeFolder(url.deletingLastPathComponent().path, onTheWayTo: path)
  return url.path
}

/// Follows the links at the end of a path one by one: Foundation stops before one that leads to nothing.
private func followingLinks(from given: URL, called path: String) throws -> URL {
  var url = given.resolvingSymlinksInPath()
  // As many as Linux follows.
  for _ in 0..<40 {
    guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: url.path) else { return url }
    let folder = url.deletingLastPathComponent().path
    url = URL(fileURLWithPath: target.hasPrefix("/") ? target : "\(folder)/\(target)").resolvingSymlinksInPath()
  }
  throw FileError(path: path, "cannot be written: \(String(cString: strerror(ELOOP)))")
}

/// Checks that a path leads to a file, which is read from any place and has an end.
///
/// - Throws: `FileError` if not, and nothing waits for what a pipe may give.
func checkIsFile(_ path: String) throws {
  switch FileKind(path: path) {
  case .file: return
  case .folder: throw FileError(path: path, "is a folder, not a file to read")
  case .other: throw FileError(path: path, "is \(FileKind.other.rawValue), not a file to read; \(FileKind.otherHelp)")
  case nil: throw FileError(path: path, "cannot be read: \(lastError())")
  }
}

/// The bytes of a regular file of limited size.
///
/// - Throws: `FileError` if it cannot be read or is larger than `maximumBytes`.
package func bytes(ofFile path: String, maximumBytes: Int) throws -> Data {
  try checkIsFile(path)
  guard let handle = FileHandle(forReadingAtPath: path) else {
    throw FileError(path: path, "cannot be read: \(lastError())")
  }
  defer { try? handle.close() }
  let size = try? handle.seekToEnd()
  guard let size, size <= maximumBytes else {
    throw FileError(path: path, "is larger than the limit of \(maximumBytes) bytes")
  }
  do {
    try handle.seek(toOffset: 0)
    return try handle.read(upToCount: maximumBytes) ?? Data()
  } catch {
    throw FileError(path: path, "cannot be read: \(lastError())")
  }
}

/// An absolute path without links.
package func resolvedPath(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
