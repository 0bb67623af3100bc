import Foundation

/// Keeps two drivers from one sweep; it is given back when the process ends, however that happens.
public final class SweepLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock of a sweep's folder, which is made if it is not there.
  ///
  /// - Throws: `ExperimentError` if another process has it.
  public init(folder: String) throws {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    guard names.isEmpty || names.contains(Sweep.manifestName) || names == [".lock"] else {
      throw ExperimentError("\(folder): holds other files than a sweep; name a new or an empty folder")
    }
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = "\(folder)/.lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw ExperimentError("\(path): cannot be made: \(String(cString: strerror(errno)))") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw ExperimentError(
        "\(folder): another process runs this sweep; rheobase sweep status tells how far it is")
    }
  }

  deinit { close(descriptor) }
}
