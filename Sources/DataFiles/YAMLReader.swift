import Foundation
import Yams

/// A mistake in a YAML file, with its place.
public struct YAMLError: Error, Equatable, Sendable, CustomStringConvertible {
  /// File, line and column (from 1), as far as known, and what would be right.
  public let description: String

  /// Makes an error of one line.
  public init(_ description: String) { self.description = description }
}

/// A place in a YAML file that is read key by key: a key that nobody asked for is an error, as is one that is missing.
public struct YAMLReader {
  private let file: String
  private let hasPlaces: Bool
  private let path: String
  private let node: Node

  /// Parses a document whose root is a mapping.
  ///
  /// - Parameters:
  ///   - text: The document.
  ///   - file: What errors call it.
  ///   - hasPlaces: Whether errors name line and column.
  /// - Throws: `YAMLError` if the text is not YAML or its root is not a mapping.
  public init(text: String, file: String, hasPlaces: Bool = true) throws(YAMLError) {
    do {
      guard let node = try Yams.compose(yaml: text) else { throw YAMLError("\(file): the file is empty") }
      self.init(file: file, hasPlaces: hasPlaces, path: "", node: node)
    } catch let error as Yams.YamlError {
      throw YAMLError(file + Self.text(of: error, hasPlaces: hasPlaces))
    } catch let error as YAMLError {
      throw error
    } catch {
      throw YAMLError("\(file): \(Self.oneLine("\(error)"))")
    }
    guard node.mapping != nil else { throw failure("a mapping of keys to values is expected") }
  }

  private init(file: String, hasPlaces: Bool, path: String, node: Node) {
    self.file = file
    self.hasPlaces = hasPlaces
    self.path = path
    self.node = node
  }

  /// An error at this place.
  public func failure(_ message: String) -> YAMLError {
    let place = node.mark.map { hasPlaces ? ":\($0.line):\($0.column)" : "" } ?? ""
    let key = path.isEmpty ? "" : "\(path): "
    return YAMLError("\(file)\(place): \(key)\(message)")
  }

  // MARK: Mappings

  /// Refuses keys other than these.
  public func allowKeys(_ known: [String]) throws(YAMLError) {
    for (key, _) in try mapping() {
      guard let name = key.string, known.contains(name) else {
        let reader = YAMLReader(file: file, hasPlaces: hasPlaces, path: path, node: key)
        let written = key.string ?? "?"
        let advice = NearestNames.advice(for: written, among: known, listed: "known here")
        throw reader.failure("unknown key '\(written)'; \(advice)")
      }
    }
  }

  /// The keys present, in the order of the file.
  public func keys() throws(YAMLError) -> [String] { try mapping().compactMap { $0.0.string } }

  /// The value of a key that must be there (it may be null).
  public func required(_ key: String) throws(YAMLError) -> YAMLReader {
    guard let value = try present(key) else { throw failure("the key '\(key)' is missing") }
    return value
  }

  /// The value of a key, or nil if the key is absent or null.
  public func optional(_ key: String) throws(YAMLError) -> YAMLReader? {
    guard let value = try present(key), !value.isNull else { return nil }
    return value
  }

  /// The value of a key if the key is there, null included.
  public func present(_ key: String) throws(YAMLError) -> YAMLReader? {
    guard let value = try mapping().first(where: { $0.0.string == key })?.1 else { return nil }
    return YAMLReader(
      file: file, hasPlaces: hasPlaces, path: path.isEmpty ? key : "\(path).\(key)", node: value)
  }

  /// The same document with another value, in YAML, under a path of keys; numbers are places in lists, from 0. Mappings
  /// on the way that are missing or null are made.
  ///
  /// - Throws: `YAMLError` if the value is not YAML, or there is no such place in a list.
  public func setting(_ path: [String], to value: String) throws(YAMLError) -> YAMLReader {
    let parsed: Node?
    do { parsed = try Yams.compose(yaml: value) } catch { throw failure("'\(value)' is not valid YAML") }
    guard let parsed else { throw failure("a value is expected") }
    return try replacing(path) { _ in parsed }
  }

  /// The same document with a text under a path of keys.
  public func setting(_ path: [String], toText text: String) throws(YAMLError) -> YAMLReader {
    try replacing(path) { _ in Node(text, Tag(.str), .doubleQuoted) }
  }

  /// The same document without the value under a path of keys.
  public func removing(_ path: [String]) throws(YAMLError) -> YAMLReader { try replacing(path) { _ in nil } }

  private func replacing(_ path: [String], by change: (Node?) -> Node?) throws(YAMLError) -> YAMLReader {
    guard let changed = try replaced(node, path[...], by: change) else { throw failure("nothing would be left") }
    return YAMLReader(file: file, hasPlaces: hasPlaces, path: self.path, node: changed)
  }

