import DataFiles

/// A decoder of Prophesee's formats: words of one size, little-endian, taken one after the other.
protocol EVTDecoder: CameraDecoder {
  associatedtype Word: FixedWidthInteger
  /// What was not taken from the file so far.
  var counts: EVTLeftOut { get }
  /// Takes a word, and appends the events that it completes.
  mutating func take(_ word: Word, _ piece: inout EventStream) throws
}

/// How much of a file is no event of a camera.
struct EVTLeftOut {
  var words = 0
  var events = 0
}

extension EVTDecoder {
  private static var size: Int { Word.bitWidth / 8 }

  var leftOut: [String] {
    [
      (counts.words, "word", "without an event (triggers and others)"),
      (counts.events, "event", "before the first time or row"),
    ].filter { $0.0 > 0 }.map { "\($0.0.counted($0.1)) \($0.2)" }
  }

  mutating func decode(_ reader: ByteReader, into piece: inout EventStream) throws -> Bool {
    try reader.withBytes(atLeast: Self.size) { bytes in
      if bytes.isEmpty { return (0, false) }
      guard bytes.count >= Self.size else {
        throw EventStreamError("the file ends within a word of \(Self.size) bytes")
      }
      let end = bytes.count - bytes.count % Self.size
      var place = 0
      do {
        while place < end, piece.count < EventStream.pieceCount {
          try take(Word(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Word.self)), &piece)
          place += Self.size
        }
      } catch let error as EVTTime.GoesBack {
        throw error.error(atByte: reader.offset + place)
      }
      return (place, true)
    }
  }
}
