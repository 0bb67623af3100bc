import DataFiles
import EventStreams
import Foundation
import TestSupport
import Testing

/// What only AEDAT 4.0 has: a table of packets, and packets of any length.
@Suite struct AEDAT4Tests {
  /// Where `dataTablePosition` lies in a file that we write.
  private static let tablePosition = 14 + 24 + 8

  private func file(events: Int) throws -> [UInt8] {
    var random = SplitMix64(seed: 31)
    return try withTemporaryFolder { folder in
      try EventStreamFile.write(random.camera((0..<events).map { Int64($0) }), to: "\(folder)/e.aedat4")
      return Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/e.aedat4")))
    }
  }

  private func count(_ bytes: [UInt8]) throws -> Int {
    try EventStreamFile.read(bytes: bytes, format: .aedat4, called: "e").count
  }

  private func setting(tablePosition position: Int64, _ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    withUnsafeBytes(of: position.littleEndian) {
      bytes.replaceSubrange(Self.tablePosition..<Self.tablePosition + 8, with: $0)
    }
    return bytes
  }

  @Test func aTableOfPacketsMustStandBehindThem() throws {
    let bytes = try file(events: 10)
    let withoutEvents = try file(events: 0)
    #expect(try count(setting(tablePosition: -1, bytes)) == 10)
    #expect(try count(setting(tablePosition: Int64(bytes.count), bytes)) == 10)
    #expect(try count(setting(tablePosition: Int64(bytes.count), bytes + [1, 2, 3])) == 10)
    #expect(try count(setting(tablePosition: Int64(withoutEvents.count), bytes)) == 0)
    for position in [1, 14, Int64(withoutEvents.count) - 1, Int64(bytes.count) + 1, .max] {
      let error = #expect(throws: FileError.self) { try count(setting(tablePosition: position, bytes)) }
      #expect(error?.problem.contains("its table of packets is said to be at byte \(position)") == true)
    }
    for position in [Int64(withoutEvents.count) + 3, Int64(bytes.count) - 1] {
      #expect(throws: FileError.self, "within a packet") { try count(setting(tablePosition: position, bytes)) }
    }
  }

  /// The packets of a file, joined into one.
  private func joined(_ bytes: [UInt8], header: Int) throws -> [UInt8] {
    var events: [UInt8] = []
    var place = header
    while place < bytes.count {
      let size = bytes[place + 4..<place + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
      events += bytes[place + 40..<place + 8 + size]
      place += 8 + size
    }
    let size = 32 + events.count
    var packet = Array(bytes[header..<header + 40])
    for (place, value) in [(4, size), (8, size - 4), (36, events.count / 16)] {
      for byte in 0..<4 { packet[place + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
    }
    return Array(bytes[..<header]) + packet + events
  }

  @Test func aLongPacketIsReadInPieces() throws {
    let header = try file(events: 0).count
    let bytes = try file(events: 300_000)
    let long = try joined(bytes, header: header)
    #expect(long.count < bytes.count)
    let read = try EventStreamFile.read(bytes: long, format: .aedat4, called: "e")
    #expect(read.count == 300_000)
    #expect(try read == EventStreamFile.read(bytes: bytes, format: .aedat4, called: "e"))
  }

  @Test func aPacketBeyondTheLimitIsRefused() throws {
    let header = try file(events: 0).count
    let long = try joined(file(events: 2_200_000), header: header)
    let error = #expect(throws: FileError.self) { try count(long) }
    #expect(error?.problem.contains("33554432 are allowed") == true)
  }
}
