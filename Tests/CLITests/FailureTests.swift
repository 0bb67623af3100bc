import DataFiles
import Foundation
import KernelBanks
import Testing

/// Failed runs: one line with the place, exit code 1, and nothing left beside or in the destination.
@Suite struct FailureTests {
  private func check(
    _ rheobase: Program, _ arguments: [String], _ message: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let before = try rheobase.names
    let outcome = try await rheobase(arguments)
    #expect(outcome.status == .exited(1), "\(arguments)", sourceLocation: sourceLocation)
    #expect(
      outcome.errors.hasPrefix("rheobase: error: ") && outcome.errors.contains(message),
      "\(arguments): \(outcome.errors)",
      sourceLocation: sourceLocation)
    #expect(outcome.errors.filter { $0 == "\n" }.count == 1, "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    #expect(try rheobase.names == before, "\(arguments)", sourceLocation: sourceLocation)
  }

  @Test func picturesThatCannotBeCoded() async throws {
    try await withProgram { rheobase in
      let photograph = try Data(contentsOf: URL(fileURLWithPath: Program.photograph))
      try photograph.prefix(photograph.count / 2).write(to: URL(fileURLWithPath: rheobase.path("cut.png")))
      try rheobase.write("not a picture", to: "text.png")
      try rheobase.write("", to: "empty.jpg")
      try gray(64, 64) { _ in 99 }.writePNG(to: rheobase.path("flat.png"))
      try gray(8, 9) { UInt16($0) }.writePNG(to: rheobase.path("tiny.png"))
      try bomb(photograph).write(to: URL(fileURLWithPath: rheobase.path("bomb.png")))
      for (image, extra, message) in [
        ("none.png", [], "none.png: cannot be read: No such file"),
        ("cut.png", [], "cut.png: cannot be used: the file is truncated"),
        ("text.png", [], "text.png: is neither a PNG nor a JPEG file"),
        ("empty.jpg", [], "empty.jpg: is neither a PNG nor a JPEG file"),
        ("bomb.png", [], "bomb.png: cannot be used: 100000 × 100000 pixels"),
        ("flat.png", [], "flat.png: the crop is flat"),
        ("tiny.png", ["--crop", "none"], "tiny.png: the image of 9 × 8 pixels is smaller than a kernel, 12 × 12"),
        ("tiny.png", [], "tiny.png: a crop of 64 is larger than the image, 9 × 8"),
        (Program.photograph, ["--crop", "8"], "camera.png: the crop of 8 × 8 pixels is smaller than a kernel"),
        (Program.photograph, ["--crop", "999"], "it can be 12 to 256"),
        (Program.photograph, ["--crop", "64@250,0"], "the corner can be 0,0 to 192,192"),
      ] as [(String, [String], String)] {
        try await check(rheobase, ["compare", image, "--output", "result"] + extra, message)
      }
    }
  }

  @Test func banksThatCannotBeUsed() async throws {
    try await withProgram { rheobase in
      var values = [Float](repeating: 0.1, count: 2 * 5 * 5)
      try NumPyArchive(["kernels": NumPyArray(shape: [2, 5, 5], values)]).write(to: rheobase.path("good.npz"))
      values[30] = .nan
      try NumPyArchive(["kernels": NumPyArray(shape: [2, 5, 5], values)]).write(to: rheobase.path("nan.npz"))
      let compare = ["compare", Program.photograph, "--crop", "16", "--output", "result", "--banks"]
      try await check(rheobase, compare + ["good.npz,nan.npz"], "nan.npz: kernel 1 of the bank 'nan' holds nan")
      try await check(rheobase, compare + ["none.npz"], "none.npz")
      try await check(rheobase, ["bank", "show", "nan.npz"], "nan.npz: kernel 1 of the bank 'nan' holds nan")
    }
  }

  @Test func runFilesAndChipFilesWithMistakes() async throws {
    try await withProgram { rheobase in
      let head = "schema: rheobase.run/1\nimage: \"\(Program.photograph)\"\n"
      try rheobase.write(head + "lambda: -1\n", to: "negative.yaml")
      try rheobase.write(head + "lamda: 1\n", to: "unknown.yaml")
      try rheobase.write(head + "chip: loihi9\n", to: "chip.yaml")
      try rheobase.write("schema: rheobase.chip/1\nname: mine\ntitel: Mine\n", to: "mine.yaml")
      for (arguments, message) in [
        (["negative.yaml"], "negative.yaml:3:9: lambda: -1.0 is out of range"),
        (["unknown.yaml"], "unknown.yaml:3:1: unknown key 'lamda'"),
        (["chip.yaml"], "chip.yaml:3:7: chip: unknown chip 'loihi9'; known: custom, loihi1"),
        (["none.yaml"], "none.yaml: cannot be read"),
        (["--image", Program.photograph, "--chip", "mine.yaml"], "mine.yaml:3:1: unknown key 'titel'"),
        (["--image", Program.photograph, "--chip", "none.yaml"], "none.yaml: the chip file cannot be read"),
      ] {
        try await check(rheobase, ["run", "--output", "result"] + arguments, message)
      }
    }
  }

  @Test func placesThatCannotBeWritten() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try rheobase.write("mine", to: "file")
      try FileManager.default.createDirectory(atPath: rheobase.path("full"), withIntermediateDirectories: false)
      try rheobase.write("mine", to: "full/notes.txt")
      let compare = ["compare", Program.photograph, "--crop", "24", "--banks", "b.npz", "--output"]
      try await check(rheobase, compare + ["full"], "full: holds notes.txt, which is of no former result")
      try FileManager.default.createDirectory(atPath: rheobase.path("mine"), withIntermediateDirectories: false)
      // A run file is written by hand, and so may be what is beside it.
      try rheobase.write("schema: rheobase.run/1\nimage: \(Program.photograph)\n", to: "mine/run.yaml")
      try rheobase.write("mine", to: "mine/input.csv")
      try await check(
        rheobase, ["run", "mine/run.yaml", "--output", "mine"], "mine: holds input.csv, which is of no former result")
      #expect(try rheobase.data("mine/input.csv") == Data("mine".utf8))
      try await check(rheobase, compare + ["file"], "file: is a file; a result needs a folder")
      try await check(rheobase, compare + ["file/result"], "file/result: cannot be written")
      try await check(
        rheobase, compare + ["."], "b.npz: lies in ., which the result would replace; name another folder")
      let run = ["run", "--image", Program.photograph, "--crop", "24", "--bank", "homogeneous", "--output", "."]
      try await check(rheobase, run, "name a new folder")
      let encode = ["encode", Program.photograph, "--bank", "b.npz", "--lambda", "1", "--output"]
      try await check(rheobase, encode + ["file/code.npz"], "file/code.npz: cannot be written")
      let tooFine = ["encode", Program.photograph, "--bank", "b.npz", "--lambda", "0.1", "--crop", "24", "--tolerance"]
      try await check(
        rheobase, tooFine + ["1e-15", "--output", "code.npz"],
        "1e-15 was asked for; use a larger --tolerance or --lambda")
      #expect(try rheobase.data("full/notes.txt") == Data("mine".utf8))
    }
  }

  @Test func networksThatTheChipCannotHoldOrRun() async throws {
    try await withProgram { rheobase in
      let run = ["run", "--image", Program.photograph, "--output", "result"]
      let loihi1 = run + ["--chip", "loihi1"]
      try await check(rheobase, loihi1, "loihi1 cannot run the model 'delta'")
      try await check(
        rheobase, loihi1 + ["--model", "residual"], "the model 'residual', whose neurons are of the model 'delta'")
      try await check(rheobase, loihi1 + ["--model", "spiking"], "use dense-rate or sparse-rate")
      try await check(
        rheobase, loihi1 + ["--model", "spiking", "--input", "dense-rate", "--set", "chip_limit=1"],
        "the network does not fit loihi1: it has 209952 neurons, and there is room for 131072 on 1 chip "
          + "(chip_limit); ")
      try await check(
        rheobase, run + ["--crop", "none", "--set", "chip_limit=1"], "the network does not fit loihi2")
      try await check(rheobase, run + ["--prime"], "prime needs a sparse input")
      try await check(rheobase, run + ["--lambda", "1000"], "camera.png is zero: choose a smaller one")
      try await check(rheobase, run + ["--set", "weight_bits=16"], "loihi2 holds weights of 8 bits")
      try await check(
        rheobase, run + ["--set", "held_steps=100", "--set", "step_limit=100"],
        "held_steps is 100 and step_limit 100: no target can be held for so long; held_steps must be smaller")
      try await check(rheobase, run + ["--set", "send_threshold=1e12"], "so nothing would be sent; use a smaller one")
      let split = run + ["--set", "weight_format=split"]
      try await check(rheobase, split + ["--set", "weight_bits=null"], "at most 8 bits each; the arithmetic is float")
    }
  }

  @Test func eventStreamsThatDoNotBelong() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try rheobase.write("step,row\n0,1\n", to: "bad.csv")
      let run = ["run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz"]
      _ = try await rheobase(run + ["--traces", "input", "--output", "own"])
      try await check(rheobase, run + ["--events", "bad.csv", "--output", "result"], "bad.csv")
      try await check(rheobase, run + ["--events", "none.npz"], "none.npz: cannot be read")
      try await check(
        rheobase,
        ["run", "--image", Program.photograph, "--crop", "32", "--bank", "b.npz", "--events", "own/input.npz"],
        "pixels would be 1 × 32 × 32")
      try await check(
        rheobase, run + ["--events", "own/input.npz", "--chip", "loihi1", "--model", "spiking"],
        "cannot take the input 'dense'")
      try await check(
        rheobase, run + ["--events", "own/input.npz", "--prime"],
        "own/input.npz: prime needs coefficients of the network's bank, and these are events of pixels")
      _ = try await rheobase("events", "convert", "own/input.npz", "own.csv")
      let stream = try String(contentsOfFile: rheobase.path("own.csv"), encoding: .utf8)
      for exponent in [-256, 96] {
        let scaled = stream.replacing(/payload_exponent=-?\d+/) { _ in "payload_exponent=\(exponent)" }
        try rheobase.write(scaled, to: "scaled.csv")
        try await check(rheobase, run + ["--events", "scaled.csv"], "payload_exponent")
      }
    }
  }

  /// Those that the command has made, and no other; a file that is cut at its end fails when some is written.
  @Test(arguments: [[], ["theirs"], ["theirs", "new"]])
  func foldersThatWereMadeForAResultThatFailsGoWithIt(existing: [String]) async throws {
    try await withProgram { rheobase in
      let folder = existing.joined(separator: "/")
      if !existing.isEmpty {
        try FileManager.default.createDirectory(atPath: rheobase.path(folder), withIntermediateDirectories: true)
      }
      let made = try await rheobase("events", "make", "e.csv", "--size", "8")
      try #require(made.status.isSuccess)
      try rheobase.write(rheobase.text("e.csv") + "0,0", to: "cut.csv")
      // A camera's file has no place for the encoder's name.
      try rheobase.write(rheobase.text("e.csv").replacing("=camera", with: "=dense"), to: "dense.csv")
      let deep = "theirs/new/deeper"
      func expectFailure(_ arguments: [String], _ message: String) async throws {
        try await check(rheobase, arguments, message)
        if !existing.isEmpty { #expect(try rheobase.names("theirs") == (existing.count > 1 ? ["new"] : [])) }
        if existing.count > 1 { #expect(try rheobase.names(folder).isEmpty) }
      }
      try await expectFailure(["events", "convert", "cut.csv", "\(deep)/f.npz"], "cut.csv: line ")
      try await expectFailure(["events", "convert", "dense.csv", "\(deep)/f.raw", "--strict"], "conversion is strict")
      try await expectFailure(["run", "--events", "cut.csv", "--output", "\(deep)/r"], "cut.csv: line ")
      // What is there of others stays, and so does its folder.
      try await expectFailure(["events", "make", "e.csv/\(deep)/f.npz"], "cannot be written")
      let converted = try await rheobase("events", "convert", "e.csv", "\(deep)/f.npz")
      try #require(converted.status.isSuccess)
      _ = try await rheobase("events", "convert", "cut.csv", "\(deep)/g.npz")
      #expect(try rheobase.names(deep) == ["f.npz"])
    }
  }

  @Test func statesTooNarrowForTheInput() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let loihi = try await rheobase("chip", "show", "loihi2", "--yaml").output
      let narrow = loihi.replacingOccurrences(of: "state_bits: {value: 24,", with: "state_bits: {value: 8,")
      #expect(narrow != loihi)
      try rheobase.write(narrow, to: "narrow.yaml")
      let run = ["run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--chip", "narrow.yaml"]
      try await check(rheobase, run, "loihi2 cannot hold the input: it drives neurons by up to ")
      try await check(
        rheobase, run,
        ", and with lambda 0.2 states of 8 bits hold 0.2; use a chip with wider states, a larger lambda or, for events "
          + "from a file, a smaller payload_exponent")
      // The check says so too, by the same sentence.
      let checked = try await rheobase("chip", "check", "narrow.yaml", "--bank", "b.npz", "--size", "24", "--json")
      #expect(checked.status.isSuccess)
      let rows = try #require(
        try JSONSerialization.jsonObject(with: Data(checked.output.utf8)) as? [[String: Any]])
      #expect(
        rows.allSatisfy { row in
          row["can_run"] as? Bool == false
            && (row["reason"] as? String)?.contains("with lambda 0.2 states of 8 bits hold 0.2") == true
        })
    }
  }

  /// Before anything is simulated, not after.
  @Test func anFSTTraceWithoutTheProgramThatMakesIt() async throws {
    try await withProgram { rheobase in
      var rheobase = rheobase
      rheobase.environment = .inherit.updating(["PATH": rheobase.folder])
      try await check(
        rheobase, ["run", "--image", Program.photograph, "--crop", "16", "--traces", "vcd,fst", "--output", "result"],
        "the trace fst needs the program vcd2fst (of GTKWave), which is not there; use the trace vcd")
    }
  }

  // MARK: Pictures

  private func gray(_ height: Int, _ width: Int, _ sample: (Int) -> UInt16) -> Raster {
    Raster(width: width, height: height, channels: 1, bitDepth: 8, samples: (0..<height * width).map(sample))
  }

  /// The photograph's file with a header of 100000 × 100000 pixels.
  private func bomb(_ png: Data) -> Data {
    var header = Data("IHDR".utf8)
    for number in [100_000, 100_000] { withUnsafeBytes(of: UInt32(number).bigEndian) { header.append(contentsOf: $0) } }
    header.append(contentsOf: [8, 0, 0, 0, 0])
    var result = png.prefix(12) + header
    withUnsafeBytes(of: crc32(header).bigEndian) { result.append(contentsOf: $0) }
    return result + png.dropFirst(33)
  }

  /// CRC of a PNG chunk (PNG specification, annex D).
  private func crc32(_ data: Data) -> UInt32 {
    var crc = ~UInt32(0)
    for byte in data {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }
}

