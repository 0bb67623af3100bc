/// What is wrong with an event stream or its making, in one line.
public struct EventStreamError: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) {
    self.description = String(description.map { $0.isNewline ? " " : $0 })
  }
}
