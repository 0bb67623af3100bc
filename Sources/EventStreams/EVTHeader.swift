import DataFiles

/// The text before the words of a Prophesee RAW file: lines that begin with `%` and a space.
///
/// Source: Prophesee's documentation of its file formats, "RAW file format": `% evt 3.0`,
/// `% format EVT3;height=720;width=1280`, `% geometry 1280x720`, `% end`, which some writers leave out. `% t0 5000000`
/// is of faery 0.7.1: microseconds that are to be added to all times. Cameras also have lines such as `% date …`,
/// `% serial_number …`.
struct EVTHeader {
  /// 2 or 3; nil if the text does not say.
  private(set) var version: Int?
  private(set) var sides = SensorSides()
  /// Microseconds that the words count from.
  private(set) var origin_us: Int64 = 0
  /// What was lost when the file was made, as this program says it.
  private(set) var lost = ""
  /// What the other lines say, of the camera and the recording.
  private(set) var camera = ""

  /// Reads the lines and leaves the reader at the first word.
  ///
  /// - Throws: `EventStreamError` if a line is not whole or says what cannot be.
  init(_ reader: ByteReader) throws {
    var number = 0
    while try reader.withBytes(atLeast: 4, { (0, Self.isLine($0)) }) {
      number += 1
      let hasEnd = try reader.withBytes(atLeast: Self.mostBytesOfLine + 2) { (0, $0.lineLength(from: 0) != nil) }
      guard let line = try reader.line(maximumCount: Self.mostBytesOfLine) else { break }
      guard hasEnd else {
        throw EventStreamError(
          "the file ends within line \(number) of its header, '\(String(decoding: line.prefix(40), as: UTF8.self))'")
      }
      let text = String(decoding: line.dropFirst(), as: UTF8.self).split(separator: " ").joined(separator: " ")
      if text == "end" { break }
      try read(text)
    }
  }

  private static let mostBytesOfLine = 4096

  /// Whether text begins here. The first word is a high word: its last byte, the second of EVT 3.0 or the fourth of
  /// EVT 2.0, is 0x80 or more, and none of text is.
  private static func isLine(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.starts(with: "% ".utf8) && bytes.prefix(4).allSatisfy { $0 < 0x80 }
  }

  private mutating func read(_ text: String) throws {
    let words = text.split(separator: " ", maxSplits: 1).map(String.init)
    let value = words.count == 2 ? words[1] : ""
    switch words.first {
    case "evt": try read(version: value)
    case "format": for part in value.split(separator: ";") { try read(format: String(part)) }
    case "geometry": sides.read(geometry: value)
    case "t0": origin_us = try Self.origin(value)
    case "lost": lost = value
    case "camera": add(value)
    case "generator" where value.hasPrefix("rheobase"), nil: break
    default: add(text)
    }
  }

  /// More than a stream can keep is not held: a header may be as long as the file.
  private mutating func add(_ text: String) {
    if camera.utf8.count <= EventLosses.mostCharacters { camera += (camera.isEmpty ? "" : "; ") + text }
  }

  private mutating func read(format part: String) throws {
    let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    switch pair[0] {
    case "width": sides.read(\.width, pair.count == 2 ? pair[1] : "", called: "width")
    case "height": sides.read(\.height, pair.count == 2 ? pair[1] : "", called: "height")
    default: if pair.count == 1, part.hasPrefix("EVT") { try read(version: String(part.dropFirst(3))) }
    }
  }

  private mutating func read(version text: String) throws {
    let versions = ["2": 2, "2.0": 2, "3": 3, "3.0": 3]
    guard let said = versions[text] else {
      throw EventStreamError("EVT version '\(text.prefix(20))' is not known; 2.0 and 3.0 are")
    }
    if let version, version != said {
      throw EventStreamError("its header says both EVT \(version).0 and EVT \(said).0; a file has words of one version")
    }
    version = said
  }

  private static func origin(_ text: String) throws -> Int64 {
    guard let time_us = Int64(text), time_us >= 0, time_us <= Int64.max / 1000 else {
      throw EventStreamError(
        "its header says '\(text.prefix(40))' as t0; microseconds are expected, 0 … \(Int64.max / 1000)")
    }
    return time_us
  }

  /// The lines of a file that is written.
  static func text(version: Int, width: Int, height: Int, camera: String, lost: String) -> [UInt8] {
    Array(
      """
      % evt \(version).0
      % format EVT\(version);height=\(height);width=\(width)
      % geometry \(width)x\(height)
      % generator rheobase\(camera.isEmpty ? "" : "\n% camera \(camera)")
      % lost \(lost)
      % end

      """.utf8)
  }
}
