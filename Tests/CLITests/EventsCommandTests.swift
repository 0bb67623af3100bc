import DataFiles
import EventStreams
import Foundation
import Testing

/// Each flag of `rheobase events` does what it says, and its misuse is one line.
@Suite struct EventsCommandTests {
  @Test(arguments: [
    ([], MovingEdge()), (["--size", "16"], edge { $0.size = 16 }), (["--angle", "90"], edge { $0.angle_degrees = 90 }),
    (["--speed", "250.5"], edge { $0.speed = 250.5 }), (["--levels", "3"], edge { $0.levels = 3 }),
    (["--width", "2"], edge { $0.width = 2 }),
  ])
  func aSceneIsMadeAsTheFlagsSay(_ flags: [String], _ edge: MovingEdge) async throws {
    try await withProgram { rheobase in
      try await succeed(rheobase, ["make", "e.npz"] + flags)
      let made = try EventStreamFile.read(rheobase.path("e.npz"))
      #expect(try made == edge.recording() && made.count > 100)
    }
  }

  private static func edge(_ change: (inout MovingEdge) -> Void) -> MovingEdge {
    var edge = MovingEdge()
    change(&edge)
    return edge
  }

  /// Two channels, a time that is no whole microsecond, payloads of more than their sign.
  private static let rich = """
    # rheobase.events/1 encoder=dense channels=2 rows=3 columns=4 steps=1 payload_exponent=0
    step,time_ns,channel,row,column,payload
    0,5000,0,0,1,1
    0,7000,1,2,3,-1
    0,7500,1,1,0,9

    """

