import Foundation
import Synchronization

/// The files and folders that are written aside and not yet in place.
///
/// A Ctrl-C handler calls `removeAll()` and exits; nothing unfinished stays behind.
public enum PartialFiles {
  private struct State {
    var paths: Set<String> = []
    var serial = 0
  }

  private static let state = Mutex(State())

  /// Removes everything unfinished. Waits for a result that is being put in place.
  public static func removeAll() { removeAll(under: "/") }

  /// Removes everything unfinished and ends the process; whoever would begin or finish a file meanwhile waits for ever.
  public static func removeAll(thenEnd end: () -> Never) -> Never {
    state.withLock { state in
      for path in state.paths {
        // Another thread may just be adding a file to the folder; the next one it cannot begin.
        for _ in 0..<100 where FileManager.default.fileExists(atPath: path) {
          try? FileManager.default.removeItem(atPath: path)
        }
      }
      end()
    }
  }

  /// Removes everything unfinished below a folder, whose path ends in a slash.
  package static func removeAll(under folder: String) {
    state.withLock { state in
      for path in state.paths where path.hasPrefix(folder) {
        try? FileManager.default.removeItem(atPath: path)
        state.paths.remove(path)
      }
    }
  }

  /// A new path for the unfinished form of `path`, beside it, hidden, of this process and machine.
  package static func add(for path: String) -> String {
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent().path
    return state.withLock { state in
      state.serial += 1
      let name = Name(ofThisProcessFor: url.lastPathComponent, serial: state.serial).text
      let partial = folder == "/" ? "/\(name)" : "\(folder)/\(name)"
      state.paths.insert(partial)
      return partial
    }
  }

  /// Removes what processes of this machine that have ended left of the unfinished form of `path`.
  static func removeAbandoned(for path: String) {
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent()
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] {
      guard let left = Name(name), left.destination == url.lastPathComponent, left.isAbandoned else { continue }
      try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
    }
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
  static func makeFolder(_ path: String) throws {
    try state.withLock { state in
      let owner = state.paths.first { path == $0 || path.hasPrefix($0 + "/") }
      if let owner, !FileManager.default.fileExists(atPath: owner) {
        throw FileError(path: owner, "was removed while it was being written")
      }
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
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
      try? FileManager.default.removeItem(atPath: partial)
    }
  }
}

extension PartialFiles {
  /// What an unfinished file or folder is called: `.DESTINATION.partial-HOST-PROCESS-SERIAL`.
  package struct Name {
    /// The name that it is to have.
    package let destination: String
    private let host: String
    private let process: pid_t
    private let serial: Int

    fileprivate init(ofThisProcessFor destination: String, serial: Int) {
      (self.destination, host, process) = (destination, Self.thisHost, ProcessInfo.processInfo.processIdentifier)
      self.serial = serial
    }

    /// Takes a name apart; nil for any other.
    package init?(_ text: String) {
      guard text.hasPrefix("."), let middle = text.range(of: Self.middle, options: .backwards) else { return nil }
      let maker = text[middle.upperBound...].split(separator: "-")
      guard maker.count >= 3, let process = pid_t(maker[maker.count - 2]), let serial = Int(maker[maker.count - 1])
      else {
        return nil
      }
      destination = String(text[text.index(after: text.startIndex)..<middle.lowerBound])
      (host, self.process, self.serial) = (maker.dropLast(2).joined(separator: "-"), process, serial)
    }

    fileprivate var text: String { ".\(destination)\(Self.middle)\(host)-\(process)-\(serial)" }

    /// Whether it is of a process of this machine that has ended.
    package var isAbandoned: Bool { host == Self.thisHost && kill(process, 0) != 0 && errno == ESRCH }

    private static let middle = ".partial-"

    private static let thisHost: String = {
      var name = [CChar](repeating: 0, count: 256)
      guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
      let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      return String(decoding: bytes, as: UTF8.self).replacing("/", with: "_")
    }()
  }
}
