import Foundation
import Testing

/// Wrong usage: one line, exit code 64, at once, and nothing written.
@Suite struct UsageTests {
  @Test(arguments: [
    (["frob"], "Unexpected argument 'frob'"),
    (["compare"], "Missing expected argument"),
    (["compare", "IMAGE", "--foo"], "Unknown option '--foo'"),
    (["compare", "IMAGE", "--banks", "foo"], "unknown bank 'foo'; known: homogeneous, heterogeneous"),
    (["compare", "IMAGE", "--banks", "homogeneous,"], "unknown bank ''"),
    (["compare", "IMAGE", "--banks", "homogeneous,homogeneous"], "two rows would be called homogeneous-dense"),
    (["compare", "IMAGE", "--inputs", "dense,foo"], "'foo' is not known; there are dense, dense-rate"),
    (["compare", "IMAGE", "--model", "foo"], "'foo' is invalid for '--model"),
    (["compare", "IMAGE", "--chip", "foo"], "unknown chip 'foo'; known: custom, loihi1"),
    (["compare", "IMAGE", "--lambda", "0"], "--lambda 0.0: lambda: 0.0 is out of range; a number above 0"),
    (["compare", "IMAGE", "--lambda=-0.5"], "a number above 0 is needed"),
    (["compare", "IMAGE", "--lambda", "nan"], "a number is expected"),
    (["compare", "IMAGE", "--crop", "64x64"], "--crop 64x64: '64x64' is not a crop; write SIZE or SIZE@X,Y"),
    (["compare", "IMAGE", "--crop", "64@1,"], "is not a crop"),
    (["compare", "IMAGE", "--crop", "-5"], "--crop -5: the crop's size is -5; it must be 1 or more"),
    (["compare", "IMAGE", "--traces", "spikes,,steps"], "--traces spikes,,steps: a name is missing beside a comma"),
    (["compare", "IMAGE", "--traces", "spikes,"], "a name is missing beside a comma"),
    (["compare", "IMAGE", "--set", "stride=010"], "'010' could be octal"),
    (["compare", "IMAGE", "--stride", "0"], "--stride 0: stride: 0 is out of range; 1 to 64"),
    (["compare", "IMAGE", "--timesteps", "0"], "--timesteps 0: timesteps: 0 is out of range"),
    (["compare", "IMAGE", "--traces", "foo"], "unknown 'foo'; known: spikes"),
    (["compare", "IMAGE", "--set", "lamda=1"], "--set lamda=1: unknown key 'lamda'"),
    (["compare", "IMAGE", "--set", "bank=b.npz"], "--set bank=b.npz: a comparison takes --banks"),
    (["compare", "IMAGE", "--set", "events=e.npz"], "events are for rheobase run"),
    (["compare", "IMAGE", "other/camera.png"], "two images are called 'camera'"),
    (["run"], "name a run file, or a photograph with --image"),
    (["run", "--image", "IMAGE", "--input", "foo"], "'foo' is invalid for '--input"),
    (["run", "--image", "IMAGE", "--bank", "foo"], "unknown bank 'foo'"),
    (["run", "--image", "IMAGE", "--events", "e.npz", "--input", "dense"], "exclude each other"),
    (["encode", "IMAGE", "--bank", "heterogeneous", "--lambda", "0"], "λ must be above 0"),
    (["encode", "IMAGE", "--bank", "foo", "--lambda", "1"], "unknown bank 'foo'"),
    (["bank", "make", "foo"], "unknown preset 'foo'; known: homogeneous, heterogeneous"),
    (["bank", "make", "homogeneous", "--heterogeneity", "1"], "takes the place of the preset 'homogeneous'"),
    (["bank", "make", "--heterogeneity", "0.4", "--bandwidths", "5,10"], "--bandwidths 5,10: --heterogeneity decides"),
    (["bank", "make", "--heterogeneity", "0.4", "--orientations", "10"], "--orientations 10: --heterogeneity decides"),
    (["bank", "make", "--bandwidth-count", "3"], "--bandwidth-count 3: it belongs to --heterogeneity"),
    (["bank", "make", "--mean-bandwidth", "30"], "--mean-bandwidth 30.0: it belongs to --heterogeneity"),
    (["bank", "make", "--heterogeneity", "0", "--mean-bandwidth", "500"], "goes beyond 180.0°; use a smaller mean"),
    (["bank", "make", "--heterogeneity", "-0.1"], "the heterogeneity is -0.1; it must be from 0 to 1"),
    (["bank", "make", "--heterogeneity", "1", "--bandwidth-count", "1"], "one bandwidth has no spread; at hetero"),
    (["bank", "make", "--orientations", "0"], "the number of orientations is 0; it must be 1 or more"),
    (["bank", "make", "--bandwidths", "5,500"], "--bandwidths 5,500: B_θ is 500.0°; it must be above 0° and at most"),
    (["bank", "make", "--bandwidths", "5,5"], "--bandwidths 5,5: B_θ of 5.0° is there twice"),
    (["bank", "make", "--phases", "0,360"], "--phases 0,360: the phase 0.0° is there twice"),
    (["bank", "learn", "IMAGE", "--stride", "13"], "--stride 13: it must be 12 or less, the kernels' size"),
    (["bank", "learn", "IMAGE", "--patch", "11"], "--patch 11: it must be 12 or more, the kernels' size"),
    (["bank", "learn", "IMAGE", "--steps", "0"], "--steps 0: it must be 1 or more"),
    (["bank", "learn", "IMAGE", "--size", "8"], "--size 8: it belongs to --from noise; heterogeneous has its own"),
    (["bank", "learn", "IMAGE", "--from", "foo"], "unknown bank 'foo'; known: homogeneous, heterogeneous, noise, and"),
    (["bank", "learn", "IMAGE", "--held-out", ""], "--held-out '': name photographs, separated by commas"),
    (
      ["encode", "IMAGE", "--bank", "heterogeneous", "--lambda", "1", "--solver", "admm"],
      "--boundary valid: --solver admm needs --boundary circular"
    ),
    (
      [
        "encode", "IMAGE", "--bank", "heterogeneous", "--lambda", "1", "--solver", "admm", "--boundary", "circular",
        "--tolerance", "0.1",
      ], "--tolerance 0.1: --solver admm takes 100 iterations, whatever the gap"
    ),
    (["bank", "make", "--bandwidths", "5,x"], "--bandwidths 5,x: 'x' is not a number"),
    (["bank", "show", "foo"], "unknown bank 'foo'"),
    (["events", "inspect", "e.foo"], "the extensions are .npz, .csv"),
    (["events", "convert", "e.npz", "e.foo"], "the extensions are .npz, .csv"),
    (["chip", "show", "foo"], "unknown chip 'foo'"),
    (["chip", "show", "loihi1", "--json", "--yaml"], "--json and --yaml exclude each other"),
    (["chip", "check", "foo"], "unknown chip 'foo'"),
    (["chip", "check", "--bank", "foo"], "unknown bank 'foo'"),
    (["chip", "check", "--stride", "0"], "--stride 0: 1 to 4096 can be checked"),
    (["chip", "check", "loihi2", "--all"], "exclude each other"),
  ])
  func wrongUsageIsOneLineAndExitCode64(_ arguments: [String], _ message: String) async throws {
    try await withProgram { rheobase in
      var arguments = arguments.map { $0 == "IMAGE" ? Program.photograph : $0 }
      if ["compare", "run", "encode", "bank"].contains(arguments[0]), !arguments.contains("show") {
        arguments += ["--output", arguments[0] == "compare" || arguments[0] == "run" ? "result" : "result.npz"]
      }
      let outcome = try await rheobase(arguments)
      #expect(outcome.status == .exited(64))
      #expect(outcome.errors.hasPrefix("rheobase: error: ") && outcome.errors.contains(message), "\(outcome.errors)")
      #expect(outcome.errors.filter { $0 == "\n" }.count == 1)
      #expect(outcome.output.isEmpty)
      #expect(try rheobase.names.isEmpty)
    }
  }

