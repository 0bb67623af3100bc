import CLZ4
import CZstd

/// Unpacks what is compressed; never more than a limit.
package enum Decompression {
  /// An LZ4 frame.
  ///
  /// - Throws: `FileError` if it is damaged, cut off, or unpacks to more than `maximumBytes`.
  package static func lz4(_ packed: UnsafeRawBufferPointer, maximumBytes: Int) throws -> [UInt8] {
    var context: OpaquePointer?
    guard LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0, let context else {
      throw FileError("LZ4 is out of memory")
    }
    defer { LZ4F_freeDecompressionContext(context) }
    return try unpack(packed, maximumBytes, "LZ4") { source, sourceSize, target, targetSize in
      let hint = LZ4F_decompress(context, target, &targetSize, source, &sourceSize, nil)
      return LZ4F_isError(hint) != 0 ? nil : hint == 0
    }
  }

  /// A zstd frame; throws as `lz4`.
  package static func zstd(_ packed: UnsafeRawBufferPointer, maximumBytes: Int) throws -> [UInt8] {
    guard let context = ZSTD_createDStream() else { throw FileError("zstd is out of memory") }
    defer { ZSTD_freeDStream(context) }
    // The window is what a damaged frame could make it allocate: 2^23 bytes is what the levels up to 19 use.
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 23)
    return try unpack(packed, maximumBytes, "zstd") { source, sourceSize, target, targetSize in
      var input = ZSTD_inBuffer(src: source, size: sourceSize, pos: 0)
      var output = ZSTD_outBuffer(dst: target, size: targetSize, pos: 0)
      let hint = ZSTD_decompressStream(context, &output, &input)
      (sourceSize, targetSize) = (input.pos, output.pos)
      return ZSTD_isError(hint) != 0 ? nil : hint == 0
    }
  }

  /// Calls `step` until it says that a frame is complete; it sets the sizes to what it consumed and produced, and
  /// returns nil for an error.
  private static func unpack(
    _ packed: UnsafeRawBufferPointer, _ maximumBytes: Int, _ name: String,
    _ step: (UnsafeRawPointer, inout Int, UnsafeMutableRawPointer, inout Int) -> Bool?
  ) throws -> [UInt8] {
    var unpacked: [UInt8] = []
    var consumed = 0
    while let start = packed.baseAddress {
      var sourceSize = packed.count - consumed
      let room = min(max(unpacked.count, 1 << 12), maximumBytes - unpacked.count)
      var produced = room
      var isComplete: Bool? = false
      // A piece more at its end; the array itself grows by doubling.
      let piece = [UInt8](unsafeUninitializedCapacity: room + 1) { buffer, count in
        guard let target = buffer.baseAddress else { return }
        isComplete = step(start + consumed, &sourceSize, target, &produced)
        count = isComplete == nil ? 0 : produced
      }
      guard let isComplete else { throw FileError("a packet's \(name) data is damaged") }
      unpacked += piece
      consumed += sourceSize
      if isComplete { break }
      guard unpacked.count < maximumBytes else {
        throw FileError("a packet's \(name) data unpacks to more than \(maximumBytes) bytes")
      }
      guard sourceSize > 0 || produced > 0 else { throw FileError("a packet's \(name) data is cut off") }
    }
    return unpacked
  }
}
