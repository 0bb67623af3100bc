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
      let tables = try rheobase.names("results/tables").filter { $0.hasSuffix(".csv") }
      #expect(html.components(separatedBy: "<table ").count - 1 == tables.count)
      #expect(html.components(separatedBy: "<img ").count - 1 == Set(pictures.map { $0.dropLast(4) }).count)
      #expect(html.utf8.count < 10_000_000)

      // Nothing is done twice; a lost cell is done again, and the page is the same.
      let cells = try FileManager.default.contentsOfDirectory(atPath: rheobase.path("results/cells")).sorted()
      let kept = try #require(cells.first { $0.hasPrefix("codes-") })
      let lost = try #require(cells.last { $0.hasPrefix("codes-") })
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

  /// One row of a front: its place in the tables and its two figures.
  private struct FrontPoint {
    let bank: String
    let step: Int
    let energy_J, psnr_dB: Double
  }

  @Test func theFrontsOfAChipAreWhatNoOtherStepOfAnyBankBeats() async throws {
    try await withProgram { rheobase in
      try FileManager.default.createDirectory(atPath: rheobase.path("images"), withIntermediateDirectories: false)
      try FileManager.default.copyItem(atPath: Program.photograph, toPath: rheobase.path("images/camera.png"))
      let options = [
        "study", "images", "--output", "results", "--dial", "0,1", "--learning-steps", "0", "--chips", "loihi2",
      ]
      let task = try await rheobase(options + ["--task", "chip-camera-loihi2"])
      try #require(task.status.isSuccess, "\(task.errors)")
      let report = try await rheobase(options + ["--report"])
      try #require(report.status.isSuccess, "\(report.errors)")

      let cell = try #require(
        try JSONSerialization.jsonObject(with: rheobase.data("results/cells/chip-camera-loihi2.json")) as? [String: Any]
      )
      let rows = try #require((cell["result"] as? [String: Any])?["rows"] as? [[String: Any]])
      let runs = rows.filter { $0["input"] as? String == "dense" }
      let all = runs.flatMap { row in
        (row["curve"] as? [[String: Double]] ?? []).map { state in
          FrontPoint(
            bank: row["bank"] as? String ?? "", step: Int(state["step"]!), energy_J: state["energy"]!,
            psnr_dB: state["psnr"]!)
        }
      }
      #expect(Set(all.map(\.bank)) == ["homogeneous", "heterogeneous", "control-5.0", "control-17.5"])
      let best = all.filter { a in
        !all.contains { b in
          b.energy_J <= a.energy_J && b.psnr_dB >= a.psnr_dB && (b.energy_J < a.energy_J || b.psnr_dB > a.psnr_dB)
        }
      }
      // The table as NumPy reads it, which is the table as CSV.
      let archive = try NumPyArchive(contentsOf: rheobase.path("results/tables/energy-front.npz"))
      let csv = String(decoding: try rheobase.data("results/tables/energy-front.csv"), as: UTF8.self).split(
        separator: "\n")
      let (banks, inputs) = (try archive.array("banks").texts, try archive.array("input").texts)
      let written = try banks.indices.filter { banks[$0] == "all" && inputs[$0] == "dense" }.map { row in
        FrontPoint(
          bank: try archive.array("bank").texts[row], step: Int(try archive.doubles("step")[row]),
          energy_J: try archive.doubles("energy")[row], psnr_dB: try archive.doubles("PSNR (dB)")[row])
      }
      func byEnergy(_ a: FrontPoint, _ b: FrontPoint) -> Bool { a.energy_J < b.energy_J }
      #expect(written.count == best.count && best.count > 3)
      for (found, sought) in zip(written, best.sorted(by: byEnergy)) {
        #expect(found.bank == sought.bank && found.step == sought.step)
        // Foundation reads the last digit of a cell's numbers in its own way.
        #expect(abs(found.energy_J / sought.energy_J - 1) < 1e-14 && abs(found.psnr_dB / sought.psnr_dB - 1) < 1e-14)
      }
      #expect(csv.count == banks.count + 1)
      #expect(csv[0] == "chip,photograph,banks,input,bank,step,energy,energy marks,PSNR (dB)")
      #expect(csv[1].hasPrefix("loihi2,camera,dial,dense,") && csv[1].contains(",*†,"))

      // Fewer banks are beaten by more of them, at least as well.
      let throughput = try NumPyArchive(contentsOf: rheobase.path("results/tables/throughput-front.npz"))
      let fastest = Dictionary(
        zip(try throughput.array("banks").texts, try throughput.doubles("images/s")), uniquingKeysWith: max)
      #expect(try #require(fastest["all"]) >= #require(fastest["dial"]))
      let page = String(decoding: try rheobase.data("results/study.md"), as: UTF8.self)
      #expect(page.contains("pictures/front-loihi2.svg") && page.contains("pictures/throughput-loihi2.svg"))
      #expect(page.contains("[tables/energy-front.csv](tables/energy-front.csv)"))
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
