/// What is wrong with an image, a problem or a code, in one line.
public struct SparseCodingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong, where, and what would be right.
  public let description: String

  /// An error with its description, one line.
  public init(_ description: String) {
    self.description = description
  }
}
