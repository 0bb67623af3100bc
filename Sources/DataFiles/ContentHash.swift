import Foundation

/// A short name for contents: FNV-1a of 64 bits (Fowler, Noll & Vo, http://www.isthe.com/chongo/tech/comp/fnv). It
/// tells contents apart that differ by chance; whoever wants two of one name can make them.
package struct ContentHash {
  /// The hash of what was added.
  package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  package init() {}

  /// The hash of a text's bytes in UTF-8.
  package init(_ text: String) {
    self.init()
    add(text.utf8)
  }

  package mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
  }

  /// Sixteen hexadecimal digits.
  package var text: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The hash of a file's bytes.
  ///
  /// - Throws: `FileError` if it cannot be read.
  package static func ofFile(_ path: String) throws -> ContentHash {
    let reader = try ByteReader(path: path)
    var hash = ContentHash()
    while reader.bytesLeft > 0 {
      let count = try reader.withBytes { bytes in
        hash.add(bytes)
        return (bytes.count, bytes.count)
      }
      guard count > 0 else { throw FileError(path: path, "became shorter while it was read") }
    }
    return hash
  }
}
