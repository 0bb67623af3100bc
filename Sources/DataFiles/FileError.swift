/// What is wrong with a file, in one line.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The line.
  public let description: String

  /// An error that is not about one file.
  public init(_ description: String) {
    self.description = String(description.map { $0.isNewline ? " " : $0 })
  }

  /// An error of the file or folder at a path.
  public init(path: String, _ problem: String) {
    self.init("\(path): \(problem)")
  }
}
