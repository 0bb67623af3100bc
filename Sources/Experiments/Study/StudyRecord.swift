import DataFiles
import Foundation
import Neuromorphic
import Reports

/// What a study's folder records of its study: tables are made of no other, lest they replace fuller ones.
struct StudyRecord {
  private let output: String
  /// Options by their names on the command line.
  private let settings: JSONValue
  /// What the files hold, by name.
  private let photographs, chips: JSONValue
  /// What no option decides.
  private let version: JSONValue

  static let fileName = "options.json"
  private static let schemaName = "rheobase.study/"
  private static let schema = JSONValue.text("\(schemaName)2")
  private var path: String { "\(output)/\(Self.fileName)" }

  /// Whether a folder records a study, of whatever version of the program.
  static func isOfStudy(inFolder folder: String) -> Bool {
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(fileName)") else { return false }
    return (try? JSONValue(parsing: data))?["schema"]?.asText?.hasPrefix(schemaName) == true
  }

  /// - Throws: `FileError` or `NeuromorphicError` if a photograph or a chip file cannot be read.
  init(_ options: StudyOptions) throws {
    output = options.output
    settings = .object(options.settings.map { .init($0.option, .text($0.value)) })
    photographs = .object(
      try options.images().map { .init(bankName($0), .text(try ContentHash.ofFile($0).text)) })
    chips = .object(
      try options.chips.map { .init(bankName($0), .text(ContentHash(try ChipDescription.text(of: $0)).text)) })
    version = .text("\(StudyFingerprints.version), chip runs of \(options.stepLimit) steps")
  }

  /// - Parameter isChecked: whether the photographs have been looked at.
  func write(isChecked: Bool) throws {
    let json = JSONValue.object(members + [.init(Self.checkName, .flag(isChecked))])
    try AtomicFile.write(Data(json.text(expandedDepth: 2).utf8), to: path)
  }

  /// What the study is of.
  private var members: [JSONValue.Member] {
    [
      .init("schema", Self.schema), .init("version", version), .init("options", settings),
      .init("photographs", photographs), .init("chips", chips),
    ]
  }

  /// Whether the folder's study is this one, and its photographs have been looked at: they need not be again.
  var isCheckedInFolder: Bool {
    guard let data = FileManager.default.contents(atPath: path), let theirs = try? JSONValue(parsing: data) else {
      return false
    }
    // A value that is read has its members in an order of its own.
    return theirs[Self.checkName] == .flag(true) && members.allSatisfy { theirs[$0.name] == $0.value.canonical }
  }

  private static let checkName = "photographs checked"

  /// - Throws: `ExperimentError` with all options and the first file that differ if the folder's study is another, or
  ///   its tables are of nobody knows what.
  func checkIsThatOfFolder() throws {
    guard let data = FileManager.default.contents(atPath: path), let theirs = try? JSONValue(parsing: data) else {
      guard !FileManager.default.fileExists(atPath: "\(output)/tables.json") else {
        throw ExperimentError(
          "\(output): its tables do not say of which options they are (\(path)); run the study without --report, which "
            + "does only what is missing")
      }
      return
    }
    let otherVersion = ExperimentError(
      "\(output): its study was made by another version of the program; run the study without --report, which does "
        + "only what is missing")
    guard theirs["schema"] == Self.schema, let options = theirs["options"], options.names == settings.names else {
      throw otherVersion
    }
    var others = settings.names.compactMap { name -> String? in
      guard let its = options[name]?.asText, let here = settings[name]?.asText, its != here else { return nil }
      return "\(name) \(its) (here \(here))"
    }
    if let other = Self.firstOther("photograph", photographs, theirs["photographs"]) { others.append(other) }
    // Which chips there are is an option.
    if options["--chips"] == settings["--chips"], let other = Self.firstOther("chip", chips, theirs["chips"]) {
      others.append(other)
    }
    guard others.isEmpty else {
      throw ExperimentError(
        "\(output): its study has \(others.joined(separator: ", ")); give --report the same, or name another folder")
    }
    guard theirs["version"] == version else { throw otherVersion }
  }

  /// The first file by name that differs, in words.
  private static func firstOther(_ kind: String, _ ours: JSONValue, _ theirs: JSONValue?) -> String? {
    let theirs = theirs ?? .object([])
    let names = Set(ours.names + theirs.names).sorted()
    guard let name = names.first(where: { ours[$0] != theirs[$0] }) else { return nil }
    if theirs[name] == nil { return "no \(kind) \(name)" }
    return ours[name] == nil ? "the \(kind) \(name), which is not here" : "another \(kind) \(name)"
  }
}

extension JSONValue {
  /// The names of an object's members, sorted.
  fileprivate var names: [String] {
    if case .object(let members) = self { members.map(\.name).sorted() } else { [] }
  }
}
