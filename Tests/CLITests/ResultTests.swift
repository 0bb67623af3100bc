import DataFiles
import Foundation
import Testing

/// What runs write and print.
@Suite struct ResultTests {
  /// Statistics that depend on the machine and the moment.
  private static let hostDependent: Set = [
    "time.encode", "time.latency_with_encoding", "energy.encode", "energy.total_with_encoding", "encode.seconds",
    "reference.seconds",
    "host.seconds", "host.synops_per_s", "host.peak_memory",
  ]

  @Test(arguments: [
    ["--input", "dense"], ["--input", "dense-rate"], ["--input", "sparse"], ["--input", "sparse-rate"],
    ["--input", "sparse-latency"], ["--input", "sparse", "--prime"], ["--input", "sparse", "--arithmetic", "float"],
    ["--input", "dense", "--model", "spiking"], ["--input", "sparse-rate", "--model", "spiking", "--chip", "loihi1"],
    ["--input", "dense", "--set", "weight_format=split"], ["--input", "dense", "--model", "graded"],
    ["--input", "sparse", "--model", "residual"],
  ])
  func aRunFileAndAWrittenStreamRepeatTheRun(_ options: [String]) async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let run = ["run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--timesteps", "80"]
      let traces = ["--traces", "spikes,steps,input", "--output"]
      try await succeed(rheobase, run + options + traces + ["a"])
      try await succeed(rheobase, ["run", "a/run.yaml", "--output", "b"])
      for name in ["spikes.csv", "steps.csv", "run.yaml"] {
        #expect(try rheobase.data("a/\(name)") == rheobase.data("b/\(name)"))
      }
      let (first, second) = (try statistics(rheobase, "a"), try statistics(rheobase, "b"))
      #expect(first.keys.sorted() == second.keys.sorted())
      for (name, entry) in first where !Self.hostDependent.contains(name) {
        #expect(entry == second[name], "\(name)")
      }
      #expect((first["spikes"]?["value"] as? Int ?? 0) > 0)

