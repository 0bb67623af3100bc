import TestSupport

extension SplitMix64 {
  mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  /// Changes some bytes, or crosses them with another file.
  mutating func damage(_ bytes: inout [UInt8], crossingWith other: [UInt8]) {
    guard !bytes.isEmpty else { return }
    let place = int(0...bytes.count - 1)
    let interesting: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF, 0x0A, 0x0D, 0x2C, 0x2D, 0x3D, 0x30, 0x39]
    switch int(0...7) {
    case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &self)
    case 1: bytes[place] = interesting[int(0...interesting.count - 1)]
    case 2: bytes.removeSubrange(place...)
    case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 30)], at: int(0...bytes.count))
    case 4: bytes.removeSubrange(place..<min(bytes.count, place + int(1...20)))
    case 5:
      let values: [UInt32] = [0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1000_0000, 8, 16]
      let value = values[int(0...values.count - 1)]
      for (index, shift) in [0, 8, 16, 24].enumerated() where place + index < bytes.count {
        bytes[place + index] = UInt8(truncatingIfNeeded: value >> UInt32(shift))
      }
    case 6:
      guard !other.isEmpty else { return }
      bytes.replaceSubrange(place..., with: other[int(0...other.count - 1)...])
    default: bytes[place] ^= 1 << UInt8(int(0...7))
    }
  }
}
