import Foundation

/// A stream of events in an AEDAT 4 file.
struct AEDAT4Stream {
  let number: Int32
  /// The name of the camera that it comes from; empty if the file does not say.
  let camera: String
  /// What the file says of the camera beside its name and its sensor, and of what recorded it, each with what it calls it.
  let others: [String]
  /// What the file says of the sensor.
  let sides: SensorSides
  /// What was lost when the file was made, as this program says it.
  let lost: String

  /// All that is said of the camera; empty if the file was made by this program and it is not known.
  var description: String {
    let names = camera.isEmpty || camera == AEDAT4Encoder.unknownCamera ? [] : [camera]
    return (names + others).joined(separator: "; ")
  }
}

extension [AEDAT4Stream] {
  /// The stream of a camera, by the camera's name or the stream's number; the first one if none is named.
  ///
  /// - Throws: `EventStreamError` with the cameras that are there.
  func stream(of camera: String?) throws -> AEDAT4Stream {
    guard let found = first(where: { camera == nil || $0.camera == camera || "\($0.number)" == camera }) else {
      throw EventStreamError("has no camera '\(camera?.prefix(40) ?? "")'; its cameras are \(list)")
    }
    return found
  }

  /// The numbers with the names of cameras, the first ones of many.
  var list: String {
    map { $0.camera.isEmpty ? "\($0.number)" : "\($0.number) (\($0.camera.prefix(24)))" }.listed
  }
}

/// What an AEDAT 4 file says of its streams: an XML text of nested `node`s with `attr`ibutes.
///
/// It is read by hand, as Foundation's XML parser is a library of its own on Linux, and only a few attributes are
/// needed.
enum AEDAT4Information {
  /// The streams of events, by rising number.
  ///
  /// - Throws: `EventStreamError` if there is none.
  static func eventStreams(in text: String) throws -> [AEDAT4Stream] {
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
        attributes[path + [key]] = decoded(rest.prefix { $0 != "<" })
      }
    }
    let streams = attributes.filter { $0.key.last == "typeIdentifier" && $0.value == "EVTS" }.keys
      .compactMap { key in key.dropLast().last.flatMap { Int32($0) }.map { (number: $0, path: Array(key.dropLast())) } }
    guard !streams.isEmpty else { throw EventStreamError("the file has no stream of events (EVTS)") }
    return streams.sorted { $0.number < $1.number }.map { stream in
      func information(_ key: String) -> String? { attributes[stream.path + ["info", key]] }
      var sides = SensorSides()
      if let text = information("sizeX") { sides.read(\.width, text, called: "sizeX") }
      if let text = information("sizeY") { sides.read(\.height, text, called: "sizeY") }
      return AEDAT4Stream(
        number: stream.number, camera: information("source") ?? "",
        others: others(in: attributes, at: stream.path), sides: sides, lost: information("lost") ?? "")
    }
  }

  /// All that is said of a stream beside what it is read by: of the camera, and of what recorded it.
  private static func others(in attributes: [[String]: String], at path: [String]) -> [String] {
    let ofStream = attributes.filter { $0.key.starts(with: path) && !$0.value.isEmpty }
      .map { key, value in (name: key.dropFirst(path.count).joined(separator: "."), value: value) }
    let isOwn = AEDAT4Encoder.recorder.allSatisfy { name, value in ofStream.contains { $0 == (name, value) } }
    let known = readOtherwise.union(isOwn ? AEDAT4Encoder.recorder.map(\.name) : [])
    return ofStream.filter { !known.contains($0.name) }.map { name, value in
      let name = name.hasPrefix(ofCamera) ? String(name.dropFirst(ofCamera.count)) : name
      // What this program writes of other files says itself what it is.
      return name == "description" ? value : "\(name) \(value)"
    }.sorted()
  }

  /// Begins the names of what is said of the camera, which are kept without it.
  private static let ofCamera = "info."
  private static let readOtherwise: Set = [
    "compression", "typeDescription", "typeIdentifier", "info.source", "info.sizeX", "info.sizeY", "info.lost",
  ]

  private static func nextTag(_ rest: inout Substring) -> Substring? {
    guard let start = rest.firstIndex(of: "<") else { return nil }
    let tag = rest[rest.index(after: start)...]
    guard let end = tag.firstIndex(of: ">") else { return nil }
    rest = tag[tag.index(after: end)...]
    return tag[..<end]
  }

  private static func value(of name: String, in tag: Substring) -> String? {
    guard let start = tag.range(of: " \(name)=\"") else { return nil }
    return decoded(tag[start.upperBound...].prefix { $0 != "\"" })
  }

  /// The text with the characters that entities stand for (XML 1.0, sections 4.1 and 4.6); unknown ones stay.
  private static func decoded(_ text: Substring) -> String {
    // Most have none, and a pattern takes its time.
    guard text.contains("&") else { return String(text) }
    return String(text.replacing(/&(#?\w{1,8});/) { match in character(of: match.1) ?? String(match.0) })
  }

  private static func character(of entity: Substring) -> String? {
    guard entity.hasPrefix("#") else { return entities[String(entity)] }
    let isHexadecimal = entity.hasPrefix("#x")
    let code = UInt32(entity.dropFirst(isHexadecimal ? 2 : 1), radix: isHexadecimal ? 16 : 10)
    return code.flatMap { Unicode.Scalar($0) }.map { String($0) }
  }

  private static let entities = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
}
