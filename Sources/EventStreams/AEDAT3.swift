import DataFiles
import Foundation

/// AEDAT 3.1: lines of text, then packets with a header of 28 bytes and 8 bytes an event, little-endian.
///
/// Source: iniVation's documentation, "AEDAT file formats", 3.1: eventType, eventSource (16 bits), eventSize,
/// eventTSOffset, eventTSOverflow, eventCapacity, eventNumber, eventValid (32 bits); a polarity event (type 1) has 32
/// bits of data – valid in bit 0, polarity in bit 1, y in 16 … 2, x in 31 … 17 – and a time of 31 bits.
enum AEDAT3 {
  fileprivate static let headerSize = 28
  fileprivate static let eventSize = 8
  fileprivate static let polarityType: Int16 = 1
  /// The sensors that a file names, and their pixels. Source: libcaer's device information.
  fileprivate static let sensors: [(name: String, width: Int, height: Int)] = [
    ("DVS128", 128, 128), ("DAVIS128", 128, 128), ("DAVIS240", 240, 180), ("DAVIS346", 346, 260),
  ]

  /// The number of a camera in the headers of packets, as a user says it.
  static func camera(_ text: String) throws -> Int16 {
    guard let number = Int16(text) else {
      throw EventStreamError("has no camera '\(text.prefix(40))'; AEDAT 3.1 has numbers for cameras, such as 1")
    }
    return number
  }
}

struct AEDAT3Encoder: CameraEncoder {
  static let name = "aedat3"
  static let coordinateLimit = 1 << 15
  static let times_us: ClosedRange<Int64> = 0...(1 << 62) - 1

  private let width: Int
  private let height: Int
  private let camera: String
  /// Where the open packet begins in the bytes of its piece, and its events.
  private var start: Int?
  private var count: Int32 = 0
  private var overflow: Int64 = 0

  init(width: Int, height: Int, camera: String) {
    (self.width, self.height, self.camera) = (width, height, camera.isEmpty ? Self.unknownCamera : camera)
  }

  func start(lost: String) -> [UInt8] {
    // The name by itself, as programs know sensors by it, and what is said besides.
    let said = camera.split(separator: "; ", maxSplits: 1).map(String.init)
    let lines =
      ["#!AER-DAT3.1", "#Format: RAW", "#Source 1: \(said.first ?? camera)"]
      + said.dropFirst().map { "#Description: \($0)" }
      + ["#Geometry: \(width)x\(height)", "#Lost: \(lost)", "#!END-HEADER"]
    return Array(lines.map { $0 + "\r\n" }.joined().utf8)
  }

  @inline(__always)
  mutating func append(_ event: CameraEvent, to bytes: inout [UInt8]) {
    if start == nil || event.time_us >> 31 != overflow {
      endPiece(&bytes)
      start = bytes.count
      overflow = event.time_us >> 31
      bytes.append(contentsOf: repeatElement(0, count: AEDAT3.headerSize))
    }
    let polarity: UInt32 = event.isOn ? 2 : 0
    bytes.append(littleEndian: UInt32(event.x) << 17 | UInt32(event.y) << 2 | polarity | 1)
    bytes.append(littleEndian: Int32(event.time_us & 0x7FFF_FFFF))
    count += 1
  }

  mutating func endPiece(_ bytes: inout [UInt8]) {
    guard let start else { return }
    var header: [UInt8] = []
    header.append(littleEndian: AEDAT3.polarityType)
    header.append(littleEndian: Int16(1))
    for value in [Int32(AEDAT3.eventSize), 4, Int32(overflow), count, count, count] {
      header.append(littleEndian: value)
    }
    bytes.replaceSubrange(start..<start + AEDAT3.headerSize, with: header)
    (self.start, count) = (nil, 0)
  }
}

