import DataFiles
import EventStreams
import Foundation
import TestSupport
import Testing

/// Conversions that put late events in order.
@Suite struct SortingTests {
  /// Three events each nanosecond, each moved by up to `places`.
  private func shuffled(_ events: Int, by places: Int, seed: UInt64) -> EventStream {
    var random = SplitMix64(seed: seed)
    var stream = EventStream(encoder: "test", channels: 1, rows: 50, columns: 40, steps: 100, payloadExponent: 0)
    let keys = (0..<events).map { ($0 + random.int(0...places), $0) }
    for (_, event) in keys.sorted(by: <) {
      stream.append(
        Event(
          step: Int32(event * 100 / events), time_ns: Int64(event / 3), channel: 0, row: Int32(random.int(0...49)),
          column: Int32(random.int(0...39)), payload: Int32(event)))
    }
    return stream
  }

  private func lateEvents(of stream: EventStream) -> Int {
    var latest: (Int32, Int64) = (.min, .min)
    return stream.count { event in
      let key = (event.step, event.time_ns)
      if key >= latest { latest = key }
      return key < latest
    }
  }

  /// Past the check that writers make.
  private func write(_ stream: EventStream, to path: String) throws {
    try EventStreamFile.write(stream.header, to: path)
    var archive = try NumPyArchive(contentsOf: path)
    archive.arrays["time_ns"] = NumPyArray(shape: [stream.count], stream.time_ns)
    for (name, values) in [
      ("step", stream.step), ("channel", stream.channel), ("row", stream.row), ("column", stream.column),
      ("payload", stream.payload),
    ] {
      archive.arrays[name] = NumPyArray(shape: [stream.count], values)
    }
    try archive.write(to: path)
  }

  /// A conversion of a stream that puts it in order, between files of a folder.
  private func sorting(
    _ stream: EventStream, in folder: String, reach: Int = EventConversion.usualSortingReach
  ) throws -> EventConversion {
    try write(stream, to: "\(folder)/e.npz")
    var conversion = EventConversion(from: "\(folder)/e.npz", to: "\(folder)/sorted.npz")
    (conversion.sortsEvents, conversion.sortingReach) = (true, reach)
    return conversion
  }

  private func expected(_ stream: EventStream) -> [Event] {
    stream.enumerated().sorted {
      ($0.element.step, $0.element.time_ns, $0.offset) < ($1.element.step, $1.element.time_ns, $1.offset)
    }.map(\.element)
  }

  /// 65,536 are read at once.
  @Test(arguments: [
    (0, 0, 5), (1, 0, 1), (1000, 999, 999), (200_000, 0, 10), (200_000, 3, 3), (200_000, 40_000, 40_000),
  ])
  func eventsThatComeLateArePutInOrder(events: Int, places: Int, reach: Int) throws {
    try withTemporaryFolder { folder in
      for seed in UInt64(1)...3 {
        let stream = shuffled(events, by: places, seed: seed)
        var conversion = try sorting(stream, in: folder, reach: reach)
        conversion.isStrict = true
        let late = lateEvents(of: stream)
        #expect(try conversion().losses.asked == (late == 0 ? [] : ["order of \(late) late events"]))
        let read = try EventStreamFile.read(conversion.destination)
        #expect(Array(read) == expected(stream), "seed \(seed)")
        #expect((late > 0) == (places > 0))
      }
    }
  }

