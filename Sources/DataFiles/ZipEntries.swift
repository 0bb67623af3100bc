import CZip
import Foundation

/// The entries of a zip file, over libzip, of which some are read from front to back.
final class ZipEntries {
  /// What errors call the file.
  let path: String
  private let archive: OpaquePointer

  /// - Throws: `FileError` if it is not a readable zip file.
  init(path: String) throws {
    try checkIsFile(path)
    var code: Int32 = 0
    guard let archive = zip_open(path, ZIP_RDONLY, &code) else {
      throw FileError(path: path, "is not a readable zip archive: \(message(ofCode: code))")
    }
    (self.path, self.archive) = (path, archive)
  }

  /// Reads from memory, which must stay while this is in use; errors call it `name`.
  init(bytes: UnsafeRawBufferPointer, called name: String) throws {
    var error = zip_error_t()
    guard let source = zip_source_buffer_create(bytes.baseAddress, zip_uint64_t(bytes.count), 0, &error) else {
      throw FileError(path: name, "cannot be read: out of memory")
    }
    guard let archive = zip_open_from_source(source, ZIP_RDONLY, &error) else {
      zip_source_free(source)
      throw FileError(path: name, "is not a readable zip archive: \(message(ofCode: zip_error_code_zip(&error)))")
    }
    (path, self.archive) = (name, archive)
  }

  deinit { zip_discard(archive) }

  /// Where the entries of some names are, which have a suffix in the file; those that are missing are left out.
  ///
  /// - Throws: `FileError` if one occurs twice.
  func places(of names: Set<String>, suffix: String) throws -> [String: UInt64] {
    var places: [String: UInt64] = [:]
    for place in 0..<UInt64(max(0, zip_get_num_entries(archive, 0))) {
      let entry = try name(at: place)
      guard entry.hasSuffix(suffix), case let name = String(entry.dropLast(suffix.count)), names.contains(name) else {
        continue
      }
      guard places.updateValue(place, forKey: name) == nil else {
        throw FileError(path: path, "'\(name)' occurs twice")
      }
    }
    return places
  }

  /// The first names of entries with a suffix, for errors about missing ones.
  func names(suffix: String) -> [String] {
    let count = UInt64(max(0, zip_get_num_entries(archive, 0)))
    let names = (0..<min(count, 20)).compactMap { try? name(at: $0) }
    return names.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }.sorted()
  }

  /// The first names of entries that are not those of some names with a suffix; they are called without it.
  func others(than names: Set<String>, suffix: String, atMost limit: Int) -> [String] {
    let known = Set(names.map { $0 + suffix })
    let places = 0..<UInt64(max(0, zip_get_num_entries(archive, 0)))
    let others = places.lazy.compactMap { try? self.name(at: $0) }.filter { !known.contains($0) }.prefix(limit)
    return others.map { $0.hasSuffix(suffix) ? String($0.dropLast(suffix.count)) : $0 }.sorted()
  }

  private func name(at place: UInt64) throws -> String {
    guard let name = zip_get_name(archive, place, zip_flags_t(ZIP_FL_ENC_GUESS)) else {
      throw FileError(path: path, "is a damaged zip archive")
    }
    return String(cString: name)
  }

  /// - Throws: `FileError` if the entry is damaged, or neither stored nor deflated: other methods unpack without a
  ///   bound.
  func open(_ place: UInt64) throws -> ZipEntry {
    var status = zip_stat_t()
    zip_stat_init(&status)
    guard zip_stat_index(archive, place, 0, &status) == 0 else { throw FileError("is damaged") }
    guard [UInt16(ZIP_CM_STORE), UInt16(ZIP_CM_DEFLATE)].contains(status.comp_method) else {
      throw FileError("is compressed by zip's method \(status.comp_method); stored and deflated arrays can be read")
    }
    guard let file = zip_fopen_index(archive, place, 0) else {
      let text = zip_strerror(archive).map { String(cString: $0) }
      throw FileError("is damaged: \(text ?? "unknown error")")
    }
    return ZipEntry(file, of: self)
  }

  /// Gives errors about an entry the file's and the entry's name.
  func naming<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as FileError where error.path == nil {
      throw FileError(path: path, "'\(name)' \(error.problem)")
    }
  }
}

/// An entry of a zip file, unpacked from front to back. Its claimed size is not believed.
final class ZipEntry {
  private let file: OpaquePointer
  /// Stays open as long as its entries.
  private let archive: ZipEntries

  fileprivate init(_ file: OpaquePointer, of archive: ZipEntries) { (self.file, self.archive) = (file, archive) }

  deinit { zip_fclose(file) }

  /// The next bytes, exactly so many.
  func bytes(_ count: Int) throws -> [UInt8] {
    let bytes = try bytes(upTo: count)
    guard bytes.count == count else { throw FileError("is cut off") }
    return bytes
  }

  /// All bytes.
  func allBytes(maximum: Int) throws -> [UInt8] {
    let bytes = try bytes(upTo: maximum + 1)
    guard bytes.count <= maximum else { throw FileError("has more than \(maximum) bytes") }
    return bytes
  }

  /// Whether nothing is left; consumes a byte if not. The end is where checksums are compared.
  var isAtEnd: Bool { get throws { try bytes(upTo: 1).isEmpty } }

  /// The next bytes, fewer only at the end.
  func bytes(upTo count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, read in
      read = 0
      while read < count {
        let more = zip_fread(file, buffer.baseAddress.map { $0 + read }, zip_uint64_t(count - read))
        guard more >= 0 else { throw failure }
        if more == 0 { return }
        read += Int(more)
      }
    }
  }

  private var failure: FileError {
    let text = zip_file_get_error(file).flatMap { zip_error_strerror($0) }.map { String(cString: $0) }
    return FileError("is damaged: \(text ?? "unknown error")")
  }
}
