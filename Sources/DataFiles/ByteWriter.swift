import Foundation

/// A file that is written from front to back, through a buffer of limited size.
package final class ByteWriter {
  /// Bytes written so far.
  package private(set) var count = 0

  private let file: UnsafeMutablePointer<FILE>
  private let path: String
  private var buffer: [UInt8] = []

  private static let pieceSize = 1 << 20

  /// Makes the file, which must not exist.
  ///
  /// - Throws: `FileError` if it cannot be made.
  package init(path: String) throws {
    guard let file = fopen(path, "wbx") else { throw FileError(path: path, "cannot be written: \(lastError())") }
    setvbuf(file, nil, _IONBF, 0)
    (self.file, self.path) = (file, path)
    buffer.reserveCapacity(2 * Self.pieceSize)
  }

  deinit { fclose(file) }

  /// Lets `body` append bytes.
  ///
  /// - Throws: `FileError` if the file takes no more, and what `body` throws.
  package func append<Result>(_ body: (inout [UInt8]) throws -> Result) throws -> Result {
    let before = buffer.count
    let result = try body(&buffer)
    count += buffer.count - before
    if buffer.count >= Self.pieceSize { try flush() }
    return result
  }

  /// Appends bytes.
  package func append(_ bytes: some Sequence<UInt8>) throws { try append { $0.append(contentsOf: bytes) } }

  /// Appends values as they are in memory: little-endian, as every machine is that Swift runs on.
  package func append<Value: FixedWidthInteger>(integers values: [Value]) throws {
    try append { buffer in values.withUnsafeBytes { buffer.append(contentsOf: $0) } }
  }

  /// Replaces bytes that were written before.
  package func replace(at offset: Int, _ bytes: [UInt8]) throws {
    try flush()
    guard fseeko(file, off_t(offset), SEEK_SET) == 0, fwrite(bytes, 1, bytes.count, file) == bytes.count,
      fseeko(file, 0, SEEK_END) == 0
    else { throw failure }
  }

  /// Hands everything to the file.
  package func flush() throws {
    guard fwrite(buffer, 1, buffer.count, file) == buffer.count, fflush(file) == 0 else { throw failure }
    // The memory of one long piece is not kept.
    buffer.removeAll(keepingCapacity: buffer.capacity <= 8 * Self.pieceSize)
  }

  private var failure: FileError { FileError(path: path, "cannot be written: \(lastError())") }
}

extension [UInt8] {
  /// Appends an integer, little-endian.
  package mutating func append(littleEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  /// Appends an integer in decimal digits, and a separator.
  package mutating func append(decimal value: some FixedWidthInteger, _ separator: Unicode.Scalar) {
    if value < 0 { append(UInt8(ascii: "-")) }
    append(digitsOf: UInt64(value.magnitude), separator)
  }

  /// Not generic, as no other module could specialise it.
  private mutating func append(digitsOf value: UInt64, _ separator: Unicode.Scalar) {
    let start = count
    var magnitude = value
    repeat {
      append(UInt8(ascii: "0") + UInt8(magnitude % 10))
      magnitude /= 10
    } while magnitude > 0
    var (first, last) = (start, count - 1)
    while first < last {
      swapAt(first, last)
      (first, last) = (first + 1, last - 1)
    }
    append(UInt8(ascii: separator))
  }
}
