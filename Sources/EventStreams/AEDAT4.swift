import DataFiles
import Foundation

/// AEDAT 4.0: a line, a FlatBuffer with an XML text, then packets with a header of 8 bytes and a FlatBuffer each, which
/// may be compressed.
///
/// Source: iniVation's documentation, "AEDAT 4.0", and the FlatBuffer schemas of dv-processing (`ioheader.fbs`,
/// `event.fbs`): IOHeader { compression, dataTablePosition = −1, infoNode }, EventPacket { elements: [Event] }, Event
/// { timestamp 64 bits in us, x, y 16 bits, on 8 bits }, 16 bytes in all.
enum AEDAT4 {
  static let magic = Array("#!AER-DAT4.0\r\n".utf8)
  fileprivate static let eventSize = 16
  /// Larger packets are refused, as a packet is held in memory; those of cameras have some hundred kilobytes.
  fileprivate static let maximumPacketBytes = 32 << 20
  /// Compressed packets larger than this after unpacking are refused: events compress some 3 times.
  fileprivate static let maximumExpansion = 256

  fileprivate enum Compression: Int32 { case none, lz4, lz4High, zstd, zstdHigh }
}

struct AEDAT4Encoder: CameraEncoder {
  static let name = "aedat4"
  static let coordinateLimit = 1 << 15
  /// Within 64 bits of nanoseconds, as readers turn them into those.
  static let times_us = Int64.min / 1000...Int64.max / 1000
  /// What files of this program say that recorded them; what recorded their source stands in the camera's description.
  static let recorder: [(name: String, value: String)] = [
    ("originalModuleName", "rheobase"), ("originalOutputName", "events"),
  ]

  private let width: Int
  private let height: Int
  private let camera: String
  private var start: Int?

  init(width: Int, height: Int, camera: String) {
    (self.width, self.height, self.camera) = (width, height, camera.isEmpty ? Self.unknownCamera : camera)
  }

  /// The name by itself, as programs know sensors by it, and what is said besides.
  private var cameraAttributes: String {
    let parts = camera.split(separator: "; ", maxSplits: 1).map(String.init)
    return attribute("source", parts.first ?? camera) + (parts.count > 1 ? attribute("description", parts[1]) : "")
  }

  func start(lost: String) -> [UInt8] {
    let text = Array(information(lost: lost).utf8)
    var header: [UInt8] = []
    // Size, root table, identifier; the vtable (10 bytes) padded to 12; the table at 24; the text's length at 44.
    header.append(littleEndian: UInt32(44 + text.count + 1))
    header.append(littleEndian: UInt32(20))
    header += Array("IOHE".utf8)
    for entry: UInt16 in [10, 20, 4, 8, 16, 0] { header.append(littleEndian: entry) }
    header.append(littleEndian: Int32(12))
    header.append(littleEndian: AEDAT4.Compression.none.rawValue)
    header.append(littleEndian: Int64(-1))
    header.append(littleEndian: UInt32(4))
    header.append(littleEndian: UInt32(text.count))
    return AEDAT4.magic + header + text + [0]
  }

  private func attribute(_ key: String, _ value: String, _ type: String = "string") -> String {
    "<attr key=\"\(key)\" type=\"\(type)\">\(value)</attr>"
  }

  private func information(lost: String) -> String {
    let path = "/mainloop/Recorder/outInfo/"
    return """
      <dv version="2.0"><node name="outInfo" path="\(path)"><node name="0" path="\(path)0/">\
      \(attribute("compression", "NONE"))\(Self.recorder.map { attribute($0.name, $0.value) }.joined())\
      \(attribute("typeDescription", "Array of events (polarity ON/OFF)."))\(attribute("typeIdentifier", "EVTS"))\
      <node name="info" path="\(path)0/info/">\(attribute("sizeX", "\(width)", "int"))\
      \(attribute("sizeY", "\(height)", "int"))\(cameraAttributes)\(attribute("lost", lost))\
      </node></node></node></dv>
      """
  }

