/// One number of a run, with what is needed to read it.
public struct Statistic: Equatable, Sendable {
  /// What a statistic can be.
  public enum Value: Equatable, Sendable {
    case integer(Int64)
    case real(Double)
    case text(String)
    case flag(Bool)
    /// Not applicable, or not reached.
    case null
  }

  /// The name in files, for example `energy.total`.
  public let name: String
  /// The value, in `unit`.
  public let value: Value
  /// The unit of the value; `1` for pure numbers.
  public let unit: String
  /// What it means, in a sentence.
  public let description: String
  /// Whether an estimated cost is in it.
  public let isEstimate: Bool
  /// Costs that are not published and contribute nothing to it.
  public let missing: [String]

  /// A statistic of the registry.
  public init(_ name: StatisticName, _ value: Value, isEstimate: Bool = false, missing: [String] = []) {
    let definition = name.definition
    self.init(
      name: name.rawValue, value, unit: definition.unit, description: definition.description, isEstimate: isEstimate,
      missing: missing)
  }

  /// A statistic outside the registry. A real number that is not finite becomes null.
  public init(
    name: String, _ value: Value, unit: String, description: String, isEstimate: Bool = false, missing: [String] = []
  ) {
    self.name = name
    self.value = if case .real(let number) = value, !number.isFinite { .null } else { value }
    self.unit = unit
    self.description = description
    self.isEstimate = isEstimate
    self.missing = missing
  }
}

extension Statistic.Value {
  /// The value as a number; `nil` for text, flags and null.
  public var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    case .text, .flag, .null: nil
    }
  }

  /// The value in JSON.
  public var json: JSONValue {
    switch self {
    case .integer(let value): .integer(value)
    case .real(let value): .real(value)
    case .text(let value): .text(value)
    case .flag(let value): .flag(value)
    case .null: .null
    }
  }

  /// The value as plain text, numbers as the shortest decimals that read back exactly; null is empty.
  public var plainText: String {
    switch self {
    case .integer(let value): String(value)
    case .real(let value): "\(value)"
    case .text(let value): value
    case .flag(let value): value ? "true" : "false"
    case .null: ""
    }
  }

  /// Reads a JSON value that stands for the value of a statistic; nil if it can be none.
  ///
  /// - Parameter display: How the registry shows the statistic, which is a flag or a number; nil if it is not there.
  init?(_ json: JSONValue, shownAs display: StatisticDefinition.Display?) {
    switch (json, display) {
    case (.integer(let value), nil), (.integer(let value), .count?), (.integer(let value), .identifier?):
      self = .integer(value)
    // JSON does not tell 3 from 3.0; the registry does.
    case (.integer(let value), _) where display != .flag: self = .real(Double(value))
    case (.real(let value), _) where display != .flag: self = .real(value)
    case (.text(let value), nil): self = .text(value)
    case (.flag(let value), nil), (.flag(let value), .flag?): self = .flag(value)
    case (.null, _): self = .null
    default: return nil
    }
  }
}
