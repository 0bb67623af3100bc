import Foundation

/// Event streams as comma-separated values.
///
///     # rheobase.events/1 encoder=sparse channels=144 rows=27 columns=27 steps=1 payload_exponent=-20
///     step,time_ns,channel,row,column,payload
///     0,0,17,3,25,-4711
enum CSVEvents {
  static let maximumBytes = 4 << 30
  private static let schema = "# rheobase.events/1"
  private static let columns = "step,time_ns,channel,row,column,payload"

  static func text(_ stream: EventStream) -> Data {
    var text = "\(schema) encoder=\(stream.encoder) channels=\(stream.channels) rows=\(stream.rows)"
    text += " columns=\(stream.columns) steps=\(stream.steps) payload_exponent=\(stream.payloadExponent)\n\(columns)\n"
    var data = Data(text.utf8)
    for event in stream {
      let line = "\(event.step),\(event.time_ns),\(event.channel),\(event.row),\(event.column),\(event.payload)\n"
      data.append(contentsOf: line.utf8)
    }
    return data
  }

  /// Reads a stream; lines may end in CR LF, and the last one need not end.
  ///
  /// - Throws: `EventStreamError` with the number of the line and what it must be.
  static func parse(_ data: Data) throws -> EventStream {
    try data.withUnsafeBytes { bytes in
      var lines = Lines(rest: bytes[...])
      var stream = try header(lines.next())
      guard let names = lines.next(), names.elementsEqual(columns.utf8) else {
        throw EventStreamError("line 2: must be '\(columns)'")
      }
      while let line = lines.next() {
        stream.append(try event(line, number: lines.number))
        guard stream.count <= EventStream.maximumCount else {
          throw EventStreamError("line \(lines.number): a stream holds \(EventStream.maximumCount) events")
        }
      }
      return stream
    }
  }

  private typealias Bytes = Slice<UnsafeRawBufferPointer>

  private struct Lines {
    var rest: Bytes
    var number = 0

    mutating func next() -> Bytes? {
      guard !rest.isEmpty else { return nil }
      number += 1
      let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
      let line = rest[..<end]
      rest = rest[min(end + 1, rest.endIndex)...]
      return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    }
  }

  private static func header(_ line: Bytes?) throws -> EventStream {
    let wrong = EventStreamError(
      "line 1: must be '\(schema) encoder=… channels=… rows=… columns=… steps=… payload_exponent=…'")
    guard let line, line.count <= 1000, line.starts(with: schema.utf8) else { throw wrong }
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

  private static func event(_ line: Bytes, number: Int) throws -> Event {
    let wrong = EventStreamError("line \(number): must be six integers, '\(columns)'")
    var rest = line
    func field<Value: FixedWidthInteger>(isLast: Bool = false) throws -> Value {
      let end = rest.firstIndex(of: UInt8(ascii: ",")) ?? rest.endIndex
      guard let value: Value = integer(rest[..<end]), isLast == (end == rest.endIndex) else { throw wrong }
      rest = rest[min(end + 1, rest.endIndex)...]
      return value
    }
    return Event(
      step: try field(), time_ns: try field(), channel: try field(), row: try field(), column: try field(),
      payload: try field(isLast: true))
  }

  /// `nil` if the text is not a decimal integer within range.
  private static func integer<Value: FixedWidthInteger>(_ text: Bytes) -> Value? {
    let isNegative = text.first == UInt8(ascii: "-")
    let digits = isNegative ? text.dropFirst() : text
    guard !digits.isEmpty else { return nil }
    var value: Value = 0
    for byte in digits {
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) =
        isNegative
        ? tens.subtractingReportingOverflow(Value(digit)) : tens.addingReportingOverflow(Value(digit))
      guard !overflow, !carry else { return nil }
      value = sum
    }
    return value
  }
}