/// The lines of text before the packets.
struct AEDAT3Header {
  /// What was lost when the file was made, as this program says it.
  private(set) var lost = ""
  /// What a line says of a camera: its number, nil if it has none, and its name.
  private var sources: [(camera: Int16?, name: String)] = []
  /// What other lines say.
  private var others: [String] = []
  /// The pixels that a line of their own says; nil if none does.
  private var geometry: SensorSides?

  /// Reads the lines and leaves the reader at the first packet.
  init(_ reader: ByteReader) throws {
    guard try reader.line() == Array("#!AER-DAT3.1".utf8) else {
      throw EventStreamError("an AEDAT file begins with '#!AER-DAT3.1' or '#!AER-DAT4.0'; others are not known")
    }
    while let line = try reader.line() {
      let text = String(decoding: line, as: UTF8.self)
      if text == "#!END-HEADER" { return }
      try read(text)
    }
    throw EventStreamError("the header has no line '#!END-HEADER'")
  }

  /// What is said of a camera, and of the recording.
  ///
  /// - Parameter camera: Its number in the packets; nil if there are none, and none was asked for.
  func description(of camera: Int16?) -> String {
    ([name(of: camera)].compactMap(\.self) + others).joined(separator: "; ")
  }

  /// What is said of a camera's pixels: by a line of their own, else by the name of its sensor.
  func sides(of camera: Int16?) -> SensorSides {
    if let geometry { return geometry }
    var sides = SensorSides()
    if let name = name(of: camera), let sensor = AEDAT3.sensors.first(where: { name.contains($0.name) }) {
      sides.read(EventStreamFile.Geometry(width: sensor.width, height: sensor.height))
    }
    return sides
  }

  /// The name of a camera, in the line with its number, or in the only one, if that has none.
  private func name(of camera: Int16?) -> String? {
    let line = sources.first { camera == nil || $0.camera == camera }
    let only = sources.count == 1 && sources[0].camera == nil ? sources[0] : nil
    return (line ?? only).map(\.name).flatMap { $0 == AEDAT3Encoder.unknownCamera ? nil : $0 }
  }

  private mutating func read(_ text: String) throws {
    if text.hasPrefix("#Format:") {
      guard text.hasSuffix("RAW") else {
        throw EventStreamError("'\(text.prefix(60))' cannot be read; the format RAW can")
      }
    } else if text.hasPrefix("#Source") {
      read(source: text.dropFirst(7))
    } else if text.hasPrefix("#Geometry: ") {
      var sides = geometry ?? SensorSides()
      sides.read(geometry: String(text.dropFirst(11)))
      geometry = sides
    } else if text.hasPrefix("#Lost: ") {
      lost = String(text.dropFirst(7))
    } else {
      let line = text.drop { "#- ".contains($0) }.trimmingCharacters(in: .whitespaces)
      let said = line.hasPrefix("Description: ") ? String(line.dropFirst(13)) : line
      // More than a stream can keep is not held: a header may be as long as the file.
      let held = others.reduce(0) { $0 + $1.utf8.count }
      if !said.isEmpty, held <= EventLosses.mostCharacters { others.append(said) }
    }
  }

  private mutating func read(source text: Substring) {
    guard let colon = text.firstIndex(of: ":") else { return }
    sources.append(
      (
        Int16(text[..<colon].trimmingCharacters(in: .whitespaces)),
        text[text.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      ))
  }
}

struct AEDAT3Decoder: CameraDecoder {
  /// The camera that was asked for.
  private let camera: Int16?
  /// The camera that is read, once there was a packet of it: that of the first polarity events, if none was asked for.
  private(set) var source: Int16?
  /// Cameras that are not read.
  private var others: Set<Int16> = []
  private var overflow: Int64 = 0
  private var eventsLeft = 0
  /// Where in the file the packet begins whose events are read.
  private var place = 0
  private var otherPackets = 0
  private var packetsOfOthers = 0
  private var invalid = 0

  init(camera: Int16?) { self.camera = camera }

