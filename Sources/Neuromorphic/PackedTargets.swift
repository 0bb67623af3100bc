/// Numbers of dendrites in three bytes each, or in four where one needs them, as the chip model reads them.
struct PackedTargets: RandomAccessCollection, Sendable {
  /// Bytes of each, the lowest first.
  let width: Int
  /// One more than the targets take, as the chip model reads four for each.
  private let bytes: SharedArray<UInt8>

  /// Takes up rows.
  ///
  /// - Parameter range: Of all targets. Negative ones, which are none, are kept too.
  init(count: Int, range: ClosedRange<Int32>, _ forEachRow: (_ visit: ([Int32]) -> Void) -> Void) {
    let width = range.lowerBound >= 0 && range.upperBound < 1 << 24 ? 3 : 4
    self.width = width
    bytes = SharedArray(count: count * width + 1) { bytes in
      bytes.initialize(repeating: 0)
      let memory = UnsafeMutableRawBufferPointer(bytes)
      var next = 0
      forEachRow { row in
        for target in row {
          memory.storeBytes(of: target.littleEndian, toByteOffset: next, as: Int32.self)
          next += width
        }
      }
    }
  }

  /// The first target's first byte.
  var address: UnsafePointer<UInt8>? { bytes.address }

  var startIndex: Int { 0 }
  var endIndex: Int { bytes.count / width }

  subscript(position: Int) -> Int32 {
    let first = position * width
    let low = UInt32(bytes[first]) | UInt32(bytes[first + 1]) << 8 | UInt32(bytes[first + 2]) << 16
    return Int32(bitPattern: width == 3 ? low : low | UInt32(bytes[first + 3]) << 24)
  }
}
