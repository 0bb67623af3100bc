import Foundation
import Synchronization

/// The files and folders that are written aside and not yet in place.
///
/// A Ctrl-C handler calls `removeAll()` and exits; nothing unfinished stays behind. What a killed process leaves of a
/// folder is found by its name, however much stands beside it.
public enum PartialFiles {
  private struct State {
    var paths: Set<String> = []
    /// Folders that were made on the way to a file, outer ones first.
    var madeFolders: [String] = []
    private var serial = 0

    mutating func nextOwner() -> Owner {
      serial += 1
      return Owner(ofThisProcess: serial)
    }

    func removeEmptyFolders() {
      for folder in madeFolders.reversed() { rmdir(folder) }
    }
  }

  private static let state = Mutex(State())

  /// Removes everything unfinished. Waits for a result that is being put in place.
  public static func removeAll() { removeAll(under: "/") }

  /// Removes the folders that this process has made on the way to files and that are empty, as after a failure.
  public static func removeEmptyFolders() { state.withLock { $0.removeEmptyFolders() } }

  /// Removes everything unfinished and ends the process, with the folders that are empty then; whoever would begin or
  /// finish a file meanwhile waits for ever.
  public static func removeAll(thenEnd end: () -> Never) -> Never {
    state.withLock { state in
      for path in state.paths {
        takeAway(path)
        // Another thread may just be adding a file to the folder; the next one it cannot begin.
        for _ in 0..<100 where FileManager.default.fileExists(atPath: path) { takeAway(path) }
      }
      state.removeEmptyFolders()
      end()
    }
  }

  /// Removes everything unfinished below a folder, whose path ends in a slash.
  package static func removeAll(under folder: String) {
    state.withLock { state in
      for path in state.paths where path.hasPrefix(folder) {
        takeAway(path)
        state.paths.remove(path)
      }
    }
  }

  /// A new path for the unfinished form of the file at `path`, beside it, hidden, of this process and machine.
  package static func add(for path: String) -> String {
    state.withLock { state in
      let partial = sibling(of: path) { Name(destination: $0, owner: state.nextOwner()).text }
      state.paths.insert(partial)
      return partial
    }
  }

  /// Makes a new folder for the unfinished form of the folder at `path`, of this process and machine. It stands beside
  /// `path`, hidden, in one for all that is unfinished of it, which goes with the last.
  ///
  /// - Parameters:
  ///   - name: What an error calls it.
  ///   - remakesOuter: Whether the folders on the way to it are made again if they have gone: another process may have
  ///     made them, and removed them as they were empty.
  /// - Throws: `FileError` if it cannot be made.
  package static func makeFolder(
    for path: String, called name: String, remakesOuter: Bool = false
  ) throws -> String {
    let shared = sharedFolder(for: path)
    return try state.withLock { state in
      // Another process may take the shared one away meanwhile, as the last that had something in it, or be about to
      // open it for all.
      for _ in 0..<1000 {
        let folder = "\(shared)/\(state.nextOwner().text)"
        if mkdir(shared, 0o777) == 0 {
          share(shared)
        } else if remakesOuter, errno == ENOENT {
          let outer = URL(fileURLWithPath: shared).deletingLastPathComponent().path
          try makeFolder(outer, onTheWayTo: name, &state)
        } else if errno != EEXIST {
          break
        }
        if mkdir(folder, 0o777) == 0 {
          state.paths.insert(folder)
          return folder
        }
        guard [ENOENT, EEXIST, EACCES].contains(errno) else { break }
      }
      let reason = lastError()
      rmdir(shared)
      throw FileError(path: name, "cannot be written: \(reason)")
    }
  }

  /// Removes what processes of this machine that have ended left of the unfinished form of the folder at `path`.
  ///
  /// - Parameter everyone: Whether nobody can be at work, so that all of it goes.
  package static func removeAbandoned(for path: String, everyone: Bool = false) {
    let shared = sharedFolder(for: path)
    guard rmdir(shared) != 0, errno != ENOENT else { return }
    for name in (try? FileManager.default.contentsOfDirectory(atPath: shared)) ?? []
    where everyone || Owner(name)?.isGone == true {
      try? FileManager.default.removeItem(atPath: "\(shared)/\(name)")
    }
    rmdir(shared)
  }

  /// Lets everyone write into a new folder who may write beside it: members of a group may share a result's folder.
  private static func share(_ folder: String) {
    var around = stat()
    guard stat(URL(fileURLWithPath: folder).deletingLastPathComponent().path, &around) == 0,
      chown(folder, uid_t.max, around.st_gid) == 0
    else { return }
    chmod(folder, around.st_mode & 0o7777)
  }

  private static func sharedFolder(for path: String) -> String { sibling(of: path, sharedName) }

  /// What the folder for all that is unfinished of a folder is called.
  private static func sharedName(for destination: String) -> String {
    hiddenName(for: destination, ending: sharedSuffix)
  }

  /// A hidden name made of a destination's, or, where file systems would find that too long, of a hash and the
  /// destination's end.
  static func hiddenName(for destination: String, ending: String) -> String {
    let name = ".\(destination)\(ending)"
    guard name.utf8.count > mostBytesOfName else { return name }
    let start = ".\(ContentHash(destination).text)~"
    var rest = Substring(destination)
    while start.utf8.count + rest.utf8.count + ending.utf8.count > mostBytesOfName { rest.removeFirst() }
    return start + rest + ending
  }

  private static let mostBytesOfName = 255

