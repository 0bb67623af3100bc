/// How far a long piece of work is, told to whoever waits for it.
public struct ProgressUpdate: Equatable, Sendable, CustomStringConvertible, ExpressibleByStringInterpolation {
  /// What is being done.
  public var description: String
  /// How much of it is done, in `unit`; nil if that is not counted.
  public var done: Double?
  /// How much there is in all; nil if that is not known.
  public var total: Double?
  /// What is counted, in the plural: `steps`; empty if `done` is only a share of `total`.
  public var unit: String
  /// Whether it may end before `total` is done.
  public var mayEndEarly: Bool

  /// An update that counts.
  public init(
    _ description: String, done: Double? = nil, of total: Double? = nil, unit: String = "", mayEndEarly: Bool = false
  ) {
    self.description = description
    (self.done, self.total, self.unit, self.mayEndEarly) = (done, total, unit, mayEndEarly)
  }

  /// An update that only says what is being done.
  public init(stringLiteral value: String) { self.init(value) }

  /// The same, as a part of something larger.
  public func within(_ whole: String) -> ProgressUpdate {
    var update = self
    update.description = "\(whole): \(description)"
    return update
  }
}

/// Is told how far a piece of work is, on the thread that does it.
public typealias ProgressHandler = @Sendable (ProgressUpdate) -> Void
