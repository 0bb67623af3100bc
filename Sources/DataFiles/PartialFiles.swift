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

  /// A new path for the unfinished form of `path`, beside it, hidden, of this process.
  static func add(for path: String) -> String {
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent().path
    return state.withLock { state in
      state.serial += 1
      let name = ".\(url.lastPathComponent).partial-\(ProcessInfo.processInfo.processIdentifier)-\(state.serial)"
      let partial = folder == "/" ? "/\(name)" : "\(folder)/\(name)"
      state.paths.insert(partial)
      return partial
    }
  }

  /// Puts a finished file or folder in place by `move`, which a concurrent `removeAll()` cannot interrupt.
  static func finish(_ partial: String, _ move: () throws -> Void) throws {
    try state.withLock { state in
      try move()
      state.paths.remove(partial)
    }
  }

  /// Runs `body` while nothing is being removed.
  package static func undisturbed(_ body: () throws -> Void) rethrows { try state.withLock { _ in try body() } }

  /// Leaves a path to whatever is there.
  static func forget(_ partial: String) {
    state.withLock { state in _ = state.paths.remove(partial) }
  }

  /// Removes one unfinished file or folder.
  static func remove(_ partial: String) {
    state.withLock { state in
      guard state.paths.remove(partial) != nil else { return }
      try? FileManager.default.removeItem(atPath: partial)
    }
  }
}
