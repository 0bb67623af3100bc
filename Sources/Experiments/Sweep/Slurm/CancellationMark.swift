import DataFiles
import Foundation

/// A file that tells the driver of a sweep, which may wait on another machine, that its jobs were ended on purpose.
struct CancellationMark {
  private let sweep: SweepFolder

  init(_ sweep: SweepFolder) { self.sweep = sweep }

  private var path: String { "\(sweep.path)/slurm/cancelled" }

  func write() throws { try AtomicFile.write(Data(), to: path) }

  func remove() { unlink(path) }

  var isThere: Bool { FileManager.default.fileExists(atPath: path) }

  /// - Throws: `ExperimentError` if the sweep was cancelled.
  func check() throws {
    guard isThere else { return }
    throw ExperimentError(
      "\(sweep.path): the sweep was cancelled; rheobase sweep run \(sweep.path.shellWord) does what is missing")
  }
}
