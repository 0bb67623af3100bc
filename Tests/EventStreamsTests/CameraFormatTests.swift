import DataFiles
import EventStreams
import Foundation
import TestSupport
import Testing

@Suite struct CameraFormatTests {
  static let formats = EventStreamFile.Format.allCases.filter(\.isOfCameras)

  /// Streams that stress a format: name, events.
  private func streams(_ format: EventStreamFile.Format, events: Int = 3000) -> [(String, EventStream)] {
    var random = SplitMix64(seed: 11)
    let limit: Int64 = format == .evt2 || format == .evt3 ? 1 << 44 : 1 << 52
    // Past the wraps of each format: 2^24 us (EVT3), 2^34 us (EVT2), 2^31 us (AEDAT 3.1).
    let wraps: [Int64] = [
      0, 4095, 4096, 1 << 24 - 1, 1 << 24, 3 << 24 + 5, 1 << 31 - 1, 1 << 31, 1 << 34 - 1, 1 << 34, 3 << 34 + 77,
      limit - 1,
    ]
    return [
      ("none", random.camera([])), ("one", random.camera([123_456])), ("equal times", random.camera([7, 7, 7, 7])),
      ("corners", random.camera([5, 6, 7], side: format == .evt2 || format == .evt3 ? 2048 : 32768)),
      ("wraps", random.camera(wraps)),
      ("steps", random.camera((0..<20).map { Int64($0) * 4096 * 3 })),
      ("random", random.camera((0..<events).map { _ in Int64(random.int(0...40_000_000)) }.sorted())),
    ]
  }

  @Test(arguments: formats)
  func whatACameraFormatHoldsIsReadAgain(format: EventStreamFile.Format) throws {
    try withTemporaryFolder { folder in
      for (name, stream) in streams(format, events: 200_000) {
        let path = "\(folder)/e.\(format.rawValue)"
        let losses = try EventStreamFile.write(stream, to: path)
        #expect(losses.isEmpty, "\(name): \(losses.text)")
        var expected = stream
        expected.encoder = format.rawValue
        #expect(try EventStreamFile.read(path) == expected, "\(name)")
      }
    }
  }

