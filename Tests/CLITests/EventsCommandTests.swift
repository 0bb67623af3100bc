import DataFiles
import EventStreams
import Foundation
import Reports
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
      let chosen = ["events", "convert", "e.csv", "one.csv", "--channel", "1", "--from-zero"]
      let one = try await rheobase(chosen)
      #expect(one.status.isSuccess)
      #expect(
        one.errors
          == "rheobase: warning: one.csv: left out as asked: 1 event of other channels, "
          + "left out as asked: time of the first event, 5000 ns\n")
      #expect(try await rheobase(chosen + ["--strict"]).status.isSuccess)
      let written = try EventStreamFile.read(rheobase.path("one.csv"))
      #expect(written.channels == 1 && written.time_ns == [2000, 2500] && written.payload == [-1, 9])
      #expect(
        try await rheobase("events", "convert", "one.csv", "one.bin", "--format", "sqlite").errors.contains(
          "one.bin: lost before: 1 event of other channels, time of the first event, 5000 ns\n"))
      #expect(try rheobase.data("one.bin").starts(with: Data("SQLite format 3".utf8)))

      let lossy = try await rheobase("events", "convert", "e.csv", "e.raw", "--format", "evt2")
      #expect(lossy.status.isSuccess)
      #expect(
        lossy.errors
          == "rheobase: warning: e.raw: 1 event: time rounded down to 1 us, 2 events: channel merged into one, "
          + "1 event: payload reduced to its sign, encoder 'dense' dropped, number of channels 2 dropped\n")
      let quiet = try await rheobase("events", "convert", "e.csv", "e.raw", "--format", "evt2", "--quiet")
      #expect(quiet.status.isSuccess && quiet.errors == lossy.errors)
      #expect(try String(decoding: rheobase.data("e.raw").prefix(9), as: UTF8.self) == "% evt 2.0")
      let before = try rheobase.names
      let strict = try await rheobase("events", "convert", "e.csv", "s.raw", "--strict")
      #expect(
        strict.status == .exited(1) && strict.errors.contains("s.raw: cannot be written: the conversion is strict"))
      #expect(try strict.errors.filter { $0 == "\n" }.count == 1 && rheobase.names == before)
    }
  }

  /// As a run's database does.
  @Test func aDatabaseOfEventsNamesTheProgram() async throws {
    try await withProgram { rheobase in
      let version = try await rheobase("--version").output.trimmingCharacters(in: .newlines)
      try await succeed(rheobase, ["make", "e.npz", "--size", "16"])
      try await succeed(rheobase, ["convert", "e.npz", "converted.sqlite", "--strict"])
      try await succeed(rheobase, ["make", "made.sqlite", "--size", "16"])
      for name in ["converted", "made"] {
        #expect(try rheobase.data("\(name).sqlite").range(of: Data("program\(version)".utf8)) != nil, "\(name)")
      }
    }
  }

  /// By its name, by another path, by a link.
  @Test func aConversionDoesNotReplaceItsSource() async throws {
    try await withProgram { rheobase in
      try await succeed(rheobase, ["make", "e.npz", "--size", "16"])
      let before = try rheobase.data("e.npz")
      try FileManager.default.createSymbolicLink(
        atPath: rheobase.path("link.npz"), withDestinationPath: rheobase.path("e.npz"))
      for name in ["e.npz", "./e.npz", "link.npz"] {
        let outcome = try await rheobase("events", "convert", "e.npz", name, "--from-zero")
        #expect(outcome.errors == "rheobase: error: \(name): is the source itself; name another file\n")
      }
      #expect(try rheobase.data("e.npz") == before)
      try await succeed(rheobase, ["convert", "e.npz", "other.npz"])
    }
  }

  /// Each conversion leaves something out; what was before stands behind one word, whoever tells it.
  @Test func whatWasLostBeforeIsSaidAtOneLevel() async throws {
    try await withProgram { rheobase in
      try rheobase.write(Self.rich, to: "e.csv")
      _ = try await rheobase("events", "convert", "e.csv", "one.csv", "--channel", "1")
      let second = try await rheobase("events", "convert", "one.csv", "two.csv", "--from-zero")
      let ofOthers = "1 event of other channels", ofTime = "time of the first event, 7000 ns"
      #expect(
        second.errors == "rheobase: warning: two.csv: left out as asked: \(ofTime), lost before: \(ofOthers)\n")
      let third = try await rheobase("events", "convert", "two.csv", "three.npz")
      #expect(third.errors == "rheobase: warning: three.npz: lost before: \(ofTime), \(ofOthers)\n")
      let inspected = try await rheobase("events", "inspect", "three.npz")
      #expect(inspected.errors == "rheobase: warning: three.npz: lost before: \(ofTime), \(ofOthers)\n")
    }
  }

  /// What was left out as asked is no loss of the conversions of that file.
  @Test func aStrictConversionTakesAFileOfAStrictConversion() async throws {
    try await withProgram { rheobase in
      try rheobase.write(Self.rich, to: "e.csv")
      let chosen = ["--from-zero", "--channel", "1", "--sort", "--strict"]
      #expect(try await rheobase(["events", "convert", "e.csv", "one.csv"] + chosen).status.isSuccess)
      let again = try await rheobase("events", "convert", "one.csv", "two.npz", "--strict")
      let before = "lost before: 1 event of other channels, time of the first event, 5000 ns"
      #expect(again.status.isSuccess && again.errors == "rheobase: warning: two.npz: \(before)\n")
      // A loss of its own is refused, and told alone.
      let lossy = try await rheobase("events", "convert", "two.npz", "e.raw", "--strict")
      #expect(!lossy.status.isSuccess && lossy.errors.contains("1 event: time rounded down to 1 us"))
      #expect(!lossy.errors.contains("lost before"), "\(lossy.errors)")
    }
  }

  @Test func lateEventsArePutInOrderWhereThatIsAsked() async throws {
    try await withProgram { rheobase in
      try rheobase.write(Self.rich.replacing("0,5000,0,0,1,1\n0,7000", with: "0,7000"), to: "e.csv")
      try rheobase.write(rheobase.text("e.csv") + "0,5000,0,0,1,1\n", to: "e.csv")
      for arguments in [["inspect", "e.csv"], ["convert", "e.csv", "s.csv"]] {
        try await fail(
          rheobase, arguments, status: 1,
          "e.csv: event 2: time_ns 5000 follows 7500; events must be sorted by step and time; "
            + "events convert --sort puts late ones in order")
      }
      let sorted = try await rheobase("events", "convert", "e.csv", "s.csv", "--sort", "--strict")
      #expect(sorted.status.isSuccess)
      #expect(sorted.errors == "rheobase: warning: s.csv: left out as asked: order of 1 late event\n")
      #expect(try EventStreamFile.read(rheobase.path("s.csv")).time_ns == [5000, 7000, 7500])
    }
  }

  /// Words of EVT 2.0 without a geometry: an ON event at (1, 1), and a trigger before.
  @Test func aGeometryStandsForOneThatTheFileDoesNotSay() async throws {
    try await withProgram { rheobase in
      let bytes = Array("% evt 2.0\n% end\n".utf8) + [0, 0, 0, 0xA0, 0, 0, 0, 0x80, 1, 8, 0, 0x10]
      try Data(bytes).write(to: URL(fileURLWithPath: rheobase.path("e.raw")))
      let inspected = try await rheobase("events", "inspect", "e.raw", "--geometry", "3x2")
      #expect(inspected.output.contains("1 channel × 2 rows × 3 columns"))
      #expect(
        inspected.errors == "rheobase: warning: e.raw: left out: 1 word without an event (triggers and others)\n")
      #expect(try await rheobase("events", "inspect", "e.raw").output.contains("2048 rows × 2048 columns"))
      let converted = try await rheobase("events", "convert", "e.raw", "e.csv", "--geometry", "3x2")
      #expect(converted.status.isSuccess)
      #expect(
        converted.errors
          == "rheobase: warning: e.csv: left out of the source: 1 word without an event (triggers and others)\n")
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
        "run", "--events", "edge.raw", "--bank", "homogeneous", "--timesteps", "50", "--output", "r")
      #expect(run.status.isSuccess)
      #expect(
        run.errors.hasSuffix("edge.raw: left out: 1 word without an event (triggers and others)\n"), "\(run.errors)")
      #expect(try rheobase.text("r/stats.json").contains("1 word without an event"))
      let strict = try await rheobase(
        "run", "--events", "edge.raw", "--bank", "homogeneous", "--timesteps", "3", "--crop", "32", "--strict")
      #expect(strict.status == .exited(1))
      #expect(strict.errors.contains("edge.raw: the run is strict, and would leave out: 1 word"), "\(strict.errors)")
      #expect(strict.errors.contains("events outside the crop"), "\(strict.errors)")
      #expect(strict.errors.contains("events too late to act in the last of 3 steps"), "\(strict.errors)")
      // What a file's source had lost before is told, and not left out by the run.
      #expect(try await rheobase("events", "convert", "edge.raw", "edge.npz").status.isSuccess)
      let former = try await rheobase(
        "run", "--events", "edge.npz", "--bank", "homogeneous", "--timesteps", "50", "--strict")
      #expect(former.status.isSuccess && former.errors.contains("edge.npz: lost before: 1 word"), "\(former.errors)")
    }
  }

  /// A camera's encoder makes a recording of a stream, whatever steps it has.
  @Test func stepsThatARunDoesNotTakeFromARecordingAreToldAndRefused() async throws {
    try await withProgram { rheobase in
      try await succeed(rheobase, ["make", "edge.npz", "--size", "16"])
      var stream = try EventStreamFile.read(rheobase.path("edge.npz"))
      stream.steps = 3
      for index in stream.indices { stream.step[index] = index < stream.count / 2 ? 0 : 2 }
      try EventStreamFile.write(stream, to: rheobase.path("steps.npz"))
      let run = ["run", "--events", "steps.npz", "--crop", "none", "--bank", "homogeneous", "--timesteps", "50"]
      let said = "the recording's own 3 steps, with \(stream.count - stream.count / 2) events behind the first one"
      let told = try await rheobase(run)
      #expect(told.status.isSuccess && told.errors.contains("/steps.npz: left out: \(said)"))
      let strict = try await rheobase(run + ["--strict"])
      #expect(strict.status == .exited(1) && strict.errors.contains("would leave out: \(said)"), "\(strict.errors)")
    }
  }

  /// Before its end a recording's picture is not what the network is judged by.
  @Test func aTargetCountsOnlyAfterTheRecordingHasEnded() async throws {
    try await withProgram { rheobase in
      try await succeed(rheobase, ["make", "edge.npz"])
      func run(_ more: [String]) async throws -> (StatisticsFile, EventStream) {
        let arguments = [
          "run", "--events", "edge.npz", "--bank", "homogeneous", "--traces", "input,steps", "--output", "r",
        ]
        try #require(try await rheobase(arguments + more).status.isSuccess)
        let file = try StatisticsFile(parsing: rheobase.data("r/stats.json"))
        return (file, try EventStreamFile.read(rheobase.path("r/input.npz")))
      }
      let (whole, sent) = try await run([])
      #expect(try #require(whole.statistics[.reachedStep]?.value.number) > Double(sent.steps))
      #expect(whole.statistics[.inputEvents]?.value.number == Double(sent.count))
      // What was sent drives the network again, and is judged by the same picture, as all of the recording is in it.
      let again = ["run", "--events", "r/input.npz", "--bank", "homogeneous", "--output", "again"]
      try #require(try await rheobase(again).status.isSuccess)
      let statistics = try StatisticsFile(parsing: rheobase.data("again/stats.json")).statistics
      for name in [StatisticName.reachedStep, .gap, .objective] {
        #expect(try #require(statistics[name]?.value.number) == whole.statistics[name]?.value.number)
      }
      #expect(
        try await rheobase(again + ["--crop", "32"]).errors.contains(
          "r/input.npz: its 64 × 64 pixels are what was cropped from a recording; the crop must be 64 or none"))
      // Of a run that is shorter than the recording, too.
      let (cut, all) = try await run(["--timesteps", "5"])
      #expect(cut.statistics[.reachedStep]?.value.number == nil)
      #expect(cut.statistics[.inputEvents]?.value.number == Double(all.count { $0.step < 5 }))
      #expect(all == sent)
      try #require(try await rheobase(again + ["--timesteps", "5"]).status.isSuccess)
      #expect(try rheobase.data("again/steps.csv") == rheobase.data("r/steps.csv"))
      let steps = ["run", "--events", "edge.npz", "--bank", "homogeneous", "--strict", "--output", "s", "--timesteps"]
      #expect(try await rheobase(steps + ["\(sent.steps)"]).errors.contains("too late to act in the last of"))
      #expect(try await rheobase(steps + ["\(sent.steps + 1)"]).status.isSuccess)
    }
  }

  /// Whether they come from a file or are made for the run.
  @Test func eventsThatComeTooLateAreToldOfEveryInput() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let run = [
        "run", "--image", Program.photograph, "--model", "spiking", "--bank", "b.npz", "--crop", "24", "--timesteps",
        "2", "--traces", "input",
      ]
      let made = try await rheobase(run + ["--input", "sparse-latency", "--output", "made"])
      try #require(made.status.isSuccess, "\(made.errors)")
      let late = try EventStreamFile.read(rheobase.path("made/input.npz")).count { $0.step >= 1 }
      #expect(late > 0 && made.errors.contains("the input sparse-latency: left out: \(late) events too late"))
      #expect(try rheobase.text("made/stats.json").contains("\(late) events too late to act in the last of 2 steps"))
      let given = try await rheobase(run + ["--events", "made/input.npz", "--output", "given"])
      #expect(given.errors.contains("made/input.npz: left out: \(late) events too late"), "\(given.errors)")
      // An event of a step is input of the next one, so that those of the last step are too late.
      let stream = try EventStreamFile.read(rheobase.path("made/input.npz"))
      let last = try #require(stream.step.max())
      let ofLast = stream.count { $0.step == last }
      func said(steps: Int32) async throws -> String {
        let longer = run.map { $0 == "2" ? "\(steps)" : $0 }
        return try await rheobase(longer + ["--input", "sparse-latency", "--output", "longer"]).errors
      }
      #expect(
        try await said(steps: last + 1).contains(
          "left out: \(ofLast.counted("event")) too late to act in the last of \(last + 1) steps\n"))
      // They are sent all the same.
      let sent = try StatisticsFile(parsing: rheobase.data("longer/stats.json")).statistics[.inputEvents]
      #expect(sent?.value.number == Double(stream.count))
      #expect(try await !said(steps: last + 2).contains("too late"))
      let strict = try await rheobase(run + ["--input", "sparse-latency", "--strict", "--output", "strict"])
      #expect(!strict.status.isSuccess && strict.errors.contains("would leave out: \(late) events too late"))
      // A result is not replaced by one that is made of it.
      let own = try await rheobase(run + ["--events", "made/input.npz", "--output", "made"])
      let line = "made/input.npz: lies in made, which the result would replace; name another folder"
      #expect(!own.status.isSuccess && own.errors.contains(line), "\(own.errors)")
      #expect(try rheobase.names("made").contains("input.npz"))
    }
  }

  /// An event that is worth much beside λ makes a problem that no gap can be certified for in single precision.
  @Test func aRecordingWithoutAReferenceIsToldWithWhatHelps() async throws {
    try await withProgram { rheobase in
      try await succeed(rheobase, ["make", "edge.npz", "--size", "16"])
      // Codes are of single precision.
      let run = try await rheobase(
        "run", "--events", "edge.npz", "--bank", "homogeneous", "--crop", "none", "--timesteps", "3", "--set",
        "reference_gap=1e-12")
      #expect(
        run.status == .exited(1) && run.errors.contains("edge.npz: no certified reference, as the gap is still "))
      #expect(
        run.errors.hasSuffix(
          "; use a smaller event_exponent where the recording is integrated, or a larger lambda or reference_gap\n"),
        "\(run.errors)")
    }
  }

  @Test func aRecordingOfOneStepDrivesTheNetworkAgainAndAStreamThatIsNoRecordingNeedsAnImage() async throws {
    try await withProgram { rheobase in
      try await succeed(rheobase, ["make", "edge.npz"])
      let run = ["run", "--bank", "homogeneous", "--timesteps", "20", "--traces", "steps,input", "--events"]
      try #require(
        try await rheobase(run + ["edge.npz", "--set", "event_step_us=1000000", "--output", "r"]).status.isSuccess)
      let sent = try EventStreamFile.read(rheobase.path("r/input.npz"))
      #expect(sent.steps == 1)
      try #require(try await rheobase(run + ["r/input.npz", "--output", "again"]).status.isSuccess)
      for name in ["steps.csv", "input.npz"] {
        #expect(try rheobase.data("again/\(name)") == rheobase.data("r/\(name)"), "\(name)")
      }
      func refuse(_ change: (inout EventStream) -> Void, _ message: String) async throws {
        var stream = sent
        change(&stream)
        try EventStreamFile.write(stream, to: rheobase.path("e.npz"))
        #expect(try await rheobase(run + ["e.npz", "--output", "x"]).errors.contains("e.npz: \(message)"))
      }
      try await refuse(
        { ($0.encoder, $0.steps) = ("dense", 9) },
        "a stream of the encoder 'dense' is judged against an image; name it with --image")
      try await refuse({ $0.encoder = "dvs" }, "a stream of the encoder 'dvs' is judged against an image")
      try await refuse(
        { $0.channels = 2 }, "a stream of the encoder integrated with 2 channels is not an image")
    }
  }

  @Test(arguments: EventStreamFile.Format.readableExtensions)
  func anEmptyFileIsRefusedInOneLine(extension suffix: String) async throws {
    try await withProgram { rheobase in
      try rheobase.write("", to: "e\(suffix)")
      try await fail(rheobase, ["inspect", "e\(suffix)"], status: 1, "e\(suffix): the file is empty")
    }
  }

  /// Nothing waits for what they may give, or for somebody to read: a pipe has no writer here, nor a reader.
  @Test func pipesAreRefusedInOneLine() async throws {
    try await withProgram { rheobase in
      try rheobase.write(Self.rich, to: "e.csv")
      for name in ["p.csv", "p.npz", "p.raw", "p.png", "p.yaml"] { mkfifo(rheobase.path(name), 0o600) }
      let before = try rheobase.names
      let advice = "save what it gives to one first\n"
      for name in ["p.csv", "p.npz", "p.raw"] {
        let line = "\(name): is a pipe or a device, not a file to read; \(advice)"
        for arguments in [["inspect", name], ["convert", name, "f.npz"]] {
          try await fail(rheobase, arguments, status: 1, line)
        }
        let run = try await rheobase("run", "--events", name, "--bank", "homogeneous", "--output", "r")
        #expect(run.status == .exited(1) && run.errors.hasSuffix(line), "\(run.errors)")
      }
      for arguments in [["--image", "p.png"], ["p.yaml"], ["--events", "e.csv", "--bank", "p.npz"]] {
        #expect(try await rheobase(["run"] + arguments).errors.contains(": is a pipe or a device, not a file to read"))
      }
      for arguments in [["make", "p.csv"], ["convert", "e.csv", "p.npz"]] {
        let line = ": is a pipe or a device; a file can only be written in place of a file\n"
        try await fail(rheobase, arguments, status: 1, line)
      }
      for name in ["/dev/stdout", "/dev/fd/1"] {
        let convert = ["convert", "e.csv", name, "--format", "csv"]
        try await fail(rheobase, convert, status: 1, "\(name): is no place for a file of its own")
      }
      // What a shell makes of `<(…)`.
      var shell = rheobase
      shell.launcher = ["/bin/sh", "-c", "cat e.csv | \"$@\"", "sh"]
      try await fail(
        shell, ["convert", "/dev/stdin", "f.npz"], status: 64,
        "/dev/stdin: is a pipe or a device, not a file of an event stream; save what it gives to one first")
      #expect(try rheobase.names == before)
    }
  }

  @Test func aSparseCodeIsToldFromItsEvents() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try #require(
        try await rheobase(
          "encode", Program.photograph, "--crop", "24", "--bank", "b.npz", "--lambda", "0.5", "--output", "code.npz"
        ).status.isSuccess)
      try await fail(
        rheobase, ["inspect", "code.npz"], status: 1,
        "error: code.npz: is a sparse code, not its events; run --input sparse --traces input makes those, as input.npz\n"
      )
    }
  }

  /// Neither a drive nor a charge that is chosen by it depends on the steps that come later.
  @Test(arguments: [
    ("spiking", "dense-rate"), ("spiking", "sparse-rate"), ("spiking", "sparse-latency"), ("delta", "sparse-latency"),
    ("graded", "sparse-latency"), ("residual", "sparse-latency"),
  ])
  func whatAStepDoesDoesNotDependOnLaterOnes(model: String, input: String) async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      func spikes(_ arguments: [String], steps: Int, of kept: Int) async throws -> [Substring] {
        let run = [
          "run", "--image", Program.photograph, "--model", model, "--bank", "b.npz", "--crop", "24", "--lambda", "0.05",
          "--timesteps", "\(steps)", "--traces", "spikes,input", "--output", "r\(steps)",
        ]
        let outcome = try await rheobase(run + arguments)
        try #require(outcome.status.isSuccess, "\(outcome.errors)")
        return try rheobase.text("r\(steps)/spikes.csv").split(separator: "\n").dropFirst().filter { line in
          Int(line.split(separator: ",")[1]).map { $0 < kept } ?? false
        }
      }
      let direct = try await spikes(["--input", input], steps: 64, of: 40)
      #expect(!direct.isEmpty)
      for steps in [40, 52] {
        #expect(try await spikes(["--events", "r64/input.npz"], steps: steps, of: 40) == direct)
      }
    }
  }

  /// Whatever it is called.
  @Test func aTraceOfSpikesIsToldFromAStream() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let run = ["run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--timesteps", "3"]
      try #require(try await rheobase(run + ["--traces", "spikes,npz", "--output", "r"]).status.isSuccess)
      let message =
        "is a trace of a chip's spikes; an event stream is expected, such as the input.npz of run --traces input"
      try rheobase.write(rheobase.text("r/spikes.csv"), to: "spikes.raw")
      // As the probe of a network writes them.
      try rheobase.write("step,time_ps,neuron,channel,row,column,payload\n", to: "probe.csv")
      for name in ["r/spikes.npz", "r/spikes.csv", "spikes.raw", "probe.csv"] {
        try await fail(rheobase, ["inspect", name], status: 1, "error: \(name): \(message)\n")
      }
      let driven = try await rheobase(run + ["--events", "r/spikes.npz"])
      #expect(driven.status == .exited(1) && driven.errors.contains("r/spikes.npz: \(message)\n"))
    }
  }

  @Test func helpNamesTheFormatsThatCanBeRead() async throws {
    try await withProgram { rheobase in
      let help = try await rheobase("events", "convert", "--help").output.components(separatedBy: "<destination>  ")
      try #require(help.count == 2)
      #expect(!help[0].contains(".sqlite") && help[1].contains(".sqlite"))
    }
  }

  @Test(arguments: [
    (["make", "e.foo"], 64, "the extensions are .npz, .csv"),
    (["make", "f.npz", "--size", "0"], 64, "the size of an edge is 0; it must be 1 … 2048"),
    (["make", "f.npz", "--angle", "nan"], 64, "the angle of an edge is nan"),
    (["make", "f.npz", "--speed", "0"], 64, "the speed of an edge is 0; it must be"),
    (["make", "f.npz", "--speed", "1e-9"], 64, "the speed of an edge is 1e-09; it must be"),
    (["make", "f.npz", "--levels", "101"], 64, "the number of levels of an edge is 101; it must be 1 … 100"),
    (["make", "f.npz", "--width=-1"], 64, "the width of an edge is -1; it must be"),
    (["make", "e.csv/f.npz"], 1, "e.csv/f.npz: cannot be written"),
    (["convert", "e.csv", "f.npz/"], 1, "f.npz/: ends in a slash, as the name of a folder does"),
    (["inspect", "e.csv", "--geometry", "3"], 64, "--geometry 3: WIDTHxHEIGHT is expected, such as 346x260"),
    (["inspect", "e.csv", "--geometry", "0x3"], 64, "WIDTHxHEIGHT is expected"),
    (["inspect", "none.raw"], 1, "none.raw: cannot be read"),
    (["inspect", "e.csv", "--geometry", "3x3"], 1, "e.csv: says its rows and columns itself"),
    (["convert", "e.csv", "f.npz", "--geometry", "3x3"], 1, "e.csv: says its rows and columns itself"),
    (
      ["make", "f.npz", "--size", "2048", "--levels", "100"], 64, "are up to 419430400 events; a stream holds 67108864"
    ),
    (["convert", "e.csv", "f.npz", "--geometry", "3x"], 64, "WIDTHxHEIGHT is expected"),
    (
      ["convert", "e.csv", "f.npz", "--format", "evt9"], 64,
      "The value 'evt9' is invalid for '--format <format>'. Please provide one of the following: "
        + "npz, csv, evt2, evt3, aedat3, aedat4, sqlite (see rheobase --help)"
    ),
    (["convert", "e.csv", "f.npz", "--channel", "x"], 64, "'x' is invalid for '--channel"),
    (["convert", "e.csv", "f.npz", "--channel", "-1"], 1, "e.csv: has 2 channels; there is no channel -1"),
    (["convert", "e.csv", "f.npz", "--channel", "2"], 1, "e.csv: has 2 channels; there is no channel 2"),
    (["convert", "e.csv", "f.npz", "--strict", "yes"], 64, "Unexpected argument 'yes'"),
    (["convert", "e.csv", "f.npz", "--from-zero=1"], 64, "from-zero"),
    (["convert", "none.csv", "f.npz"], 1, "none.csv: cannot be read"),
    (["inspect", "e.csv", "--camera", "1"], 1, "e.csv: is of no camera; a camera is chosen of a recording in AEDAT"),
    (["convert", "e.csv", "f.npz", "--camera", "-1"], 1, "e.csv: is of no camera"),
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