  /// The folder that such a one is of; nil for any other name.
  package static func destination(ofShared name: String) -> String? {
    guard name.hasPrefix("."), name.hasSuffix(sharedSuffix) else { return nil }
    return String(name.dropFirst().dropLast(sharedSuffix.count))
  }

  /// What an unfinished file or folder is to be called; any other's own name.
  package static func finalName(_ name: String) -> String {
    Name(name)?.destination ?? destination(ofShared: name) ?? name
  }

  private static let sharedSuffix = ".partial"

  private static func sibling(of path: String, _ name: (String) -> String) -> String {
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent().path
    return (folder == "/" ? "" : folder) + "/" + name(url.lastPathComponent)
  }

  /// Removes what is at a path, and the folder around it if that is for unfinished ones and this was the last.
  private static func takeAway(_ path: String) {
    try? FileManager.default.removeItem(atPath: path)
    let around = URL(fileURLWithPath: path).deletingLastPathComponent()
    if destination(ofShared: around.lastPathComponent) != nil { rmdir(around.path) }
  }

  /// Puts a finished file or folder in place by `move`, which a concurrent `removeAll()` cannot interrupt.
  static func finish(_ partial: String, _ move: () throws -> Void) throws {
    try state.withLock { state in
      try move()
      state.paths.remove(partial)
    }
  }

  /// Makes the folders on the way to a file. An unfinished folder of this process is not made again if somebody has
  /// removed it: what is then written would pass for a whole result.
  ///
  /// - Parameter name: What an error calls the file.
  /// - Throws: `FileError` if they cannot be made.
  static func makeFolder(_ path: String, onTheWayTo name: String) throws(FileError) {
    try state.withLock { state throws(FileError) in try makeFolder(path, onTheWayTo: name, &state) }
  }

  private static func makeFolder(_ path: String, onTheWayTo name: String, _ state: inout State) throws(FileError) {
    let owner = state.paths.first { path == $0 || path.hasPrefix($0 + "/") }
    if let owner, FileKind(path: owner) == nil {
      throw FileError(path: owner, "was removed while it was being written")
    }
    // One by one: those that somebody else makes meanwhile are not this process's to remove.
    for folder in missingFolders(onTheWayTo: path) where mkdir(folder, 0o777) == 0 && owner == nil {
      state.madeFolders.append(folder)
    }
    guard FileKind(path: path) == .folder else {
      throw FileError(path: name, "cannot be written: its folder cannot be made")
    }
  }

  /// Those that are to be made, outer ones first.
  private static func missingFolders(onTheWayTo path: String) -> [String] {
    var missing: [String] = []
    var folder = URL(fileURLWithPath: path)
    while folder.path != "/", FileKind(path: folder.path) == nil {
      missing.append(folder.path)
      folder.deleteLastPathComponent()
    }
    return missing.reversed()
  }

  /// Runs `body` while nothing is being removed.
  package static func undisturbed(_ body: () throws -> Void) rethrows { try state.withLock { _ in try body() } }

  /// Leaves a path to whatever is there.
  package static func forget(_ partial: String) {
    state.withLock { state in _ = state.paths.remove(partial) }
  }

  /// Removes one unfinished file or folder.
  package static func remove(_ partial: String) {
    state.withLock { state in
      guard state.paths.remove(partial) != nil else { return }
      takeAway(partial)
    }
  }
}

extension PartialFiles {
  /// Whose an unfinished file or folder is: `HOST-PROCESS-SERIAL`.
  package struct Owner {
    private let host: String
    private let process: pid_t
    private let serial: Int

    fileprivate init(ofThisProcess serial: Int) {
      (host, process, self.serial) = (Self.thisHost, ProcessInfo.processInfo.processIdentifier, serial)
    }

    /// Takes a text apart; nil for any other.
    package init?(_ text: some StringProtocol) {
      let parts = text.split(separator: "-")
      guard parts.count >= 3, let process = pid_t(parts[parts.count - 2]), let serial = Int(parts[parts.count - 1])
      else { return nil }
      (host, self.process, self.serial) = (parts.dropLast(2).joined(separator: "-"), process, serial)
    }

    fileprivate var text: String { "\(host)-\(process)-\(serial)" }

    /// Whether it is a process of this machine that has ended.
    package var isGone: Bool { host == Self.thisHost && kill(process, 0) != 0 && errno == ESRCH }

    private static let thisHost: String = {
      var name = [CChar](repeating: 0, count: 256)
      guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
      let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      return String(decoding: bytes, as: UTF8.self).replacing("/", with: "_")
    }()
  }

  /// What an unfinished file is called: `.DESTINATION.partial-OWNER`.
  package struct Name {
    /// The name that it is to have, or of one that is too long what stands for it: its end, behind a hash.
    package let destination: String
    private let owner: Owner

    fileprivate init(destination: String, owner: Owner) { (self.destination, self.owner) = (destination, owner) }

    /// Takes a name apart; nil for any other.
    package init?(_ text: String) {
      guard text.hasPrefix("."), let middle = text.range(of: Self.middle, options: .backwards),
        let owner = Owner(text[middle.upperBound...])
      else { return nil }
      self.init(destination: String(text[text.index(after: text.startIndex)..<middle.lowerBound]), owner: owner)
    }

    fileprivate var text: String { hiddenName(for: destination, ending: "\(Self.middle)\(owner.text)") }

    private static let middle = "\(sharedSuffix)-"
  }
}
