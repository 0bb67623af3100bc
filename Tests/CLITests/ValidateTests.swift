import Foundation
import Testing

@Suite struct ValidateTests {
  @Test func theBundledChipsLieWithinTheBands() async throws {
    try await withProgram { rheobase in
      let outcome = try await rheobase("validate", "--json")
      #expect(outcome.status.isSuccess && outcome.errors.isEmpty, "\(outcome.errors)")
      let report = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      #expect(report["schema"] as? String == "rheobase.validation/1" && report["valid"] as? Bool == true)
      let rows = try #require(report["rows"] as? [[String: Any]])
      #expect(rows.contains { $0["verdict"] as? String == "within" })
      #expect(!rows.contains { $0["verdict"] as? String == "outside" })
      #expect(try rheobase.names.isEmpty)
    }
  }

  @Test func aChipFileWithAWrongConstantFailsAndIsNamed() async throws {
    try await withProgram { rheobase in
      let right = try String(contentsOfFile: Self.loihi1, encoding: .utf8)
      let wrong = right.replacingOccurrences(of: "energy_pJ: 23.6,", with: "energy_pJ: 25.96,")
      #expect(wrong != right)
      try rheobase.write(wrong, to: "wrong.yaml")
      let outcome = try await rheobase("validate", "--chip", "wrong.yaml")
      #expect(outcome.status == .exited(1))
      #expect(outcome.output.contains("+10.00 %") && outcome.output.contains("outside"))
      #expect(outcome.errors.hasPrefix("rheobase: error: 1 of "))
      #expect(
        outcome.errors.hasSuffix("figures left their stated bands: loihi.synapse.energy\n"))
    }
  }

  @Test func aChipOnWhichNoFigureIsMeasuredIsRefused() async throws {
    try await withProgram { rheobase in
      let loihi = try String(contentsOfFile: Self.loihi1, encoding: .utf8)
      try rheobase.write(loihi.replacingOccurrences(of: "name: loihi1", with: "name: loihi9"), to: "other.yaml")
      let outcome = try await rheobase("validate", "--chip", "other.yaml")
      #expect(outcome.status == .exited(1) && outcome.output.isEmpty)
      #expect(
        outcome.errors.contains(
          "other.yaml: no figure is measured on a chip called 'loihi9'; its name must be one of"))
      try rheobase.write(try await rheobase("chip", "show", "custom", "--yaml").output, to: "mine.yaml")
      #expect(try await rheobase("validate", "--chip", "mine.yaml").status == .exited(1))
    }
  }

  @Test func aChipOfAnotherMeshIsRefused() async throws {
    try await withProgram { rheobase in
      let loihi = try String(contentsOfFile: Self.loihi1, encoding: .utf8)
      let other = loihi.replacingOccurrences(of: "tiles_x: {value: 8,", with: "tiles_x: {value: 2,")
      #expect(other != loihi)
      try rheobase.write(other, to: "small.yaml")
      let outcome = try await rheobase("validate", "--chip", "small.yaml")
      #expect(outcome.status == .exited(1) && outcome.output.isEmpty)
      #expect(
        outcome.errors
          == "rheobase: error: small.yaml: figures of 'loihi1' are measured on tiles_x 8, tiles_y 4, cores_per_tile 4; "
          + "the file has tiles_x 2, tiles_y 4, cores_per_tile 4\n")
    }
  }

  @Test func dataThatIsNotThereIsOneLine() async throws {
    try await withProgram { rheobase in
      let outcome = try await rheobase("validate", "--lava-data", "none.npz")
      #expect(outcome.status == .exited(1) && outcome.output.isEmpty)
      #expect(outcome.errors.contains("none.npz") && outcome.errors.filter { $0 == "\n" }.count == 1)
    }
  }

  private static let loihi1 =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
    + "/../../hwmodels/chips/loihi1.yaml"
}
