/// What is wrong with an image, a problem or a code, in one line.
public struct SparseCodingError: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) {
    self.description = description
  }
}
