import DataFiles
import Foundation

/// Runs the independent computations of `Tests/Oracles` (Python with NumPy) that results are compared with.
///
/// The Python comes from the environment variable `RHEOBASE_ORACLE_PYTHON`, which `make test` sets.
public enum PythonOracle {
  /// Whether there is a Python to ask.
  public static var isAvailable: Bool { python != nil }

  /// The folder of the oracle scripts.
  public static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Oracles").path

  /// Runs `Tests/Oracles/SCRIPT` and returns its standard output.
  ///
  /// - Throws: `OracleError` with what it printed if it fails.
  @discardableResult
  public static func run(_ script: String, _ arguments: [String] = []) throws -> Data {
    guard let python else { throw OracleError(description: "RHEOBASE_ORACLE_PYTHON is not set; run make test") }
    let process = Process()
    let output = Pipe()
    let log = FileManager.default.temporaryDirectory.appendingPathComponent("oracle-\(UUID().uuidString).log")
    try Data().write(to: log)
    defer { try? FileManager.default.removeItem(at: log) }
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = ["\(folder)/\(script)"] + arguments
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: log)
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
      throw OracleError(description: "\(script) failed with status \(process.terminationStatus): \(text)")
    }
    return data
  }

  /// Runs a script that prints JSON.
  public static func json<Value: Decodable>(
    _ script: String, _ arguments: [String] = [], as type: Value.Type = Value.self
  ) throws -> Value {
    try JSONDecoder().decode(Value.self, from: run(script, arguments))
  }

  /// Runs a script whose last argument is the path of an archive that it writes, and returns the archive. With `input`,
  /// the first argument is the path of an archive to read.
  public static func archive(
    _ script: String, input: NumPyArchive? = nil, _ arguments: [String] = []
  ) throws -> NumPyArchive {
    try withTemporaryFolder { folder in
      var all = arguments
      if let input {
        try input.write(to: "\(folder)/input.npz")
        all.insert("\(folder)/input.npz", at: 0)
      }
      try run(script, all + ["\(folder)/output.npz"])
      return try NumPyArchive(contentsOf: "\(folder)/output.npz")
    }
  }

  private static let python = ProcessInfo.processInfo.environment["RHEOBASE_ORACLE_PYTHON"].map { path in
    // Tests may run in another folder than the one that make was called in.
    path.hasPrefix("/")
      ? path
      : URL(fileURLWithPath: folder).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent(path).path
  }
}

/// Why an oracle gave no answer.
public struct OracleError: Error, CustomStringConvertible {
  /// What happened.
  public let description: String
}
