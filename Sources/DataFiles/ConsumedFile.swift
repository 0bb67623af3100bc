import CZip
import Foundation

/// A scratch file that becomes an entry of a zip file and is removed as soon as it has been copied there: so that
/// there is never room for all of it twice, on the disk or in the system's cache.
final class ConsumedFile {
  private let path: String
  /// libzip asks for it once more when the file is gone.
  private let size: Int
  private var file: UnsafeMutablePointer<FILE>?
  private var error = zip_error_t()

  private static let pieceSize = 1 << 20

  private init(_ path: String, size: Int) { (self.path, self.size) = (path, size) }

  deinit { close() }

  /// What libzip reads the entry from.
  ///
  /// - Parameter size: Bytes of the file.
  /// - Returns: nil if libzip has no memory for it.
  static func source(_ path: String, size: Int, for zip: OpaquePointer) -> OpaquePointer? {
    let file = Unmanaged.passRetained(ConsumedFile(path, size: size))
    let source = zip_source_function(
      zip,
      { file, data, count, command in
        guard let file else { return -1 }
        return Unmanaged<ConsumedFile>.fromOpaque(file).takeUnretainedValue().answer(command, data, Int(count))
      }, file.toOpaque())
    if source == nil { file.release() }
    return source
  }

  /// As `zip_source_function(3)` wants it.
  private func answer(_ command: zip_source_cmd, _ data: UnsafeMutableRawPointer?, _ count: Int) -> zip_int64_t {
    switch command {
    case ZIP_SOURCE_OPEN:
      guard let opened = fopen(path, "rb") else { return fail(ZIP_ER_OPEN) }
      setvbuf(opened, nil, _IOFBF, Self.pieceSize)
      file = opened
      return 0
    case ZIP_SOURCE_READ:
      guard let file else { return fail(ZIP_ER_INTERNAL) }
      let read = fread(data, 1, count, file)
      return ferror(file) == 0 ? zip_int64_t(read) : fail(ZIP_ER_READ)
    case ZIP_SOURCE_CLOSE:
      close()
      unlink(path)
      return 0
    case ZIP_SOURCE_STAT:
      return describe(data?.assumingMemoryBound(to: zip_stat_t.self))
    case ZIP_SOURCE_ERROR:
      return zip_error_to_data(&error, data, zip_uint64_t(count))
    case ZIP_SOURCE_FREE:
      Unmanaged.passUnretained(self).release()
      return 0
    default:
      return fail(ZIP_ER_OPNOTSUPP)
    }
  }

  private func describe(_ status: UnsafeMutablePointer<zip_stat_t>?) -> zip_int64_t {
    guard let status else { return fail(ZIP_ER_INTERNAL) }
    zip_stat_init(status)
    status.pointee.size = zip_uint64_t(size)
    status.pointee.valid |= zip_uint64_t(ZIP_STAT_SIZE)
    return zip_int64_t(MemoryLayout<zip_stat_t>.size)
  }

  private func fail(_ code: Int32) -> zip_int64_t {
    zip_error_set(&error, code, errno)
    return -1
  }

  private func close() {
    if let file { fclose(file) }
    file = nil
  }
}
