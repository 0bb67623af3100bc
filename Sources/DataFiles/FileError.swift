/// What is wrong with a file, in one line.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file or folder; nil if that is not known yet, or the error is not about one.
  public let path: String?
  /// What is wrong with it.
  public let problem: String

  /// An error that is not about one file.
  public init(_ problem: String) { self.init(nil, problem) }

  /// An error of the file or folder at a path.
  public init(path: String, _ problem: String) { self.init(path, problem) }

  /// Line breaks become spaces.
  private init(_ path: String?, _ problem: String) {
    self.path = path.map(Self.line)
    self.problem = Self.line(problem)
  }

  /// The line.
  public var description: String { path.map { "\($0): \(problem)" } ?? problem }

  /// The same error, of the file at a path if none was named yet.
  package func naming(_ path: String) -> FileError { self.path == nil ? FileError(path: path, problem) : self }

  private static func line(_ text: String) -> String { String(text.map { $0.isNewline ? " " : $0 }) }
}
