import DataFiles

/// Event streams as comma-separated values.
///
///     # rheobase.events/1 encoder=sparse channels=144 rows=27 columns=27 steps=1 payload_exponent=-20
///     step,time_ns,channel,row,column,payload
///     0,0,17,3,25,-4711
enum CSVEvents {
  static let schema = "# rheobase.events/1"
  fileprivate static let columns = "step,time_ns,channel,row,column,payload"
  fileprivate static let maximumLine = 1000
  /// Begins a line that is no event.
  fileprivate static let comment = UInt8(ascii: "#")
  /// Begins the line that says what was lost.
  fileprivate static let lost = Array("# lost ".utf8)
  /// Begins the second line, if the camera is known.
  fileprivate static let camera = Array("# camera ".utf8)

  fileprivate static func header(_ line: [UInt8]?) throws -> EventStream {
    let wrong = EventStreamError(
      "line 1: must be '\(schema) encoder=… channels=… rows=… columns=… steps=… payload_exponent=…'")
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    guard var line else { throw wrong }
    if line.starts(with: byteOrderMark) { line.removeFirst(byteOrderMark.count) }
    guard line.starts(with: schema.utf8) else { throw wrong }
    var values: [String: String] = [:]
    for field in String(decoding: line.dropFirst(schema.utf8.count), as: UTF8.self).split(separator: " ") {
      let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, values.updateValue(parts[1], forKey: parts[0]) == nil else { throw wrong }
    }
    func integer(_ name: String) throws -> Int {
      guard let value = values[name].flatMap({ Int($0) }) else { throw wrong }
      return value
    }
    guard values.count == 6, let encoder = values["encoder"] else { throw wrong }
    return EventStream(
      encoder: encoder, channels: try integer("channels"), rows: try integer("rows"), columns: try integer("columns"),
      steps: try integer("steps"), payloadExponent: try integer("payload_exponent"))
  }

  /// Reads the line that begins at `place`, up to `end`.
  fileprivate static func event(_ bytes: UnsafeRawBufferPointer, _ place: Int, _ end: Int, number: Int) throws -> Event
  {
    var scanner = Scanner(bytes: bytes, place: place, end: end)
    guard let step: Int32 = scanner.integer(until: ","), let time_ns: Int64 = scanner.integer(until: ","),
      let channel: Int32 = scanner.integer(until: ","), let row: Int32 = scanner.integer(until: ","),
      let column: Int32 = scanner.integer(until: ","), let payload: Int32 = scanner.integer(until: nil)
    else { throw mistake(in: UnsafeRawBufferPointer(rebasing: bytes[place..<end]), number: number) }
    return Event(step: step, time_ns: time_ns, channel: channel, row: row, column: column, payload: payload)
  }

  /// What is wrong with a line that is no event.
  private static func mistake(in line: UnsafeRawBufferPointer, number: Int) -> EventStreamError {
    let fields = String(decoding: line, as: UTF8.self).split(separator: ",", omittingEmptySubsequences: false)
    let names = columns.split(separator: ",")
    guard fields.count == names.count else {
      return EventStreamError("line \(number): has \(fields.count.counted("field")); six are needed, '\(columns)'")
    }
    for (name, field) in zip(names, fields) {
      let place = "line \(number): \(name) is '\(field.prefix(40))'"
      guard field.wholeMatch(of: /-?[0-9]+/) != nil else {
        return EventStreamError("\(place); an integer is needed")
      }
      let (value, isTime) = (Int64(field), name == "time_ns")
      guard let value, isTime || Int32(exactly: value) != nil else {
        return EventStreamError("\(place); an integer of \(isTime ? 64 : 32) bits is needed")
      }
    }
    return EventStreamError("line \(number): must be six integers, '\(columns)'")
  }

  fileprivate static func isTooLong(number: Int) -> EventStreamError {
    EventStreamError("line \(number): has more than \(maximumLine) bytes")
  }

  private struct Scanner {
    let bytes: UnsafeRawBufferPointer
    var place: Int
    let end: Int

    /// A decimal integer within range, and what follows it: a separator, or the end; nil if it is something else.
    @inline(__always)
    mutating func integer<Value: FixedWidthInteger>(until separator: Unicode.Scalar?) -> Value? {
      let isNegative = place < end && bytes[place] == UInt8(ascii: "-")
      if isNegative { place += 1 }
      let start = place
      var magnitude: UInt64 = 0
      while place < end, case let digit = bytes[place] &- UInt8(ascii: "0"), digit < 10 {
        // Twenty digits might overflow 64 bits; nineteen cannot, and no value here has more.
        guard place - start < 19 else { return nil }
        magnitude = 10 * magnitude + UInt64(digit)
        place += 1
      }
      guard place > start else { return nil }
      if let separator {
        guard place < end, bytes[place] == UInt8(ascii: separator) else { return nil }
        place += 1
      } else if place != end {
        return nil
      }
      if isNegative, magnitude == 1 << 63 { return Value(exactly: Int64.min) }
      guard let value = Int64(exactly: magnitude) else { return nil }
      return Value(exactly: isNegative ? -value : value)
    }
  }
}