extension FailureTests {
  /// Spikes of a long run, in more than 64 kB.
  @Test(arguments: [
    ("spikes", "spikes.csv"), ("npz", "spikes.npz"), ("sonata", "spikes.sonata.h5"), ("nwb", "spikes.nwb"),
    ("vcd", "activity.vcd"),
    // There is no room for the VCD that these are made of.
    ("sqlite", "trace.sqlite"), ("perfetto", "trace.perfetto.json"),
  ])
  func aTraceThatTheDiskHasNoRoomFor(trace: String, file: String) async throws {
    let spiking = ["--model", "spiking", "--chip", "loihi1", "--input", "dense-rate", "--lambda", "0.05"]
    try await checkNoRoom(blocks: 128, trace, file, ["--crop", "32", "--timesteps", "300"] + spiking)
  }

  /// There is room for the VCD that these are made of, 230 kB, but not for them.
  @Test(arguments: [("sqlite", "trace.sqlite"), ("perfetto", "trace.perfetto.json")])
  func anActivityThatTheDiskHasNoRoomFor(trace: String, file: String) async throws {
    try await checkNoRoom(blocks: 800, trace, file, ["--crop", "14", "--timesteps", "4", "--lambda", "0.5"])
  }

  /// Files may have so many blocks of 512 bytes.
  private func checkNoRoom(blocks: Int, _ trace: String, _ file: String, _ arguments: [String]) async throws {
    try await withProgram { plain in
      var rheobase = plain
      rheobase.launcher = ["/bin/sh", "-c", "trap '' XFSZ; ulimit -f \(blocks); exec \"$@\"", "sh"]
      let run = ["run", "--image", Program.photograph, "--traces", trace, "--output", "r"]
      try await check(rheobase, run + arguments, "r/\(file)")
    }
  }

