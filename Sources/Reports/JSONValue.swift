import Foundation

/// A JSON value that keeps the order of an object's members when it is written.
public enum JSONValue: Equatable, Sendable {
  case null
  case flag(Bool)
  case integer(Int64)
  case real(Double)
  case text(String)
  case list([JSONValue])
  case object([Member])

  /// A name and its value.
  public struct Member: Equatable, Sendable {
    /// The name, unique in its object.
    public let name: String
    /// The value under the name.
    public let value: JSONValue

    /// Makes a member.
    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// The same value in the one form that a file gives back: members by name, whole reals as integers, and numbers that
  /// JSON cannot hold as null.
  public var canonical: JSONValue {
    switch self {
    case .real(let value):
      if let whole = Int64(exactly: value), abs(value) < 0x1p53 { return .integer(whole) }
      return value.isFinite ? self : .null
    case .list(let values): return .list(values.map(\.canonical))
    case .object(let members):
      return .object(members.map { Member($0.name, $0.value.canonical) }.sorted { $0.name < $1.name })
    default: return self
    }
  }

  /// The value of an object's member.
  public subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The number, if it is one.
  package var asNumber: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    default: nil
    }
  }

  /// The text, if it is one.
  package var asText: String? { if case .text(let text) = self { text } else { nil } }

  /// The elements, if it is a list.
  package var asList: [JSONValue]? { if case .list(let values) = self { values } else { nil } }
}

// MARK: - Writing

extension JSONValue {
  /// The value as JSON text. Objects and lists down to `expandedDepth` have a line for each element; deeper ones stand
  /// on one line. Reals are the shortest decimals that read back exactly.
  public func text(expandedDepth: Int = .max) -> String {
    var text = ""
    write(to: &text, depth: 0, expandedDepth: expandedDepth)
    return text + "\n"
  }

  private func write(to text: inout String, depth: Int, expandedDepth: Int) {
    switch self {
    case .null: text += "null"
    case .flag(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .real(let value): text += value.isFinite ? "\(value)" : "null"
    case .text(let value): text += Self.quoted(value)
    case .list(let values):
      Self.write(values, in: "[]", to: &text, depth: depth, expandedDepth: expandedDepth) { value, text in
        value.write(to: &text, depth: depth + 1, expandedDepth: expandedDepth)
      }
    case .object(let members):
      Self.write(members, in: "{}", to: &text, depth: depth, expandedDepth: expandedDepth) { member, text in
        text += Self.quoted(member.name) + ": "
        member.value.write(to: &text, depth: depth + 1, expandedDepth: expandedDepth)
      }
    }
  }

  private static func write<Element>(
    _ elements: [Element], in brackets: String, to text: inout String, depth: Int, expandedDepth: Int,
    _ writeElement: (Element, inout String) -> Void
  ) {
    let expands = depth < expandedDepth && !elements.isEmpty
    func lineBreak(_ depth: Int) -> String { "\n" + String(repeating: "  ", count: depth) }
    text += brackets.prefix(1)
    for (place, element) in elements.enumerated() {
      if place > 0 { text += expands ? "," : ", " }
      if expands { text += lineBreak(depth + 1) }
      writeElement(element, &text)
    }
    if expands { text += lineBreak(depth) }
    text += brackets.suffix(1)
  }

  private static func quoted(_ string: String) -> String {
    var text = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}

// MARK: - Reading

extension JSONValue: Decodable {
  /// Reads JSON text into its canonical form.
  ///
  /// - Throws: `ReportError` if it is not JSON.
  public init(parsing data: Data) throws {
    do {
      self = try JSONDecoder().decode(JSONValue.self, from: data).canonical
    } catch {
      throw ReportError("the text is not JSON")
    }
  }

  /// Reads whatever the decoder has.
  public init(from decoder: any Decoder) throws {
    // What is tried in vain takes most of the time: so what there is most of comes first.
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      self = .text(text)
    } else if let members = try? decoder.container(keyedBy: AnyName.self) {
      self = .object(try members.allKeys.map { Member($0.stringValue, try members.decode(JSONValue.self, forKey: $0)) })
    } else if let scalar = try? Self.scalar(decoder.singleValueContainer()) {
      self = scalar
    } else {
      var elements = try decoder.unkeyedContainer()
      var values: [JSONValue] = []
      while !elements.isAtEnd { values.append(try elements.decode(JSONValue.self)) }
      self = .list(values)
    }
  }

  /// A number, a flag or null.
  private static func scalar(_ container: any SingleValueDecodingContainer) throws -> JSONValue {
    if container.decodeNil() { return .null }
    if let value = try? container.decode(Int64.self) { return .integer(value) }
    if let value = try? container.decode(Double.self) { return .real(value) }
    return .flag(try container.decode(Bool.self))
  }

  private struct AnyName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
