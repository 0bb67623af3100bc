import DataFiles

extension EventStream {
  /// The most events that a stream holds (28 bytes each).
  public static let maximumCount = 1 << 26

  /// Exponents of payload units; within them a 32-bit payload's value is a finite `Float`.
  public static let payloadExponents = -256...96

  /// Checks everything that a reader must not take on trust.
  ///
  /// - Throws: `EventStreamError` if the shape is impossible, the arrays' lengths differ, an event lies outside the
  ///   shape or the steps, or steps or times are not in order.
  public func validate() throws {
    try validateShape(from: 0)
    try validateOrder(from: 0, after: (0, .min))
  }

  /// Checks all but the order of a piece of a stream whose first event has the place `first`.
  func validateShape(from first: Int) throws {
    try validateHeader()
    for (name, length) in [
      ("time_ns", time_ns.count), ("channel", channel.count), ("row", row.count), ("column", column.count),
      ("payload", payload.count),
    ] where length != count {
      throw EventStreamError(
        "\(name) has \(length.counted("value")), but step has \(count); there must be one for each event")
    }
    try validate(step, "step", below: steps, from: first)
    try validate(channel, "channel", below: channels, from: first)
    try validate(row, "row", below: rows, from: first)
    try validate(column, "column", below: columns, from: first)
  }

  /// Checks the order of a piece that follows an event at `last`.
  func validateOrder(from first: Int, after last: (step: Int32, time_ns: Int64)) throws {
    try validateOrder(step, "step", from: first, after: last.step)
    try validateOrder(time_ns, "time_ns", from: first, after: last.time_ns)
  }

  private func validateHeader() throws {
    for (name, value) in [("channels", channels), ("rows", rows), ("columns", columns), ("steps", steps)] {
      guard (1...Int(Int32.max)).contains(value) else {
        throw EventStreamError("\(name) is \(value); it must be 1 … \(Int32.max)")
      }
    }
    guard Self.payloadExponents.contains(payloadExponent) else {
      let range = Self.payloadExponents
      throw EventStreamError(
        "payload_exponent is \(payloadExponent); it must be \(range.lowerBound) … \(range.upperBound)")
    }
    guard (1...64).contains(encoder.utf8.count), encoder.utf8.allSatisfy(Self.isNameCharacter) else {
      throw EventStreamError("the encoder's name must be 1 … 64 letters, digits, '-', '_' or '.'")
    }
    guard count <= Self.maximumCount else {
      throw EventStreamError("the stream has \(count) events; it can hold \(Self.maximumCount)")
    }
  }

  private static func isNameCharacter(_ byte: UInt8) -> Bool {
    switch Unicode.Scalar(byte) {
    case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".": true
    default: false
    }
  }

  private func validate(_ values: [Int32], _ name: String, below limit: Int, from first: Int) throws {
    // One pass without branches, as streams are long and mistakes rare; a negative value is a large one without sign.
    var largest: UInt32 = 0
    for value in values { largest = Swift.max(largest, UInt32(bitPattern: value)) }
    guard largest >= UInt32(limit), let place = values.firstIndex(where: { $0 < 0 || $0 >= limit }) else { return }
    throw EventStreamError("event \(first + place): \(name) is \(values[place]); it must be 0 … \(limit - 1)")
  }

  private func validateOrder<Value: FixedWidthInteger>(
    _ values: [Value], _ name: String, from first: Int, after last: Value
  ) throws {
    var previous = last
    var isOrdered = true
    for value in values {
      isOrdered = isOrdered && value >= previous
      previous = value
    }
    guard !isOrdered, let place = values.indices.first(where: { values[$0] < ($0 == 0 ? last : values[$0 - 1]) }) else {
      return
    }
    throw EventStreamError(
      "event \(first + place): \(name) \(values[place]) follows \(place == 0 ? last : values[place - 1]); "
        + "events must be sorted by step and time; \(EventStreamError.sortingHelps)")
  }
}
