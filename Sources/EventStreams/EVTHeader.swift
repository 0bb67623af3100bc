import DataFiles

/// The text before the words of a Prophesee RAW file: lines that begin with `%`.
///
/// Source: Prophesee's documentation of its file formats, "RAW file format": `% evt 3.0`,
/// `% format EVT3;height=720;width=1280`, `% geometry 1280x720`, `% end`.
struct EVTHeader {
  /// 2 or 3; nil if the text does not say.
  var version: Int?
  var width: Int?
  var height: Int?
  /// What was lost when the file was made, as this program says it.
  var lost = ""

  /// Reads the lines and leaves the reader at the first word.
  init(_ reader: ByteReader) throws {
    while try reader.withBytes({ (0, $0.first) }) == UInt8(ascii: "%") {
      guard let line = try reader.line() else { break }
      let text = String(decoding: line.dropFirst(), as: UTF8.self).split(separator: " ").joined(separator: " ")
      if text == "end" { break }
      try read(text)
    }
  }

  private mutating func read(_ text: String) throws {
    let words = text.split(separator: " ", maxSplits: 1).map(String.init)
    let value = words.count == 2 ? words[1] : ""
    switch words.first {
    case "evt": version = try Self.version(value)
    case "format": for part in value.split(separator: ";") { try read(format: String(part)) }
    case "geometry":
      let geometry = try EventStreamFile.Geometry(ofHeader: value)
      (width, height) = (geometry.width, geometry.height)
    case "lost": lost = value
    default: break
    }
  }

  private mutating func read(format part: String) throws {
    let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    switch pair[0] {
    case "width": width = try Self.side(part, pair)
    case "height": height = try Self.side(part, pair)
    default: if pair.count == 1, part.hasPrefix("EVT") { version = try Self.version(String(part.dropFirst(3))) }
    }
  }

  private static func side(_ part: String, _ pair: [String]) throws -> Int {
    guard pair.count == 2, let side = Int(pair[1]), side > 0 else {
      throw EventStreamError(
        "its header says '\(part.prefix(40))'; a number of pixels is expected, such as \(pair[0])=720")
    }
    return side
  }

  private static func version(_ text: String) throws -> Int {
    switch text {
    case "2", "2.0": 2
    case "3", "3.0": 3
    default: throw EventStreamError("EVT version '\(text.prefix(20))' is not known; 2.0 and 3.0 are")
    }
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