  @Test(arguments: formats)
  func timesBeforeTheEpochAreKeptOrRefused(format: EventStreamFile.Format) throws {
    var random = SplitMix64(seed: 12)
    var stream = random.camera([-1_700_000, -1, 5])
    stream.encoder = format.rawValue
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.\(format.rawValue)"
      if format == .aedat4 {
        try EventStreamFile.write(stream, to: path)
        #expect(try EventStreamFile.read(path) == stream)
      } else {
        let error = #expect(throws: FileError.self) { try EventStreamFile.write(stream, to: path) }
        #expect(error?.description.contains("--from-zero") == true)
      }
    }
  }

  /// Only where that helps: not if the recording is too long, or begins at 0.
  @Test(
    arguments: [
      ([1 << 44], true), ([5, 1 << 44], true), ([0, 1 << 44], false), ([1, 2 << 44], false),
    ] as [([Int64], Bool)])
  func countingFromTheFirstEventIsAdvisedWhereItHelps(times_us: [Int64], isAdvised: Bool) throws {
    var random = SplitMix64(seed: 20)
    try withTemporaryFolder { folder in
      for format in [EventStreamFile.Format.evt2, .evt3] {
        let error = #expect(throws: FileError.self) {
          try EventStreamFile.write(random.camera(times_us), to: "\(folder)/e.\(format.rawValue)")
        }
        #expect(error?.problem.hasSuffix(isAdvised ? "(--from-zero)" : "us; npz and csv hold any") == true)
      }
    }
  }

  @Test(arguments: formats)
  func lossesAreCountedSaidAndRefused(format: EventStreamFile.Format) throws {
    var stream = EventStream(encoder: "sparse", channels: 3, rows: 4, columns: 5, steps: 9, payloadExponent: -3)
    stream.append(Event(step: 0, time_ns: 1000, channel: 0, row: 0, column: 0, payload: 1))
    stream.append(Event(step: 1, time_ns: 2999, channel: 2, row: 3, column: 4, payload: -77))
    stream.append(Event(step: 1, time_ns: 3000, channel: 0, row: 3, column: 4, payload: 0))
    try withTemporaryFolder { folder in
      try EventStreamFile.write(stream, to: "\(folder)/s.npz")
      var conversion = EventConversion(from: "\(folder)/s.npz", to: "\(folder)/e.\(format.rawValue)")
      let report = try conversion()
      #expect(report.events == 3)
      #expect(
        report.losses.text
          == "1 event: time rounded down to 1 us, 2 events: step dropped, 1 event: channel merged into one, "
          + "1 event: payload reduced to its sign, 1 event: dropped, of payload 0, payload unit 2^-3 dropped, encoder 'sparse' dropped, "
          + "number of steps 9 dropped, "
          + "number of channels 3 dropped")
      #expect(try file(conversion.destination, format, says: report.losses.text))
      let read = try EventStreamFile.read(conversion.destination)
      #expect(read.time_ns == [1000, 2000])
      #expect(read.payload == [1, -1])
      conversion.isStrict = true
      let error = #expect(throws: FileError.self) { try conversion() }
      #expect(error?.problem.hasSuffix("this would not be in the file: \(report.losses.text)") == true)
    }
  }

  @Test func oneChannelAndAnOriginCanBeChosen() throws {
    var random = SplitMix64(seed: 13)
    var stream = random.camera([1_000_000, 1_000_002, 1_000_005, 1_000_007])
    stream.channels = 2
    stream.channel = [0, 1, 1, 0]
    try withTemporaryFolder { folder in
      try EventStreamFile.write(stream, to: "\(folder)/s.npz")
      var conversion = EventConversion(from: "\(folder)/s.npz", to: "\(folder)/e.evt3")
      (conversion.channel, conversion.countsFromZero, conversion.isStrict) = (1, true, true)
      let losses = try conversion().losses
      #expect(losses.asked == ["2 events of other channels", "time of the first event, 1000000000 ns"])
      #expect(losses.text == losses.asked.map { "left out as asked: \($0)" }.joined(separator: ", "))
      #expect(try file(conversion.destination, .evt3, says: losses.text))
      let read = try EventStreamFile.read("\(folder)/e.evt3")
      #expect(read.time_ns == [2000, 5000])
      #expect(read.column == [stream.column[1], stream.column[2]])
      conversion.channel = 2
      #expect(throws: FileError.self) { try conversion() }
    }
  }

  @Test func coordinatesBeyondTheFormatAreRefused() throws {
    let stream = EventStream(encoder: "a", channels: 1, rows: 1, columns: 2049, steps: 1, payloadExponent: 0)
    try withTemporaryFolder { folder in
      for name in ["e.raw", "e.evt2"] {
        let error = #expect(throws: FileError.self) { try EventStreamFile.write(stream, to: "\(folder)/\(name)") }
        #expect(error?.description.contains("2048") == true)
      }
      try EventStreamFile.write(stream, to: "\(folder)/e.aedat4")
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left == ["e.aedat4"])
    }
  }

  /// Words that our writer does not make: vectors, triggers, and events before the first time.
  @Test func vectorsOfEVT3AreReadAndTriggersLeftOut() throws {
    let words: [UInt16] = [
      0x2005, 0x8001, 0x6002, 0x0003, 0x3801, 0x4005, 0x5081, 0xA001, 0x2007,
    ]
    var bytes = Array("% evt 3.0\n% geometry 64x32\n% end\n".utf8)
    for word in words { bytes += [UInt8(word & 255), UInt8(word >> 8)] }
    try withTemporaryFolder { folder in
      try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/e.raw"))
      let stream = try EventStreamFile.read("\(folder)/e.raw")
      #expect(stream.column == [1, 3, 13, 20, 7])
      #expect(stream.payload == [1, 1, 1, 1, -1])
      #expect(Set(stream.row) == [3])
      #expect(Set(stream.time_ns) == [4_098_000])
    }
  }

  /// A trigger and an event before the first time; what became of the source is said in every format, and refused.
  @Test(arguments: EventStreamFile.Format.allCases)
  func whatIsLeftOutOfASourceIsALoss(format: EventStreamFile.Format) throws {
    let leftOut = ["1 word without an event (triggers and others)", "1 event before the first time or row"]
    let words: [UInt16] = [0x2005, 0x8001, 0x6002, 0x0003, 0x2007, 0xA001]
    let bytes =
      Array("% evt 3.0\n% geometry 64x32\n% end\n".utf8) + words.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    try withTemporaryFolder { folder in
      try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/e.raw"))
      #expect(try EventStreamFile.reading("\(folder)/e.raw").leftOut == leftOut)
      #expect(try EventStreamSummary(contentsOf: "\(folder)/e.raw").leftOut == leftOut)
      let conversion = EventConversion(from: "\(folder)/e.raw", to: "\(folder)/c.\(format.rawValue)")
      let losses = try conversion().losses
      #expect(losses.leftOut == leftOut && !losses.isEmpty)
      #expect(try file(conversion.destination, format, says: losses.text))
      if format.isReadable {
        #expect(try EventStreamFile.read(conversion.destination).column == [7])
        try expectCarriedOn(losses, from: conversion.destination, in: folder)
      }
      var strict = EventConversion(from: conversion.source, to: "\(folder)/strict")
      (strict.isStrict, strict.format) = (true, format)
      let error = #expect(throws: FileError.self) { try strict() }
      #expect(error?.problem.contains("left out of the source: \(leftOut[0])") == true)
      #expect(!FileManager.default.fileExists(atPath: strict.destination))
    }
  }

  /// What was lost when a file was made is not forgotten when it is converted again, and is no loss of that conversion.
  private func expectCarriedOn(_ former: EventLosses, from path: String, in folder: String) throws {
    let lost = former.leftOut.joined(separator: ", ")
    #expect(try EventStreamFile.reading(path).leftOut == ["lost before: \(lost)"])
    #expect(try EventStreamSummary(contentsOf: path).leftOut == ["lost before: \(lost)"])
    for format in EventStreamFile.Format.allCases {
      var again = EventConversion(from: path, to: "\(folder)/again.\(format.rawValue)")
      let losses = try again().losses
      #expect(losses.before == former.text && losses.text == "lost before: \(lost)")
      // Behind the name of the field, which is `lost`.
      #expect(try file(again.destination, format, says: "before: \(lost)"))
      #expect(try !file(again.destination, format, says: "lost lost"))
      if format.isReadable {
        let third = EventConversion(from: again.destination, to: "\(folder)/third.npz")
        #expect(try third().losses.text == losses.text, "said once, however often it is converted")
      }
      again.isStrict = true
      #expect(try again().losses == losses)
    }
  }

  /// Of a text that has no room the beginning is kept, and the file stays one that can be read.
  @Test(arguments: EventStreamFile.Format.allCases.filter(\.isReadable))
  func aLongStoryOfLossesIsCutShort(format: EventStreamFile.Format) throws {
    var random = SplitMix64(seed: 15)
    let stream = random.camera([1, 2])
    try withTemporaryFolder { folder in
      let story = String(repeating: "ä<&> a loss, ", count: 70)
      try EventStreamFile.write(stream, to: "\(folder)/s.csv")
      let text = try String(contentsOfFile: "\(folder)/s.csv", encoding: .utf8)
      try Data((text + "# lost \(story)\n").utf8).write(to: URL(fileURLWithPath: "\(folder)/s.csv"))
      let conversion = EventConversion(from: "\(folder)/s.csv", to: "\(folder)/e.\(format.rawValue)")
      _ = try conversion()
      let (read, leftOut) = try EventStreamFile.reading(conversion.destination)
      #expect(read.time_ns == stream.time_ns)
      #expect(leftOut.count == 1 && leftOut[0].hasPrefix("lost before: ???? a loss, "))
      #expect(leftOut[0].hasSuffix("... (\(story.count - Self.mostKeptOfCut) characters cut)"), "\(leftOut[0])")
    }
  }

  /// All that can be lost at once, with the longest names, of a file that says as much of former losses as it can.
  private func put(mostLossy path: String, former: String) throws {
    var stream = EventStream(
      encoder: String(repeating: "e", count: 64), channels: 999_999_999, rows: 4, columns: 4, steps: 999_999_999,
      payloadExponent: -256)
    for (step, time_ns, payload) in [(Int32(1), Int64(1500), Int32(2)), (2, 2500, 0)] {
      stream.append(Event(step: step, time_ns: time_ns, channel: 1, row: 0, column: 0, payload: payload))
    }
    stream.camera = String(repeating: "c", count: 700)
    try EventStreamFile.write(stream, to: path)
    var archive = try NumPyArchive(contentsOf: path)
    archive.arrays["camera"] = NumPyArray(stream.camera)
    archive.arrays["lost"] = NumPyArray(former)
    archive.arrays["step_ns"] = NumPyArray(5)
    for number in 0..<9 { archive.arrays[String(repeating: "\(number)", count: 50)] = NumPyArray(number) }
    try archive.write(to: path)
  }

  /// There is room for 640 characters, `before: ` and the ending with a number of 16 digits among them.
  private static let mostKeptOfCut = 640 - "before: ".count - "... (1234567890123456 characters cut)".count

  /// What a file has of a text that was cut, and how many characters it says are missing.
  private func cut(_ path: String) throws -> (said: String, missing: Int) {
    let leftOut = try EventStreamFile.reading(path).leftOut
    let text = try #require(leftOut.first)
    let match = try #require(text.firstMatch(of: /^lost before: (.*)\.\.\. \((\d+) characters cut\)$/), "\(text)")
    return (String(match.1), try #require(Int(match.2)))
  }

  @Test(arguments: EventStreamFile.Format.allCases.filter { $0.isOfCameras })
  func noLossIsCutUnsaid(format: EventStreamFile.Format) throws {
    try withTemporaryFolder { folder in
      let former = String(repeating: "former loss, ", count: 48) + "the last"
      #expect(former.count == 632, "the longest that has room for the word before it")
      try put(mostLossy: "\(folder)/s.npz", former: former)
      var conversion = EventConversion(from: "\(folder)/s.npz", to: "\(folder)/e.\(format.rawValue)")
      let losses = try conversion().losses
      #expect(losses.isTextCut && losses.text.hasSuffix("cut to 640 characters, lost before: \(former)"))
      let first = try cut(conversion.destination)
      let note = "what is said of losses cut to 640 characters, "
      #expect(losses.text.hasPrefix(first.said.prefix(100)))
      #expect(first.missing == losses.text.count - note.count - Self.mostKeptOfCut)
      conversion.isStrict = true
      let error = #expect(throws: FileError.self) { try conversion() }
      #expect(error?.problem.contains("what is said of losses cut to 640 characters") == true)

      // As it is, nothing more is cut; with a new loss before it as much as that takes.
      var again = EventConversion(from: conversion.destination, to: "\(folder)/again.csv")
      again.isStrict = true
      let none = try again().losses, unchanged = try cut(again.destination)
      #expect(!none.isTextCut && unchanged == first)
      (again.countsFromZero, again.isStrict) = (true, false)
      let more = try again().losses, second = try cut(again.destination)
      #expect(more.isTextCut && second.missing > first.missing)
      #expect(second.said.hasPrefix("time of the first event, 1000 ns, " + first.said.prefix(100)), "\(second.said)")
    }
  }

  /// Longer than this program writes it, as another may.
  @Test(arguments: [633, 900]) func aLongFormerLossIsCutByTheConversion(length: Int) throws {
    var random = SplitMix64(seed: 29)
    try withTemporaryFolder { folder in
      try EventStreamFile.write(random.camera([1, 2]), to: "\(folder)/s.npz")
      var archive = try NumPyArchive(contentsOf: "\(folder)/s.npz")
      archive.arrays["lost"] = NumPyArray(String(repeating: "x", count: length))
      try archive.write(to: "\(folder)/s.npz")
      var conversion = EventConversion(from: "\(folder)/s.npz", to: "\(folder)/e.csv")
      conversion.isStrict = true
      #expect(throws: FileError.self) { try conversion() }
      conversion.isStrict = false
      #expect(try conversion().losses.isTextCut)
      let cut = try cut(conversion.destination)
      #expect(cut.said.count + cut.missing == length)
    }
  }

  @Test func aFormerLossHasRoomBesideManyLongNames() throws {
    var random = SplitMix64(seed: 23)
    try withTemporaryFolder { folder in
      try EventStreamFile.write(random.camera([1, 2]), to: "\(folder)/s.npz")
      var archive = try NumPyArchive(contentsOf: "\(folder)/s.npz")
      for number in 10..<30 { archive.arrays[String(repeating: "\(number)", count: 50)] = NumPyArray(number) }
      let former = String(repeating: "former loss, ", count: 34) + "the last"
      archive.arrays["lost"] = NumPyArray(former)
      try archive.write(to: "\(folder)/s.npz")
      let losses = try EventConversion(from: "\(folder)/s.npz", to: "\(folder)/e.raw")().losses
      #expect(!losses.isTextCut && losses.leftOut[0].hasSuffix(", ..."))
      let kept = try EventStreamFile.reading("\(folder)/e.raw").leftOut
      #expect(kept.count == 1 && kept[0].hasSuffix(", \(former)"))
    }
  }

  /// Whether the file itself says what was lost.
  private func file(_ path: String, _ format: EventStreamFile.Format, says text: String) throws -> Bool {
    if format == .npz { return try NumPyArchive(contentsOf: path).text("lost") == text }
    return try Data(contentsOf: URL(fileURLWithPath: path)).range(of: Data(text.utf8)) != nil
  }

  /// A stream of coefficients is no recording: only the header tells.
  @Test(arguments: formats)
  func whatOnlyTheHeaderSaysIsLostToo(format: EventStreamFile.Format) throws {
    let shape = EventStream(encoder: "camera", channels: 1, rows: 4, columns: 5, steps: 1, payloadExponent: 0)
    let changes: [(String, (inout EventStream) -> Void)] = [
      ("encoder 'sparse' dropped", { $0.encoder = "sparse" }), ("number of steps 9 dropped", { $0.steps = 9 }),
      ("number of channels 3 dropped", { $0.channels = 3 }), ("payload unit 2^-3 dropped", { $0.payloadExponent = -3 }),
    ]
    try withTemporaryFolder { folder in
      for (text, change) in changes {
        var stream = shape
        change(&stream)
        stream.append(Event(step: 0, time_ns: 1000, channel: 0, row: 0, column: 0, payload: 1))
        #expect(try EventStreamFile.write(stream, to: "\(folder)/e.\(format.rawValue)").text == text)
        try EventStreamFile.write(stream, to: "\(folder)/s.npz")
        var conversion = EventConversion(from: "\(folder)/s.npz", to: "\(folder)/strict.\(format.rawValue)")
        conversion.isStrict = true
        #expect(throws: FileError.self) { try conversion() }
      }
      #expect(try EventStreamFile.write(shape, to: "\(folder)/e.\(format.rawValue)").isEmpty)
    }
  }

  private enum EVTTimes { static let end_ns: Int64 = (1 << 44) * 1000 }

  /// Times at both ends of 64 bits are rounded down, or refused with one line.
  @Test(arguments: formats)
  func timesNearTheEndsOf64BitsAreRoundedDownOrRefused(format: EventStreamFile.Format) throws {
    let near: [Int64] = [0, 1, 998, 999, 1000, 1001, 1999]
    // The last are those at which the times of EVT end.
    let ends: [Int64] = [.min, -1500, .max - 1999, EVTTimes.end_ns - 1000]
    let times = ends.flatMap { end in near.map { end + $0 } }
    try withTemporaryFolder { folder in
      for time_ns in times {
        try Data(
          """
          # rheobase.events/1 encoder=camera channels=1 rows=1 columns=1 steps=1 payload_exponent=0
          step,time_ns,channel,row,column,payload
          0,\(time_ns),0,0,0,1

          """.utf8
        ).write(to: URL(fileURLWithPath: "\(folder)/e.csv"))
        let conversion = EventConversion(from: "\(folder)/e.csv", to: "\(folder)/e.\(format.rawValue)")
        do {
          let losses = try conversion().losses
          let remainder = (time_ns % 1000 + 1000) % 1000
          #expect(losses.roundedTimes == (remainder == 0 ? 0 : 1))
          #expect(try EventStreamFile.read(conversion.destination).time_ns == [time_ns - remainder])
        } catch let error as FileError {
          #expect(error.problem.contains("holds times of"), "\(error)")
          #expect(format != .aedat4 || time_ns < Int64.min + 808, "AEDAT 4 holds all but the first microsecond")
        }
      }
    }
  }

  /// Words may look like text, in part, where no `% end` stands before them, as faery writes none: a high word of 0x025
  /// in EVT 3.0, and one of 0x2025 in EVT 2.0, whose first bytes are a per cent sign and a space.
  @Test func aHighWordIsNoLineOfText() throws {
    let words: [(version: String, bytes: [UInt8], time_ns: Int64)] = [
      ("3.0", [0x25, 0x80, 0x0A, 0x60, 0x03, 0x00, 0x04, 0x20, 0x0A, 0x20], (0x25 << 12 | 0x00A) * 1000),
      ("2.0", [0x25, 0x20, 0x00, 0x80, 0x03, 0x20, 0x00, 0x10, 0x03, 0x50, 0x00, 0x00], (0x2025 << 6) * 1000),
    ]
    for (version, bytes, time_ns) in words {
      let file = Array("% evt \(version)\n% geometry 64x32\n".utf8) + bytes
      let stream = try EventStreamFile.read(bytes: file, format: .evt3, called: "e")
      #expect(stream.time_ns == [time_ns, time_ns])
      #expect(stream.column == [4, 10] && stream.row == [3, 3])
    }
  }

  /// faery's line: what the words' times are counted from.
  @Test func anOriginIsAddedToAllTimes() throws {
    func read(_ origin: String) throws -> [Int64] {
      let text = "% evt 2.0\n% geometry 64x32\n% t0 \(origin)\n"
      let bytes = Array(text.utf8) + [0, 0, 0, 0x80, 1, 8, 0, 0x10, 1, 8, 0x40, 0x10]
      return try EventStreamFile.read(bytes: bytes, format: .evt2, called: "e").time_ns
    }
    #expect(try read("0") == [0, 1000])
    #expect(try read("1700000000000000") == [1_700_000_000_000_000_000, 1_700_000_000_000_001_000])
    for origin in ["", "-1", "1.5", "9223372036854776"] {
      let error = #expect(throws: FileError.self) { try read(origin) }
      #expect(error?.problem.hasPrefix("its header says '\(origin)' as t0; microseconds are expected") == true)
    }
    let error = #expect(throws: FileError.self) { try read("9223372036854775") }
    #expect(error?.problem == "its times span more than 64 bits of ns")
  }

  /// What is in the header, and what an error says of it.
  @Test(arguments: [
    ("% geometry 1280,720", "the geometry '1280,720'; WIDTHxHEIGHT is expected, such as 1280x720"),
    ("% geometry 1280x720x3", "the geometry '1280x720x3'; WIDTHxHEIGHT is expected"),
    ("% geometry 0x720", "the geometry '0x720'; WIDTHxHEIGHT is expected"),
    ("% geometry", "the geometry ''; WIDTHxHEIGHT is expected"),
    ("% format EVT2;height=7o;width=64", "'7o' as height; a number of pixels is expected, such as 720"),
    ("% format EVT2;width", "'' as width; a number of pixels is expected"),
  ])
  func aHeaderThatSaysTheSidesWronglyIsRefused(line: String, problem: String) throws {
    try withTemporaryFolder { folder in
      for version in ["2.0", "3.0"] {
        let line = line.replacing("EVT2", with: "EVT\(version.prefix(1))")
        try Data("% evt \(version)\n\(line)\n% end\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/e.raw"))
        let error = #expect(throws: FileError.self) { try EventStreamFile.read("\(folder)/e.raw") }
        #expect(error?.problem.hasPrefix("its header says \(problem)") == true, "\(error as Any)")
        // Whoever knows better may say it.
        let stream = try EventStreamFile.read("\(folder)/e.raw", geometry: .init(width: 64, height: 48))
        #expect((stream.columns, stream.rows) == (64, 48))
      }
    }
  }

  /// What the header says, what is given, and the geometry or the beginning of the error.
  @Test(
    arguments: [
      ("% geometry 64x48", nil, "64x48"), ("% geometry 64x48", "64x48", "64x48"),
      ("% geometry 64x48", "64x32", "says 64 columns and 48 rows itself, not 64 x 32 pixels"),
      ("% format EVT3;width=64", "64x32", "64x32"), ("% format EVT3;width=64", nil, "64x2048"),
      ("% format EVT3;width=64", "65x32", "says 64 columns itself, not 65 x 32 pixels"),
      ("% format EVT3;width=64;height=x", "64x32", "64x32"),
      ("% format EVT3;width=64;height=x", "65x32", "says 64 columns itself, not 65 x 32 pixels"),
      ("% format EVT3;width=64;height=x", nil, "its header says 'x' as height"),
      ("% format EVT3;width=64;height=x\n% geometry 64x48", nil, "64x48"),
      ("% format EVT3;width=64;height=x\n% geometry 64x48", "64x32", "says 64 columns and 48 rows itself"),
      ("% geometry 64x48\n% format EVT3;width=64;height=x", nil, "its header says 'x' as height"),
      ("% geometry 64x48\n% format EVT3;width=64;height=x", "64x32", "says 64 columns and 48 rows itself"),
      ("% geometry 64x48\n% format EVT3;width=65;height=48", nil, "its header says both 64 and 65 columns; say which"),
      ("% geometry 64x48\n% format EVT3;height=49\n% geometry 64x48", nil, "its header says both 48 and 49 rows"),
      ("% geometry 64x48\n% format EVT3;width=65;height=48", "65x48", "65x48"),
      ("% geometry 64x48\n% format EVT3;width=65;height=48", "65x32", "says 48 rows itself, not 65 x 32 pixels"),
      ("% geometry 64x48\n% format EVT3;width=64;height=48", nil, "64x48"),
      ("% geometry 4096x48", nil, "has coordinates below 2048, and the geometry is 4096 x 48"),
      ("% format EVT3;height=2049", "64x2049", "has coordinates below 2048, and the geometry is 64 x 2049"),
    ] as [(String, String?, String)])
  func eachSideIsAsTheHeaderSaysElseAsItIsGiven(header: String, given: String?, expected: String) throws {
    try withTemporaryFolder { folder in
      try Data("% evt 3.0\n\(header)\n% end\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/e.raw"))
      func read() throws -> EventStream {
        try EventStreamFile.read("\(folder)/e.raw", geometry: given.flatMap(EventStreamFile.Geometry.init))
      }
      if expected.first?.isNumber == true {
        #expect(try "\(read().columns)x\(read().rows)" == expected)
      } else {
        let error = #expect(throws: FileError.self) { try read() }
        #expect(error?.problem.hasPrefix(expected) == true, "\(error as Any)")
      }
    }
  }

  /// The same of iniVation's files; their first streams begin as this program writes them.
  @Test(arguments: [
    (EventStreamFile.Format.aedat3, "#Geometry: 5x4", "#Geometry: 5-4", "the geometry '5-4'; WIDTHxHEIGHT is expected"),
    (.aedat4, "\"int\">5<", "\"int\">x<", "'x' as sizeX; a number of pixels is expected"),
  ])
  func sidesThatAreNoNumbersAreRefused(
    format: EventStreamFile.Format, said: String, wrong: String, problem: String
  ) throws {
    let stream = EventStream(encoder: "camera", channels: 1, rows: 4, columns: 5, steps: 1, payloadExponent: 0)
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.\(format.rawValue)"
      try EventStreamFile.write(stream, to: path)
      var file = try Data(contentsOf: URL(fileURLWithPath: path))
      let place = try #require(file.range(of: Data(said.utf8)))
      file.replaceSubrange(place, with: Data(wrong.utf8))
      try file.write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: FileError.self) { try EventStreamFile.read(path) }
      #expect(error?.problem.hasPrefix("its header says \(problem)") == true, "\(error as Any)")
      let read = try EventStreamFile.read(path, geometry: .init(width: 7, height: 4))
      #expect((read.columns, read.rows) == (7, 4))
    }
  }

  @Test(arguments: [("2.0", "EVT3"), ("3.0", "EVT2")])
  func aHeaderOfTwoVersionsIsRefused(evt: String, format: String) {
    for lines in [["% evt \(evt)", "% format \(format);height=4"], ["% format \(format)", "% evt \(evt)"]] {
      let bytes = Array((lines + ["% end", ""]).joined(separator: "\n").utf8)
      let error = #expect(throws: FileError.self) {
        try EventStreamFile.read(bytes: bytes, format: .evt3, called: "e")
      }
      #expect(error?.problem.hasPrefix("its header says both EVT ") == true, "\(error as Any)")
    }
  }

  @Test func aFileThatSaysNothingOfItsSidesTakesThemFromTheCaller() throws {
    let bytes = Array("% evt 2.0\n% end\n".utf8) + [0, 0, 0, 0x80, 1, 8, 0, 0x10]
    try withTemporaryFolder { folder in
      try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/e.raw"))
      #expect(try EventStreamFile.read("\(folder)/e.raw").columns == 2048)
      let stream = try EventStreamFile.read("\(folder)/e.raw", geometry: .init(width: 2, height: 3))
      #expect((stream.columns, stream.rows, stream.column, stream.row) == (2, 3, [1], [1]))
      #expect(throws: FileError.self) {
        try EventStreamFile.read("\(folder)/e.raw", geometry: .init(width: 1, height: 3))
      }
      let error = #expect(throws: FileError.self) {
        try EventStreamFile.read("\(folder)/e.raw", geometry: .init(width: 4096, height: 3))
      }
      #expect(error?.problem == "has coordinates below 2048, and the geometry is 4096 x 3")
    }
  }

  /// The bytes of a file of this program's before and after the text's end.
  private func halves(ofAEDAT3 stream: EventStream) throws -> (text: [UInt8], packets: [UInt8]) {
    try withTemporaryFolder { folder in
      try EventStreamFile.write(stream, to: "\(folder)/e.aedat3")
      let file = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/e.aedat3"))
      let end = try #require(file.range(of: Data("#!END-HEADER\r\n".utf8))).upperBound
      return (Array(file[..<end]), Array(file[end...]))
    }
  }

  /// A packet of a second camera stands between two of the first.
  @Test func onlyTheFirstCameraOfAnAEDAT3FileIsRead() throws {
    var random = SplitMix64(seed: 16)
    let ours = random.camera([5, 6, 20, 21])
    let (text, packets) = try halves(ofAEDAT3: ours.filtered { $0.time_ns < 10_000 })
    var others = try halves(ofAEDAT3: random.camera([1, 2, 3])).packets
    others[2] = 7
    let later = try halves(ofAEDAT3: ours.filtered { $0.time_ns > 10_000 }).packets
    try withTemporaryFolder { folder in
      try Data(text + packets + others + later).write(to: URL(fileURLWithPath: "\(folder)/e.aedat3"))
      let (read, leftOut) = try EventStreamFile.reading("\(folder)/e.aedat3")
      #expect(read.time_ns == ours.time_ns && read.column == ours.column)
      #expect(leftOut == ["1 packet of other cameras: 7"])
      var conversion = EventConversion(from: "\(folder)/e.aedat3", to: "\(folder)/chosen.npz")
      (conversion.camera, conversion.isStrict) = ("7", true)
      for sorts in [false, true] {
        conversion.sortsEvents = sorts
        #expect(try conversion().losses.asked == ["2 packets of other cameras"])
      }
      #expect(try EventStreamFile.read(conversion.destination).time_ns == [1000, 2000, 3000])
      for (camera, message) in [
        ("8", "has no camera '8'; its cameras are 1, 7"), ("left", "AEDAT 3.1 has numbers for cameras, such as 1"),
      ] {
        conversion.camera = camera
        let error = #expect(throws: FileError.self) { try conversion() }
        #expect(error?.description.hasPrefix("\(folder)/e.aedat3: ") == true)
        #expect(error?.problem.hasSuffix(message) == true, "\(error as Any)")
      }
    }
  }

  /// The pixels are those of the camera that is read.
  @Test func aCameraOfAnAEDAT3FileHasItsOwnPixels() throws {
    var random = SplitMix64(seed: 17)
    let (text, packets) = try halves(ofAEDAT3: random.camera([1, 2], side: 100))
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\r\n").filter { !$0.hasPrefix("#Geometry") }
    let header = lines.map { $0.hasPrefix("#Source") ? "#Source 1: DVS128\r\n#Source 2: DAVIS346C" : $0 }
    var others = packets
    others[2] = 2
    try withTemporaryFolder { folder in
      try Data(Array((header.joined(separator: "\r\n") + "\r\n").utf8) + packets + others).write(
        to: URL(fileURLWithPath: "\(folder)/e.aedat3"))
      for (camera, columns, rows) in [(nil, 128, 128), ("1", 128, 128), ("2", 346, 260)] {
        let summary = try EventStreamSummary(contentsOf: "\(folder)/e.aedat3", camera: camera)
        #expect((summary.columns, summary.rows) == (columns, rows))
      }
    }
  }

  /// The first events are of the second camera, or of one that no line names.
  @Test func pixelsOfAnotherCameraThanTheOneThatIsReadAreNotTaken() throws {
    var random = SplitMix64(seed: 21)
    let (text, packets) = try halves(ofAEDAT3: random.camera([1, 2], side: 180))
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\r\n").filter { !$0.hasPrefix("#Geometry") }
    let two = "#Source 1: DVS128\r\n#Source 2: DAVIS346C", one = "#Source 1: DVS128", unnumbered = "#Source: DAVIS240"
    for (sources, number, columns, camera) in [
      (two, 2, 346, "DAVIS346C"), (two, 3, 32768, ""), (one, 2, 32768, ""), (unnumbered, 2, 240, "DAVIS240"),
    ] as [(String, UInt8, Int, String)] {
      let header = lines.map { $0.hasPrefix("#Source") ? sources : String($0) }.joined(separator: "\r\n") + "\r\n"
      var packets = packets
      packets[2] = number
      let bytes = Array(header.utf8) + packets
      let stream = try EventStreamFile.read(bytes: bytes, format: .aedat3, called: "e")
      #expect(stream.columns == columns && stream.camera == camera, "\(sources) \(number)")
    }
  }

  /// Where the first packet begins, what is damaged there, and what is said.
  @Test(
    arguments: [
      (28 + 7, 0x80, "an event's time is negative, -2147483647"), (16, 1, "2 events, and room for 1"),
      (19, 0x80, "2 events, and room for -2147483646"),
    ] as [(Int, UInt8, String)])
  func aDamagedPacketOfAnAEDAT3FileIsRefusedWithItsPlace(place: Int, byte: UInt8, problem: String) throws {
    var random = SplitMix64(seed: 22)
    let (text, intact) = try halves(ofAEDAT3: random.camera([1, 2]))
    var packets = intact
    packets[place] = byte
    let error = #expect(throws: FileError.self) {
      try EventStreamFile.read(bytes: text + packets, format: .aedat3, called: "e")
    }
    #expect(error?.problem == "the packet at byte \(text.count) is damaged: \(problem)")
  }

  @Test(arguments: EventStreamFile.Format.allCases.filter { ![.aedat3, .aedat4].contains($0) })
  func aFileWithoutCamerasToChooseFromIsRefused(format: EventStreamFile.Format) throws {
    var random = SplitMix64(seed: 18)
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.\(format.rawValue)"
      try EventStreamFile.write(random.camera([1, 2]), to: path)
      let error = #expect(throws: FileError.self) { try EventStreamSummary(contentsOf: path, camera: "1") }
      #expect(error?.description.hasPrefix("\(path): is of ") == true)
      #expect(error?.problem.hasSuffix("a camera is chosen of a recording in AEDAT") == true)
    }
  }

  // MARK: Independent packages

  @Test(.enabled(if: PythonOracle.isAvailable, "needs the oracle's Python, run by make test"), arguments: formats)
  func independentReadersAgreeFieldByField(format: EventStreamFile.Format) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.\(format == .evt2 || format == .evt3 ? "raw" : format.rawValue)"
      for (name, stream) in streams(format, events: 1_000_000) {
        try EventStreamFile.write(stream, to: "\(folder)/s.npz")
        var conversion = EventConversion(from: "\(folder)/s.npz", to: path)
        conversion.format = format
        try #expect(conversion().losses.isEmpty)
        let read = try PythonOracle.archive("camera_events.py", [format.rawValue, path])
        #expect(try read.int64s("t") == stream.time_ns.map { $0 / 1000 }, "\(name)")
        #expect(try read.int32s("x") == stream.column, "\(name)")
        #expect(try read.int32s("y") == stream.row, "\(name)")
        #expect(try read.int32s("p") == stream.payload.map { $0 > 0 ? 1 : 0 }, "\(name)")
        // The readers of the others do not say them.
        if [.aedat4, .evt3].contains(format) {
          #expect(try (read.integer("width"), read.integer("height")) == (stream.columns, stream.rows))
        }
      }
    }
  }

  @Test(
    .enabled(if: PythonOracle.isAvailable, "needs the oracle's Python, run by make test"),
    arguments: [
      "evt2", "evt2faery", "evt2faery-t0", "evt3", "evt3-t0", "aedat4-NONE", "aedat4-LZ4", "aedat4-LZ4_HIGH",
      "aedat4-ZSTD", "aedat4-ZSTD_HIGH",
    ])
  func filesOfIndependentPackagesAreRead(maker: String) throws {
    var random = SplitMix64(seed: 14)
    var stream = random.camera((0..<20_000).map { _ in Int64(random.int(0...40_000_000)) }.sorted())
    // The beginnings of rows at one time, which faery's writer of EVT 3.0 makes vectors of.
    for index in stream.indices {
      let first = index - index % 20
      stream.time_ns[index] = stream.time_ns[first]
      stream.row[index] = stream.row[first] % 260
      stream.column[index] = Int32(index - first) * (index % 40 < 20 ? 1 : 3) + stream.row[first] % 100
      if index % 20 < 15 { stream.payload[index] = stream.payload[first] }
    }
    let input = NumPyArchive([
      "t": NumPyArray(shape: [stream.count], stream.time_ns.map { $0 / 1000 }),
      "x": NumPyArray(shape: [stream.count], stream.column), "y": NumPyArray(shape: [stream.count], stream.row),
      "p": NumPyArray(shape: [stream.count], stream.payload.map { Int32($0 > 0 ? 1 : 0) }),
    ])
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.\(maker.hasPrefix("evt") ? "raw" : "aedat4")"
      _ = try PythonOracle.archive("make_camera_events.py", input: input, [maker, path])
      let read = try EventStreamFile.read(path)
      #expect(read.time_ns == stream.time_ns)
      #expect(read.column == stream.column)
      #expect(read.row == stream.row)
      #expect(read.payload == stream.payload)
      // What faery writes unless it is told otherwise: times from the first event, which its text has.
      let firstTime = Data("% t0 \((stream.time_ns.first ?? 0) / 1000)\n".utf8)
      let isThere = try Data(contentsOf: URL(fileURLWithPath: path)).range(of: firstTime) != nil
      #expect(isThere == maker.hasSuffix("-t0"))
      if maker == "evt3" { #expect(try kindsOfWords(path).isSuperset(of: [3, 4, 5]), "a base, vectors of 12 and 8") }
      // Expelliarmus does not say them.
      if maker != "evt2" { #expect((read.columns, read.rows) == (346, 260)) }
    }
  }

  @Test(.enabled(if: PythonOracle.isAvailable, "needs the oracle's Python, run by make test"))
  func eachCameraOfAnIndependentStereoRecordingCanBeRead() throws {
    var random = SplitMix64(seed: 19)
    let stream = random.camera((0..<1000).map { Int64($0) }, side: 200)
    let input = NumPyArchive([
      "t": NumPyArray(shape: [stream.count], stream.time_ns.map { $0 / 1000 }),
      "x": NumPyArray(shape: [stream.count], stream.column), "y": NumPyArray(shape: [stream.count], stream.row),
      "p": NumPyArray(shape: [stream.count], stream.payload.map { Int32($0 > 0 ? 1 : 0) }),
    ])
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.aedat4"
      _ = try PythonOracle.archive("make_camera_events.py", input: input, ["aedat4stereo", path])
      var conversion = EventConversion(from: path, to: "\(folder)/e.npz")
      for (camera, first) in [(nil, 0), ("left one", 0), ("0", 0), ("right one", 1), ("1", 1)] {
        (conversion.camera, conversion.isStrict) = (camera, camera != nil)
        conversion.sortsEvents = camera == "1"
        let losses = try conversion().losses
        let others = losses.asked + losses.leftOut
        let list = camera == nil ? ": 1 (right one)" : ""
        #expect(others.count == 1 && others[0].hasSuffix(" of other cameras\(list)"), "\(others)")
        #expect(losses.asked.isEmpty == (camera == nil))
        let read = try EventStreamFile.read(conversion.destination)
        let places = Array(Swift.stride(from: first, to: stream.count, by: 2))
        #expect(read.time_ns == places.map { stream.time_ns[$0] } && read.column == places.map { stream.column[$0] })
      }
      conversion.camera = "middle"
      let error = #expect(throws: FileError.self) { try conversion() }
      #expect(error?.description == "\(path): has no camera 'middle'; its cameras are 0 (left one), 1 (right one)")
    }
  }

  /// The kinds of words in an EVT 3.0 file: their high 4 bits.
  private func kindsOfWords(_ path: String) throws -> Set<UInt8> {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let start = try #require(data.range(of: Data("% geometry 346x260\n".utf8))).upperBound
    return Set(stride(from: start + 1, to: data.count, by: 2).map { data[$0] >> 4 })
  }
}

extension EventStream {
  /// The events that are wanted, in the same shape.
  fileprivate func filtered(_ isWanted: (Event) -> Bool) -> EventStream {
    var stream = header
    for event in self where isWanted(event) { stream.append(event) }
    return stream
  }
}

extension SplitMix64 {
  /// A camera's stream with events at these microseconds, the first and last of them in opposite corners of the sensor.
  mutating func camera(_ times_us: [Int64], side: Int = 2048) -> EventStream {
    var stream = EventStream(
      encoder: "camera", channels: 1, rows: side, columns: side, steps: 1, payloadExponent: 0)
    for (index, time_us) in times_us.enumerated() {
      let corner: Int32? = index == 0 ? Int32(side - 1) : index == times_us.count - 1 ? 0 : nil
      stream.append(
        Event(
          step: 0, time_ns: time_us * 1000, channel: 0, row: corner ?? Int32(int(0...side - 1)),
          column: corner ?? Int32(int(0...side - 1)), payload: Bool.random(using: &self) ? 1 : -1))
    }
    return stream
  }
}