  @Test func anEventThatComesTooLateIsRefusedInOneLine() throws {
    try withTemporaryFolder { folder in
      var stream = shuffled(70_000, by: 0, seed: 4)
      stream.append(Event(step: 0, time_ns: 1, channel: 0, row: 0, column: 0, payload: 0))
      var conversion = try sorting(stream, in: folder, reach: 100)
      let error = #expect(throws: FileError.self) { try conversion() }
      #expect(
        error?.description == "\(folder)/e.npz: event 70000: step 0, time_ns 1 belongs before more than 100 others, "
          + "of which some are written already")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["e.npz"])
      conversion.sortingReach = 70_000
      #expect(try conversion().losses.asked == ["order of 1 late event"])
    }
  }

  /// The latest event comes first; of more events some are written before the earliest come.
  @Test func aFileOfNoMoreEventsThanAreHeldIsPutInOrderWhateverItsOrder() throws {
    #expect(EventConversion.usualHeldEvents == 2 * EventConversion.usualSortingReach)
    try withTemporaryFolder { folder in
      for (events, isRefused) in [(140_000, false), (280_000, true)] {
        var stream = EventStream(encoder: "test", channels: 1, rows: 1, columns: 1, steps: 1, payloadExponent: 0)
        for event in 0..<events {
          stream.append(
            Event(step: 0, time_ns: Int64(events - event), channel: 0, row: 0, column: 0, payload: Int32(event)))
        }
        let conversion = try sorting(stream, in: folder, reach: 70_000)
        if isRefused {
          let error = #expect(throws: FileError.self) { try conversion() }
          #expect(error?.problem.contains("belongs before more than 70000 others") == true)
        } else {
          #expect(try conversion().losses.asked == ["order of \(events - 1) late events"])
          #expect(try Array(EventStreamFile.read(conversion.destination)) == expected(stream))
        }
      }
    }
  }

  @Test func timesThatContradictStepsAreRefused() throws {
    try withTemporaryFolder { folder in
      var stream = EventStream(encoder: "test", channels: 1, rows: 1, columns: 1, steps: 9, payloadExponent: 0)
      for (step, time_ns) in [(3, 40), (1, 70)] {
        stream.append(
          Event(step: Int32(step), time_ns: Int64(time_ns), channel: 0, row: 0, column: 0, payload: 1))
      }
      let conversion = try sorting(stream, in: folder)
      let error = #expect(throws: FileError.self) { try conversion() }
      #expect(
        error?.description == "\(folder)/e.npz: in the order of steps, time_ns 40 of step 3 comes after 70 of step 1; "
          + "times must be in that order, too")
    }
  }

  /// The event is the last in the file, and would be the first in order.
  @Test func anEventOutsideTheShapeIsNamedByItsPlaceInTheFile() throws {
    try withTemporaryFolder { folder in
      var stream = shuffled(1000, by: 0, seed: 6)
      stream.append(Event(step: 0, time_ns: 0, channel: 0, row: 50, column: 0, payload: 0))
      let conversion = try sorting(stream, in: folder)
      let error = #expect(throws: FileError.self) { try conversion() }
      #expect(error?.problem == "event 1000: row is 50; it must be 0 … 49")
    }
  }

  @Test func whatIsInOrderIsTheSameFileAndNothingIsSaid() throws {
    try withTemporaryFolder { folder in
      try write(shuffled(200_000, by: 0, seed: 5), to: "\(folder)/e.npz")
      var conversion = EventConversion(from: "\(folder)/e.npz", to: "\(folder)/plain.csv")
      _ = try conversion()
      let plain = try Data(contentsOf: URL(fileURLWithPath: conversion.destination))
      (conversion.sortsEvents, conversion.sortingReach) = (true, 1000)
      #expect(try conversion().losses.isEmpty)
      #expect(try Data(contentsOf: URL(fileURLWithPath: conversion.destination)) == plain)
    }
  }

  /// Times (µs) in the order of the file; those of Prophesee go back in their high words too.
  private static let times_us: [Int64] = [9_000, 9_001, 4_097, 9_003, 9_002, 20_000, 4_098]

  @Test(arguments: CameraFormatTests.formats)
  func recordingsWithLateEventsAreRefusedWithAHintAndSorted(format: EventStreamFile.Format) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.\(format.rawValue)"
      try recording(format).write(to: URL(fileURLWithPath: path))
      let refusal = #expect(throws: FileError.self) { try EventStreamFile.read(path) }
      #expect(refusal?.problem.hasSuffix("events convert --sort puts late ones in order") == true)
      // The third event, behind a text of 33 bytes and two events of 8 bytes.
      let places: [EventStreamFile.Format: String] = [
        .evt2: "by 4864 us, to 4096 us, at byte 49;", .evt3: "by 4096 us, to 4096 us, at byte 49;",
      ]
      #expect(try #require(refusal).problem.hasPrefix(places[format].map { "the time goes back \($0)" } ?? "event 2: "))
      var conversion = EventConversion(from: path, to: "\(folder)/sorted.\(format.rawValue)")
      conversion.sortsEvents = true
      #expect(try conversion().losses.asked == ["order of 3 late events"])
      let (read, leftOut) = try EventStreamFile.reading(conversion.destination)
      #expect(read.time_ns == Self.times_us.sorted().map { $0 * 1000 })
      #expect(read.column == [2, 6, 0, 1, 4, 3, 5])
      #expect(leftOut == ["lost before: order of 3 late events"])
    }
  }

  /// High words start again from 0 at 2^24 us (EVT 3.0) and 2^34 us (EVT 2.0); late events come from before that.
  @Test(arguments: [(EventStreamFile.Format.evt2, Int64(1) << 34), (.evt3, Int64(1) << 24)])
  func lateEventsFromBeforeAnOverflowBelongThere(format: EventStreamFile.Format, overflow_us: Int64) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.\(format.rawValue)"
      let times_us = [-5000, 3, -4999, 4, 9000, -1, 20_000].map { overflow_us + $0 }
      try recording(format, times_us).write(to: URL(fileURLWithPath: path))
      var conversion = EventConversion(from: path, to: "\(folder)/sorted.npz")
      conversion.sortsEvents = true
      #expect(try conversion().losses.asked == ["order of 2 late events"])
      let read = try EventStreamFile.read(conversion.destination)
      #expect(read.time_ns == times_us.sorted().map { $0 * 1000 })
      #expect(read.column == [0, 2, 5, 1, 3, 4, 6])
    }
  }

  /// A sixteenth of the times that high words tell apart.
  private static let part_us: [EventStreamFile.Format: Int64] = [.evt2: 1 << 30, .evt3: 1 << 20]

  /// Pauses of up to three overflows, from shortly after one and to shortly before one too. What is in order, sorting
  /// leaves alone.
  @Test(arguments: [EventStreamFile.Format.evt2, .evt3])
  func longPausesAreNoLateEvents(format: EventStreamFile.Format) throws {
    let part_us = try #require(Self.part_us[format])
    var stream = EventStream(encoder: "camera", channels: 1, rows: 1, columns: 1, steps: 1, payloadExponent: 0)
    let growing = (1...40).map { 60 + 0.6 * Double($0 * ($0 + 1)) }
    for parts in [0.1, 15.9, 16.1, 31.9, 32.1, 42, 43, 58.5, 60] + growing {
      stream.append(
        Event(
          step: 0, time_ns: 1000 * Int64(parts * Double(part_us)), channel: 0, row: 0, column: 0, payload: 1))
    }
    try withTemporaryFolder { folder in
      try EventStreamFile.write(stream, to: "\(folder)/e.\(format.rawValue)")
      try expectUnchanged("\(folder)/e.\(format.rawValue)", stream.time_ns)
    }
  }

  /// Of files without high words in pauses too, such as 20 s and 30 s of EVT 3.0; and before the first overflow nothing
  /// can be late from before it.
  @Test(arguments: [EventStreamFile.Format.evt2, .evt3])
  func pausesWithoutHighWordsAreNoLateEvents(format: EventStreamFile.Format) throws {
    let part_us = try #require(Self.part_us[format])
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.\(format.rawValue)"
      for parts: [Int64] in [[0, 16], [1, 15, 20, 30, 31, 33, 47], [1, 10, 18, 28]] {
        let times_us = parts.map { part_us * $0 - ($0 == 16 ? 5 : -5) }
        try recording(format, times_us).write(to: URL(fileURLWithPath: path))
        try expectUnchanged(path, times_us.map { $0 * 1000 })
      }
    }
  }

  private func expectUnchanged(_ path: String, _ times_ns: [Int64]) throws {
    #expect(try EventStreamFile.read(path).time_ns == times_ns)
    var conversion = EventConversion(from: path, to: "\(path).sorted.npz")
    conversion.sortsEvents = true
    #expect(try conversion().losses.isEmpty)
    #expect(try EventStreamFile.read(conversion.destination).time_ns == times_ns)
  }

  /// Event n at column n.
  private func recording(_ format: EventStreamFile.Format, _ times_us: [Int64] = times_us) throws -> Data {
    let places = times_us.indices
    switch format {
    case .evt2:
      let words = places.flatMap { n -> [UInt32] in
        let time_us = times_us[n]
        return [8 << 28 | UInt32(time_us >> 6 & (1 << 28 - 1)), 1 << 28 | UInt32(time_us & 63) << 22 | UInt32(n) << 11]
      }
      return Data("% evt 2.0\n% geometry 64x32\n% end\n".utf8) + words.withUnsafeBytes { Data($0) }
    case .evt3:
      let words = places.flatMap { n -> [UInt16] in
        let time_us = times_us[n]
        return [8 << 12 | UInt16(time_us >> 12 & 4095), 6 << 12 | UInt16(time_us & 4095), 0, 2 << 12 | UInt16(n)]
      }
      return Data("% evt 3.0\n% geometry 64x32\n% end\n".utf8) + words.withUnsafeBytes { Data($0) }
    default:
      // Events of one size at the end of the file: those of a sorted recording change their places.
      let order = places.sorted { times_us[$0] < times_us[$1] }
      var stream = EventStream(encoder: "camera", channels: 1, rows: 32, columns: 64, steps: 1, payloadExponent: 0)
      for n in order {
        stream.append(
          Event(step: 0, time_ns: times_us[n] * 1000, channel: 0, row: 0, column: Int32(n), payload: 1))
      }
      return try withTemporaryFolder { folder in
        let path = "\(folder)/e.\(format.rawValue)"
        try EventStreamFile.write(stream, to: path)
        let file = try Data(contentsOf: URL(fileURLWithPath: path))
        let size = format == .aedat4 ? 16 : 8
        let events = [UInt8](file.suffix(size * order.count))
        let records = places.map { n in
          let place = (order.firstIndex(of: n) ?? 0) * size
          return events[place..<place + size]
        }
        return file.dropLast(size * order.count) + Data(records.joined())
      }
    }
  }
}
