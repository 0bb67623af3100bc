import DataFiles
import Foundation
import Reports

/// Keeps two drivers from one sweep; it is given back when the process ends, however that happens.
public final class SweepLock: Sendable {
  private let lock: FileLock

  /// Takes the lock of a sweep's folder, which is made if it is not there.
  ///
  /// - Throws: `ExperimentError` if another process has it.
  public init(folder: String) throws {
    try Self.check(folder: folder)
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw ExperimentError("\(folder): cannot be made: \(lastError())")
    }
    lock = try FileLock(
      Self.path(folder), isExclusive: true,
      otherwise: "\(folder): another process runs this sweep; rheobase sweep status tells how far it is")
  }

  private static func path(_ folder: String) -> String { "\(folder)/.lock" }

  /// Whether a process has the lock of a sweep's folder; nil if nobody can tell, as on a file system without locks.
  package static func isTaken(inFolder folder: String) -> Bool? { FileLock.isTaken(path(folder)) }

  /// Checks that a folder can be that of a sweep: is new, empty, or holds a plan, or what was written of one.
  public static func check(folder: String) throws {
    guard !folder.isEmpty else { throw ExperimentError("the path of a sweep's folder is empty") }
    if let kind = FileKind(path: folder), kind != .folder {
      throw ExperimentError("\(folder): is \(kind.rawValue); name a new or an empty folder")
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    guard names.contains(Sweep.manifestName) || isUnfinishedPlan(folder, names) else {
      throw ExperimentError("\(folder): holds other files than a sweep; name a new or an empty folder")
    }
  }

  /// A plan that was interrupted has its lock, and then points before all else; one that somebody has removed may have
  /// left results. Only a name that is a point's makes sure that the rest is a sweep's, too.
  private static func isUnfinishedPlan(_ folder: String, _ names: [String]) -> Bool {
    guard names.contains("runs") else { return names.allSatisfy { $0 == ".lock" } }
    let points = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/runs")) ?? []
    return points.map(PartialFiles.finalName).allSatisfy {
      $0.hasSuffix(".yaml") && SweepFolder.isID($0.dropLast(".yaml".count))
    }
      && names.allSatisfy { ownNames.contains(PartialFiles.finalName($0)) || isOfReport($0, in: folder) }
  }

  /// Whether a file or folder is a page of the program, or called as the charts of one are.
  private static func isOfReport(_ name: String, in folder: String) -> Bool {
    FormerFolder.isPage(name, at: "\(folder)/\(name)")
      || PartialFiles.finalName(name).hasSuffix("-\(Report.chartsName)")
  }

  /// What a sweep writes into its folder.
  private static let ownNames: Set = [
    ".lock", ".work.lock", ".collect.lock", "runs", "sweep.yaml", "contents.json", Sweep.manifestName, "points",
    "failures", "slurm", "sweep.sqlite", SweepTable.fileName, SweepTable.marksFileName, Report.fileName,
    Report.chartsName,
  ]
}

/// Keeps those apart who run points of one sweep: a pool is alone, tasks of a cluster are many.
package final class SweepWorkLock: Sendable {
  /// Whether nobody else runs points.
  package let isExclusive: Bool
  private let lock: FileLock

  /// - Parameter locking: What locks a file, as the system's `flock` does.
  /// - Throws: `ExperimentError` if others run points, or for tasks of a cluster a pool does.
  package init(_ folder: SweepFolder, isExclusive: Bool, locking: (Int32, Int32) -> Int32 = flock(_:_:)) throws {
    lock = try FileLock(
      "\(folder.path)/.work.lock", isExclusive: isExclusive, locking: locking,
      otherwise: "\(folder.path): another process runs points of this sweep, a task of a cluster perhaps; "
        + "wait for it, or end it with rheobase sweep cancel \(folder.path.shellWord)")
    self.isExclusive = isExclusive && lock.isHeld
  }
}

/// Lets one collection at a time write a sweep's tables; others wait, so that all tables are of one moment.
final class SweepCollectionLock: Sendable {
  private let lock: FileLock

  init(_ folder: SweepFolder) throws { lock = try FileLock("\(folder.path)/.collect.lock", isExclusive: true) }
}

/// A lock on a file, between all processes of this machine, and of others where their file system has locks; where it
/// has none at all, nothing is kept apart.
final class FileLock: Sendable {
  /// Whether the file system has locks.
  let isHeld: Bool
  private let descriptor: Int32

  /// Takes the lock, or fails at once; without a message for that, waits.
  ///
  /// - Throws: `ExperimentError` with the message `otherwise` if others have it.
  init(
    _ path: String, isExclusive: Bool, locking: (Int32, Int32) -> Int32 = flock(_:_:), otherwise message: String? = nil
  ) throws {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw ExperimentError("\(path): cannot be made: \(String(cString: strerror(errno)))") }
    let kind = isExclusive ? LOCK_EX : LOCK_SH
    isHeld = message == nil ? locking(descriptor, kind) == 0 : Self.tries(kind, descriptor, locking)
    guard isHeld || Self.lacks.contains(errno) else {
      let reason = errno
      close(descriptor)
      if reason == EWOULDBLOCK, let message { throw ExperimentError(message) }
      throw ExperimentError("\(path): cannot be locked: \(String(cString: strerror(reason)))")
    }
    self.descriptor = descriptor
  }

  /// Tries to take a lock, more than once, as who looks whether it is taken has it for a moment; `errno` says why it
  /// failed.
  private static func tries(_ kind: Int32, _ descriptor: Int32, _ locking: (Int32, Int32) -> Int32) -> Bool {
    for _ in 0..<3 {
      if locking(descriptor, kind | LOCK_NB) == 0 { return true }
      guard errno == EWOULDBLOCK else { return false }
      usleep(10_000)
    }
    errno = EWOULDBLOCK
    return false
  }

  /// Whether a process has a lock that excludes others; nil if nobody can tell.
  static func isTaken(_ path: String) -> Bool? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return errno == ENOENT ? false : nil }
    defer { close(descriptor) }
    if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return false }
    return errno == EWOULDBLOCK ? true : nil
  }

  /// What file systems say that have no locks: those of some clusters are mounted so.
  private static let lacks = [ENOSYS, ENOTSUP, ENOLCK]

  deinit {
    // A child that was forked meanwhile has the lock too until it becomes its program: closing alone would leave it.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
