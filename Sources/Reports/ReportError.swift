/// What is wrong with a statistics or comparison file, in one line.
public struct ReportError: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) {
    self.description = String(description.map { $0.isNewline ? " " : $0 })
  }
}
