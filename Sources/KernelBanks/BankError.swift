/// What is wrong with a bank or its design, in one line.
public struct BankError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The line.
  public let description: String

  /// An error in one line.
  public init(_ description: String) {
    self.description = description
  }
}