/// Reads lines piece by piece; they may end in CR LF, and the last one need not end. Those that begin with `#` are
/// counted as left out.
final class CSVSource: EventSource {
  let header: EventStream
  private(set) var lost = ""
  private let reader: ByteReader
  private var linesRead: Int
  private var comments = 0
  private var hasEnd = true

  /// - Throws: `EventStreamError` with the number of the line and what it must be.
  init(_ reader: ByteReader) throws {
    self.reader = reader
    var header = try CSVEvents.header(Self.line(reader, 1))
    linesRead = 2
    var names = try Self.line(reader, 2)
    if let line = names, line.starts(with: CSVEvents.camera) {
      header.camera = String(decoding: line.dropFirst(CSVEvents.camera.count), as: UTF8.self)
      linesRead = 3
      names = try Self.line(reader, 3)
    }
    guard names == Array(CSVEvents.columns.utf8) else {
      throw EventStreamError("line \(linesRead): must be '\(CSVEvents.columns)'")
    }
    self.header = header
  }

  var leftOut: [String] {
    [
      comments > 0 ? "\(comments.counted("line")) of comment" : nil,
      hasEnd ? nil : "what may have followed line \(linesRead), which has no end",
    ].compactMap(\.self)
  }

  private static func line(_ reader: ByteReader, _ number: Int) throws -> [UInt8]? {
    do {
      return try reader.line(maximumCount: CSVEvents.maximumLine)
    } catch let error as FileError {
      throw EventStreamError("line \(number): \(error.description)")
    }
  }

  func next() throws -> EventStream? {
    guard reader.bytesLeft > 0 else { return nil }
    var piece = header
    try reader.withBytes(atLeast: CSVEvents.maximumLine + 2) { bytes in
      let isLast = bytes.count == reader.bytesLeft
      var start = 0
      while start < bytes.count, piece.count < EventStream.pieceCount {
        let found = bytes.lineLength(from: start)
        guard let length = found ?? (isLast ? bytes.count - start : nil) else { break }
        linesRead += 1
        if found == nil { hasEnd = false }
        let isCarried = length > 0 && bytes[start + length - 1] == UInt8(ascii: "\r")
        let (end, last) = (start + length, isCarried ? start + length - 1 : start + length)
        guard last - start <= CSVEvents.maximumLine else { throw CSVEvents.isTooLong(number: linesRead) }
        if length == 0 || bytes[start] != CSVEvents.comment {
          piece.append(try CSVEvents.event(bytes, start, last, number: linesRead))
        } else if bytes[start..<last].starts(with: CSVEvents.lost) {
          let text = bytes[start..<last].dropFirst(CSVEvents.lost.count)
          if !lost.isEmpty { comments += 1 }
          lost = EventLosses.plain(String(decoding: text, as: UTF8.self))
        } else {
          comments += 1
        }
        start = min(end + 1, bytes.count)
      }
      guard start > 0 else { throw CSVEvents.isTooLong(number: linesRead + 1) }
      return (start, ())
    }
    return piece
  }
}

/// Writes lines piece by piece.
final class CSVSink: EventSink {
  private let writer: ByteWriter

  init(_ header: EventStream, to writer: ByteWriter) throws {
    self.writer = writer
    var text = "\(CSVEvents.schema) encoder=\(header.encoder) channels=\(header.channels) rows=\(header.rows)"
    text += " columns=\(header.columns) steps=\(header.steps) payload_exponent=\(header.payloadExponent)\n"
    try writer.append(text.utf8)
    if !header.camera.isEmpty { try writer.append(CSVEvents.camera + Array("\(header.camera)\n".utf8)) }
    try writer.append("\(CSVEvents.columns)\n".utf8)
  }

  func append(_ piece: EventStream) throws {
    try writer.append { bytes in
      for event in piece {
        bytes.append(decimal: event.step, ",")
        bytes.append(decimal: event.time_ns, ",")
        bytes.append(decimal: event.channel, ",")
        bytes.append(decimal: event.row, ",")
        bytes.append(decimal: event.column, ",")
        bytes.append(decimal: event.payload, "\n")
      }
    }
  }

  func finish(lost: String) throws {
    if !lost.isEmpty { try writer.append(CSVEvents.lost + Array("\(lost)\n".utf8)) }
    try writer.flush()
  }
}
