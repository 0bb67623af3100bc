import Foundation
import TestSupport
import Testing

/// What is said while work is done.
@Suite struct ProgressTests {
  private static let run = [
    "run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--timesteps", "40",
  ]

  @Test func progressIsSilentInAPipeALogWithVerboseAndNothingWithQuiet() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let plain = try await rheobase(Self.run + ["--output", "a", "--plot"])
      #expect(plain.status.isSuccess && plain.errors.isEmpty)
      // A plot is for terminals.
      #expect(!plain.output.contains("█") && !plain.output.contains("\u{1B}"))
      let quiet = try await rheobase(Self.run + ["--quiet"])
      #expect(quiet.status.isSuccess && quiet.errors.isEmpty)
      let verbose = try await rheobase(Self.run + ["--verbose"])
      #expect(verbose.status.isSuccess && verbose.errors.contains(" info: [rheobase] "))
      #expect(verbose.errors.contains("solving for the certified optimum"))
      let both = try await rheobase(Self.run + ["--quiet", "--verbose"])
      #expect(both.errors.contains("--quiet and --verbose exclude each other"))
    }
  }

  @Test func anInterruptedComparisonSaysWhatThereIs() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let compare = ["compare", Program.photograph, "--crop", "24", "--banks", "b.npz", "--output", "c"]
      let status = try await rheobase.watched(compare + ["--timesteps", "5000000"], errors: "errors") { process in
        try await waitUntil { try rheobase.names.contains { $0.hasPrefix(".c.partial") } }
        kill(process, SIGINT)
      }
      #expect(!status.isSuccess)
      #expect(try rheobase.text("errors") == "rheobase: interrupted: nothing was written\n")
      #expect(try rheobase.names == ["b.npz", "errors"])
    }
  }

  /// Its results are there, and nobody reads what it prints.
  @Test func aComparisonThatIsInterruptedAfterItWasWrittenSaysWhereItIs() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      var unread = rheobase
      unread.launcher = [
        "/bin/sh", "-c", "mkfifo f; exec 3<>f; head -c 65536 /dev/zero >&3; exec \"$@\" >&3", "sh",
      ]
      let compare = ["compare", Program.photograph, "--crop", "24", "--banks", "b.npz", "--timesteps", "5"]
      let status = try await unread.watched(compare + ["--output", "c"], errors: "errors") { process in
        try await waitUntil { FileManager.default.fileExists(atPath: rheobase.path("c")) }
        kill(process, SIGINT)
      }
      #expect(!status.isSuccess)
      #expect(try rheobase.text("errors") == "rheobase: interrupted: the results are in c\n")
      #expect(try rheobase.names == ["b.npz", "c", "errors", "f"])
    }
  }

  /// A terminal of Python's, in which the program believes itself.
  @Test(.enabled(if: PythonOracle.isAvailable, "RHEOBASE_ORACLE_PYTHON is not set; run make test"))
  func onATerminalThereIsABarAndAPlot() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let loud = try rheobase.seenOnATerminal(Self.run + ["--output", "a", "--plot"])
      #expect(loud.contains("40/40 steps") && loud.contains("\r\u{1B}[2K"))
      #expect(loud.contains("Total energy") && loud.contains("Gap over time"))
      let quiet = try rheobase.seenOnATerminal(Self.run + ["--quiet"])
      #expect(!quiet.contains("40/40") && !quiet.contains("\r\u{1B}[2K"))
      // What has no small charts has its page all the same.
      try rheobase.write(
        """
        schema: rheobase.sweep/1
        base: {image: "\(Program.photograph)", crop: 24, bank: b.npz, timesteps: 5}
        axes: {lambda: [0.1, 0.2]}
        """, to: "sweep.yaml")
      try #require(try await rheobase("sweep", "sweep.yaml", "--output", "s").status.isSuccess)
      let plotted = try rheobase.seenOnATerminal(["report", "s", "--plot"])
      #expect(plotted.contains("Report: s/report.html") && plotted.contains("--plot draws results of run and compare"))
      #expect(FileManager.default.fileExists(atPath: rheobase.path("s/report.html")))
    }
  }

  @Test(.enabled(if: PythonOracle.isAvailable, "RHEOBASE_ORACLE_PYTHON is not set; run make test"))
  func aTerminalIsShownWhatItCanShow() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let compare = ["compare", Program.photograph, "--crop", "24", "--banks", "b.npz", "--timesteps", "40"]
      try #require(try await rheobase(compare + ["--output", "c"]).status.isSuccess)
      for (variable, hasBar, hasColours) in [
        ("TERM=dumb", false, false), ("TERM=vt100", true, false), ("NO_COLOR=1", true, false),
        ("TERM=xterm", true, true),
      ] {
        let seen = try rheobase.seenOnATerminal(["report", "c", "--plot"], with: variable)
        #expect(seen.contains("\u{1B}[2K") == hasBar && seen.contains("\u{1B}[34m") == hasColours, "\(seen)")
        #expect(seen.contains("\u{1B}") == hasBar)
        // A terminal of which nothing is known may have no blocks.
        #expect(seen.contains("█") == hasBar && seen.contains("│") == hasBar && seen.contains("######") != hasBar)
        #expect(seen.contains("  * b, dense   + b, sparse") == !hasColours, "\(seen)")
      }
    }
  }
}

extension Program {
  /// What a terminal shows of it.
  fileprivate func seenOnATerminal(_ arguments: [String], with variable: String? = nil) throws -> String {
    let words = [folder] + (variable.map { ["/usr/bin/env", $0] } ?? []) + [Program.executable("rheobase")]
    return String(decoding: try PythonOracle.run("terminal.py", words + arguments), as: UTF8.self)
  }
}
