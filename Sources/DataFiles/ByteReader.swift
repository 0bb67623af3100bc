import Foundation

/// The bytes of a file from front to back, through a buffer of limited size.
package final class ByteReader {
  /// Bytes in all.
  package let size: Int
  /// Bytes consumed so far.
  package private(set) var offset = 0

  private let file: UnsafeMutablePointer<FILE>?
  private let path: String
  private let bufferSize: Int
  private var buffer: [UInt8]
  private var unread: Range<Int>

  /// Opens a file.
  ///
  /// - Parameter bufferSize: Bytes that are read at once.
  /// - Throws: `FileError` if it is not a readable file.
  package init(path: String, bufferSize: Int = 1 << 20) throws {
    try checkIsFile(path)
    guard let file = fopen(path, "rb") else { throw FileError(path: path, "cannot be read: \(lastError())") }
    // The buffer here is enough.
    setvbuf(file, nil, _IONBF, 0)
    fseeko(file, 0, SEEK_END)
    size = Int(ftello(file))
    fseeko(file, 0, SEEK_SET)
    (self.file, self.path, self.bufferSize, buffer, unread) = (file, path, bufferSize, [], 0..<0)
  }

  /// Reads from memory.
  package init(bytes: [UInt8]) {
    (file, path, size, bufferSize, buffer, unread) = (nil, "", bytes.count, 0, bytes, 0..<bytes.count)
  }

  deinit { if let file { fclose(file) } }

  /// Bytes that are left.
  package var bytesLeft: Int { size - offset }

  /// Hands out the bytes at hand, at least `count` unless fewer are left, and consumes as many as `body` returns.
  ///
  /// - Throws: `FileError` if the file cannot be read, and what `body` throws.
  package func withBytes<Result>(
    atLeast count: Int = 1, _ body: (UnsafeRawBufferPointer) throws -> (consumed: Int, result: Result)
  ) throws -> Result {
    if unread.count < count { try fill(count) }
    let (consumed, result) = try buffer.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[unread])) }
    unread = unread.lowerBound + consumed..<unread.upperBound
    offset += consumed
    return result
  }

  /// Consumes exactly `count` bytes; nil if fewer are left.
  package func take<Result>(_ count: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result? {
    guard count >= 0, count <= bytesLeft else { return nil }
    return try withBytes(atLeast: count) { bytes in
      // The file may have become shorter.
      guard bytes.count >= count else { throw FileError(path: path, "became shorter while it was read") }
      return (count, try body(UnsafeRawBufferPointer(rebasing: bytes[..<count])))
    }
  }

  /// Skips bytes, at most those that are left.
  package func skip(_ count: Int) throws {
    var rest = min(max(count, 0), bytesLeft)
    while rest > 0 {
      let skipped = try withBytes { bytes in (min(rest, bytes.count), min(rest, bytes.count)) }
      guard skipped > 0 else { throw FileError(path: path, "became shorter while it was read") }
      rest -= skipped
    }
  }

  /// The next line without its end (LF or CR LF); nil at the end.
  ///
  /// - Throws: `FileError` if it has more than `maximumCount` bytes.
  package func line(maximumCount: Int = 4096) throws -> [UInt8]? {
    try withBytes(atLeast: maximumCount + 2) { bytes in
      guard !bytes.isEmpty else { return (0, nil) }
      let newline = bytes.prefix(maximumCount + 2).firstIndex(of: UInt8(ascii: "\n"))
      let end = newline ?? bytes.count
      guard end <= maximumCount + 1 else { throw FileError("a line has more than \(maximumCount) bytes") }
      var line = Array(bytes[..<end])
      if line.last == UInt8(ascii: "\r") { line.removeLast() }
      return (newline.map { $0 + 1 } ?? bytes.count, line)
    }
  }

  /// Hands out the lines that are left, without their line feeds; the last one need not end in one.
  ///
  /// - Parameter maximumCount: Lines of more bytes may be left out.
  /// - Throws: `FileError` if the file cannot be read, and what `body` throws.
  package func forEachLine(maximumCount: Int = 4096, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    var isWithinLongLine = false
    while bytesLeft > 0 {
      let consumed = try withBytes(atLeast: maximumCount + 1) { bytes in
        let isLast = bytes.count == bytesLeft
        var start = 0
        while start < bytes.count {
          guard let length = bytes.lineLength(from: start) ?? (isLast ? bytes.count - start : nil) else { break }
          if !isWithinLongLine { try body(UnsafeRawBufferPointer(rebasing: bytes[start..<start + length])) }
          isWithinLongLine = false
          start = min(start + length + 1, bytes.count)
        }
        guard start == 0 else { return (start, start) }
        isWithinLongLine = true
        return (bytes.count, bytes.count)
      }
      guard consumed > 0 else { throw FileError(path: path, "became shorter while it was read") }
    }
  }

  private func fill(_ count: Int) throws {
    guard let file else { return }
    let kept = unread.count
    let wanted = min(max(count, bufferSize), bytesLeft)
    if buffer.capacity > 4 * wanted {
      // Something long was read; its memory is not kept.
      buffer = Array(buffer[unread])
    } else {
      buffer.removeSubrange(unread.upperBound...)
      buffer.removeSubrange(..<unread.lowerBound)
    }
    buffer.reserveCapacity(wanted)
    buffer.append(contentsOf: repeatElement(0, count: wanted - kept))
    let read = buffer.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map { fread($0 + kept, 1, wanted - kept, file) } ?? 0
    }
    guard ferror(file) == 0 else { throw FileError(path: path, "cannot be read: \(lastError())") }
    unread = 0..<kept + read
  }
}

extension UnsafeRawBufferPointer {
  /// Bytes from a place to the next line feed; nil if there is none.
  package func lineLength(from start: Int) -> Int? {
    guard let baseAddress, let end = memchr(baseAddress + start, 10, count - start) else { return nil }
    return UnsafeRawPointer(end) - (baseAddress + start)
  }
}