      let withoutInput = Array(options.dropFirst(2))
      try await succeed(rheobase, run + withoutInput + ["--events", "a/input.npz"] + traces + ["c"])
      for name in ["spikes.csv", "steps.csv", "input.npz"] {
        #expect(try rheobase.data("a/\(name)") == rheobase.data("c/\(name)"), "\(name)")
      }
      #expect(try statistics(rheobase, "c")["energy.total_with_encoding"]?["value"] is NSNull)
    }
  }

  @Test func aCheckOfChipsSaysWhatFitsAndARunOfThatSizeHasALineForEachOfItsCores() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let check = ["chip", "check", "loihi1", "loihi2", "--bank", "b.npz", "--size", "24", "--input", "dense"]
      let table = try await rheobase(check)
      #expect(table.output.contains("on a core: need / limit") && table.output.contains("cannot run"))
      let json = try rows(try await rheobase(check + ["--json"]).output)
      let row = try #require(json.first { $0["chip"] as? String == "loihi2" && $0["model"] as? String == "delta" })
      #expect(row["fits"] as? Bool == true && row["chips"] as? Int == 1)

      let run = ["run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--timesteps", "40"]
      try await succeed(rheobase, run + ["--output", "a"])
      let all = try statistics(rheobase, "a")
      let cores = try #require(all["mapping.cores"]?["value"] as? Int)
      #expect(row["cores"] as? Int == cores)
      let lines = String(decoding: try rheobase.data("a/cores.csv"), as: UTF8.self).split(separator: "\n")
      #expect(lines.count == cores + 1 && lines[0].hasPrefix("core,tile_x,tile_y,populations,busy_ps"))
      // What the lines add up to, the statistics say too.
      let columns = lines.map { $0.split(separator: ",") }
      let busy = try #require(columns[0].firstIndex(of: "busy_ps"))
      let times = columns.dropFirst().compactMap { Double($0[busy]) }
      let mean = times.reduce(0, +) / Double(cores)
      let imbalance = try #require(all["mapping.load_imbalance"]?["value"] as? Double)
      #expect(abs(imbalance - (times.max() ?? 0) / mean) < 1e-9)
      let latency = try #require(all["time.latency"]?["value"] as? Double)
      let utilisation = try #require(all["mapping.utilisation"]?["value"] as? Double)
      #expect(abs(utilisation - mean * 1e-12 / latency) < 1e-9 && utilisation > 0 && utilisation < 1)
    }
  }

  @Test func codesOfAllKindsDriveTheNetworkToTheSameQuality() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      for options in [["--model", "delta"], ["--model", "delta", "--arithmetic", "float"], ["--model", "spiking"]] {
        let inputs = "dense,dense-rate,sparse,sparse-rate,sparse-latency"
        let all = try await rheobase(
          [
            "compare", Program.photograph, "--crop", "32", "--banks", "b.npz", "--inputs", inputs, "--timesteps", "600",
            "--json",
          ]
            + options)
        let gaps = try rows(all.output).map { try #require($0["quality.gap"] as? Double) }
        #expect(gaps.count == 5)
        // The grain of the messages leaves each run within half a per cent of its own fixed point.
        for (gap, like) in [(gaps[1], gaps[0]), (gaps[3], gaps[2]), (gaps[4], gaps[2])] {
          #expect(abs(gap - like) < 0.005, "\(options): \(gaps)")
        }
      }
    }
  }

  @Test func aComparisonWritesARowAFolderThatRepeats() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let compare = [
        "compare", Program.photograph, "--crop", "24", "--banks", "b.npz,homogeneous", "--timesteps", "60", "--output",
        "all",
      ]
      let outcome = try await rheobase(compare)
      #expect(outcome.status.isSuccess)
      #expect(outcome.errors.isEmpty)
      #expect(outcome.output.contains("Results: all") && outcome.output.contains("host_power_W"))
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: rheobase.path("all")).sorted() == [
          "b-dense", "b-sparse", "charts", "comparison.csv", "comparison.json", "homogeneous-dense",
          "homogeneous-sparse", "report.html",
        ])
      let written = try rows(String(decoding: rheobase.data("all/comparison.json"), as: UTF8.self))
      #expect(
        written.map { "\($0["bank"] ?? "")-\($0["input"] ?? "")" } == [
          "b-dense", "b-sparse", "homogeneous-dense", "homogeneous-sparse",
        ])
      try await succeed(rheobase, ["run", "all/b-sparse/run.yaml", "--output", "again"])
      let (first, second) = (try statistics(rheobase, "all/b-sparse"), try statistics(rheobase, "again"))
      #expect(first.keys.contains("common.reached_step"))
      #expect(first.keys.sorted() == second.keys.sorted())
      for (name, entry) in first where !Self.hostDependent.contains(name) { #expect(entry == second[name], "\(name)") }
      #expect(try rheobase.data("all/b-sparse/spikes.csv") == rheobase.data("again/spikes.csv"))
      #expect(first["energy.encode"]?["estimate"] as? Bool == true)
      #expect(try rheobase.names == ["again", "all", "b.npz"])
    }
  }

  @Test func severalPhotographsGiveOneListAndAFolderEach() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try FileManager.default.copyItem(atPath: Program.photograph, toPath: rheobase.path("copy.png"))
      let outcome = try await rheobase(
        "compare", Program.photograph, "copy.png", "--crop", "24", "--banks", "b.npz", "--timesteps", "20", "--json",
        "--output", "all")
      #expect(outcome.errors == "Report: all/camera/report.html\nReport: all/copy/report.html\n")
      let found = try rows(outcome.output)
      #expect(
        found.map { ($0["image"] as? String)?.split(separator: "/").last } == [
          "camera.png", "camera.png", "copy.png", "copy.png",
        ])
      #expect(found[0]["quality.gap"] as? Double == found[2]["quality.gap"] as? Double)
      #expect(try FileManager.default.contentsOfDirectory(atPath: rheobase.path("all")).sorted() == ["camera", "copy"])
    }
  }

  @Test func nothingIsWrittenWithoutAnOutput() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let run = ["--crop", "24", "--timesteps", "20"]
      try await succeed(rheobase, ["compare", Program.photograph, "--banks", "b.npz"] + run)
      try await succeed(rheobase, ["run", "--image", Program.photograph, "--bank", "b.npz", "--json"] + run)
      #expect(try rheobase.names == ["b.npz"])
    }
  }

  @Test(arguments: [
    ["--traces", "spikes"], ["--traces", "vcd"], ["--set", "traces=[steps]"],
  ])
  func tracesWithoutAFolderForThemAreRefused(_ traces: [String]) async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      for arguments in [
        ["run", "--image", Program.photograph, "--bank", "b.npz"], ["compare", Program.photograph, "--banks", "b.npz"],
      ] {
        let refused = try await rheobase(arguments + traces)
        #expect(refused.status == .exited(64) && refused.output.isEmpty)
        let said = "\(traces.joined(separator: " ")): traces are files of the result folder; name it with --output"
        #expect(refused.errors == "rheobase: error: \(said) (see rheobase --help)\n")
        #expect(try await rheobase(arguments + ["--crop", "24", "--timesteps", "3", "--traces", ""]).status.isSuccess)
      }
    }
  }

  @Test func chartsWithoutAFolderToDrawThemOfAreRefused() async throws {
    try await withProgram { rheobase in
      let outcome = try await rheobase("run", "--image", Program.photograph, "--plot")
      #expect(outcome.status == .exited(64) && outcome.output.isEmpty)
      #expect(
        outcome.errors == "rheobase: error: --plot: charts are drawn of a result folder; name it with --output "
          + "(see rheobase --help)\n")
    }
  }

  /// Each file that a result's configuration names, also where that lies elsewhere now; what is given instead is no
  /// change, and neither is what somebody wrote.
  @Test func aRunOfAResultTellsWhichOfItsFilesHaveChanged() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try FileManager.default.copyItem(atPath: Program.photograph, toPath: rheobase.path("p.png"))
      let run = ["run", "--image", "p.png", "--crop", "24", "--bank", "b.npz", "--timesteps", "3", "--output", "r"]
      try await succeed(rheobase, run)
      try FileManager.default.copyItem(atPath: rheobase.path("r/run.yaml"), toPath: rheobase.path("copy.yaml"))
      try await succeed(rheobase, ["run", "copy.yaml", "--strict"])

      let bank = ["bank", "make", "--orientations", "6", "--bandwidths", "20", "--output", "b.npz"]
      try await succeed(rheobase, bank)
      let others = rheobase.path("other.png")
      try FileManager.default.copyItem(
        atPath: Program.photograph.replacing("camera.png", with: "grass.png"), toPath: others)
      try FileManager.default.removeItem(atPath: rheobase.path("p.png"))
      try FileManager.default.moveItem(atPath: others, toPath: rheobase.path("p.png"))
      func said(_ name: String, _ file: String) -> String {
        "\(rheobase.path(name)): has changed since the result that \(file) is of"
      }
      for file in ["copy.yaml", "r/run.yaml"] {
        let again = try await rheobase("run", file)
        #expect(again.status.isSuccess)
        #expect(
          again.errors
            == ["p.png", "b.npz"].map { "rheobase: warning: \(said($0, file))\n" }.joined())
        let strict = try await rheobase("run", file, "--strict", "--output", "s")
        #expect(strict.status == .exited(1))
        #expect(
          strict.errors
            == "rheobase: error: \(said("p.png", file)), \(said("b.npz", file)), and the run is strict\n")
      }
      #expect(try !rheobase.names.contains("s"))
      try await succeed(rheobase, ["run", "copy.yaml", "--image", Program.photograph, "--bank", "homogeneous"])
      let text = try rheobase.text("copy.yaml")
      try rheobase.write(text.split(separator: "\n").dropLast().joined(separator: "\n") + "\n", to: "written.yaml")
      try await succeed(rheobase, ["run", "written.yaml", "--strict"])
      try rheobase.write(text.replacing("contents: {", with: "contents: {bnak: x, "), to: "wrong.yaml")
      let wrong = try await rheobase("run", "wrong.yaml")
      #expect(wrong.status == .exited(1) && wrong.errors.contains("unknown key 'bnak'"), "\(wrong.errors)")
    }
  }

  /// A chip that comes with the program is one of its files, which a version may change.
  @Test func aRunOfAResultTellsThatItsChipIsAnother() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let run = ["run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--timesteps", "3"]
      try await succeed(rheobase, run + ["--output", "r"])
      let text = try rheobase.text("r/run.yaml")
      let chip = try #require(text.range(of: "contents: {")).upperBound
      let hash = try #require(text[chip...].range(of: "chip: \"")).upperBound
      let other = text[..<hash] + (text[hash] == "0" ? "1" : "0") + text[text.index(after: hash)...]
      try rheobase.write(String(other), to: "former.yaml")
      let again = try await rheobase("run", "former.yaml")
      #expect(
        again.errors
          == "rheobase: warning: the chip loihi2 of this version has changed since the result that former.yaml is of\n")
    }
  }

  @Test func tracesOfActivityNameTheProgramAsStatisticsDo() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let run = ["run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--timesteps", "3"]
      try await succeed(rheobase, run + ["--traces", "sqlite,perfetto", "--output", "r"])
      let file = try JSONSerialization.jsonObject(with: rheobase.data("r/stats.json")) as? [String: Any]
      let program = try #require((file?["run"] as? [String: Any])?["program"] as? String)
      #expect(try await rheobase("--version").output.contains(program))
      // A row of `meta` is its name and its value, one behind the other.
      #expect(try rheobase.data("r/trace.sqlite").range(of: Data("program\(program)".utf8)) != nil)
      #expect(try rheobase.text("r/trace.perfetto.json").contains("\"program\":\"\(program)\""))
    }
  }

  @Test func aTargetThatIsReachedWithoutASpikeIsSaid() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let run = ["run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--gap"]
      let remark = "target reached without a spike: a code of zeros is within it"
      #expect(try await rheobase(run + ["1000"]).output.contains(remark))
      #expect(try await !rheobase(run + ["0.05"]).output.contains(remark))
    }
  }

  @Test func banksCodesStreamsAndChipsCanBeLookedAt() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try await succeed(rheobase, ["bank", "show", "b.npz", "--picture", "b.png"])
      #expect(try Raster(contentsOf: rheobase.path("b.png")).width > 12)
      let shown = try await rheobase("bank", "show", "heterogeneous", "--json")
      let numbers = try #require(try JSONSerialization.jsonObject(with: Data(shown.output.utf8)) as? [String: Any])
      #expect(numbers["kernels"] as? Int == 144 && numbers["size_px"] as? Int == 12)
      #expect(abs(try #require(numbers["mean_bandwidth_deg"] as? Double) - 17.5) < 1e-9)
      #expect((numbers["largest_gram_eigenvalues"] as? [Double])?.count == 2)
      #expect(numbers["median_explained"] is NSNull)
      #expect(["orientations", "bandwidths", "phases"].map { numbers[$0] as? Int } == [12, 6, 2])
      try await succeed(
        rheobase,
        ["encode", Program.photograph, "--crop", "24", "--bank", "b.npz", "--lambda", "0.2", "--output", "c.npz"])
      let code = try NumPyArchive(contentsOf: rheobase.path("c.npz"))
      #expect(code.arrays["objective"] != nil)
      try await succeed(
        rheobase,
        ["run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--input", "sparse-latency"]
          + ["--timesteps", "70", "--traces", "input", "--output", "r"])
      try await succeed(rheobase, ["events", "convert", "r/input.npz", "e.csv"])
      try await succeed(rheobase, ["events", "convert", "e.csv", "e.npz"])
      #expect(try rheobase.data("e.npz") == rheobase.data("r/input.npz"))
      #expect(try await rheobase("events", "inspect", "e.csv").output.contains("sparse-latency"))
    }
  }

  @Test func ctrlCLeavesNothingAndEndsByTheSignal() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      var interrupted = 0
      for attempt in 0..<20 {
        let status = try await rheobase.interrupted(
          after: .milliseconds(12 * attempt),
          [
            "compare", Program.photograph, "--crop", "24", "--banks", "b.npz,homogeneous", "--traces",
            "spikes,steps,vcd,input,pictures",
          ]
            + ["--output", "all"])
        if status == .exited(0) {
          #expect(try FileManager.default.contentsOfDirectory(atPath: rheobase.path("all")).count == 8)
          try FileManager.default.removeItem(atPath: rheobase.path("all"))
        } else {
          #expect(status == .signaled(2))
          interrupted += 1
        }
        #expect(try rheobase.names == ["b.npz"])
      }
      #expect(interrupted > 3)
    }
  }

  private func succeed(_ rheobase: Program, _ arguments: [String]) async throws {
    let outcome = try await rheobase(arguments)
    try #require(outcome.status.isSuccess, "\(arguments): \(outcome.errors)")
    #expect(outcome.errors.isEmpty)
  }

  private func statistics(_ rheobase: Program, _ folder: String) throws -> [String: NSDictionary] {
    let file = try JSONSerialization.jsonObject(with: rheobase.data("\(folder)/stats.json")) as? [String: Any]
    return try #require(file?["stats"] as? [String: NSDictionary])
  }
}
