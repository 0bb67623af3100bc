import EventStreams
import Foundation
import TestSupport

/// Valid files of a format to begin with: in a folder, those whose names begin with the format's.
struct Corpus {
  private let small: [[UInt8]]
  /// Of more than a piece of events, and longer than what is read at once; they cost much, and so come seldom.
  private let large: [[UInt8]]

  private static let largeBytes = 1 << 16
  private static let executionsPerLarge = 500

  init(_ format: EventStreamFile.Format, folder: String) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix(format.rawValue) }
    let files = try names.sorted().map { Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)"))) }
    small = files.filter { $0.count < Self.largeBytes }
    large = files.filter { $0.count >= Self.largeBytes }
    guard !small.isEmpty, !large.isEmpty else {
      throw EventStreamError("\(folder) has no small or no large file of \(format.rawValue)")
    }
  }

  /// A damaged file.
  func damaged(_ random: inout SplitMix64) -> [UInt8] {
    let files = random.int(1...Self.executionsPerLarge) == 1 ? large : small
    var bytes = files[random.int(0...files.count - 1)]
    for _ in 0..<random.int(1...4) {
      random.damage(&bytes, crossingWith: files[random.int(0...files.count - 1)])
    }
    return bytes
  }
}
