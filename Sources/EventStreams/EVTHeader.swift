import DataFiles

/// The text before the words of a Prophesee RAW file: lines that begin with `%` and a space.
///
/// Source: Prophesee's documentation of its file formats, "RAW file format": `% evt 3.0`,
/// `% format EVT3;height=720;width=1280`, `% geometry 1280x720`, `% end`, which some writers leave out. `% t0 5000000`
/// is of faery 0.7.1: microseconds that are to be added to all times.
struct EVTHeader {
  /// 2 or 3; nil if the text does not say.
  var version: Int?
  private(set) var sides = SensorSides()
  /// Microseconds that the words count from.
  private(set) var origin_us: Int64 = 0
  /// What was lost when the file was made, as this program says it.
  var lost = ""

  /// Reads the lines and leaves the reader at the first word.
  init(_ reader: ByteReader) throws {
    while try reader.withBytes(atLeast: 4, { (0, Self.isLine($0)) }), let line = try reader.line() {
      let text = String(decoding: line.dropFirst(), as: UTF8.self).split(separator: " ").joined(separator: " ")
      if text == "end" { break }
      try read(text)
    }
  }

  /// Whether text begins here. The first word is a high word: its last byte, the second of EVT 3.0 or the fourth of
  /// EVT 2.0, is 0x80 or more, and none of text is.
  private static func isLine(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.starts(with: "% ".utf8) && bytes.prefix(4).allSatisfy { $0 < 0x80 }
  }

  private mutating func read(_ text: String) throws {
    let words = text.split(separator: " ", maxSplits: 1).map(String.init)
    let value = words.count == 2 ? words[1] : ""
    switch words.first {
    case "evt": version = try Self.version(value)
    case "format": for part in value.split(separator: ";") { try read(format: String(part)) }
    case "geometry": sides.read(geometry: value)
    case "t0": origin_us = try Self.origin(value)
    case "lost": lost = value
    default: break
    }
  }

  private mutating func read(format part: String) throws {
    let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    switch pair[0] {
    case "width": sides.read(\.width, pair.count == 2 ? pair[1] : "", called: "width")
    case "height": sides.read(\.height, pair.count == 2 ? pair[1] : "", called: "height")
    default: if pair.count == 1, part.hasPrefix("EVT") { version = try Self.version(String(part.dropFirst(3))) }
    }
  }

  private static func version(_ text: String) throws -> Int {
    switch text {
    case "2", "2.0": 2
    case "3", "3.0": 3
    default: throw EventStreamError("EVT version '\(text.prefix(20))' is not known; 2.0 and 3.0 are")
    }
  }

  private static func origin(_ text: String) throws -> Int64 {
    guard let time_us = Int64(text), time_us >= 0, time_us <= Int64.max / 1000 else {
      throw EventStreamError(
        "its header says '\(text.prefix(40))' as t0; microseconds are expected, 0 … \(Int64.max / 1000)")
    }
    return time_us
  }

  /// The lines of a file that is written.
  static func text(version: Int, width: Int, height: Int, lost: String) -> [UInt8] {
    Array(
      """
      % evt \(version).0
      % format EVT\(version);height=\(height);width=\(width)
      % geometry \(width)x\(height)
      % generator rheobase
      % lost \(lost)
      % end

      """.utf8)
  }
}
