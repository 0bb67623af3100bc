import DataFiles
import Foundation
import Subprocess
import Testing

/// The example of docs/networks.md is the program that is compiled, and its output is what that program prints.
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
    try #require(blocks.map(\.opening) == ["swift", ""])
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
}
