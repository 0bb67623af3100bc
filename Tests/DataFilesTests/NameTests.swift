import DataFiles
import Testing

/// What is said of names.
@Suite struct NameTests {
  private static let known = [
    "energy.total", "energy.host", "energy.static", "quality.psnr", "optimum.psnr", "time.latency", "time.barrier",
    "spikes",
    "synops",
  ]

  @Test(arguments: [
    ("energy.totl", "did you mean 'energy.total'?"), ("psnr", "did you mean 'quality.psnr' or 'optimum.psnr'?"),
    ("enrgy", "did you mean 'energy.total', 'energy.host' or 'energy.static'?"), ("spkies", "did you mean 'spikes'?"),
    ("TIME.LATENCY", "did you mean 'time.latency'?"), ("latnecy", "did you mean 'time.latency'?"),
    ("zzzzzzzz", "there are 9, such as energy.total, energy.host, energy.static"),
  ])
  func anUnknownNameIsAnsweredWithTheNearestOnes(_ name: String, _ advice: String) {
    #expect(NearestNames.advice(for: name, among: Self.known) == advice)
  }

  @Test func fewNamesAreAllTold() {
    #expect(NearestNames.advice(for: "lamda", among: ["lambda", "input"]) == "known: lambda, input")
  }

  @Test func whatATerminalWouldObeyIsEscaped() {
    #expect("a\u{1B}[31m\u{7}\u{9B}b\u{202E}c".withVisibleControls == "a\\u{1B}[31m\\u{7}\\u{9B}b\\u{202E}c")
    #expect("λ – 日本語\t\n🙂".withVisibleControls == "λ – 日本語\t\n🙂")
  }
}
