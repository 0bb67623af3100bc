import DataFiles

/// The kinds of YAML files that commands take.
enum Schema: String, CaseIterable {
  case run = "rheobase.run/1"
  case sweep = "rheobase.sweep/1"
  case chip = "rheobase.chip/1"

  /// - Throws: `YAMLError` if a file is of another kind, with the command that takes it.
  func check(_ root: YAMLReader) throws(YAMLError) {
    let schema = try root.required("schema")
    let name = try schema.text()
    guard name != rawValue else { return }
    let use =
      switch Schema(rawValue: name) {
      case .run: "; this file is a run, for rheobase run"
      case .sweep: "; this file is a sweep, for rheobase sweep"
      case .chip: "; this file is a chip, for --chip or the key chip"
      case nil: ""
      }
    throw schema.failure("the schema '\(rawValue)' is expected\(use)")
  }
}
