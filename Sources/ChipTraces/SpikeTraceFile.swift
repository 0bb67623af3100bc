import DataFiles
import Foundation
import Neuromorphic

/// A file of spikes that is written in place while a network runs, in memory that does not grow with their number: for
/// folders that appear whole or not at all.
package final class SpikeTraceFile {
  private let path: String
  private let parts: String
  private let sink: any SpikeSink
  /// Steps of few spikes are written together.
  private var waiting: [Spike] = []
  private var last: (UInt64, Int, Int, Int)?

  private static let spikesAtOnce = 1 << 16

  /// Begins a file where nothing is, and a folder of scratch files beside it.
  ///
  /// - Throws: `FileError` if they cannot be made.
  package convenience init(_ trace: SpikeTrace, _ format: SpikeTrace.Format, path: String) throws {
    try self.init(trace, format, path: path, sortedAtOnce: 1 << 20)
  }

  /// - Parameter sortedAtOnce: Spikes that are sorted at once where a format wants them by neuron.
  package init(_ trace: SpikeTrace, _ format: SpikeTrace.Format, path: String, sortedAtOnce: Int) throws {
    (self.path, parts) = (path, "\(path).parts")
    try trace.validate(for: path)
    guard mkdir(parts, 0o777) == 0 else { throw FileError(path: path, "cannot be written: \(lastError())") }
    do {
      sink = try Self.makeSink(trace, format, path: path, parts: parts, sortedAtOnce: sortedAtOnce)
    } catch {
      try? FileManager.default.removeItem(atPath: parts)
      throw error
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: parts) }

  private static func makeSink(
    _ trace: SpikeTrace, _ format: SpikeTrace.Format, path: String, parts: String, sortedAtOnce: Int
  ) throws -> any SpikeSink {
    switch format {
    case .csv: try SpikeTable(trace, path: path)
    case .npz: try SpikeArchive(trace, path: path, parts: parts)
    case .sonata: try SONATASpikes(trace, path: path, parts: parts)
    case .nwb: try NWBSpikes(trace, path: path, parts: parts, sortedAtOnce: sortedAtOnce)
    }
  }

  /// Takes the spikes of one or more steps, in any order; none is of a time before, or a step before, those that were
  /// taken.
  ///
  /// - Throws: `FileError` if one is, or the file takes no more.
  package func append(_ spikes: [Spike]) throws {
    let ordered = SpikeTrace.ordered(spikes)
    guard let first = ordered.first, let end = ordered.last else { return }
    if let last, SpikeTrace.key(first) < last {
      throw FileError(path: path, "takes spikes in the order of time only")
    }
    last = SpikeTrace.key(end)
    waiting += ordered
    if waiting.count >= Self.spikesAtOnce { try flush() }
  }

  /// Completes the file.
  ///
  /// - Throws: `FileError` if that fails.
  package func finish() throws {
    try flush()
    try sink.finish()
    try FileManager.default.removeItem(atPath: parts)
  }

  private func flush() throws {
    for first in stride(from: 0, to: waiting.count, by: Self.spikesAtOnce) {
      try sink.append(Array(waiting[first..<min(waiting.count, first + Self.spikesAtOnce)]))
    }
    waiting.removeAll(keepingCapacity: waiting.capacity <= 4 * Self.spikesAtOnce)
  }
}

/// Writes one format.
protocol SpikeSink: AnyObject {
  /// Takes spikes in the order of their time, step, population and neuron.
  func append(_ spikes: [Spike]) throws
  /// Completes the file.
  func finish() throws
}