  @inline(__always)
  mutating func append(_ event: CameraEvent, to bytes: inout [UInt8]) {
    if start == nil { beginPacket(&bytes) }
    bytes.append(littleEndian: event.time_us)
    bytes.append(littleEndian: UInt64(event.x) | UInt64(event.y) << 16 | (event.isOn ? 1 << 32 : 0))
  }

  /// Stream 0, sizes that are filled in at the end, vtable, table, and the length of the vector: its elements begin at
  /// byte 32 of the FlatBuffer, a multiple of 8.
  private mutating func beginPacket(_ bytes: inout [UInt8]) {
    start = bytes.count
    for value: UInt32 in [0, 0, 0, 16] { bytes.append(littleEndian: value) }
    bytes += Array("EVTS".utf8)
    for entry: UInt16 in [6, 8, 4, 0] { bytes.append(littleEndian: entry) }
    for value: UInt32 in [8, 4, 0] { bytes.append(littleEndian: value) }
  }

  mutating func endPiece(_ bytes: inout [UInt8]) {
    guard let start else { return }
    let size = bytes.count - start - 8
    for (place, value) in [(4, size), (8, size - 4), (36, (size - 32) / AEDAT4.eventSize)] {
      var field: [UInt8] = []
      field.append(littleEndian: UInt32(value))
      bytes.replaceSubrange(start + place..<start + place + 4, with: field)
    }
    self.start = nil
  }
}

struct AEDAT4Decoder: CameraDecoder {
  /// The stream of the file that is read.
  let stream: AEDAT4Stream
  /// The streams of other cameras' events: their numbers, and what a user is told of them.
  private let otherCameras: (numbers: Set<Int32>, list: String)
  /// Whether the camera was asked for.
  private let isChosen: Bool
  private let compression: AEDAT4.Compression
  /// Where the packets end.
  private let end: Int
  private var otherPackets = 0
  private var packetsOfOtherCameras = 0
  /// The events of the packet that is handed out, and where the next one begins.
  private var events: [UInt8] = []
  private var place = 0

  var leftOut: [String] {
    [
      otherPackets > 0 ? "\(otherPackets.counted("packet")) of other streams (frames, IMU, triggers)" : nil,
      isChosen ? nil : ofOtherCameras.map { "\($0): \(otherCameras.list)" },
    ].compactMap(\.self)
  }

  var asked: [String] { isChosen ? ofOtherCameras.map { [$0] } ?? [] : [] }

  private var ofOtherCameras: String? {
    packetsOfOtherCameras > 0 ? "\(packetsOfOtherCameras.counted("packet")) of other cameras" : nil
  }

  /// Reads everything before the first packet; the file begins with `AEDAT4.magic`.
  ///
  /// - Parameter camera: The name or number of the stream that is read; nil for the first of events.
  init(_ reader: ByteReader, camera: String?) throws {
    try reader.skip(AEDAT4.magic.count)
    let size = try Self.size(reader)
    let parsed = try reader.take(size) { bytes in
      let buffer = try FlatBuffer(bytes, identifier: "IOHE")
      let table = try buffer.root()
      let compression = try buffer.field(0, ofTable: table).map { try buffer.load($0, Int32.self) } ?? 0
      let position = try buffer.field(1, ofTable: table).map { try buffer.load($0, Int64.self) } ?? -1
      guard let information = try buffer.field(2, ofTable: table) else {
        throw EventStreamError("the header does not describe the file's streams")
      }
      let text = try buffer.vector(at: information, elementSize: 1)
      return (compression, position, String(decoding: text, as: UTF8.self))
    }
    guard let (code, position, text) = parsed else { throw EventStreamError("the file ends within its header") }
    guard let compression = AEDAT4.Compression(rawValue: code) else {
      throw EventStreamError("compression \(code) is not known; 0 … 4 are (none, LZ4 and zstd)")
    }
    self.compression = compression
    end = try Self.end(reader, tablePosition: position)
    let streams = try AEDAT4Information.eventStreams(in: text)
    stream = try streams.stream(of: camera)
    let others = streams.filter { [number = stream.number] in $0.number != number }
    otherCameras = (Set(others.map(\.number)), others.list)
    isChosen = camera != nil
  }

