import CZip
import Foundation

/// A zip file to read, over libzip.
struct ZipReader: ~Copyable {
  let path: String
  let count: Int
  private let archive: OpaquePointer
  private let maximumBytes: Int
  private var bytesLeft: Int

  /// All entries together may unpack to `maximumBytes`.
  ///
  /// - Throws: `FileError` if it is not a readable zip file.
  init(path: String, maximumBytes: Int) throws {
    try checkIsFile(path)
    var code: Int32 = 0
    guard let archive = zip_open(path, ZIP_RDONLY, &code) else {
      throw FileError(path: path, "is not a readable zip archive: \(message(ofCode: code))")
    }
    self.path = path
    self.archive = archive
    self.maximumBytes = maximumBytes
    bytesLeft = maximumBytes
    count = Int(zip_get_num_entries(archive, 0))
  }

  deinit { zip_discard(archive) }

  /// - Throws: `FileError` if the entry has no name.
  func name(at index: Int) throws -> String {
    guard let name = zip_get_name(archive, zip_uint64_t(index), zip_flags_t(ZIP_FL_ENC_GUESS)) else {
      throw FileError(path: path, "is a damaged zip archive")
    }
    return String(cString: name)
  }

  /// Unpacks an entry. Its claimed size is not believed: memory grows with what is really there.
  ///
  /// - Throws: `FileError` if the entry is damaged (its checksum is compared), or the limit is reached.
  mutating func bytes(at index: Int) throws -> [UInt8] {
    guard let file = zip_fopen_index(archive, zip_uint64_t(index), 0) else { throw error(zip_get_error(archive)) }
    defer { zip_fclose(file) }
    let chunkSize = 1 << 20
    var bytes: [UInt8] = []
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: chunkSize, alignment: 16)
    defer { chunk.deallocate() }
    while true {
      let count = zip_fread(file, chunk.baseAddress.unsafelyUnwrapped, zip_uint64_t(chunkSize))
      guard count >= 0 else { throw error(zip_file_get_error(file)) }
      if count == 0 { return bytes }
      guard count <= bytesLeft else {
        throw FileError(path: path, "unpacks to more than the limit of \(maximumBytes) bytes")
      }
      bytesLeft -= Int(count)
      bytes.append(contentsOf: chunk[..<Int(count)])
    }
  }

  private func error(_ error: UnsafeMutablePointer<zip_error_t>?) -> FileError {
    let text = error.flatMap { zip_error_strerror($0) }.map { String(cString: $0) }
    return FileError(path: path, "is damaged: \(text ?? "unknown error")")
  }
}

/// A zip file being made in memory, over libzip.
struct ZipWriter: ~Copyable {
  private let path: String
  private let archive: OpaquePointer
  /// The bytes of the finished file; kept alive beyond the archive.
  private let buffer: OpaquePointer
  private var isClosed = false
  private var isEmpty = true

  /// The path is for error messages.
  init(path: String) throws {
    var error = zip_error_t()
    guard let buffer = zip_source_buffer_create(nil, 0, 0, &error) else {
      throw FileError(path: path, "cannot be written: out of memory")
    }
    zip_source_keep(buffer)
    guard let archive = zip_open_from_source(buffer, ZIP_TRUNCATE, &error) else {
      zip_source_free(buffer)
      zip_source_free(buffer)
      throw FileError(path: path, "cannot be written: out of memory")
    }
    self.path = path
    self.buffer = buffer
    self.archive = archive
  }

  deinit {
    if !isClosed { zip_discard(archive) }
    zip_source_free(buffer)
  }

  mutating func add(_ name: String, bytes: [UInt8], deflated: Bool) throws {
    // libzip reads the entry when the archive is closed, and frees this copy then.
    guard let copy = malloc(max(1, bytes.count)) else {
      throw FileError(path: path, "cannot be written: out of memory")
    }
    bytes.withUnsafeBytes { source in
      if let start = source.baseAddress { memcpy(copy, start, source.count) }
    }
    guard let source = zip_source_buffer(archive, copy, zip_uint64_t(bytes.count), 1) else {
      free(copy)
      throw failure
    }
    let index = zip_file_add(archive, name, source, zip_flags_t(ZIP_FL_ENC_UTF_8))
    guard index >= 0 else {
      zip_source_free(source)
      throw failure
    }
    isEmpty = false
    let entry = zip_uint64_t(index)
    let method = deflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE
    // The first day that zip knows, 1980-01-01 00:00: files do not depend on the clock.
    guard zip_set_file_compression(archive, entry, zip_int32_t(method), 6) == 0,
      zip_file_set_dostime(archive, entry, 0, 0x21, 0) == 0
    else { throw failure }
  }

  /// The bytes of the zip file.
  mutating func finish() throws -> Data {
    // libzip removes an archive without entries; in the format it is an end record alone.
    if isEmpty { return Data([0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18)) }
    guard zip_close(archive) == 0 else { throw failure }
    isClosed = true
    var status = zip_stat_t()
    guard zip_source_stat(buffer, &status) == 0, zip_source_open(buffer) == 0 else {
      throw FileError(path: path, "cannot be written: the archive was not made")
    }
    defer { zip_source_close(buffer) }
    var data = Data(count: Int(status.size))
    let read = data.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map { zip_source_read(buffer, $0, zip_uint64_t(bytes.count)) } ?? 0
    }
    guard Int(read) == data.count else { throw FileError(path: path, "cannot be written: the archive was not made") }
    return data
  }

  private var failure: FileError {
    let text = zip_strerror(archive).map { String(cString: $0) } ?? "unknown error"
    return FileError(path: path, "cannot be written: \(text)")
  }
}

/// libzip's text for an error.
func message(ofCode code: Int32) -> String {
  var error = zip_error_t()
  zip_error_init_with_code(&error, code)
  defer { zip_error_fini(&error) }
  return zip_error_strerror(&error).map { String(cString: $0) } ?? "unknown error"
}
