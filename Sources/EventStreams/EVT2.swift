import DataFiles

/// Prophesee EVT 2.0: words of 32 bits, little-endian.
///
/// Source: Prophesee's documentation of its file formats, "EVT 2.0": the type in bits 31 … 28; CD_OFF 0 and CD_ON 1
/// with the time's low 6 bits in 27 … 22, x in 21 … 11, y in 10 … 0; TIME_HIGH 8 with the time's high 28 bits.
enum EVT2 {
  fileprivate static let typeOn: UInt32 = 1
  fileprivate static let typeTimeHigh: UInt32 = 8
}

struct EVT2Encoder: CameraEncoder {
  static let name = "evt2"
  static let coordinateLimit = 2048
  static let times_us = 0...EVTTime.limit_us - 1

  private let width: Int
  private let height: Int
  private let camera: String
  private var time = EVTTime(highBits: 28, lowBits: 6)

  init(width: Int, height: Int, camera: String) { (self.width, self.height, self.camera) = (width, height, camera) }

  func start(lost: String) -> [UInt8] {
    EVTHeader.text(version: 2, width: width, height: height, camera: camera, lost: lost)
  }

  @inline(__always)
  mutating func append(_ event: CameraEvent, to bytes: inout [UInt8]) {
    time.highs(upTo: event.time_us) { bytes.append(littleEndian: EVT2.typeTimeHigh << 28 | $0) }
    let type = event.isOn ? EVT2.typeOn : 0
    let low = UInt32(event.time_us & 63)
    bytes.append(littleEndian: type << 28 | low << 22 | UInt32(event.x) << 11 | UInt32(event.y))
  }
}

struct EVT2Decoder: EVTDecoder {
  private(set) var counts = EVTLeftOut()
  private var time: EVTTime

  /// - Parameter mayGoBack: Whether a high word may go back.
  init(mayGoBack: Bool) { time = EVTTime(highBits: 28, lowBits: 6, mayGoBack: mayGoBack) }

  @inline(__always)
  mutating func take(_ word: UInt32, _ piece: inout EventStream) throws {
    let type = word >> 28
    if type <= EVT2.typeOn {
      guard let base_us = time.base_us else {
        counts.events += 1
        return
      }
      try piece.append(
        time_us: base_us | Int64(word >> 22 & 63), x: Int32(word >> 11 & 2047), y: Int32(word & 2047),
        isOn: type == EVT2.typeOn)
    } else if type == EVT2.typeTimeHigh {
      try time.take(high: word & 0xFFF_FFFF)
    } else {
      counts.words += 1
    }
  }
}
