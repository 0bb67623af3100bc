/// What is wrong with a bank or its design, in one line.
public struct BankError: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) {
    self.description = description
  }
}
