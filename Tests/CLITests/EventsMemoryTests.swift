import DataFiles
import EventStreams
import Foundation
import TestSupport
import Testing

/// Ten million events are converted and described in 200 MB, whatever the format: the system gives the program no more.
/// By default it is three million in 100 MB, which would not hold them either.
@Suite struct EventsMemoryTests {
  private static let events = LongTests.areOn ? 10_000_000 : 3_000_000
  private static let memory_MB = LongTests.areOn ? 200 : 100

  @Test(arguments: EventStreamFile.Format.allCases)
  func manyEventsAreConvertedInBoundedMemory(format: EventStreamFile.Format) async throws {
    try await withProgram { rheobase in
      try recording().write(to: URL(fileURLWithPath: rheobase.path("e.raw")))
      let bounded = limited(rheobase, to: Self.memory_MB)
      try await succeed(bounded, ["convert", "e.raw", "first.\(format.rawValue)"])
      guard format.isReadable else { return }
      try await succeed(bounded, ["convert", "first.\(format.rawValue)", "again.evt2"])
      let inspected = try await bounded("events", "inspect", "again.evt2")
      #expect(inspected.output.contains("events            \(Self.events)\n"), "\(inspected.errors)")
      #expect(inspected.output.contains("times             0 … \((Self.events - 1) / 64 * 1000) ns\n"))
    }
  }

  /// The largest packets that are read: 2^21 events in one, less its header.
  @Test func packetsOfTheLargestSizeAreConvertedInBoundedMemory() async throws {
    try await withProgram { rheobase in
      let empty = EventStream(encoder: "camera", channels: 1, rows: 64, columns: 64, steps: 1, payloadExponent: 0)
      try EventStreamFile.write(empty, to: rheobase.path("empty.aedat4"))
      var file = try rheobase.data("empty.aedat4")
      for packet in 0..<3 { file.append(largestPacket(startingAt: packet << 21)) }
      try file.write(to: URL(fileURLWithPath: rheobase.path("long.aedat4")))
      try await succeed(limited(rheobase, to: 200), ["convert", "long.aedat4", "e.npz"])
      #expect(try EventStreamFile.read(rheobase.path("e.npz")).count == 3 * ((1 << 21) - 2))
    }
  }

  private func limited(_ rheobase: Program, to memory_MB: Int) -> Program {
    var program = rheobase
    program.launcher = ["/bin/sh", "-c", "ulimit -d \(memory_MB * 1_000_000 / 1024) && exec \"$@\"", "sh"]
    return program
  }

  private func succeed(_ rheobase: Program, _ arguments: [String]) async throws {
    let outcome = try await rheobase(["events"] + arguments)
    try #require(
      outcome.status.isSuccess && outcome.errors.isEmpty, "\(arguments): \(outcome.status) \(outcome.errors)")
  }

  /// EVT 3.0, 64 events each microsecond.
  private func recording() -> Data {
    var words: [UInt16] = [0x0005]
    for event in 0..<Self.events {
      let time_us = event / 64
      if event % 64 == 0 {
        if time_us % 4096 == 0 { words.append(0x8000 | UInt16(time_us >> 12 & 4095)) }
        words.append(0x6000 | UInt16(time_us & 4095))
      }
      words.append(0x2000 | UInt16(event * 7 % 64) | (event % 3 == 0 ? 1 << 11 : 0))
    }
    return Data("% evt 3.0\n% geometry 64x64\n% end\n".utf8) + words.withUnsafeBytes { Data($0) }
  }

  /// Stream 0; size; a FlatBuffer with its size, root table, identifier, vtable, table, and the length of its one
  /// vector.
  private func largestPacket(startingAt time_us: Int) -> Data {
    let events = 1 << 21 - 2
    var packet: [UInt32] = [0, UInt32(32 + 16 * events), UInt32(28 + 16 * events), 16, 0x5354_5645]
    packet += [0x0008_0006, 0x0000_0004, 8, 4, UInt32(events)]
    for event in 0..<events {
      packet += [UInt32(time_us + event), 0, UInt32(event % 64), event % 3 == 0 ? 1 : 0]
    }
    return packet.withUnsafeBytes { Data($0) }
  }
}
