import DataFiles

/// Prophesee EVT 3.0: words of 16 bits, little-endian, that set a state.
///
/// Source: Prophesee's documentation of its file formats, "EVT 3.0": the type in bits 15 … 12.
enum EVT3 {
  fileprivate static let y: UInt16 = 0
  fileprivate static let x: UInt16 = 2
  fileprivate static let vectorBase: UInt16 = 3
  fileprivate static let vector12: UInt16 = 4
  fileprivate static let vector8: UInt16 = 5
  fileprivate static let timeLow: UInt16 = 6
  fileprivate static let timeHigh: UInt16 = 8
}

struct EVT3Encoder: CameraEncoder {
  static let name = "evt3"
  static let coordinateLimit = 2048
  static let times_us = 0...EVTTime.limit_us - 1

  private let width: Int
  private let height: Int
  private let camera: String
  private var time = EVTTime(highBits: 12, lowBits: 12)
  private var lastTime_us: Int64 = -1
  private var lastY: UInt16?

  init(width: Int, height: Int, camera: String) { (self.width, self.height, self.camera) = (width, height, camera) }

  func start(lost: String) -> [UInt8] {
    EVTHeader.text(version: 3, width: width, height: height, camera: camera, lost: lost)
  }

  @inline(__always)
  mutating func append(_ event: CameraEvent, to bytes: inout [UInt8]) {
    if event.time_us != lastTime_us {
      time.highs(upTo: event.time_us) { bytes.append(littleEndian: EVT3.timeHigh << 12 | UInt16($0)) }
      bytes.append(littleEndian: EVT3.timeLow << 12 | UInt16(event.time_us & 4095))
      lastTime_us = event.time_us
    }
    if event.y != lastY {
      bytes.append(littleEndian: EVT3.y << 12 | event.y)
      lastY = event.y
    }
    bytes.append(littleEndian: EVT3.x << 12 | (event.isOn ? 1 << 11 : 0) | event.x)
  }
}

struct EVT3Decoder: EVTDecoder {
  private(set) var counts = EVTLeftOut()
  private var time: EVTTime
  private var low_us: Int64 = 0
  private var y: Int32?
  private var vectorX: Int32 = 0
  private var vectorIsOn = false

  /// - Parameter mayGoBack: Whether a high word may go back.
  init(mayGoBack: Bool) { time = EVTTime(highBits: 12, lowBits: 12, mayGoBack: mayGoBack) }

  @inline(__always)
  mutating func take(_ word: UInt16, _ piece: inout EventStream) throws {
    let isOn = word & 1 << 11 != 0
    switch word >> 12 {
    case EVT3.x: try append(x: Int32(word & 2047), isOn: isOn, &piece)
    case EVT3.y: y = Int32(word & 2047)
    case EVT3.timeLow: low_us = Int64(word & 4095)
    case EVT3.timeHigh:
      let before = time.base_us
      try time.take(high: UInt32(word & 4095))
      if time.base_us != before { low_us = 0 }
    case EVT3.vectorBase: (vectorX, vectorIsOn) = (Int32(word & 2047), isOn)
    case EVT3.vector12: try append(mask: word & 4095, count: 12, &piece)
    case EVT3.vector8: try append(mask: word & 255, count: 8, &piece)
    default: counts.words += 1
    }
  }

  private mutating func append(mask: UInt16, count: Int32, _ piece: inout EventStream) throws {
    for bit in 0..<count where mask >> UInt16(bit) & 1 != 0 {
      try append(x: vectorX + bit, isOn: vectorIsOn, &piece)
    }
    vectorX = min(vectorX + count, 1 << 12)
  }

  @inline(__always)
  private mutating func append(x: Int32, isOn: Bool, _ piece: inout EventStream) throws {
    guard let base_us = time.base_us, let y else {
      counts.events += 1
      return
    }
    try piece.append(time_us: base_us + low_us, x: x, y: y, isOn: isOn)
  }
}
