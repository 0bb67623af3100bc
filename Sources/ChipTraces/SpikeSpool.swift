import DataFiles
import Foundation
import Neuromorphic

/// Spikes that wait in a scratch file until their number is known.
final class SpikeSpool {
  private(set) var count = 0

  private let file: UnsafeMutablePointer<FILE>
  private let path: String
  private var waiting: [Spike] = []

  private static let spikesAtOnce = 1 << 12

  /// - Throws: `FileError` if the file cannot be made.
  init(path: String) throws {
    guard let file = fopen(path, "w+bx") else { throw FileError(path: path, "cannot be written: \(lastError())") }
    setvbuf(file, nil, _IONBF, 0)
    (self.file, self.path) = (file, path)
  }

  deinit {
    fclose(file)
    unlink(path)
  }

  func append(_ spike: Spike) throws {
    waiting.append(spike)
    count += 1
    if waiting.count == Self.spikesAtOnce { try flush() }
  }

  private func flush() throws {
    guard fwrite(waiting, MemoryLayout<Spike>.stride, waiting.count, file) == waiting.count else {
      throw FileError(path: path, "cannot be written: \(lastError())")
    }
    waiting.removeAll(keepingCapacity: true)
  }

  /// Gives all spikes in the order in which they came, so many at once.
  func read(atOnce: Int = 1 << 16, _ body: ([Spike]) throws -> Void) throws {
    try flush()
    rewind(file)
    for first in stride(from: 0, to: count, by: atOnce) {
      let expected = min(atOnce, count - first)
      let piece = [Spike](unsafeUninitializedCapacity: expected) { buffer, read in
        read = fread(buffer.baseAddress, MemoryLayout<Spike>.stride, expected, file)
      }
      guard piece.count == expected else { throw FileError(path: path, "cannot be read: \(lastError())") }
      try body(piece)
    }
  }
}
