/// A size-prefixed FlatBuffer that is not trusted: every access is checked against the bytes that are there.
///
/// Source: "FlatBuffer internals" of the FlatBuffers documentation: offsets are 32 bits, a table begins with the
/// distance back to its vtable, whose 16-bit entries (after its size and the table's) say where fields lie.
struct FlatBuffer {
  let bytes: UnsafeRawBufferPointer

  /// - Throws: `EventStreamError` if the bytes do not have this identifier.
  init(_ bytes: UnsafeRawBufferPointer, identifier: String) throws {
    self.bytes = bytes
    guard bytes.count >= 12, bytes[8..<12].elementsEqual(identifier.utf8) else {
      throw EventStreamError("a FlatBuffer '\(identifier)' is expected")
    }
  }

  static func damaged() -> EventStreamError { EventStreamError("a FlatBuffer is damaged") }

  /// A little-endian integer at a place.
  func load<Value: FixedWidthInteger>(_ place: Int, _ type: Value.Type = Value.self) throws -> Value {
    guard place >= 0, place <= bytes.count - MemoryLayout<Value>.size else { throw Self.damaged() }
    return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Value.self))
  }

  /// Where the root table begins.
  func root() throws -> Int { 4 + Int(try load(4, UInt32.self)) }

  /// Where a field of a table lies; nil if it has its default.
  func field(_ index: Int, ofTable table: Int) throws -> Int? {
    let vtable = table - Int(try load(table, Int32.self))
    guard 4 + 2 * index < Int(try load(vtable, UInt16.self)) else { return nil }
    let offset = Int(try load(vtable + 4 + 2 * index, UInt16.self))
    return offset == 0 ? nil : table + offset
  }

  /// The elements of a vector whose offset lies at a place.
  func vector(at place: Int, elementSize: Int) throws -> UnsafeRawBufferPointer {
    let start = place + Int(try load(place, UInt32.self))
    let count = Int(try load(start, UInt32.self))
    guard count * elementSize <= bytes.count - start - 4 else { throw Self.damaged() }
    return UnsafeRawBufferPointer(rebasing: bytes[start + 4..<start + 4 + count * elementSize])
  }
}
