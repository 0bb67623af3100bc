import DataFiles

/// The FST file that GTKWave's `vcd2fst` makes of a VCD: a chain of blocks, each a byte with its type and its length in
/// 64 bits, big-endian, which counts itself.
///
/// Source: `fstapi.h` of GTKWave, `enum fstBlockType`.
public enum FSTFile {
  /// Blocks without which nothing can be seen; a hierarchy is packed in one of three ways.
  private static let needed: [Set<UInt8>] = [[header], [geometry], [4, 6, 7]]
  private static let header: UInt8 = 0
  private static let geometry: UInt8 = 3

  /// Checks that a file is there to its last block: `vcd2fst` does not say when it could not write.
  ///
  /// - Throws: `FileError` if it is not, or cannot be read.
  public static func checkIsWhole(_ path: String) throws {
    let bytes = try ByteReader(path: path)
    var types: Set<UInt8> = []
    var isWhole = true
    while isWhole, let (type, length) = try block(bytes) {
      types.insert(type)
      isWhole = length <= UInt64(bytes.bytesLeft)
      if isWhole { try bytes.skip(Int(length)) }
    }
    guard isWhole, bytes.bytesLeft == 0, needed.allSatisfy({ !$0.isDisjoint(with: types) }) else {
      throw FileError(path: path, "could not be written whole; is the disk full?")
    }
  }

  /// The type of the block that begins at a reader's place, and how many bytes follow; nil if none begins there.
  private static func block(_ bytes: ByteReader) throws -> (type: UInt8, length: UInt64)? {
    let lengthSize: UInt64 = 8
    return try bytes.take(1 + Int(lengthSize)) { start in
      (start[0], UInt64(bigEndian: start.loadUnaligned(fromByteOffset: 1, as: UInt64.self)))
    }.flatMap { type, length in length < lengthSize ? nil : (type, length - lengthSize) }
  }
}
