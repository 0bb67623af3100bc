import Foundation
import Testing

/// `rheobase chip list` and `chip show`.
@Suite struct ChipCommandTests {
  private static let names = ["custom", "loihi1", "loihi2", "odin", "seneca", "truenorth"]

  @Test func theListHasALineForEachChip() async throws {
    try await withProgram { rheobase in
      let list = try await rheobase("chip", "list")
      let lines = list.output.split(separator: "\n")
      for name in Self.names { #expect(lines.count { $0.hasPrefix(name + " ") } == 1, "\(list.output)") }
      #expect(lines.first { $0.hasPrefix("odin ") }?.contains("161 µW") == true)
      #expect(lines.first { $0.hasPrefix("truenorth ") }?.contains("64.4 mW*") == true)
      #expect(lines.first { $0.hasPrefix("seneca ") }?.contains("–†") == true)
      let sheets = try rows(try await rheobase("chip", "list", "--json").output)
      #expect(Set(sheets.compactMap { $0["name"] as? String }).isSuperset(of: Self.names))
    }
  }

  @Test(arguments: names) func theSheetShowsEveryNumberWithMarkAndSource(_ name: String) async throws {
    try await withProgram { rheobase in
      let shown = try await rheobase("chip", "show", name)
      try #require(shown.status.isSuccess && shown.errors.isEmpty)
      let lines = shown.output.components(separatedBy: "\n")
      #expect(lines.allSatisfy { $0.count <= 110 && !$0.hasSuffix(" ") })
      let chip = try sheet(try await rheobase("chip", "show", name, "--json").output)
      let costs = try #require(chip["costs"] as? [String: Any])
      let unpublished = Set(try #require(chip["unpublished"] as? [String]))
      for (operation, entry) in costs {
        let line = try #require(lines.first { $0.hasPrefix("  \(operation) ") })
        let cost = entry as? [String: Any] ?? [:]
        for (key, unit) in [("energy_pJ", "pJ"), ("time_ns", "ns")] {
          if let value = cost[key] as? Double {
            let number = value == value.rounded() ? "\(Int(value))" : "\(value)"
            #expect(line.contains("\(number) \(unit)\(cost["estimate"] == nil ? "" : "*")"), "\(line)")
          }
          #expect(!unpublished.contains("\(operation).\(key)") || line.contains("–†"), "\(line)")
        }
      }
      // Static power stands apart from what an operation adds.
      let marginal = try #require(lines.firstIndex { $0.hasPrefix("Marginal cost") })
      let fixed = try #require(lines.firstIndex { $0.hasPrefix("Static power") })
      let power = try #require(lines.firstIndex { $0.hasPrefix("  static_power_W") })
      #expect(marginal < fixed && power == fixed + 1)
      // Each reference in the table is in the list below it, and each in the list is used.
      let references = Set(shown.output.matches(of: /\[(\d+)\]\n/).map { String($0.1) })
      let listed = Set(lines.compactMap { $0.prefixMatch(of: /\[(\d+)\] +\S/).map { String($0.1) } })
      #expect(references == listed && !listed.isEmpty)
    }
  }

  @Test(arguments: names) func theJSONIsTheChipFileWithoutItsComments(_ name: String) async throws {
    try await withProgram { rheobase in
      let text = try await rheobase("chip", "show", name, "--json").output
      var chip = try sheet(text)
      for extra in ["cores", "estimates", "unpublished"] { #expect(chip.removeValue(forKey: extra) != nil) }
      // JSON is YAML: without what is added it is a chip file, and the same chip.
      try rheobase.write(
        String(decoding: JSONSerialization.data(withJSONObject: chip), as: UTF8.self), to: "again.yaml")
      let again = try await rheobase("chip", "show", "again.yaml", "--json")
      #expect(again.output == text, "\(again.errors)")
    }
  }

  @Test func aCopyOfTheTemplateLoadsAndRuns() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let template = try await rheobase("chip", "show", "custom", "--yaml")
      try rheobase.write(template.output, to: "mine.yaml")
      let run = try await rheobase(
        "run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--timesteps", "20", "--chip",
        "mine.yaml")
      #expect(
        run.status.isSuccess
          && run.output.contains("* contains an estimate: of a cost, or of what decides where neurons lie"),
        "\(run.errors)")
      // The optional keys that it shows as comments are right too, each alone, once they have a source.
      let optional = template.output.components(separatedBy: "\n").filter { $0.contains("source: \"\"") }
      #expect(optional.count == 7)
      for line in optional {
        let key = line.drop { "# ".contains($0) }.replacing("source: \"\"", with: "source: mine")
        let isOfNeurons = ["decay", "refractory"].contains { key.hasPrefix($0) }, isTick = key.hasPrefix("tick_ns")
        let text =
          isOfNeurons
          ? template.output + "neurons:\n  \(key)\n"
          : isTick
            ? template.output + key + "\n"
            : template.output.replacing("  weight_bits:", with: "  \(key)\n  weight_bits:")
        try rheobase.write(text, to: "other.yaml")
        let shown = try await rheobase("chip", "show", "other.yaml")
        #expect(shown.status.isSuccess && shown.output.contains("]  mine\n"), "\(key): \(shown.errors)")
      }
    }
  }

  private func sheet(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }
}