  /// Times count from the first event of the stream, whatever its channel.
  @Test func aConversionTakesEachFlag() async throws {
    try await withProgram { rheobase in
      try rheobase.write(Self.rich, to: "e.csv")
      try await succeed(rheobase, ["convert", "e.csv", "all.npz", "--strict"])
      #expect(try EventStreamFile.read(rheobase.path("all.npz")).payload == [1, -1, 9])
      try await succeed(rheobase, ["convert", "e.csv", "one.csv", "--channel", "1", "--from-zero"])
      let one = try EventStreamFile.read(rheobase.path("one.csv"))
      #expect(one.channels == 1 && one.time_ns == [2000, 2500] && one.payload == [-1, 9])
      try await succeed(rheobase, ["convert", "one.csv", "one.bin", "--format", "sqlite"])
      #expect(try rheobase.data("one.bin").starts(with: Data("SQLite format 3".utf8)))

      let lossy = try await rheobase("events", "convert", "e.csv", "e.raw", "--format", "evt2")
      #expect(lossy.status.isSuccess)
      #expect(
        lossy.errors
          == "rheobase: warning: e.raw: 1 times rounded down to 1 us, 2 channels merged into one, "
          + "1 payloads reduced to their signs, encoder 'dense' dropped, number of channels 2 dropped\n")
      let quiet = try await rheobase("events", "convert", "e.csv", "e.raw", "--format", "evt2", "--quiet")
      #expect(quiet.status.isSuccess && quiet.errors == lossy.errors)
      #expect(try String(decoding: rheobase.data("e.raw").prefix(9), as: UTF8.self) == "% evt 2.0")
      let before = try rheobase.names
      let strict = try await rheobase("events", "convert", "e.csv", "s.raw", "--strict")
      #expect(strict.status == .exited(1) && strict.errors.contains("s.raw: cannot be written: evt3 does not hold all"))
      #expect(try strict.errors.filter { $0 == "\n" }.count == 1 && rheobase.names == before)
    }
  }

  /// Words of EVT 2.0 without a geometry: an ON event at (1, 1), and a trigger before.
  @Test func aGeometryStandsForOneThatTheFileDoesNotSay() async throws {
    try await withProgram { rheobase in
      let bytes = Array("% evt 2.0\n% end\n".utf8) + [0, 0, 0, 0xA0, 0, 0, 0, 0x80, 1, 8, 0, 0x10]
      try Data(bytes).write(to: URL(fileURLWithPath: rheobase.path("e.raw")))
      let inspected = try await rheobase("events", "inspect", "e.raw", "--geometry", "3x2")
      #expect(inspected.output.contains("1 channels × 2 rows × 3 columns"))
      #expect(
        inspected.errors == "rheobase: warning: e.raw: left out: 1 words that are no events (triggers and others)\n")
      #expect(try await rheobase("events", "inspect", "e.raw").output.contains("2048 rows × 2048 columns"))
      let converted = try await rheobase("events", "convert", "e.raw", "e.csv", "--geometry", "3x2")
      #expect(converted.status.isSuccess)
      #expect(
        converted.errors
          == "rheobase: warning: e.csv: left out of the source: 1 words that are no events (triggers and others)\n")
      #expect(try EventStreamFile.read(rheobase.path("e.csv")).columns == 3)
      try await fail(
        rheobase, ["convert", "e.raw", "f.csv", "--geometry", "1x1"], status: 1, "e.raw: event 0: row is 1")
      #expect(try rheobase.names == ["e.csv", "e.raw"])
    }
  }

  /// A trigger before the first event of a recording that drives the chip.
  @Test func aRunSaysWhatIsLeftOutOfItsRecording() async throws {
    try await withProgram { rheobase in
      try await succeed(rheobase, ["make", "edge.raw"])
      var bytes = try rheobase.data("edge.raw")
      let start = try #require(bytes.range(of: Data("% end\n".utf8)))
      bytes.insert(contentsOf: [0x00, 0xA0], at: start.upperBound)
      try bytes.write(to: URL(fileURLWithPath: rheobase.path("edge.raw")))
      let run = try await rheobase(
        "run", "--events", "edge.raw", "--bank", "homogeneous", "--timesteps", "3", "--output", "r")
      #expect(run.status.isSuccess)
      #expect(
        run.errors.hasSuffix("edge.raw: left out: 1 words that are no events (triggers and others)\n"), "\(run.errors)")
      #expect(try rheobase.text("r/stats.json").contains("words that are no events"))
      let strict = try await rheobase(
        "run", "--events", "edge.raw", "--bank", "homogeneous", "--timesteps", "3", "--crop", "32", "--strict")
      #expect(strict.status == .exited(1))
      #expect(strict.errors.contains("edge.raw: the run is strict, and would leave out: 1 words"), "\(strict.errors)")
      #expect(strict.errors.contains("events outside the crop"), "\(strict.errors)")
    }
  }

  @Test(arguments: [
    (["make", "e.foo"], 64, "the extensions are .npz, .csv"),
    (["make", "f.npz", "--size", "0"], 64, "an edge needs a size of 1 … 2048"),
    (["make", "f.npz", "--angle", "nan"], 64, "an edge needs"),
    (["make", "f.npz", "--speed", "0"], 64, "an edge needs"),
    (["make", "f.npz", "--speed", "1e-9"], 64, "the edge takes too long"),
    (["make", "f.npz", "--levels", "101"], 64, "an edge needs"),
    (["make", "f.npz", "--width=-1"], 64, "an edge needs"),
    (["make", "e.csv/f.npz"], 1, "e.csv/f.npz: cannot be written"),
    (["inspect", "e.csv", "--geometry", "3"], 64, "--geometry 3: WIDTHxHEIGHT is expected, such as 346x260"),
    (["inspect", "e.csv", "--geometry", "0x3"], 64, "WIDTHxHEIGHT is expected"),
    (["inspect", "none.raw"], 1, "none.raw: cannot be read"),
    (["inspect", "e.csv", "--geometry", "3x3"], 1, "e.csv: says its rows and columns itself"),
    (["convert", "e.csv", "f.npz", "--geometry", "3x3"], 1, "e.csv: says its rows and columns itself"),
    (
      ["make", "f.npz", "--size", "2048", "--levels", "100"], 64, "are up to 419430400 events; a stream holds 67108864"
    ),
    (["convert", "e.csv", "f.npz", "--geometry", "3x"], 64, "WIDTHxHEIGHT is expected"),
    (["convert", "e.csv", "f.npz", "--format", "foo"], 64, "'foo' is invalid for '--format"),
    (["convert", "e.csv", "f.npz", "--channel", "x"], 64, "'x' is invalid for '--channel"),
    (["convert", "e.csv", "f.npz", "--channel", "2"], 1, "e.csv: has 2 channels; there is no channel 2"),
    (["convert", "e.csv", "f.npz", "--strict", "yes"], 64, "Unexpected argument 'yes'"),
    (["convert", "e.csv", "f.npz", "--from-zero=1"], 64, "from-zero"),
    (["convert", "none.csv", "f.npz"], 1, "none.csv: cannot be read"),
    (["convert", "e.sqlite", "f.npz"], 1, "e.sqlite: a database of events is written only; read it with SQL"),
  ])
  func misuseIsOneLine(_ arguments: [String], status: Int, _ message: String) async throws {
    try await withProgram { rheobase in
      try rheobase.write(Self.rich, to: "e.csv")
      try await fail(rheobase, arguments, status: status, message)
      #expect(try rheobase.names == ["e.csv"])
    }
  }

  private func succeed(_ rheobase: Program, _ arguments: [String]) async throws {
    let outcome = try await rheobase(["events"] + arguments)
    try #require(outcome.status.isSuccess && outcome.errors.isEmpty, "\(arguments): \(outcome.errors)")
  }

  private func fail(_ rheobase: Program, _ arguments: [String], status: Int, _ message: String) async throws {
    let outcome = try await rheobase(["events"] + arguments)
    #expect(outcome.status == .exited(Int32(status)) && outcome.output.isEmpty, "\(arguments)")
    #expect(outcome.errors.hasPrefix("rheobase: error: ") && outcome.errors.contains(message), "\(outcome.errors)")
    #expect(outcome.errors.filter { $0 == "\n" }.count == 1, "\(outcome.errors)")
  }
}
