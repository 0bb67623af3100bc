import DataFiles
import Foundation
import Subprocess
import Testing

/// The examples of docs/networks.md are the programs that are compiled, and their output is what these programs print.
@Suite struct ExampleTests {
  private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.package.appendingPathComponent(path), encoding: .utf8)
  }

  /// The fenced blocks of a page, each with its first line.
  private func blocks(_ page: String) -> [(opening: Substring, text: String)] {
    let parts = page.split(separator: "```", omittingEmptySubsequences: false)
    return stride(from: 1, to: parts.count, by: 2).map { place in
      let lines = parts[place].split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      return (lines[0], lines.count == 2 ? String(lines[1]) : "")
    }
  }

  @Test func theListingIsTheSourceAndTheOutputIsWhatItPrints() async throws {
    let blocks = try blocks(text("docs/networks.md"))
    try #require(blocks.map(\.opening) == ["swift", "", "swift", ""])
    #expect(try blocks[0].text == text("Examples/spiking-network/main.swift"))
    try await withProgram { program in
      let result = try await run(
        .path(.init(Program.executable("spiking-network"))), arguments: [program.path("spikes.npz")],
        output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
      #expect(result.standardError.isEmpty)
      #expect(result.standardOutput == blocks[1].text)
      let refused = try await run(
        .path(.init(Program.executable("spiking-network"))), arguments: [program.path("spikes.txt")],
        output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
      #expect(refused.terminationStatus == .exited(1))
      let message = refused.standardError
      #expect(message.hasPrefix("spiking-network: ") && message.filter { $0 == "\n" }.count == 1, "\(message)")
      let spikes = try NumPyArchive(contentsOf: program.path("spikes.npz"))
      #expect(blocks[1].text.contains("excitatory: \(try spikes.int32s("step").count) spikes of 80 neurons"))
    }
  }

  @Test func theFileOfALongRunHasTheSpikesThatAreToldAndAppearsWholeOrNotAtAll() async throws {
    let blocks = try blocks(text("docs/networks.md")).dropFirst(2).map(\.text)
    try #require(blocks.count == 2)
    #expect(try blocks[0] == text("Examples/spike-file/main.swift"))
    try await withProgram { program in
      try program.write("no folder", to: "file")
      let refused = try await run(
        .path(.init(Program.executable("spike-file"))), arguments: [program.path("file/spikes.npz")],
        output: .discarded, error: .string(limit: 1 << 16))
      #expect(refused.terminationStatus == .exited(1))
      let message = refused.standardError
      #expect(message.hasPrefix("spike-file: ") && message.filter { $0 == "\n" }.count == 1, "\(message)")
      let result = try await run(
        .path(.init(Program.executable("spike-file"))), workingDirectory: .init(program.folder),
        output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
      #expect(result.standardError.isEmpty)
      #expect(result.standardOutput == blocks[1])
      #expect(try program.names == ["file", "spikes.npz"])
      let spikes = try NumPyArchive(contentsOf: program.path("spikes.npz")).int32s("step").count
      #expect(blocks[1].hasPrefix("\(spikes) spikes"))
    }
  }
}