  private func replaced(
    _ node: Node?, _ path: ArraySlice<String>, by change: (Node?) -> Node?
  ) throws(YAMLError) -> Node? {
    guard let key = path.first else { return change(node) }
    if var sequence = node?.sequence {
      guard let place = Int(key), sequence.indices.contains(place),
        let element = try replaced(sequence[place], path.dropFirst(), by: change)
      else { throw failure("a list has no element '\(key)'; they are counted from 0 to \(sequence.count - 1)") }
      sequence[place] = element
      return .sequence(sequence)
    }
    guard var mapping = node?.mapping ?? (node?.null == nil && node != nil ? nil : Node.Mapping([])) else {
      throw failure("'\(key)' is not a key of a single value")
    }
    mapping[key] = try replaced(mapping[key], path.dropFirst(), by: change)
    return .mapping(mapping)
  }

  /// A number, a flag or a name as it is written, or a list of them, as YAML on one line.
  public func flow() throws(YAMLError) -> String {
    guard node.sequence != nil else {
      guard node.mapping == nil, let text = node.string, !text.isEmpty,
        text.unicodeScalars.allSatisfy({ $0.properties.isAlphabetic || "0123456789+-._".unicodeScalars.contains($0) })
      else { throw failure("a number, true, false, null, a name or a list of them is expected") }
      return text
    }
    var elements: [String] = []
    for element in try list() { elements.append(try element.flow()) }
    return "[\(elements.joined(separator: ", "))]"
  }

  /// Whether the value is null.
  public var isNull: Bool { node.null != nil }
  /// Whether the value is a mapping.
  public var isMapping: Bool { node.mapping != nil }

  private func mapping() throws(YAMLError) -> Node.Mapping {
    guard let mapping = node.mapping else { throw failure("a mapping of keys to values is expected") }
    return mapping
  }

  // MARK: Values

  /// The elements of a list.
  public func list() throws(YAMLError) -> [YAMLReader] {
    guard let sequence = node.sequence else { throw failure("a list is expected") }
    return sequence.enumerated().map {
      YAMLReader(file: file, hasPlaces: hasPlaces, path: "\(path)[\($0.offset)]", node: $0.element)
    }
  }

  /// A text that is not empty.
  public func text() throws(YAMLError) -> String {
    guard node.mapping == nil, node.sequence == nil, let text = node.string, !text.isEmpty, !isNull else {
      throw failure("a text is expected")
    }
    return text
  }

  /// A text of one line that says something.
  public func line() throws(YAMLError) -> String {
    let text = try text()
    guard !text.contains(where: \.isNewline) else { throw failure("a text of one line is expected") }
    guard text.contains(where: { !$0.isWhitespace }) else { throw failure("a text is expected; this one is blank") }
    return text
  }

  /// `true` or `false`.
  public func flag() throws(YAMLError) -> Bool {
    guard let flag = node.bool else { throw failure("true or false is expected") }
    return flag
  }

  /// A whole number within bounds.
  public func integer(in range: ClosedRange<Int>) throws(YAMLError) -> Int {
    guard let number = node.int, let digits = node.string, try isDecimal(digits) else {
      throw failure("a whole number is expected")
    }
    guard range.contains(number) else {
      throw failure("\(number) is out of range; \(range.lowerBound) to \(range.upperBound) is possible")
    }
    return number
  }

  /// A finite number within bounds.
  public func number(in range: ClosedRange<Double>) throws(YAMLError) -> Double {
    guard let number = node.float, let digits = node.string, try isDecimal(digits) else {
      throw failure("a number is expected")
    }
    guard number.isFinite else { throw failure("a number is expected that is finite; '\(digits)' is not") }
    guard range.contains(number) else {
      throw failure("\(number) is out of range; \(range.lowerBound) to \(range.upperBound) is possible")
    }
    return number
  }

  /// Whether a number is written as people read it. YAML takes `010` for 8, `0x10` for 16 and `1:30` for 90.
  private func isDecimal(_ digits: String) throws(YAMLError) -> Bool {
    let unsigned = digits.drop { $0 == "-" || $0 == "+" }
    guard unsigned.first == "0", let second = unsigned.dropFirst().first, second.isLetter || second.isNumber,
      second != "e", second != "E"
    else { return !digits.contains(":") }
    throw failure("'\(digits)' could be octal or another base; write the decimal number without a leading 0")
  }

  /// Place and problem of a text that is not YAML.
  private static func text(of error: Yams.YamlError, hasPlaces: Bool) -> String {
    let mark: Mark?
    let problem: String
    switch error {
    case .scanner(_, let what, let place, _), .parser(_, let what, let place, _), .composer(_, let what, let place, _):
      (mark, problem) = (place, what)
    case .duplicatedKeysInMapping(let keys, let context):
      // The place is that of the first of two.
      (mark, problem) = (context.mark, "the key '\(keys.first ?? "")' stands here, and again below")
    default: (mark, problem) = (nil, "\(error)")
    }
    let place = mark.map { hasPlaces ? ":\($0.line):\($0.column)" : "" } ?? ""
    return "\(place): not valid YAML: \(oneLine(problem))"
  }

  private static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
  }
}
