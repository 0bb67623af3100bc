/// Comma-separated values (RFC 4180, with bare line feeds).
package enum CSV {
  /// The text of a table; fields are quoted where they must be.
  package static func text(_ rows: [[String]]) -> String {
    rows.map { $0.map(field).joined(separator: ",") + "\n" }.joined()
  }

  /// The fields of each line; a quoted field may hold line breaks. What follows a closing quote belongs to the field.
  package static func rows(of text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var field: [UInt8] = []
    var isQuoted = false, hadQuote = false
    func end(_ field: inout [UInt8]) -> String {
      defer { field.removeAll(keepingCapacity: true) }
      return String(decoding: field, as: UTF8.self)
    }
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""):
        // A quote inside quotes is written twice.
        if !isQuoted, hadQuote { field.append(byte) }
        hadQuote = isQuoted
        isQuoted.toggle()
        continue
      case UInt8(ascii: ",") where !isQuoted: row.append(end(&field))
      case UInt8(ascii: "\n") where !isQuoted:
        row.append(end(&field))
        rows.append(row)
        row = []
      case UInt8(ascii: "\r") where !isQuoted: break
      default: field.append(byte)
      }
      hadQuote = false
    }
    if !row.isEmpty || !field.isEmpty { rows.append(row + [end(&field)]) }
    return rows
  }

  private static func field(_ value: String) -> String {
    let needsQuotes = value.unicodeScalars.contains { ",\"\n\r".unicodeScalars.contains($0) }
    return needsQuotes ? "\"" + value.replacing("\"", with: "\"\"") + "\"" : value
  }
}