  var leftOut: [String] {
    [
      (otherPackets, "packet", "of other events (frames, IMU, special)"),
      (camera == nil ? packetsOfOthers : 0, "packet", "of other cameras: \(listOfOthers)"),
      (invalid, "event", "marked as not valid"),
    ].filter { $0.0 > 0 }.map { "\($0.0.counted($0.1)) \($0.2)" }
  }

  var asked: [String] {
    camera == nil || packetsOfOthers == 0 ? [] : ["\(packetsOfOthers.counted("packet")) of other cameras"]
  }

  private var listOfOthers: String { others.sorted().map { "\($0)" }.listed }

  /// Goes to the first packet of the camera that is read, if there is one: whose events they are, it says.
  mutating func findCamera(_ reader: ByteReader) throws {
    while source == nil, reader.bytesLeft > 0 { try beginPacket(reader) }
  }

  mutating func decode(_ reader: ByteReader, into piece: inout EventStream) throws -> Bool {
    if eventsLeft == 0 {
      guard reader.bytesLeft > 0 else {
        if let camera, source == nil, !others.isEmpty {
          throw EventStreamError("has no camera '\(camera)'; its cameras are \(listOfOthers)")
        }
        return false
      }
      try beginPacket(reader)
      return true
    }
    try reader.withBytes(atLeast: AEDAT3.eventSize) { bytes in
      let count = min(bytes.count / AEDAT3.eventSize, eventsLeft, EventStream.pieceCount)
      guard count > 0 else { throw EventStreamError("the file ends within a packet") }
      for index in 0..<count {
        let data = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt32.self))
        let time = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * index + 4, as: UInt32.self))
        guard data & 1 != 0 else {
          invalid += 1
          continue
        }
        guard time >> 31 == 0 else { throw damaged("an event's time is negative, \(Int32(bitPattern: time))") }
        try piece.append(
          time_us: overflow << 31 | Int64(time), x: Int32(data >> 17), y: Int32(data >> 2 & 0x7FFF),
          isOn: data & 2 != 0)
      }
      eventsLeft -= count
      return (AEDAT3.eventSize * count, ())
    }
    return true
  }

  private func damaged(_ problem: String) -> EventStreamError {
    EventStreamError("the packet at byte \(place) is damaged: \(problem)")
  }

  private mutating func beginPacket(_ reader: ByteReader) throws {
    place = reader.offset
    let fields = try reader.take(AEDAT3.headerSize) { bytes in
      (
        type: Int16(littleEndian: bytes.loadUnaligned(as: Int16.self)),
        source: Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2, as: Int16.self)),
        values: (0..<6).map { Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 + 4 * $0, as: Int32.self)) }
      )
    }
    guard let fields else { throw EventStreamError("the file ends within the header of a packet") }
    let (size, overflow, count) = (Int(fields.values[0]), fields.values[2], Int(fields.values[4]))
    let capacity = Int(fields.values[3])
    guard size >= 0, count >= 0, overflow >= 0, size * count <= reader.bytesLeft else {
      throw EventStreamError(
        "a packet has \(count.counted("event")) of \(size.counted("byte")); the file has "
          + reader.bytesLeft.counted("more byte"))
    }
    guard count <= capacity else { throw damaged("\(count.counted("event")), and room for \(capacity)") }
    guard fields.type == AEDAT3.polarityType else {
      otherPackets += 1
      return try reader.skip(size * count)
    }
    guard size == AEDAT3.eventSize else {
      throw EventStreamError(
        "polarity events of \(size.counted("byte")) cannot be read; they have \(AEDAT3.eventSize)")
    }
    guard fields.source == camera ?? source ?? fields.source else {
      packetsOfOthers += 1
      others.insert(fields.source)
      return try reader.skip(size * count)
    }
    source = fields.source
    eventsLeft = count
    self.overflow = Int64(overflow)
  }
}
