import CZip
import Foundation

/// A NumPy archive whose long arrays of one axis are read piece by piece, and whose other arrays are at hand.
package final class NumPyColumnsReader {
  /// The arrays that are no columns.
  package let archive: NumPyArchive
  /// Elements of each column.
  package let count: Int

  private let zip: OpaquePointer
  private let path: String
  private var columns: [String: Column] = [:]

  /// Arrays that are no columns may take so many bytes each.
  private static let maximumBytes = 1 << 20
  private static let maximumEntries = 1000

  private struct Column {
    let file: OpaquePointer
    let header: NumPyHeader
    let type: NumPyArray.ElementType
  }

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - names: The columns; those that are missing are not read.
  /// - Throws: `FileError` if it is not a readable archive, or the columns are not arrays of one axis and one length.
  package convenience init(path: String, columns names: Set<String>) throws {
    guard let kind = FileKind(path: path) else { throw FileError(path: path, "cannot be read: \(lastError())") }
    guard kind == .file else { throw FileError(path: path, "is \(kind.rawValue), not a file to read") }
    var code: Int32 = 0
    guard let zip = zip_open(path, ZIP_RDONLY, &code) else {
      throw FileError(path: path, "is not a readable zip archive: \(message(ofCode: code))")
    }
    try self.init(zip, path, names)
  }

  /// Reads from memory, which must stay while this is in use; errors call it `name`.
  package convenience init(bytes: UnsafeRawBufferPointer, called name: String, columns names: Set<String>) throws {
    var error = zip_error_t()
    guard let source = zip_source_buffer_create(bytes.baseAddress, zip_uint64_t(bytes.count), 0, &error) else {
      throw FileError(path: name, "cannot be read: out of memory")
    }
    guard let zip = zip_open_from_source(source, ZIP_RDONLY, &error) else {
      zip_source_free(source)
      throw FileError(path: name, "is not a readable zip archive: \(message(ofCode: zip_error_code_zip(&error)))")
    }
    try self.init(zip, name, names)
  }

  private init(_ zip: OpaquePointer, _ path: String, _ names: Set<String>) throws {
    (self.zip, self.path) = (zip, path)
    var arrays: [String: NumPyArray] = [:]
    var opened: [String: Column] = [:]
    do {
      let entries = Int(zip_get_num_entries(zip, 0))
      guard entries <= Self.maximumEntries else {
        throw FileError(path: path, "has \(entries) entries, which is too many")
      }
      for index in 0..<entries {
        guard let entry = zip_get_name(zip, zip_uint64_t(index), zip_flags_t(ZIP_FL_ENC_GUESS)) else {
          throw FileError(path: path, "is a damaged zip archive")
        }
        let fileName = String(cString: entry)
        guard fileName.hasSuffix(".npy") else { continue }
        let name = String(fileName.dropLast(4))
        guard arrays[name] == nil, opened[name] == nil else { throw FileError(path: path, "'\(name)' occurs twice") }
        guard let file = zip_fopen_index(zip, zip_uint64_t(index), 0) else { throw Self.failure(path, zip) }
        if names.contains(name) {
          opened[name] = try Self.column(file, path, name)
        } else {
          defer { zip_fclose(file) }
          arrays[name] = try Self.array(file, path, name)
        }
      }
      let counts = Set(opened.values.map { $0.header.shape[0] })
      guard counts.count <= 1 else {
        let lengths = opened.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.header.shape[0])" }
        throw FileError(path: path, "its columns differ in length: \(lengths.joined(separator: ", "))")
      }
      count = counts.first ?? 0
    } catch {
      for column in opened.values { zip_fclose(column.file) }
      zip_discard(zip)
      throw error
    }
    columns = opened
    archive = NumPyArchive(arrays, source: path)
  }

  deinit {
    for column in columns.values { zip_fclose(column.file) }
    zip_discard(zip)
  }

  /// Whether there is a column of a name.
  package func has(_ name: String) -> Bool { columns[name] != nil }

  /// The next elements of a column.
  ///
  /// - Throws: `FileError` if it is missing, or the file is damaged or cut off.
  package func next(_ name: String, count: Int) throws -> NumPyArray {
    guard let column = columns[name] else {
      let names = (Array(columns.keys) + Array(archive.arrays.keys)).sorted().prefix(20).joined(separator: ", ")
      throw archive.error(name, "is missing; the file holds \(names.isEmpty ? "no arrays" : names)")
    }
    let data = try Self.bytes(column.file, path, name, count: count * column.type.size)
    return NumPyArray(shape: [count], elements: try data.withUnsafeBytes { try column.type.decode($0, count: count) })
  }

  /// Checks that nothing is left; call it once all elements are read.
  package func finish() throws {
    for (name, column) in columns {
      var byte: UInt8 = 0
      let left = zip_fread(column.file, &byte, 1)
      guard left >= 0 else { throw Self.failure(path, column.file, name) }
      guard left == 0 else { throw archive.error(name, "has more bytes than elements") }
    }
  }

  private static func column(_ file: OpaquePointer, _ path: String, _ name: String) throws -> Column {
    do {
      let prefix = try bytes(file, path, name, count: 10)
      let length =
        prefix[6] == 1 ? Int(prefix[8]) | Int(prefix[9]) << 8 : try longLength(file, path, name, prefix)
      guard length < 1 << 16 else { throw FileError("has a header of \(length) bytes") }
      let head = prefix + (prefix[6] == 1 ? [] : [0, 0]) + (try bytes(file, path, name, count: length))
      // With the four bytes of a length that is known to be short.
      let header = try head.withUnsafeBytes { try NumPyHeader($0) }
      guard header.shape.count == 1 else { throw FileError("has shape \(header.shape); one axis is needed") }
      let type = try NumPyArray.ElementType(header.descriptor)
      guard !type.isText else { throw FileError("holds text; numbers are needed") }
      return Column(file: file, header: header, type: type)
    } catch let error as FileError {
      zip_fclose(file)
      throw error.description.hasPrefix(path) ? error : FileError(path: path, "'\(name)' \(error.description)")
    }
  }

  /// The length of a header of version 2 or 3, whose upper half must be 0.
  private static func longLength(_ file: OpaquePointer, _ path: String, _ name: String, _ prefix: [UInt8]) throws -> Int
  {
    let upper = try bytes(file, path, name, count: 2)
    guard upper == [0, 0] else { throw FileError("has a header that is too long") }
    return Int(prefix[8]) | Int(prefix[9]) << 8
  }

  private static func array(_ file: OpaquePointer, _ path: String, _ name: String) throws -> NumPyArray {
    var data: [UInt8] = []
    while true {
      let piece = try [UInt8](unsafeUninitializedCapacity: 1 << 12) { buffer, count in
        let read = zip_fread(file, buffer.baseAddress, 1 << 12)
        guard read >= 0 else { throw failure(path, file, name) }
        count = Int(read)
      }
      if piece.isEmpty { break }
      data += piece
      guard data.count <= maximumBytes else {
        throw FileError(path: path, "'\(name)' has more than \(maximumBytes) bytes")
      }
    }
    do {
      return try data.withUnsafeBytes { try NumPyArray(npy: $0) }
    } catch let error as FileError {
      throw FileError(path: path, "'\(name)' \(error.description)")
    }
  }

  private static func bytes(_ file: OpaquePointer, _ path: String, _ name: String, count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, read in
      read = 0
      while read < count {
        let more = zip_fread(file, buffer.baseAddress.map { $0 + read }, zip_uint64_t(count - read))
        guard more >= 0 else { throw failure(path, file, name) }
        guard more > 0 else { throw FileError(path: path, "'\(name)' is cut off") }
        read += Int(more)
      }
    }
  }

  private static func failure(_ path: String, _ file: OpaquePointer, _ name: String) -> FileError {
    let text = zip_file_get_error(file).flatMap { zip_error_strerror($0) }.map { String(cString: $0) }
    return FileError(path: path, "'\(name)' is damaged: \(text ?? "unknown error")")
  }

  private static func failure(_ path: String, _ zip: OpaquePointer) -> FileError {
    let text = zip_strerror(zip).map { String(cString: $0) }
    return FileError(path: path, "is damaged: \(text ?? "unknown error")")
  }
}
