import DataFiles

extension JSONValue {
  /// Reads a file of JSON.
  ///
  /// - Throws: `FileError` if it cannot be read, `ReportError` naming it if it is not JSON.
  package init(ofFile path: String, maximumBytes: Int = 1 << 28) throws {
    let data = try bytes(ofFile: path, maximumBytes: maximumBytes)
    self = try ReportError.naming(path) { try Self(parsing: data) }
  }
}

extension StatisticsFile {
  /// Reads a `stats.json`.
  ///
  /// - Throws: `FileError` if it cannot be read, `ReportError` naming it if it is none.
  package init(ofFile path: String) throws {
    let data = try bytes(ofFile: path, maximumBytes: 1 << 26)
    self = try ReportError.naming(path) { try Self(parsing: data) }
  }
}

extension ReportError {
  /// Gives errors the path of a file.
  fileprivate static func naming<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as ReportError {
      throw ReportError("\(path): \(error)")
    }
  }
}
