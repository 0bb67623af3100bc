import DataFiles
import Foundation
import Testing

@Suite struct StudyTests {
  static let options = [
    "--output", "results", "--crop", "32", "--convergence-crop", "32", "--lambdas", "0.1,0.3", "--dial", "0,1",
    "--learning-steps", "1", "--chips", "-", "--jobs", "2",
  ]

  @Test func aStudyWritesAPageWhoseNumbersAreThoseOfItsTablesAndGoesOnWhereItWas() async throws {
    try await withProgram { rheobase in
      try FileManager.default.createDirectory(atPath: rheobase.path("images"), withIntermediateDirectories: false)
      for name in ["camera", "grass"] {
        try FileManager.default.copyItem(
          atPath: Program.photograph.replacing("camera", with: name), toPath: rheobase.path("images/\(name).png"))
      }
      let first = try await rheobase(["study", "images"] + Self.options)
      try #require(first.status.isSuccess, "\(first.errors)")
      let page = String(decoding: try rheobase.data("results/study.md"), as: UTF8.self)

      // Each table of the page is a CSV of as many rows, and every picture is there.
      for name in ["published", "certified", "damage", "learning"] {
        let lines = String(decoding: try rheobase.data("results/tables/\(name).csv"), as: UTF8.self).split(
          separator: "\n")
        let cells = try #require(lines.dropFirst().first).split(separator: ",", omittingEmptySubsequences: false)
        let number = try #require(cells.compactMap { Double($0) }.last { $0 != $0.rounded() })
        #expect(
          page.contains(String(format: "%.4f", number)) || page.contains(String(format: "%.2f", number))
            || page.contains(String(format: "%.5f", number)), "\(name)")
      }
      let pictures = page.matches(of: /\]\((pictures\/[^)]+)\)/).map { String($0.1) }
      #expect(pictures.count > 10)
      #expect(pictures.allSatisfy { FileManager.default.fileExists(atPath: rheobase.path("results/\($0)")) })

      // The page in HTML has every table and picture, and names where it is.
      #expect(first.output == "Results: results/study.md\nReport: results/report.html\n")
      let html = String(decoding: try rheobase.data("results/report.html"), as: UTF8.self)
      let tables = try FileManager.default.contentsOfDirectory(atPath: rheobase.path("results/tables"))
      #expect(html.components(separatedBy: "<table ").count - 1 == tables.count)
      #expect(html.components(separatedBy: "<img ").count - 1 == Set(pictures.map { $0.dropLast(4) }).count)
      #expect(html.utf8.count < 10_000_000)

      // Nothing is done twice; a lost cell is done again, and the page is the same.
      let cells = try FileManager.default.contentsOfDirectory(atPath: rheobase.path("results/cells")).sorted()
      let kept = try #require(cells.first { $0.hasPrefix("code-") })
      let lost = try #require(cells.last { $0.hasPrefix("code-") })
      try rheobase.write(
        String(decoding: try rheobase.data("results/cells/\(kept)"), as: UTF8.self) + " ", to: "results/cells/\(kept)")
      let marked = try rheobase.data("results/cells/\(kept)")
      try FileManager.default.removeItem(atPath: rheobase.path("results/cells/\(lost)"))
      let second = try await rheobase(["study", "images"] + Self.options)
      #expect(second.status.isSuccess)
      #expect(try rheobase.data("results/cells/\(kept)") == marked)
      #expect(FileManager.default.fileExists(atPath: rheobase.path("results/cells/\(lost)")))
      #expect(String(decoding: try rheobase.data("results/study.md"), as: UTF8.self) == page)
    }
  }

  @Test func aStudyOfNothingIsRefused() async throws {
    try await withProgram { rheobase in
      try FileManager.default.createDirectory(atPath: rheobase.path("images"), withIntermediateDirectories: false)
      let empty = try await rheobase(["study", "images", "--output", "results"])
      #expect(!empty.status.isSuccess && empty.errors.contains("no photograph"))
      let dial = try await rheobase(["study", "images", "--output", "results", "--dial", "0,0.5"])
      #expect(!dial.status.isSuccess)
    }
  }

  @Test func aBankIsLearntAndLearningGoesOn() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let common = [
        "bank", "learn", Program.photograph, "--from", "b.npz", "--patch", "24", "--crop", "48", "--batch", "1",
        "--checkpoint-every", "2", "--output", "learnt.npz",
      ]
      let first = try await rheobase(common + ["--steps", "2"])
      try #require(first.status.isSuccess, "\(first.errors)")
      let second = try await rheobase(common + ["--steps", "4", "--json"])
      try #require(second.status.isSuccess, "\(second.errors)")
      let json = try #require(
        try JSONSerialization.jsonObject(with: Data(second.output.utf8)) as? [String: Any])
      #expect(json["steps"] as? [Int] == [0, 4])
      let archive = try NumPyArchive(contentsOf: rheobase.path("learnt.checkpoint.npz"))
      #expect(try archive.integer("step") == 4)
      let refused = try await rheobase(common + ["--steps", "4", "--lambda", "0.3"])
      #expect(!refused.status.isSuccess && refused.errors.contains("other options"))
    }
  }
}
