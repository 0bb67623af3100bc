import DataFiles
import Foundation

/// An event of a camera: a pixel, a polarity, and a time in microseconds.
struct CameraEvent {
  var time_us: Int64
  var x: UInt16
  var y: UInt16
  var isOn: Bool
}

/// How a format for event cameras puts events into bytes.
protocol CameraEncoder {
  /// Its name, which readers give to a stream as its encoder.
  static var name: String { get }
  /// Coordinates are below it.
  static var coordinateLimit: Int { get }
  /// Times that can be written, in microseconds.
  static var times_us: ClosedRange<Int64> { get }

  /// - Parameter camera: What is said of the camera, in a line; empty if nothing is known.
  init(width: Int, height: Int, camera: String)
  /// The bytes before all events, with a field that is filled with what was lost in the end.
  func start(lost: String) -> [UInt8]
  /// Appends an event.
  mutating func append(_ event: CameraEvent, to bytes: inout [UInt8])
  /// Ends a packet, where a format has packets; called after each piece.
  mutating func endPiece(_ bytes: inout [UInt8])
}

extension CameraEncoder {
  /// What a file that has to name a camera says if none is known: its maker.
  static var unknownCamera: String { "rheobase" }

  mutating func endPiece(_ bytes: inout [UInt8]) {}
}

/// Writes a stream as one of an event camera, and counts what that loses.
final class CameraSink<Encoder: CameraEncoder>: EventSink {
  private(set) var losses = EventLosses()
  private let writer: ByteWriter
  private var encoder: Encoder
  private let header: EventStream
  private var firstTime_us: Int64?

  init(_ header: EventStream, to writer: ByteWriter) throws {
    guard header.columns <= Encoder.coordinateLimit, header.rows <= Encoder.coordinateLimit else {
      throw EventStreamError(
        "\(Encoder.name) has coordinates below \(Encoder.coordinateLimit); "
          + "the stream has \(header.rows.counted("row")) and \(header.columns.counted("column"))")
    }
    self.header = header
    self.writer = writer
    encoder = Encoder(width: header.columns, height: header.rows, camera: header.camera)
    losses = EventLosses(ofCamerasFor: header)
    try writer.append(encoder.start(lost: Self.field("")))
  }

  func append(_ piece: EventStream) throws {
    try writer.append { bytes in
      for index in piece.indices {
        let time_ns = piece.time_ns[index]
        let payload = piece.payload[index]
        let (quotient, remainder) = time_ns.quotientAndRemainder(dividingBy: 1000)
        let time_us = remainder < 0 ? quotient - 1 : quotient
        count(piece, index, isRounded: remainder != 0)
        let first_us = firstTime_us ?? time_us
        firstTime_us = first_us
        guard Encoder.times_us.contains(time_us) else { throw outOfTime(time_us, first_us: first_us) }
        guard payload != 0 else { continue }
        encoder.append(
          CameraEvent(
            time_us: time_us, x: UInt16(truncatingIfNeeded: piece.column[index]),
            y: UInt16(truncatingIfNeeded: piece.row[index]), isOn: payload > 0), to: &bytes)
      }
      encoder.endPiece(&bytes)
    }
  }

  func finish(lost: String) throws {
    try writer.replace(at: 0, encoder.start(lost: Self.field(lost)))
    try writer.flush()
  }

  private func count(_ piece: EventStream, _ index: Int, isRounded: Bool) {
    if isRounded { losses.roundedTimes += 1 }
    if piece.step[index] != 0 { losses.droppedSteps += 1 }
    if piece.channel[index] != 0 { losses.mergedChannels += 1 }
    let payload = piece.payload[index]
    if payload == 0 { losses.droppedZeros += 1 } else if payload.magnitude != 1 { losses.payloadsAsSigns += 1 }
  }

  private func outOfTime(_ time_us: Int64, first_us: Int64) -> EventStreamError {
    let helps = first_us != 0 && Encoder.times_us.contains(time_us - first_us)
    return EventStreamError(
      "\(Encoder.name) holds times of \(Encoder.times_us.lowerBound) … \(Encoder.times_us.upperBound) us, "
        + "and an event is at \(time_us) us; "
        + (helps ? "times can be counted from the first event (--from-zero)" : "npz and csv hold any"))
  }

  /// A field of a fixed size, as it is written again once the losses are known.
  private static func field(_ lost: String) -> String {
    lost + String(repeating: " ", count: EventLosses.mostCharacters - lost.utf8.count)
  }
}

/// How a format for event cameras is read.
protocol CameraDecoder {
  /// Appends events that are at hand to `piece`; false at the end.
  mutating func decode(_ reader: ByteReader, into piece: inout EventStream) throws -> Bool
  /// What was not taken from the file so far, one line each.
  var leftOut: [String] { get }
  /// What was not taken as another camera was asked for, one line each.
  var asked: [String] { get }
}

extension CameraDecoder {
  var asked: [String] { [] }
}

/// The stream of an event camera: channel 0, payloads −1 and 1, all at step 0.
final class CameraSource<Decoder: CameraDecoder>: EventSource {
  let header: EventStream
  let lost: String
  private let origin_ns: Int64
  private let reader: ByteReader
  private var decoder: Decoder
  private var isAtEnd = false

  /// - Parameters:
  ///   - camera: What the file says of the camera.
  ///   - origin_us: What is added to all times.
  init(
    _ name: String, _ geometry: EventStreamFile.Geometry, camera: String, origin_us: Int64 = 0, lost: String,
    _ decoder: Decoder, _ reader: ByteReader
  ) {
    origin_ns = origin_us * 1000
    var header = EventStream(
      encoder: name, channels: 1, rows: geometry.height, columns: geometry.width, steps: 1, payloadExponent: 0)
    header.camera = camera
    self.header = header
    self.lost = EventLosses.plain(lost.trimmingCharacters(in: .whitespaces))
    self.reader = reader
    self.decoder = decoder
  }

  var leftOut: [String] { decoder.leftOut }
  var asked: [String] { decoder.asked }

  func next() throws -> EventStream? {
    guard !isAtEnd else { return nil }
    var piece = header
    // A file of n bytes has fewer than n events, but for vectors, which grow the arrays.
    piece.reserveCapacity(min(EventStream.pieceCount + 16, reader.bytesLeft / 2))
    while piece.count < EventStream.pieceCount {
      guard try decoder.decode(reader, into: &piece) else {
        isAtEnd = true
        break
      }
    }
    if origin_ns != 0 { try piece.countTimes(from: -origin_ns) }
    return piece
  }
}

extension EventStream {
  /// Adds an event of a camera.
  @inline(__always)
  mutating func append(time_us: Int64, x: Int32, y: Int32, isOn: Bool) throws {
    let (time_ns, overflows) = time_us.multipliedReportingOverflow(by: 1000)
    guard !overflows else { throw EventStreamError("an event is at \(time_us) us, which is beyond 64 bits of ns") }
    append(Event(step: 0, time_ns: time_ns, channel: 0, row: y, column: x, payload: isOn ? 1 : -1))
  }
}
