import CZip
import Foundation

/// A NumPy archive whose long arrays of one axis are read piece by piece. Only what is asked for by name is read.
package final class NumPyColumnsReader {
  /// The scalars that are there.
  package let scalars: NumPyArchive
  /// The first names of what else is in the file, sorted, or that was asked for as a text and is none.
  package let others: [String]
  /// Elements of each column.
  package let count: Int

  private let entries: ZipEntries
  private let columns: [String: Column]

  /// A scalar is a number or a short text, behind a header.
  private static let maximumScalarBytes = 1 << 12
  private static let mostOthers = 20

  private struct Column {
    let entry: ZipEntry
    let header: NumPyHeader
    let type: NumPyArray.ElementType
  }

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - columns: Names of the columns; those that are missing are not read.
  ///   - scalars: Names of the other arrays.
  ///   - texts: Names of arrays of one text, or of anything if somebody else wrote them. Of long ones the beginning is
  ///     read.
  /// - Throws: `FileError` if it is not a readable archive, or the columns are not arrays of one axis and one length.
  package convenience init(
    path: String, columns: Set<String>, scalars: Set<String>, texts: Set<String> = []
  ) throws {
    try self.init(ZipEntries(path: path), columns, scalars, texts)
  }

  /// Reads from memory, which must stay while this is in use; errors call it `name`.
  package convenience init(
    bytes: UnsafeRawBufferPointer, called name: String, columns: Set<String>, scalars: Set<String>,
    texts: Set<String> = []
  ) throws {
    try self.init(ZipEntries(bytes: bytes, called: name), columns, scalars, texts)
  }

  private init(
    _ entries: ZipEntries, _ columnNames: Set<String>, _ scalarNames: Set<String>, _ textNames: Set<String>
  ) throws {
    self.entries = entries
    let places = try entries.places(of: columnNames.union(scalarNames).union(textNames), suffix: ".npy")
    var (arrays, columns): ([String: NumPyArray], [String: Column]) = ([:], [:])
    for (name, place) in places {
      try entries.naming(name) {
        let entry = try entries.open(place)
        if columnNames.contains(name) {
          columns[name] = try Self.column(entry)
        } else if textNames.contains(name) {
          arrays[name] = try Self.text(entry)
        } else {
          arrays[name] = try Self.scalar(entry)
        }
      }
    }
    let counts = Set(columns.values.map { $0.header.shape[0] })
    guard counts.count <= 1 else {
      let lengths = columns.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.header.shape[0])" }
      throw FileError(path: entries.path, "its columns differ in length: \(lengths.joined(separator: ", "))")
    }
    count = counts.first ?? 0
    self.columns = columns
    let known = columnNames.union(scalarNames).union(arrays.keys)
    others = entries.others(than: known, suffix: ".npy", atMost: Self.mostOthers)
    scalars = NumPyArchive(
      arrays, source: entries.path, unread: entries.names(suffix: ".npy").filter { arrays[$0] == nil })
  }

  /// The first names of arrays in the file, whether they were asked for or not.
  package var names: [String] { entries.names(suffix: ".npy") }

  /// Whether there is a column of a name.
  package func has(_ name: String) -> Bool { columns[name] != nil }

  /// The next elements of a column.
  ///
  /// - Throws: `FileError` if it is missing, or the file is damaged or cut off.
  package func next(_ name: String, count: Int) throws -> NumPyArray {
    guard let column = columns[name] else {
      let names = names.joined(separator: ", ")
      throw scalars.error(name, "is missing; the file holds \(names.isEmpty ? "no arrays" : names)")
    }
    return try entries.naming(name) {
      let data = try column.entry.bytes(count * column.type.size)
      return NumPyArray(shape: [count], elements: try data.withUnsafeBytes { try column.type.decode($0, count: count) })
    }
  }

  /// Checks that nothing is left; call it once all elements are read.
  package func finish() throws {
    for (name, column) in columns {
      try entries.naming(name) {
        guard try column.entry.isAtEnd else { throw FileError("has more bytes than elements") }
      }
    }
  }

  private static func column(_ entry: ZipEntry) throws -> Column {
    let start = try entry.bytes(10)
    // Headers of versions 2 and 3 have a length of four bytes, of which the upper two must be 0 here.
    let upper = start[6] == 1 ? [] : try entry.bytes(2)
    guard upper.allSatisfy({ $0 == 0 }) else { throw FileError("has a header that is too long") }
    let head = start + upper + (try entry.bytes(Int(start[8]) | Int(start[9]) << 8))
    let header = try head.withUnsafeBytes { try NumPyHeader($0) }
    guard header.shape.count == 1 else { throw FileError("has shape \(header.shape); one axis is needed") }
    guard let type = try? NumPyArray.ElementType(header.descriptor) else {
      throw FileError("has dtype '\(header.descriptor.prefix(40))'; numbers are needed")
    }
    guard !type.isText else { throw FileError("holds text; numbers are needed") }
    return Column(entry: entry, header: header, type: type)
  }

  private static func scalar(_ entry: ZipEntry) throws -> NumPyArray {
    let bytes = try entry.allBytes(maximum: maximumScalarBytes)
    return try bytes.withUnsafeBytes { try NumPyArray(npy: $0) }
  }

  /// The text that an entry holds, or its beginning; nil if it holds something else.
  private static func text(_ entry: ZipEntry) throws -> NumPyArray? {
    try entry.bytes(upTo: maximumScalarBytes).withUnsafeBytes { NumPyArray(textInNPY: $0) }
  }
}
