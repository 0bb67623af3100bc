/// A stream that is read piece by piece.
protocol EventSource: AnyObject {
  /// Everything but the events.
  var header: EventStream { get }
  /// What was not taken from the file so far, one line each.
  var leftOut: [String] { get }
  /// What whoever reads it did not want of it, so far.
  var asked: [String] { get }
  /// What the file says was lost when it was made, as far as it has been read; empty if nothing.
  var lost: String { get }
  /// The next events in order; nil at the end.
  func next() throws -> EventStream?
}

/// A file to which a stream is written piece by piece.
protocol EventSink: AnyObject {
  /// Appends events, which stand in the shape of the header that the sink was made with.
  func append(_ piece: EventStream) throws
  /// Completes the file, and says in it what was lost, in an `EventLosses.text(ofFile:)`; nothing if `lost` is empty.
  func finish(lost: String) throws
  /// What the format could not hold so far.
  var losses: EventLosses { get }
}

extension EventSink {
  var losses: EventLosses { EventLosses() }
}

extension EventSource {
  var leftOut: [String] { [] }
  var asked: [String] { [] }
  var lost: String { "" }

  /// What is missing from what was read so far, one line each.
  var missing: [String] { leftOut + (lost.isEmpty ? [] : [EventLosses.before(lost)]) }
}

extension EventStream {
  /// Events of a piece, more or less: 28 bytes each.
  static let pieceCount = 1 << 16

  /// The stream without its events.
  package var header: EventStream {
    var header = EventStream(
      encoder: encoder, channels: channels, rows: rows, columns: columns, steps: steps,
      payloadExponent: payloadExponent)
    header.camera = camera
    return header
  }

  /// The events of some places.
  func piece(_ range: Range<Int>) -> EventStream {
    var piece = header
    piece.step = Array(step[range])
    piece.time_ns = Array(time_ns[range])
    piece.channel = Array(channel[range])
    piece.row = Array(row[range])
    piece.column = Array(column[range])
    piece.payload = Array(payload[range])
    return piece
  }

  /// Adds the events of another stream of the same shape.
  mutating func append(contentsOf piece: EventStream) {
    step += piece.step
    time_ns += piece.time_ns
    channel += piece.channel
    row += piece.row
    column += piece.column
    payload += piece.payload
  }
}

/// A source whose events are checked: they lie in the shape and are in order, also from piece to piece.
final class CheckedSource: EventSource {
  private let source: any EventSource
  private let checksOrder: Bool
  private var eventsRead = 0
  private var last: (step: Int32, time_ns: Int64) = (0, .min)

  /// - Parameter checksOrder: Whether the order is checked; not if it is still to be made.
  init(_ source: any EventSource, checksOrder: Bool = true) throws {
    (self.source, self.checksOrder) = (source, checksOrder)
    try source.header.validate()
  }

  package var header: EventStream { source.header }
  var leftOut: [String] { source.leftOut }
  var asked: [String] { source.asked }
  var lost: String { source.lost }

  func next() throws -> EventStream? {
    guard let piece = try source.next() else { return nil }
    guard !piece.isEmpty else { return piece }
    try piece.validateShape(from: eventsRead)
    if checksOrder { try piece.validateOrder(from: eventsRead, after: last) }
    last = (piece.step[piece.count - 1], piece.time_ns[piece.count - 1])
    eventsRead += piece.count
    return piece
  }
}

/// A stream in memory, piece by piece.
final class MemorySource: EventSource {
  private let stream: EventStream
  private var place = 0

  init(_ stream: EventStream) { self.stream = stream }

  package var header: EventStream { stream.header }

  func next() throws -> EventStream? {
    guard place < stream.count else { return nil }
    let range = place..<min(stream.count, place + EventStream.pieceCount)
    place = range.upperBound
    return range.count == stream.count ? stream : stream.piece(range)
  }
}