  /// Where what is wrong cannot be said, the program ends as it would otherwise.
  @Test(arguments: ["2>/dev/full", "2>&-", "0<&- 2>&-"])
  func standardErrorThatTakesNothing(redirection: String) async throws {
    try await withProgram { rheobase in
      var mute = rheobase
      mute.launcher = ["/bin/sh", "-c", "exec \"$@\" \(redirection)", "sh"]
      #expect(try await mute("foo").status == .exited(64))
      #expect(try await mute("events", "inspect", "none.npz").status == .exited(1))
      #expect(try await rheobase("events", "make", "e.npz", "--size", "8").status.isSuccess)
      // Two files that are read and written in turn, and a loss that is told.
      let convert = ["events", "convert", "e.npz", "e.csv", "--from-zero"]
      #expect(try await mute(convert).status.isSuccess)
      let muted = try rheobase.data("e.csv")
      #expect(try await rheobase(convert).errors.contains("warning"))
      #expect(try rheobase.data("e.csv") == muted)
      #expect(try await mute("run", "--image", Program.photograph, "--crop", "16", "--verbose").status.isSuccess)
    }
  }

  @Test(arguments: [">/dev/full", ">&-", "0<&- >&-"])
  func standardOutputThatTakesNothing(redirection: String) async throws {
    try await withProgram { rheobase in
      #expect(try await rheobase("events", "make", "e.npz", "--size", "8").status.isSuccess)
      var full = rheobase
      full.launcher = ["/bin/sh", "-c", "exec \"$@\" \(redirection)", "sh"]
      try await check(
        full, ["events", "inspect", "e.npz"], "standard output cannot be written; the results are not complete")
    }
  }

  @Test func probesOfNeuronsThatAreNotThere() async throws {
    try await withProgram { rheobase in
      for _ in 0..<5 {
        try await check(
          rheobase,
          [
            "run", "--image", Program.photograph, "--crop", "24", "--timesteps", "2", "--traces", "sqlite", "--set",
            "probes=[[coding,999,1,1]]", "--output", "r",
          ], "is no neuron")
      }
    }
  }
}
