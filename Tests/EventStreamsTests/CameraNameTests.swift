import DataFiles
import EventStreams
import Foundation
import TestSupport
import Testing

/// What files of cameras say of them, beside their events.
@Suite struct CameraNameTests {
  private func stream(_ camera: String) -> EventStream {
    var random = SplitMix64(seed: 41)
    var stream = random.camera([1, 2, 3], side: 64)
    stream.camera = camera
    return stream
  }

  private func put(_ text: String, _ path: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }

  /// Into each format and out of it again.
  @Test(arguments: EventStreamFile.Format.allCases)
  func everyFormatKeepsIt(format: EventStreamFile.Format) throws {
    try withTemporaryFolder { folder in
      let (source, path) = ("\(folder)/s.npz", "\(folder)/e.\(format.rawValue)")
      for camera in ["DVXplorer_DXA00093", "date 2023-03-29 16:37:46; serial_number 00001621", ""] {
        try EventStreamFile.write(stream(camera), to: source)
        var conversion = EventConversion(from: source, to: path)
        conversion.isStrict = true
        #expect(try conversion().losses.isEmpty)
        if format.isReadable {
          #expect(try EventStreamFile.read(path).camera == camera)
          #expect(
            try EventStreamSummary(contentsOf: path).description.contains("camera            ") == !camera.isEmpty)
        } else {
          // The encoder's row ends in the same word.
          let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
          #expect(text.components(separatedBy: "camera").count == (camera.isEmpty ? 2 : 3))
          #expect(text.contains("camera\(camera)"))
        }
      }
    }
  }

  /// Programs know a sensor by its name alone, and so does `--camera`.
  @Test(arguments: [
    (EventStreamFile.Format.aedat4, "<attr key=\"source\" type=\"string\">DVX</attr>"),
    (.aedat3, "#Source 1: DVX\r\n"),
  ])
  func theNameStandsByItself(format: EventStreamFile.Format, text: String) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.\(format.rawValue)"
      try EventStreamFile.write(stream("DVX; tsOffset 17; date 2023"), to: path)
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)).range(of: Data(text.utf8)) != nil)
      #expect(try EventStreamFile.read(path).camera == "DVX; tsOffset 17; date 2023")
    }
  }

  /// A header may be as long as its file; of what it says no more is held than a stream can keep, and a line.
  @Test(arguments: [
    ("% evt 3.0\n", "% note ", "% end\n"), ("#!AER-DAT3.1\r\n#Format: RAW\r\n", "#Note ", "#!END-HEADER\r\n"),
  ])
  func aLongHeaderIsNotHeld(start: String, line: String, end: String) throws {
    try withTemporaryFolder { folder in
      let lines = String(repeating: "\(line)\(String(repeating: "a", count: 80))\n", count: 5000)
      let path = "\(folder)/e.\(start.hasPrefix("%") ? "raw" : "aedat")"
      try put(start + lines + end, path)
      let camera = try EventStreamFile.read(path).camera
      #expect(camera.utf8.count > 640 && camera.utf8.count < 800)
    }
  }

  /// Lines of Prophesee's cameras, but for those that the stream has, and this program's own.
  @Test func linesOfARawFileAreKept() throws {
    let text = """
      % date 2023-03-29 16:37:46
      % evt 3.0
      % format EVT3;height=32;width=64
      % generator rheobase
      % geometry 64x32
      % generator faery 0.7.1
      % integrator_name Prophesee
      % serial_number 00001621
      % end

      """
    try withTemporaryFolder { folder in
      try put(text, "\(folder)/e.raw")
      let camera = "date 2023-03-29 16:37:46; generator faery 0.7.1; integrator_name Prophesee; serial_number 00001621"
      #expect(try EventStreamFile.read("\(folder)/e.raw").camera == camera)
      _ = try EventConversion(from: "\(folder)/e.raw", to: "\(folder)/again.raw")()
      #expect(try EventStreamFile.read("\(folder)/again.raw").camera == camera, "said once")
    }
  }

  @Test func linesOfAnAEDAT3FileAreKept() throws {
    let lines = [
      "#!AER-DAT3.1", "#Format: RAW", "#Source 1: DAVIS346", "#Source 2: DVS128",
      "#Start-Time: 2015-09-04 13:28:34 (TZ+0200)", "#!END-HEADER", "",
    ]
    try withTemporaryFolder { folder in
      try put(lines.joined(separator: "\r\n"), "\(folder)/e.aedat")
      #expect(
        try EventStreamFile.read("\(folder)/e.aedat").camera
          == "DAVIS346; Start-Time: 2015-09-04 13:28:34 (TZ+0200)")
      #expect(
        try EventStreamSummary(contentsOf: "\(folder)/e.aedat", camera: "2").camera.hasPrefix("DVS128; Start-Time"))
    }
  }

  /// Whatever else stands beside the sensor's sides.
  @Test func whatAnAEDAT4FileSaysOfItsStreamIsKept() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.aedat4"
      try EventStreamFile.write(stream("DVX"), to: path)
      var file = try Data(contentsOf: URL(fileURLWithPath: path))
      let lost = Data("<attr key=\"lost\" type=\"string\">".utf8)
      let other = "<attr key=\"tsOffset\" type=\"long\">17</attr>"
      let place = try #require(file.range(of: lost))
      // As long as before: the text's length stands in front of it.
      file.replaceSubrange(
        place.lowerBound..<place.lowerBound + lost.count + other.utf8.count, with: Data(other.utf8) + lost)
      try file.write(to: URL(fileURLWithPath: path))
      #expect(try EventStreamFile.read(path).camera == "DVX; tsOffset 17")
    }
  }

  /// Through each format and back, where the new file has a recorder of its own.
  @Test(arguments: EventStreamFile.Format.allCases.filter(\.isReadable))
  func whatRecordedAnAEDAT4FileIsKept(format: EventStreamFile.Format) throws {
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("corpus/aedat4-dv-none.aedat4").path
    let said = "test; originalModuleName MonoCameraWriter; originalOutputName events"
    try withTemporaryFolder { folder in
      let (path, again) = ("\(folder)/e.\(format.rawValue)", "\(folder)/again.aedat4")
      for (from, to) in [(source, path), (path, again)] {
        #expect(try EventStreamFile.read(from).camera == said)
        var conversion = EventConversion(from: from, to: to)
        conversion.isStrict = true
        let losses = try conversion().losses
        #expect(losses.isEmpty)
      }
      #expect(try EventStreamFile.read(again).camera == said, "said once, and not that of this program")
    }
  }

  /// Only both names together are this program's.
  @Test(arguments: [("rheobase", "events", "DVX"), ("capture_", "events", nil), ("rheobase", "frames", nil)])
  func ofARecorderThisProgramKnowsItself(module: String, output: String, camera: String?) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.aedat4"
      try EventStreamFile.write(stream("DVX"), to: path)
      var file = try Data(contentsOf: URL(fileURLWithPath: path))
      // As long as before: the text's length stands in front of it.
      for (name, value, new) in [("ModuleName", "rheobase", module), ("OutputName", "events", output)] {
        let attribute = "original\(name)\" type=\"string\">"
        let place = try #require(file.range(of: Data((attribute + value).utf8)))
        file.replaceSubrange(place, with: Data((attribute + new).utf8))
      }
      try file.write(to: URL(fileURLWithPath: path))
      let said = camera ?? "DVX; originalModuleName \(module); originalOutputName \(output)"
      #expect(try EventStreamFile.read(path).camera == said)
    }
  }

  /// An AEDAT 4 file of a camera whose name stands in its XML text as given, of no more than 20 bytes.
  private func put(aedat4Of name: String, _ path: String) throws {
    try EventStreamFile.write(stream(String(repeating: "n", count: 20)), to: path)
    var file = try Data(contentsOf: URL(fileURLWithPath: path))
    let place = try #require(file.range(of: Data(String(repeating: "n", count: 20).utf8)))
    let end = "</attr>"
    let padding = String(repeating: " ", count: 20 - name.utf8.count)
    // As long as before: the text's length stands in front of it.
    file.replaceSubrange(
      place.lowerBound..<place.upperBound + end.utf8.count, with: Data("\(name)\(end)\(padding)".utf8))
    try file.write(to: URL(fileURLWithPath: path))
  }

  /// What stands in the file, and what it means.
  @Test(arguments: [
    ("A &amp; B", "A & B"), ("&lt;&gt;&quot;&apos;", "<>\"'"), ("&#65;&#x41;&#xe4;", "AAä"), ("&amp;lt;", "&lt;"),
    ("&nbsp; &#xD800;", "&nbsp; &#xD800;"), ("A & B; &;", "A & B; &;"),
  ])
  func entitiesInTheNameOfACameraAreDecoded(written: String, name: String) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.aedat4"
      try put(aedat4Of: written, path)
      #expect(try EventStreamSummary(contentsOf: path).camera == name)
      #expect(try EventStreamSummary(contentsOf: path, camera: name).events == 3)
      var conversion = EventConversion(from: path, to: "\(folder)/e.npz")
      conversion.camera = name
      _ = try conversion()
      let kept = String(name.map { $0.isASCII && !"<>&".contains($0) ? $0 : "?" })
      #expect(try EventStreamFile.read(conversion.destination).camera == kept)
    }
  }

  @Test func whatHasNoRoomIsToldAndRefused() throws {
    try withTemporaryFolder { folder in
      for camera in [String(repeating: "long ", count: 200), "Käm<era", "two\nlines"] {
        let losses = try EventStreamFile.write(stream(camera), to: "\(folder)/s.npz")
        #expect(losses.text == "what is said of the camera changed to at most 640 characters of ASCII without markup")
      }
      let lines = (0..<100).map { "% note_\($0) something\n" }.joined()
      try put("% evt 2.0\n\(lines)% end\n", "\(folder)/e.raw")
      var conversion = EventConversion(from: "\(folder)/e.raw", to: "\(folder)/e.csv")
      conversion.isStrict = true
      let error = #expect(throws: FileError.self) { try conversion() }
      #expect(error?.problem.contains("what is said of the camera changed") == true)
    }
  }

  /// At each place but between two lines, where nobody can tell.
  @Test func aRawFileThatIsCutWithinItsTextIsRefused() throws {
    let text = "% evt 3.0\n% geometry 64x32\n% date 2023\n% end\n"
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.raw"
      for count in 1..<text.utf8.count {
        let start = String(text.prefix(count))
        try put(start, path)
        guard !start.hasSuffix("\n") else {
          #expect(try EventStreamFile.read(path).isEmpty)
          continue
        }
        let error = #expect(throws: FileError.self, "\(start)") { try EventStreamFile.read(path) }
        let lines = start.split(separator: "\n")
        // A per cent sign alone is taken for the beginning of a word.
        guard let last = lines.last, last != "%" else { continue }
        #expect(error?.problem == "the file ends within line \(lines.count) of its header, '\(last)'")
      }
    }
  }
}
