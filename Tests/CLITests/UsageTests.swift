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
    (["bank", "make", "--orientations", "0"], "has no kernels"),
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

  @Test func theVersionIsPrinted() async throws {
    try await withProgram { rheobase in
      let outcome = try await rheobase("--version")
      #expect(outcome.status.isSuccess)
      #expect(outcome.output == "0.1.0\n")
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
