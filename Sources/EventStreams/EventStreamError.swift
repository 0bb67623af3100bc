/// What is wrong with an event stream or its making, in one line.
public struct EventStreamError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The line.
  public let description: String

  /// Line breaks in the text become spaces.
  public init(_ description: String) {
    self.description = String(description.map { $0.isNewline ? " " : $0 })
  }
}
