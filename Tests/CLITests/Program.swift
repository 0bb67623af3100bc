import DataFiles
import Foundation
import Subprocess
import TestSupport
import Testing

/// The built program, run as a user would, in a folder of its own.
struct Program {
  let folder: String
  var environment = Environment.inherit
  /// What starts it: a program and its arguments; empty for nothing.
  var launcher: [String] = []

  /// A photograph that comes with the package.
  static let photograph = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("photographs/camera.png").path

  /// What a run left.
  struct Outcome {
    let status: TerminationStatus
    let output: String
    let errors: String
  }

  /// Runs it to its end.
  func callAsFunction(_ arguments: String...) async throws -> Outcome { try await self(arguments) }

  func callAsFunction(_ arguments: [String]) async throws -> Outcome {
    let words = launcher + [Self.path] + arguments
    let result = try await run(
      .path(.init(words[0])), arguments: Arguments(Array(words.dropFirst())), environment: environment,
      workingDirectory: .init(folder), output: .string(limit: 1 << 24), error: .string(limit: 1 << 20))
    return Outcome(
      status: result.terminationStatus, output: result.standardOutput, errors: result.standardError)
  }

  /// Runs it and interrupts it as Ctrl-C does, some time after it has begun to write.
  func interrupted(after delay: Duration, _ arguments: [String]) async throws -> TerminationStatus {
    let before = try names.count
    return try await run(
      .path(.init(Self.path)), arguments: Arguments(arguments), workingDirectory: .init(folder), input: .none,
      output: .discarded, error: .discarded
    ) { execution in
      try await Self.killedUnlessDone(execution.processIdentifier.value) {
        for _ in 0..<2000 where try names.count == before { try await Task.sleep(for: .milliseconds(1)) }
        try await Task.sleep(for: delay)
      }
      try? execution.send(signal: .interrupt)
    }.terminationStatus
  }

  /// Runs it while `body` looks on, which is given its process.
  ///
  /// - Parameter errors: A file in its folder for what it says on standard error.
  func watched(
    _ arguments: [String], errors: String = "/dev/null", _ body: (pid_t) async throws -> Void
  ) async throws -> TerminationStatus {
    // The shell becomes the program.
    let words = ["-c", "file=$1; shift; exec \"$@\" 2>\"$file\"", "sh", errors] + launcher + [Self.path] + arguments
    return try await run(
      .path("/bin/sh"), arguments: Arguments(words), environment: environment,
      workingDirectory: .init(folder), input: .none, output: .discarded, error: .discarded
    ) { execution in
      let process = execution.processIdentifier.value
      try await Self.killedUnlessDone(process) { try await body(process) }
    }.terminationStatus
  }

  /// Kills a process if what is done beside it fails: its end is waited for, which may be hours away.
  private nonisolated(nonsending) static func killedUnlessDone(
    _ process: pid_t, _ body: nonisolated(nonsending) () async throws -> Void
  ) async throws {
    do {
      try await body()
    } catch {
      kill(process, SIGKILL)
      throw error
    }
  }

  /// What is in its folder, hidden files too.
  var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } }

  /// What is in a folder of its folder, hidden files too.
  func names(_ name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(name)).sorted()
  }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  func write(_ text: String, to name: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: path(name))) }

  func data(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path(name))) }

  func text(_ name: String) throws -> String { String(decoding: try data(name), as: UTF8.self) }

  /// Makes a small bank, `b.npz`.
  func makeBank() async throws {
    let made = try await self("bank", "make", "--orientations", "4", "--bandwidths", "20", "--output", "b.npz")
    try #require(made.status.isSuccess, "\(made.errors)")
  }

  private static let path = executable("rheobase")

  /// The path of a program of the package.
  static func executable(_ name: String) -> String { Programs.built(name) }
}

/// Gives `body` the program in a new folder, and removes the folder afterwards.
func withProgram(_ body: (Program) async throws -> Void) async throws {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("rheobase-cli-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: url) }
  try await body(Program(folder: url.path))
}

/// Waits until something is so, for as long as a busy machine may need.
func waitUntil(
  seconds: Int = 120, line: Int = #line, file: String = #fileID, _ isSo: () async throws -> Bool
) async throws {
  for _ in 0..<(20 * seconds) {
    if try await isSo() { return }
    try await Task.sleep(for: .milliseconds(50))
  }
  throw Late(description: "\(file):\(line): not within \(seconds) seconds")
}

/// Something took too long.
struct Late: Error, CustomStringConvertible { let description: String }

/// The rows of `--json` or `comparison.json`.
func rows(_ text: String) throws -> [[String: Any]] {
  try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
}
