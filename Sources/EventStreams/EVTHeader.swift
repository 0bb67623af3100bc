import DataFiles

/// The text before the words of a Prophesee RAW file: lines that begin with `%`.
///
/// Source: Prophesee's documentation of its file formats, "RAW file format": `% evt 3.0`, `% format EVT3;height=720;width=1280`,
/// `% geometry 1280x720`, `% end`.
struct EVTHeader {
  /// 2 or 3; nil if the text does not say.
  var version: Int?
  var width: Int?
  var height: Int?

  /// Reads the lines and leaves the reader at the first word.
  init(_ reader: ByteReader) throws {
    while try reader.withBytes(atLeast: 1, { ($0.count > 0 ? 0 : 0, $0.first) }) == UInt8(ascii: "%") {
      guard let line = try reader.line() else { break }
      let text = String(decoding: line.dropFirst(), as: UTF8.self).split(separator: " ").joined(separator: " ")
      if text == "end" { break }
      try read(text)
    }
  }

  private mutating func read(_ text: String) throws {
    let words = text.split(separator: " ", maxSplits: 1).map(String.init)
    guard words.count == 2 else { return }
    switch words[0] {
    case "evt": version = try Self.version(words[1])
    case "format":
      for part in words[1].split(separator: ";") {
        let pair = part.split(separator: "=").map(String.init)
        if pair.count == 1, part.hasPrefix("EVT") { version = try Self.version(String(part.dropFirst(3))) }
        if pair.count == 2, pair[0] == "width" { width = Int(pair[1]) }
        if pair.count == 2, pair[0] == "height" { height = Int(pair[1]) }
      }
    case "geometry":
      let sides = words[1].split(separator: "x").map { Int($0) }
      if sides.count == 2 { (width, height) = (sides[0], sides[1]) }
    default: break
    }
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

/// Times of the Prophesee formats: high bits come in words of their own, and start again from 0 when they overflow.
struct EVTTime {
  /// How many bits the high words hold, and how many bits are below them.
  let highBits: Int
  let lowBits: Int
  /// Microseconds of the last high word; nil before the first.
  private(set) var base_us: Int64?

  /// Wraps that a file written here may need at the most; times end at 2^44 us.
  static let limit_us: Int64 = 1 << 44

  init(highBits: Int, lowBits: Int) {
    self.highBits = highBits
    self.lowBits = lowBits
  }

  /// Takes a high word.
  ///
  /// - Throws: `EventStreamError` if it goes back by less than half of the range, which cannot be an overflow.
  @inline(__always)
  mutating func take(high: UInt32) throws {
    let range: Int64 = 1 << Int64(highBits)
    guard let base_us else {
      self.base_us = Int64(high) << Int64(lowBits)
      return
    }
    let last = base_us >> Int64(lowBits)
    var next = last & ~(range - 1) | Int64(high)
    if next < last {
      guard last - next >= range / 2 else {
        throw EventStreamError("time goes back from \(base_us) to \(next << Int64(lowBits)) us")
      }
      next += range
    }
    self.base_us = next << Int64(lowBits)
  }

  /// The high words to write before an event: the last and the first of each range, as readers see an overflow by them,
  /// then the event's own.
  mutating func highs(upTo time_us: Int64, _ write: (UInt32) -> Void) {
    let range: Int64 = 1 << Int64(highBits)
    let wanted = time_us >> Int64(lowBits)
    var last = base_us.map { $0 >> Int64(lowBits) } ?? -1
    guard last != wanted else { return }
    if last < 0 {
      write(0)
      last = 0
    }
    while last >> Int64(highBits) < wanted >> Int64(highBits) {
      if last & (range - 1) != range - 1 { write(UInt32(range - 1)) }
      write(0)
      last = (last >> Int64(highBits) + 1) << Int64(highBits)
    }
    if last != wanted { write(UInt32(wanted & (range - 1))) }
    base_us = wanted << Int64(lowBits)
  }
}
