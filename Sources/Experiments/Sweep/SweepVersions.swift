import Foundation
import Reports

extension Sweep {
  /// How many of these results each build of the program made.
  func versions(of ids: some Sequence<String>) -> [String: Int] {
    Dictionary(grouping: ids, by: version).mapValues(\.count)
  }

  /// That results are of several builds of the program, in a line; nil if they are of one.
  static func note(on versions: [String: Int]) -> String? {
    guard versions.count > 1 else { return nil }
    let texts = versions.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }
    return "results are of several builds of the program: \(texts.joined(separator: ", "))"
  }

  /// The version that a result tells.
  static func version(of file: StatisticsFile) -> String {
    if case .text(let version)? = file.run["program"] { version } else { "unknown" }
  }

  /// The same without the rest of the result. Its file is searched, not parsed, as there may be thousands.
  private func version(of id: String) -> String {
    let data = FileManager.default.contents(atPath: "\(files.resultFolder(id))/stats.json") ?? Data()
    guard let key = data.range(of: Data("\"program\": \"".utf8)) else { return "unknown" }
    return String(decoding: data[key.upperBound...].prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
  }
}
