import Foundation

/// What an AEDAT 4 file says of its streams: an XML text of nested `node`s with `attr`ibutes.
///
/// It is read by hand, as Foundation's XML parser is a library of its own on Linux, and only three attributes are
/// needed.
enum AEDAT4Information {
  /// The first stream of events: its number, what it says of its sensor's sides, and what was lost.
  ///
  /// - Throws: `EventStreamError` if there is none.
  static func events(in text: String) throws -> (stream: Int32, sides: SensorSides, lost: String) {
    var path: [String] = []
    var attributes: [[String]: String] = [:]
    var rest = Substring(text)
    while let tag = nextTag(&rest) {
      if tag.hasPrefix("/node") {
        _ = path.popLast()
      } else if tag.hasPrefix("node"), let name = value(of: "name", in: tag) {
        guard path.count < 16 else { throw EventStreamError("the header's text is nested too deeply") }
        if !tag.hasSuffix("/") { path.append(name) }
      } else if tag.hasPrefix("attr"), let key = value(of: "key", in: tag) {
        attributes[path + [key]] = String(rest.prefix { $0 != "<" })
      }
    }
    let streams = attributes.filter { $0.key.last == "typeIdentifier" && $0.value == "EVTS" }.keys
      .compactMap { key in key.dropLast().last.flatMap { Int32($0) }.map { (number: $0, path: Array(key.dropLast())) } }
    guard let first = streams.min(by: { $0.number < $1.number }) else {
      throw EventStreamError("the file has no stream of events (EVTS)")
    }
    func information(_ key: String) -> String? { attributes[first.path + ["info", key]] }
    var sides = SensorSides()
    if let text = information("sizeX") { sides.read(\.width, text, called: "sizeX") }
    if let text = information("sizeY") { sides.read(\.height, text, called: "sizeY") }
    return (first.number, sides, information("lost") ?? "")
  }

  private static func nextTag(_ rest: inout Substring) -> Substring? {
    guard let start = rest.firstIndex(of: "<") else { return nil }
    let tag = rest[rest.index(after: start)...]
    guard let end = tag.firstIndex(of: ">") else { return nil }
    rest = tag[tag.index(after: end)...]
    return tag[..<end]
  }

  private static func value(of name: String, in tag: Substring) -> String? {
    guard let start = tag.range(of: " \(name)=\"") else { return nil }
    return String(tag[start.upperBound...].prefix { $0 != "\"" })
  }
}
