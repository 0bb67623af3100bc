import CImageFiles
import Foundation

/// A picture of integer samples, gray or colour.
public struct Raster: Equatable, Sendable {
  /// Number of columns.
  public let width: Int
  /// Number of rows.
  public let height: Int
  /// 1 (gray) or 3 (red, green, blue).
  public let channels: Int
  /// 8 or 16.
  public let bitDepth: Int
  /// Height × width × channels values, at most 2^bitDepth − 1.
  public var samples: [UInt16]

  /// The largest value of a sample, 2^bitDepth − 1.
  public var maximumSample: UInt16 { UInt16(truncatingIfNeeded: (1 << bitDepth) - 1) }

  /// Makes a picture from its samples, whose number must be width × height × channels.
  public init(width: Int, height: Int, channels: Int, bitDepth: Int, samples: [UInt16]) {
    precondition(channels == 1 || channels == 3, "a picture has 1 or 3 channels")
    precondition(bitDepth == 8 || bitDepth == 16, "a sample has 8 or 16 bits")
    precondition(samples.count == width * height * channels, "a picture needs width × height × channels samples")
    self.width = width
    self.height = height
    self.channels = channels
    self.bitDepth = bitDepth
    self.samples = samples
  }

  /// Reads a PNG or JPEG file. Palettes are resolved and transparency is dropped; samples are as stored (no gamma).
  ///
  /// - Throws: `FileError` if the file cannot be read, is damaged or truncated, has more pixels than `maximumPixels`,
  /// or is a CMYK JPEG.
  public init(contentsOf path: String, maximumPixels: Int = 1 << 26) throws {
    // No sensible file takes more than 8 bytes a pixel (16 bits, red, green, blue, alpha) and some metadata.
    let data = try bytes(ofFile: path, maximumBytes: 8 * maximumPixels + (16 << 20))
    try self.init(decoding: data, path: path, maximumPixels: maximumPixels)
  }

  /// Decodes a file that is in memory; the path is for error messages.
  package init(decoding data: Data, path: String, maximumPixels: Int) throws {
    var shape = image_files_shape()
    var decoded: UnsafeMutablePointer<UInt16>?
    try Self.call(path) { message in
      try data.withUnsafeBytes { (file: UnsafeRawBufferPointer) -> Int32 in
        let bytes = file.bindMemory(to: UInt8.self)
        let limit = UInt64(maximumPixels)
        if file.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
          return image_files_decode_png(bytes.baseAddress, bytes.count, limit, &shape, &decoded, message)
        }
        if file.starts(with: [0xFF, 0xD8, 0xFF]) {
          return image_files_decode_jpeg(bytes.baseAddress, bytes.count, limit, &shape, &decoded, message)
        }
        throw FileError(path: path, "is neither a PNG nor a JPEG file")
      }
    }
    defer { free(decoded) }
    width = Int(shape.width)
    height = Int(shape.height)
    channels = Int(shape.channels)
    bitDepth = Int(shape.bit_depth)
    samples = Array(UnsafeBufferPointer(start: decoded, count: width * height * channels))
  }

  /// Writes a PNG file.
  ///
  /// - Throws: `FileError` if the picture is empty or the file cannot be written.
  public func writePNG(to path: String) throws { try AtomicFile.write(png(for: path), to: path) }

  /// The bytes of a PNG file.
  ///
  /// - Throws: `FileError` if the picture is empty.
  package func png() throws -> Data { try png(for: "picture") }

  private func png(for path: String) throws -> Data {
    guard let width = UInt32(exactly: width), let height = UInt32(exactly: height), width > 0, height > 0 else {
      throw FileError(path: path, "a picture of \(width) × \(height) pixels cannot be written")
    }
    let shape = image_files_shape(
      width: width, height: height, channels: UInt32(channels), bit_depth: UInt32(bitDepth))
    var encoded: UnsafeMutablePointer<UInt8>?
    var count = 0
    try Self.call(path) { message in image_files_encode_png(shape, samples, &encoded, &count, message) }
    defer { free(encoded) }
    return Data(UnsafeBufferPointer(start: encoded, count: count))
  }

  private static func call(_ path: String, _ body: (UnsafeMutablePointer<CChar>) throws -> Int32) throws {
    let size = Int(IMAGE_FILES_MESSAGE_SIZE)
    try withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { message in
      message.initialize(repeating: 0)
      guard let start = message.baseAddress, try body(start) == 0 else {
        let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        throw FileError(path: path, "cannot be used: " + String(decoding: text, as: UTF8.self))
      }
    }
  }
}
