import CZip
import Foundation

/// Writes a NumPy archive whose long arrays of one axis arrive piece by piece, in a folder of scratch files.
package final class NumPyColumnsWriter {
  private let folder: String
  private var files: [String: ByteWriter] = [:]
  private var types: [String: String] = [:]
  private var counts: [String: Int] = [:]

  /// The header of a column is this long, so that it can be filled in when the length is known.
  private static let headerSize = 128

  /// The folder must exist; it gets one file for each column.
  package init(folder: String) { self.folder = folder }

  /// Appends elements to a column, which begins with the first of them.
  ///
  /// - Throws: `FileError` if the file takes no more.
  package func append<Value: FixedWidthInteger>(_ name: String, _ values: [Value]) throws {
    let type = "<\(Value.isSigned ? "i" : "u")\(MemoryLayout<Value>.size)"
    try file(name, type: type, count: values.count).append(integers: values)
  }

  /// Appends elements to a column of real numbers; throws as the other.
  package func append(_ name: String, _ values: [Double]) throws {
    try file(name, type: "<f8", count: values.count).append(integers: values.map(\.bitPattern))
  }

  private func file(_ name: String, type: String, count: Int) throws -> ByteWriter {
    counts[name, default: 0] += count
    if let file = files[name] { return file }
    let file = try ByteWriter(path: "\(folder)/\(name).npy")
    try file.append([UInt8](repeating: 0, count: Self.headerSize))
    (files[name], types[name]) = (file, type)
    return file
  }

  /// Puts the columns and other arrays into an archive: entries sorted by name, without dates. Nothing is left in the
  /// folder.
  ///
  /// - Throws: `FileError` if that fails.
  package func finish(_ others: [String: NumPyArray], to path: String) throws {
    let sizes = try finishFiles(others)
    var code: Int32 = 0
    guard let zip = zip_open(path, ZIP_CREATE | ZIP_EXCL, &code) else {
      throw FileError(path: path, "cannot be written: \(message(ofCode: code))")
    }
    var isClosed = false
    defer { if !isClosed { zip_discard(zip) } }
    for (name, size) in sizes.sorted(by: { $0.key < $1.key }) {
      let source = ConsumedFile.source("\(folder)/\(name).npy", size: size, for: zip)
      let index = zip_file_add(zip, "\(name).npy", source, zip_flags_t(ZIP_FL_ENC_UTF_8))
      guard index >= 0 else {
        zip_source_free(source)
        throw Self.failure(path, zip)
      }
      // The first day that zip knows, as in `ZipWriter`.
      guard zip_set_file_compression(zip, zip_uint64_t(index), ZIP_CM_STORE, 0) == 0,
        zip_file_set_dostime(zip, zip_uint64_t(index), 0, 0x21, 0) == 0
      else { throw Self.failure(path, zip) }
    }
    guard zip_close(zip) == 0 else { throw Self.failure(path, zip) }
    isClosed = true
  }

  /// Completes the columns' files, and writes those of other arrays: their sizes by name.
  private func finishFiles(_ others: [String: NumPyArray]) throws -> [String: Int] {
    var sizes: [String: Int] = [:]
    for (name, file) in files {
      try file.replace(at: 0, Self.header(types[name] ?? "", count: counts[name] ?? 0))
      sizes[name] = file.count
    }
    files = [:]
    for (name, array) in others {
      let bytes = array.npy
      try ByteWriter(path: "\(folder)/\(name).npy").with { try $0.append(bytes) }
      sizes[name] = bytes.count
    }
    return sizes
  }

  private static func header(_ type: String, count: Int) -> [UInt8] {
    var header = NumPyHeader.magic + [1, 0, UInt8(headerSize - 10), 0]
    header += Array("{'descr': '\(type)', 'fortran_order': False, 'shape': (\(count),), }".utf8)
    header += [UInt8](repeating: UInt8(ascii: " "), count: headerSize - 1 - header.count)
    return header + [UInt8(ascii: "\n")]
  }

  private static func failure(_ path: String, _ zip: OpaquePointer) -> FileError {
    FileError(path: path, "cannot be written: \(zip_strerror(zip).map { String(cString: $0) } ?? "unknown error")")
  }
}

extension ByteWriter {
  fileprivate func with(_ body: (ByteWriter) throws -> Void) throws {
    try body(self)
    try flush()
  }
}