  /// Where the linker gives a build an identifier, which is a note of the program's file, with the beginning of it.
  @Test func theVersionTellsTheBuild() async throws {
    try await withProgram { rheobase in
      let outcome = try await rheobase("--version")
      #expect(outcome.status.isSuccess)
      let version = try #require(outcome.output.wholeMatch(of: /0\.1\.0(?:\+([0-9a-f]{8}))?\n/))
      let digits = Array(version.1 ?? "")
      let build = stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(digits[$0...($0 + 1)]), radix: 16)
      }
      let file = try Data(contentsOf: URL(fileURLWithPath: Program.executable("rheobase")), options: .alwaysMapped)
      #if os(Linux)
        #expect(build.count == 4)
        #expect(file.prefix(1 << 16).range(of: Data("GNU\0".utf8) + Data(build)) != nil)
      #endif
    }
  }

  @Test(arguments: [
    ["compare"], ["run"], ["encode"], ["bank", "make"], ["bank", "show"], ["events", "inspect"], ["events", "convert"],
    ["chip", "list"], ["chip", "show"], ["validate"],
  ])
  func everyVerbHasHelp(_ verb: [String]) async throws {
    try await withProgram { rheobase in
      let outcome = try await rheobase(verb + ["--help"])
      #expect(outcome.status.isSuccess)
      #expect(outcome.output.contains("USAGE: rheobase \(verb.joined(separator: " "))"))
      #expect(outcome.errors.isEmpty)
    }
  }
}
