import DataFiles
import EventStreams
import Foundation
import TestSupport
import Testing

@Suite struct EventStreamFileTests {
  @Test(arguments: EventStreamFile.Format.allCases.filter { !$0.isOfCameras && $0.isReadable })
  func whatIsWrittenIsRead(format: EventStreamFile.Format) throws {
    var random = SplitMix64(seed: 1)
    try withTemporaryFolder { folder in
      for events in [0, 1, 2, 10, 1000, 20_000] {
        let stream = random.stream(events: events)
        let path = "\(folder)/events.\(format.rawValue)"
        try EventStreamFile.write(stream, to: path)
        #expect(try EventStreamFile.read(path) == stream)
      }
    }
  }

  /// Other programs' archives, for one; the columns are read apart from what stands beside them.
  @Test func anArchiveOfOtherArraysIsToldByTheirNames() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/events.npz"
      let columns = ["t", "x", "y", "p", "step"].map { ($0, NumPyArray(shape: [2], [Int32(1), 2])) }
      try NumPyArchive(Dictionary(uniqueKeysWithValues: columns)).write(to: path)
      let error = #expect(throws: FileError.self) { try EventStreamFile.read(path) }
      #expect(error?.description.hasSuffix("is missing; the file holds p, step, t, x, y") == true, "\(error as Any)")
    }
  }

  /// Whole numbers of any type are taken; what is no number, or none of these, is refused by its name.
  @Test func columnsOfAnArchiveAreWholeNumbersOfAnyType() throws {
    let numbers: [NumPyArray.Elements] = [
      .int8([0, 1]), .int16([0, 1]), .int64([0, 1]), .uint8([0, 1]), .uint16([0, 1]), .uint32([0, 1]),
      .uint64([0, 1]), .float32([0, 1]), .float64([0, 1]),
    ]
    let others: [(NumPyArray.Elements, String)] = [
      (.bool([false, true]), "holds booleans; integers are needed"),
      (.float64([0, 0.5]), "holds 0.5; integers of"), (.float32([0, .nan]), "holds nan; integers of"),
      (.uint64([0, .max]), "holds 18446744073709551615; integers of"), (.text(["0", "1"]), "holds text; numbers are"),
    ]
    var random = SplitMix64(seed: 9)
    var stream = random.stream(events: 2)
    (stream.step, stream.time_ns, stream.channel, stream.row) = ([0, 1], [0, 1], [0, 1], [0, 1])
    (stream.column, stream.payload) = ([0, 1], [0, 1])
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.npz"
      for name in ["step", "time_ns", "channel", "row", "column", "payload"] {
        func read(_ elements: NumPyArray.Elements) throws -> EventStream {
          try EventStreamFile.write(stream, to: path)
          var archive = try NumPyArchive(contentsOf: path)
          archive.arrays[name] = NumPyArray(shape: [2], elements: elements)
          try archive.write(to: path)
          return try EventStreamFile.read(path)
        }
        for elements in numbers {
          let taken = try read(elements)
          #expect(taken == stream, "\(name): \(elements.dtype)")
        }
        for (elements, message) in others {
          let error = #expect(throws: FileError.self, "\(name): \(elements.dtype)") { try read(elements) }
          #expect(error?.description.hasPrefix("\(path): '\(name)' \(message)") == true, "\(error as Any)")
        }
      }
    }
  }

  /// Each format's file under the name of each other one; those of cameras say themselves which they are.
  @Test func aFileOfAnotherFormatThanItsNameSaysIsToldByItsFirstBytes() throws {
    let formats = EventStreamFile.Format.allCases
    let kinds: [EventStreamFile.Format: String] = [
      .npz: "a NumPy archive (zip)", .csv: "a stream in csv", .evt2: "a Prophesee RAW file",
      .evt3: "a Prophesee RAW file", .aedat3: "an AEDAT file", .aedat4: "an AEDAT 4 file",
      .sqlite: "an SQLite database",
    ]
    var random = SplitMix64(seed: 8)
    try withTemporaryFolder { folder in
      for format in formats {
        try EventStreamFile.write(random.camera([1, 2, 3]), to: "\(folder)/e.\(format.rawValue)")
        let kind = try #require(kinds[format])
        for named in formats where named.isReadable && named != format && !(named.isOfCameras && format.isOfCameras) {
          let path = "\(folder)/other.\(named.rawValue)"
          try Data(contentsOf: URL(fileURLWithPath: "\(folder)/e.\(format.rawValue)")).write(
            to: URL(fileURLWithPath: path))
          let error = #expect(throws: FileError.self) { try EventStreamFile.read(path) }
          #expect(error?.problem.hasPrefix("is \(kind) by its first bytes, and ") == true, "\(error as Any)")
        }
      }
      let raw = "\(folder)/other.raw"
      try Data(contentsOf: URL(fileURLWithPath: "\(folder)/e.npz")).write(to: URL(fileURLWithPath: raw))
      let error = #expect(throws: FileError.self) { try EventStreamFile.read(raw) }
      #expect(
        error?.description == "\(raw): is a NumPy archive (zip) by its first bytes, and a camera's recording by its "
          + "name; rename it to .npz")
    }
  }

  @Test func aFormatGoesThroughTheOtherUnchanged() throws {
    var random = SplitMix64(seed: 2)
    let stream = try Encoder.sparse.encode(random.code(scale: 1)).stream
    try withTemporaryFolder { folder in
      try EventStreamFile.write(stream, to: "\(folder)/a.npz")
      try EventStreamFile.write(EventStreamFile.read("\(folder)/a.npz"), to: "\(folder)/b.CSV")
      try EventStreamFile.write(EventStreamFile.read("\(folder)/b.CSV"), to: "\(folder)/c.npz")
      #expect(FileManager.default.contentsEqual(atPath: "\(folder)/a.npz", andPath: "\(folder)/c.npz"))
    }
  }

  @Test func aConstantStepTimeStandsForTimes() throws {
    var random = SplitMix64(seed: 3)
    let stream = try Encoder.sparseLatency.encode(random.code(scale: 1), .init(steps: 50, step_ns: 12_345)).stream
    try withTemporaryFolder { folder in
      let path = "\(folder)/events.npz"
      try EventStreamFile.write(stream, to: path)
      var archive = try NumPyArchive(contentsOf: path)
      archive.arrays["time_ns"] = nil
      archive.arrays["step_ns"] = NumPyArray(12_345)
      try archive.write(to: path)
      #expect(try EventStreamFile.read(path) == stream)
      archive.arrays["step_ns"] = NumPyArray(Int.max)
      try archive.write(to: path)
      #expect(throws: FileError.self) { try EventStreamFile.read(path) }
    }
  }

  /// Somebody else's arrays, and texts that are none.
  @Test func arraysThatAStreamHasNoPlaceForAreTold() throws {
    var random = SplitMix64(seed: 6)
    var stream = random.stream(events: 9)
    stream.camera = "DVX"
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.npz"
      try EventStreamFile.write(stream, to: path)
      let intact = try NumPyArchive(contentsOf: path)
      #expect(try EventStreamFile.reading(path).leftOut.isEmpty)
      for (arrays, leftOut) in [
        (["foo": NumPyArray(1), "comment": NumPyArray("c")], "what a stream has no place for: comment, foo"),
        (["camera": NumPyArray(7)], "what a stream has no place for: camera"),
        (["lost": NumPyArray(shape: [2], [Int32(1), 2])], "what a stream has no place for: lost"),
        (["step_ns": NumPyArray(5)], "step_ns: time_ns says the times"),
        (
          Dictionary(uniqueKeysWithValues: (10..<30).map { ("a\($0)", NumPyArray($0)) }),
          "what a stream has no place for: a10, a11, a12, a13, a14, a15, a16, a17, ..."
        ),
      ] as [([String: NumPyArray], String)] {
        var archive = intact
        archive.arrays.merge(arrays) { $1 }
        try archive.write(to: path)
        let reading = try EventStreamFile.reading(path)
        #expect(reading.leftOut == [leftOut] && reading.stream.time_ns == stream.time_ns)
        var conversion = EventConversion(from: path, to: "\(folder)/f.npz")
        #expect(try conversion().losses.leftOut == [leftOut])
        conversion.isStrict = true
        let error = #expect(throws: FileError.self) { try conversion() }
        #expect(error?.problem.contains(leftOut) == true)
      }
    }
  }

  /// Of a text of more than 4096 bytes, whose characters have four, behind a header.
  @Test func ofLongTextsInAnArchiveTheBeginningIsRead() throws {
    var random = SplitMix64(seed: 7)
    let stream = random.stream(events: 3)
    let long = String(repeating: "0123456789", count: 500)
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.npz"
      for deflated in [false, true] {
        try EventStreamFile.write(stream, to: path)
        var archive = try NumPyArchive(contentsOf: path)
        (archive.arrays["camera"], archive.arrays["lost"]) = (NumPyArray(long), NumPyArray(long))
        try archive.write(to: path, deflated: deflated)
        let (read, leftOut) = try EventStreamFile.reading(path)
        #expect(read.time_ns == stream.time_ns && long.hasPrefix(read.camera))
        #expect(read.camera.count > 640 && read.camera.count < 1024)
        let said = try #require(leftOut.first)
        let former = said.dropFirst("lost before: ".count)
        #expect(leftOut.count == 1 && said.hasPrefix("lost before: ") && long.hasPrefix(former) && former.count > 640)
        let losses = try EventConversion(from: path, to: "\(folder)/f.csv")().losses
        #expect(losses.isCameraCut && losses.isTextCut)
        #expect(try EventStreamFile.read("\(folder)/f.csv").camera == String(long.prefix(637)) + "...")
      }
    }
  }

  @Test func linesOfCommentAreTold() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.csv"
      for (lines, leftOut) in [
        ("# one\n0,0,0,0,0,1\n#two\n# lost something\n", ["2 lines of comment", "lost before: something"]),
        ("0,0,0,0,0,1\n# camera DVX\n", ["1 line of comment"]),
        ("# lost this\n0,0,0,0,0,1\n# lost that\n", ["1 line of comment", "lost before: that"]),
        ("0,0,0,0,0,1\n# lost something\n", ["lost before: something"]),
      ] {
        try Data((Self.good + lines).utf8).write(to: URL(fileURLWithPath: path))
        #expect(try EventStreamFile.reading(path).leftOut == leftOut)
        var conversion = EventConversion(from: path, to: "\(folder)/f.csv")
        conversion.isStrict = true
        if leftOut[0].hasSuffix("comment") {
          let error = #expect(throws: FileError.self) { try conversion() }
          #expect(error?.problem.hasSuffix("would not be in the file: left out of the source: \(leftOut[0])") == true)
        } else {
          #expect(try conversion().events == 1)
        }
      }
    }
  }

  @Test func anUnknownExtensionIsRefusedWithTheKnownOnes() {
    let error = #expect(throws: FileError.self) { try EventStreamFile.read("events.dat") }
    #expect(
      error?.description
        == "events.dat: is not a known event-stream format; the extensions are .npz, .csv, .evt2, .evt3, .aedat3, .aedat4, "
        + ".aedat, .raw")
    let written = #expect(throws: FileError.self) { try EventStreamFile.Format(path: "events.dat") }
    #expect(written?.problem.hasSuffix(".aedat4, .sqlite, .aedat, .raw") == true)
  }

  @Test func anInvalidStreamLeavesNoFile() throws {
    var random = SplitMix64(seed: 4)
    var stream = random.stream(events: 5)
    stream.row[2] = -1
    try withTemporaryFolder { folder in
      for format in EventStreamFile.Format.allCases {
        #expect(throws: FileError.self) { try EventStreamFile.write(stream, to: "\(folder)/e.\(format.rawValue)") }
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left.isEmpty)
    }
  }

  @Test(arguments: [
    ("", "the file is empty"), ("step,time_ns\n", "line 1"), ("# rheobase.events/1 encoder=a channels=1\n", "line 1"),
    (header + "", "line 2"), (header + "step,time\n", "line 2"), (good + "0,0,0,0,0\n", "line 3"),
    (good + "0,0,0,0,0,1,\n", "line 3"), (good + "0,0,0,0,0,1\n\n0,0,0,0,0,1\n", "line 4"),
    (good + "0,0,0,0,0,1\n0,0,0,0,0,1.5\n", "line 4"), (good + "0,0,0,0,0,2147483648\n", "line 3"),
    (good + "0,9223372036854775808,0,0,0,1\n", "line 3"), (good + "0,0,0,-,0,1\n", "line 3"),
    (good + "0,0,0, 0,0,1\n", "line 3"), (good + "0,0,0,2,0,1\n", "row"), (good + "4,0,0,0,0,1\n", "step"),
  ])
  func aBadLineIsNamed(text: String, place: String) throws {
    try withTemporaryFolder { folder in
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/e.csv"))
      let error = #expect(throws: FileError.self) { try EventStreamFile.read("\(folder)/e.csv") }
      #expect(error?.description.contains(place) == true, "\(error?.description ?? "")")
    }
  }

  /// Wherever it stands in what is read at once, and however it ends.
  @Test(arguments: ["\n", "\r\n"], [0, 1, 5000])
  func aLineThatIsTooLongIsNamed(end: String, eventsBehind: Int) throws {
    func events(lineOf count: Int) throws -> Int {
      let lines = ["0,0,0,0,0,1", "#" + String(repeating: "x", count: count - 1)]
      let text = Self.good + (lines + Array(repeating: lines[0], count: eventsBehind)).joined(separator: end)
      return try EventStreamFile.read(bytes: Array(text.utf8), format: .csv, called: "e").count
    }
    #expect(try events(lineOf: 1000) == 1 + eventsBehind)
    let error = #expect(throws: FileError.self) { try events(lineOf: 1001) }
    #expect(error?.problem == "line 4: has more than 1000 bytes")
  }

  /// What is wrong in which line and field.
  @Test(arguments: [
    ("0,0,0,0,1", "has 5 fields; six are needed, 'step,time_ns,channel,row,column,payload'"),
    ("", "has 1 field; six are needed, 'step,time_ns,channel,row,column,payload'"),
    ("0,0,0,0,0,1,2", "has 7 fields; six are needed, 'step,time_ns,channel,row,column,payload'"),
    ("0,0,0,x,0,1", "row is 'x'; an integer is needed"), ("0,0,0,0,,1", "column is ''; an integer is needed"),
    ("0,0,0,0,0,1.5", "payload is '1.5'; an integer is needed"), ("+1,0,0,0,0,1", "step is '+1'; an integer is needed"),
    ("0,0,2147483648,0,0,1", "channel is '2147483648'; an integer of 32 bits is needed"),
    ("0,-9223372036854775809,0,0,0,1", "time_ns is '-9223372036854775809'; an integer of 64 bits is needed"),
  ])
  func aWrongLineOfATextIsToldWithItsField(line: String, message: String) throws {
    try withTemporaryFolder { folder in
      let text = """
        # rheobase.events/1 encoder=camera channels=1 rows=1 columns=1 steps=1 payload_exponent=0
        # camera DVX
        step,time_ns,channel,row,column,payload
        0,0,0,0,0,1
        \(line)

        """
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/e.csv"))
      let error = #expect(throws: FileError.self) { try EventStreamFile.read("\(folder)/e.csv") }
      #expect(error?.problem == "line 5: \(message)")
    }
  }

  @Test func foreignLineEndsAreRead() throws {
    let text = (Self.good + "0,-5,0,1,1,-2147483648\n3,-5,0,0,0,2147483647").replacing("\n", with: "\r\n")
    try withTemporaryFolder { folder in
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/e.csv"))
      let stream = try EventStreamFile.read("\(folder)/e.csv")
      #expect(stream.payload == [.min, .max])
      #expect(stream.time_ns == [-5, -5])
    }
  }

  /// Part of a number is a number, too.
  @Test func aLastLineWithoutAnEndIsReadAndTold() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.csv"
      for (text, payload, leftOut) in [
        ("0,-5,0,1,1,-4711\n", -4711, []), ("0,-5,0,1,1,-47", -47, ["what may have followed line 3, which has no end"]),
      ] {
        try Data((Self.good + text).utf8).write(to: URL(fileURLWithPath: path))
        let reading = try EventStreamFile.reading(path)
        #expect(reading.stream.payload == [Int32(payload)] && reading.leftOut == leftOut)
      }
    }
  }

  private static let header = "# rheobase.events/1 encoder=a channels=1 rows=2 columns=2 steps=4 payload_exponent=0\n"
  private static let good = header + "step,time_ns,channel,row,column,payload\n"

  @Test(.enabled(if: PythonOracle.isAvailable, "needs the oracle's Python, run by make test"))
  func numpyReadsWhatWeWrite() throws {
    struct Report: Decodable {
      let encoder: String
      let shape: [Int]
      let dtypes: [String: String]
      let csvEqualsArchive: Bool
      let decoded: [Double]
    }
    var random = SplitMix64(seed: 5)
    let image = random.image(height: 12, width: 9, scale: 2)
    for encoder in [Encoder.dense, .denseRate] {
      let stream = try encoder.encode(image, .init(payloadBits: 16, steps: 40)).stream
      let report: Report = try withTemporaryFolder { folder in
        try EventStreamFile.write(stream, to: "\(folder)/e.npz")
        try EventStreamFile.write(stream, to: "\(folder)/e.csv")
        return try PythonOracle.json("event_stream.py", ["\(folder)/e.npz", "\(folder)/e.csv"])
      }
      #expect(report.encoder == encoder.rawValue)
      #expect(report.shape == [1, 12, 9])
      #expect(
        report.dtypes == [
          "step": "int32", "time_ns": "int64", "channel": "int32", "row": "int32", "column": "int32",
          "payload": "int32",
        ])
      #expect(report.csvEqualsArchive)
      #expect(report.decoded.map { Float($0) } == (try stream.decodedImage()).pixels)
    }
  }

  /// Numbers of events around those that make a piece (65,536), which is inserted at once.
  @Test(.enabled(if: PythonOracle.isAvailable, "needs the oracle's Python, run by make test"))
  func pythonReadsTheDatabaseOfAStream() throws {
    var random = SplitMix64(seed: 6)
    var equal = random.stream(events: 1000)
    equal.time_ns = [Int64](repeating: -7, count: 1000)
    // As many places as 64 bits count.
    let side = 1 << 21 - 1
    var ends = EventStream(
      encoder: "x", channels: side, rows: side, columns: side, steps: Int(Int32.max), payloadExponent: 96)
    for time_ns in [Int64.min, 0, .max] {
      let last = Int32(side - 1)
      ends.append(Event(step: .max - 1, time_ns: time_ns, channel: last, row: last, column: last, payload: .min))
    }
    let streams = [0, 1, 2, 65_535, 65_536, 65_537, 1_000_000].map { random.stream(events: $0) } + [equal, ends]
    try withTemporaryFolder { folder in
      for (number, stream) in streams.enumerated() {
        let events = stream.count
        let path = "\(folder)/\(number).sqlite"
        try EventStreamFile.write(stream, to: "\(folder)/e.npz")
        var conversion = EventConversion(from: "\(folder)/e.npz", to: path)
        conversion.isStrict = true
        let report = try conversion()
        #expect(report.events == events && report.losses.isEmpty)
        let read = try PythonOracle.archive("event_database.py", [path])
        #expect(try read.int32s("step") == stream.step, "\(events) events")
        #expect(try read.int64s("time_ns") == stream.time_ns, "\(events) events")
        #expect(try read.int32s("channel") == stream.channel, "\(events) events")
        #expect(try read.int32s("row") == stream.row, "\(events) events")
        #expect(try read.int32s("column") == stream.column, "\(events) events")
        #expect(try read.int32s("payload") == stream.payload, "\(events) events")
        #expect(try read.text("encoder") == stream.encoder)
        #expect(
          try ["channels", "rows", "columns", "steps", "payload_exponent"].map { try read.integer($0) }
            == [stream.channels, stream.rows, stream.columns, stream.steps, stream.payloadExponent])
      }
    }
  }

  @Test func aDatabaseIsWrittenOnly() throws {
    var random = SplitMix64(seed: 7)
    try withTemporaryFolder { folder in
      try EventStreamFile.write(random.stream(events: 3), to: "\(folder)/e.sqlite")
      let error = #expect(throws: FileError.self) { try EventStreamFile.read("\(folder)/e.sqlite") }
      #expect(
        error?.description == "\(folder)/e.sqlite: a database of events is written only; read it with SQL")
    }
  }
}
