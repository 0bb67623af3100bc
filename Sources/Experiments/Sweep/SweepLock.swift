import Foundation

/// Keeps two drivers from one sweep; it is given back when the process ends, however that happens.
public final class SweepLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock of a sweep.
  ///
  /// - Throws: `ExperimentError` if another process has it.
  public init(_ sweep: Sweep) throws {
    let path = "\(sweep.folder)/.lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw ExperimentError("\(path): cannot be made: \(String(cString: strerror(errno)))") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw ExperimentError(
        "\(sweep.folder): another process runs this sweep; rheobase sweep status tells how far it is")
    }
  }

  deinit { close(descriptor) }
}