  /// A table of the packets, if there is one, stands behind them; a file without one says −1.
  private static func end(_ reader: ByteReader, tablePosition position: Int64) throws -> Int {
    guard position > 0 else { return reader.size }
    guard (Int64(reader.offset)...Int64(reader.size)).contains(position) else {
      throw EventStreamError(
        "its table of packets is said to be at byte \(position); it can be at \(reader.offset) … \(reader.size)")
    }
    return Int(position)
  }

  /// The bytes of a size-prefixed FlatBuffer, the prefix included.
  private static func size(_ reader: ByteReader) throws -> Int {
    try reader.withBytes(atLeast: 4) { bytes in
      guard bytes.count >= 4 else { throw EventStreamError("the file ends within its header") }
      return (0, 4 + Int(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self))))
    }
  }

  mutating func decode(_ reader: ByteReader, into piece: inout EventStream) throws -> Bool {
    if place < events.count {
      try appendEvents(to: &piece)
      return true
    }
    let left = end - reader.offset - 8
    guard left > -8 else { return false }
    let header = try reader.take(8) { bytes in
      (
        Int32(littleEndian: bytes.loadUnaligned(as: Int32.self)),
        Int(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: Int32.self)))
      )
    }
    guard let (stream, size) = header, left >= 0 else {
      throw EventStreamError("the file ends within the header of a packet")
    }
    guard (0...min(left, AEDAT4.maximumPacketBytes)).contains(size) else {
      throw EventStreamError(
        "a packet has \(size.counted("byte")); there are \(left) more, and \(AEDAT4.maximumPacketBytes) are allowed")
    }
    guard stream == self.stream.number else {
      if otherCameras.numbers.contains(stream) {
        packetsOfOtherCameras += 1
      } else {
        otherPackets += 1
      }
      try reader.skip(size)
      return true
    }
    // The memory of the last packet goes first.
    (events, place) = ([], 0)
    events = try reader.take(size, unpackedEvents) ?? []
    return true
  }

  private func unpackedEvents(_ packed: UnsafeRawBufferPointer) throws -> [UInt8] {
    let limit = min(AEDAT4.maximumPacketBytes, AEDAT4.maximumExpansion * packed.count)
    return switch compression {
    case .none: try Array(Self.events(inPacket: packed))
    case .lz4, .lz4High:
      try Decompression.lz4(packed, maximumBytes: limit).withUnsafeBytes { try Array(Self.events(inPacket: $0)) }
    case .zstd, .zstdHigh:
      try Decompression.zstd(packed, maximumBytes: limit).withUnsafeBytes { try Array(Self.events(inPacket: $0)) }
    }
  }

  private static func events(inPacket bytes: UnsafeRawBufferPointer) throws -> UnsafeRawBufferPointer {
    let packet = try FlatBuffer(bytes, identifier: "EVTS")
    guard let elements = try packet.field(0, ofTable: packet.root()) else { return .init(start: nil, count: 0) }
    return try packet.vector(at: elements, elementSize: AEDAT4.eventSize)
  }

  /// As many events of the packet as the piece has room for.
  private mutating func appendEvents(to piece: inout EventStream) throws {
    let room = AEDAT4.eventSize * max(1, EventStream.pieceCount - piece.count)
    let end = min(events.count, place + room)
    try events.withUnsafeBytes { events in
      for place in Swift.stride(from: place, to: end, by: AEDAT4.eventSize) {
        let time_us = Int64(littleEndian: events.loadUnaligned(fromByteOffset: place, as: Int64.self))
        let x = Int16(littleEndian: events.loadUnaligned(fromByteOffset: place + 8, as: Int16.self))
        let y = Int16(littleEndian: events.loadUnaligned(fromByteOffset: place + 10, as: Int16.self))
        try piece.append(time_us: time_us, x: Int32(x), y: Int32(y), isOn: events[place + 12] != 0)
      }
    }
    place = end
  }
}
