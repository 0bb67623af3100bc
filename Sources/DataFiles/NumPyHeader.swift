/// The header of a `.npy` file, parsed strictly.
///
/// Format: numpy.lib.format, versions 1.0 to 3.0; a Python dictionary literal with exactly the keys `descr`,
/// `fortran_order` and `shape`.
struct NumPyHeader: Equatable {
  /// NumPy's array interface: byte order, kind, size.
  var descriptor = ""
  var isFortranOrder = false
  var shape: [Int] = []
  /// Where the elements begin.
  var dataOffset = 0

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// NumPy 2 allows 64 axes.
  private static let maximumRank = 64

  /// - Throws: `FileError` saying what is wrong with the header.
  init(_ bytes: UnsafeRawBufferPointer) throws {
    guard bytes.starts(with: Self.magic), bytes.count >= 12 else { throw FileError("is not a .npy array") }
    let lengthSize: Int
    switch bytes[6] {
    case 1: lengthSize = 2
    case 2, 3: lengthSize = 4
    default: throw FileError("has .npy version \(bytes[6]); 1, 2 and 3 are known")
    }
    let length = (0..<lengthSize).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
    dataOffset = 8 + lengthSize + length
    guard dataOffset <= bytes.count else { throw FileError("has a truncated header") }
    var scanner = LiteralScanner(bytes[8 + lengthSize..<dataOffset])
    try parse(&scanner)
  }

  private mutating func parse(_ scanner: inout LiteralScanner) throws {
    var keys: Set<String> = []
    try scanner.expect("{")
    while !scanner.take("}") {
      let key = try scanner.string()
      try scanner.expect(":")
      switch key {
      case "descr":
        guard !scanner.take("[") else { throw FileError("has elements of several fields; numbers are needed") }
        descriptor = try scanner.string()
      case "fortran_order": isFortranOrder = try scanner.boolean()
      case "shape": shape = try scanner.tuple(maximumCount: Self.maximumRank)
      default: throw FileError("has the unknown key '\(key)' in its header")
      }
      guard keys.insert(key).inserted else { throw FileError("has '\(key)' twice in its header") }
      if !scanner.take(",") {
        try scanner.expect("}")
        break
      }
    }
    guard scanner.isAtEnd, keys.count == 3 else { throw FileError("has an incomplete or malformed header") }
  }
}

/// Reads the few Python literals of a header.
private struct LiteralScanner {
  private var rest: Slice<UnsafeRawBufferPointer>

  init(_ bytes: Slice<UnsafeRawBufferPointer>) { rest = bytes }

  var isAtEnd: Bool {
    mutating get {
      skipSpace()
      return rest.isEmpty
    }
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  mutating func expect(_ character: Unicode.Scalar) throws {
    guard take(character) else { throw malformed }
  }

  mutating func string() throws -> String {
    let quote: Unicode.Scalar = take("'") ? "'" : "\""
    if quote == "\"" { try expect("\"") }
    guard let end = rest.firstIndex(of: UInt8(ascii: quote)) else { throw malformed }
    defer { rest = rest[(end + 1)...] }
    return String(decoding: rest[..<end], as: UTF8.self)
  }

  mutating func boolean() throws -> Bool {
    if takeWord("True") { return true }
    if takeWord("False") { return false }
    throw malformed
  }

  mutating func tuple(maximumCount: Int) throws -> [Int] {
    var values: [Int] = []
    try expect("(")
    while !take(")") {
      values.append(try integer())
      guard values.count <= maximumCount else { throw FileError("has more than \(maximumCount) axes") }
      if !take(",") {
        // A comma makes the tuple of one: "(3)" is a number.
        guard values.count > 1 else { throw malformed }
        try expect(")")
        break
      }
    }
    return values
  }

  private mutating func integer() throws -> Int {
    skipSpace()
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    rest = rest[digits.endIndex...]
    guard let value = Int(String(decoding: digits, as: UTF8.self)) else { throw malformed }
    return value
  }

  private mutating func takeWord(_ word: String) -> Bool {
    skipSpace()
    guard rest.starts(with: word.utf8) else { return false }
    rest = rest.dropFirst(word.utf8.count)
    return true
  }

  private mutating func skipSpace() {
    rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
  }

  private var malformed: FileError { FileError("has a malformed header") }
}
