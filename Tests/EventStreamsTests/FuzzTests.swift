import DataFiles
import EventStreams
import Foundation
import TestSupport
import Testing

/// Damaged files give a stream that is valid, or an error in one line: never a crash.
@Suite struct FuzzTests {
  @Test(arguments: EventStreamFile.Format.allCases)
  func damagedBytesAreSurvived(format: EventStreamFile.Format) throws {
    var random = SplitMix64(seed: 1)
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.\(format.rawValue)"
      try EventStreamFile.write(random.stream(events: 20), to: path)
      let intact = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      var refused = 0
      for _ in 0..<3000 {
        var bytes = intact
        for _ in 0..<random.int(1...4) { random.damage(&bytes) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        if !(try isReadable(path)) { refused += 1 }
      }
      #expect(refused > 1000)
    }
  }

  @Test func hostileArraysAreSurvived() throws {
    var random = SplitMix64(seed: 2)
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.npz"
      try EventStreamFile.write(random.stream(events: 6), to: path)
      let intact = try NumPyArchive(contentsOf: path)
      let names = intact.arrays.keys.sorted() + ["step_ns"]
      var refused = 0
      for _ in 0..<3000 {
        var archive = intact
        archive.arrays[names[random.int(0...names.count - 1)]] = random.hostileArray()
        try archive.write(to: path)
        if !(try isReadable(path)) { refused += 1 }
      }
      #expect(refused > 1000)
    }
  }

  /// Whether a file is read; what is read must be valid, and an error one line that names the file.
  private func isReadable(_ path: String) throws -> Bool {
    do {
      let stream = try EventStreamFile.read(path)
      try stream.validate()
      _ = try EventStreamSummary(stream).description
      return true
    } catch let error as FileError {
      #expect(error.description.hasPrefix(path) && !error.description.contains("\n"))
      return false
    }
  }
}

extension SplitMix64 {
  fileprivate mutating func damage(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    let place = int(0...bytes.count - 1)
    let interesting: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF, 0x0A, 0x0D, 0x2C, 0x2D, 0x3D, 0x30, 0x39]
    switch int(0...5) {
    case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &self)
    case 1: bytes[place] = interesting[int(0...interesting.count - 1)]
    case 2: bytes.removeSubrange(place...)
    case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 30)], at: int(0...bytes.count))
    case 4: bytes.removeSubrange(place..<min(bytes.count, place + int(1...20)))
    default: bytes[place] ^= 1 << UInt8(int(0...7))
    }
  }

  fileprivate mutating func hostileArray() -> NumPyArray? {
    switch int(0...7) {
    case 0: nil
    case 1: NumPyArray(["", "dense", "a b", "ü\u{0}\n", String(repeating: "x", count: 300)][int(0...4)])
    case 2: NumPyArray([Int.min, Int.max, -1, 0, 1, 1 << 31, 96, 300][int(0...7)])
    case 3: NumPyArray([Double.nan, .infinity, 1e300, 0.5, -0.0][int(0...4)])
    case 4: NumPyArray(shape: [2, 3], [Int32](repeating: 0, count: 6))
    case 5: NumPyArray(shape: [6], (0..<6).map { _ in Int64.random(in: .min ... .max, using: &self) })
    case 6: NumPyArray(shape: [6], (0..<6).map { _ in Int32.random(in: -2...2, using: &self) })
    default: NumPyArray(shape: [0], [Float]())
    }
  }
}
