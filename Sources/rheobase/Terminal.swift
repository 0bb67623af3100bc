import Foundation

/// What is said on standard error: errors, and progress on one line that is rewritten, silent unless that is a terminal.
enum Terminal {
  private static let isInteractive = isatty(STDERR_FILENO) == 1

  /// Shows what is being done.
  @Sendable static func progress(_ text: String) {
    guard isInteractive else { return }
    FileHandle.standardError.write(Data("\r\u{1B}[2K\(text)".utf8))
  }

  /// Clears the line.
  static func finish() { progress("") }

  /// A warning, in one line; nothing if there is none.
  static func warn(_ text: String?) {
    guard let text else { return }
    FileHandle.standardError.write(Data("rheobase: warning: \(text)\n".utf8))
  }

  /// Hands over what was printed.
  ///
  /// - Throws: `OutputError` if standard output takes no more.
  static func flush() throws {
    if fflush(nil) != 0 { throw OutputError() }
  }

  /// An error, in one line.
  static func error(_ text: String) {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    FileHandle.standardError.write(Data("rheobase: error: \(line)\n".utf8))
  }
}

/// Standard output takes no more: a full disk, or a pipe that was closed.
struct OutputError: Error, CustomStringConvertible {
  var description: String { "standard output cannot be written; the results are not complete" }
}
