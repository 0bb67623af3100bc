import ArgumentParser
import Foundation

/// Makes a long recording of an event camera, for the conversions of row 9.
struct RecordingBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recording", abstract: "Writes seeded events of 1280 × 720 pixels as EVT 3.0.")

  @Argument(help: "File to write (.raw).") var file: String
  @Option(help: "Number of events.") var events = 100_000_000
  @Option(help: "The same seed gives the same events.") var seed: UInt64 = 1

  func run() throws {
    guard FileManager.default.createFile(atPath: file, contents: Data("% evt 3.0\n% geometry 1280x720\n% end\n".utf8)),
      let handle = FileHandle(forWritingAtPath: file)
    else { throw ValidationError("\(file) cannot be written") }
    try handle.seekToEnd()
    var recording = Recording(seed: seed)
    for start in stride(from: 0, to: events, by: 1 << 16) {
      try handle.write(contentsOf: recording.words(events: start..<min(events, start + 1 << 16)))
    }
    try handle.close()
    print("{\"events\":\(events)}")
  }
}

/// Words of EVT 3.0: eight events a microsecond, each at a place and of a polarity of its own.
private struct Recording {
  private let seed: UInt64
  private var high: Int?

  init(seed: UInt64) { self.seed = seed }

  mutating func words(events: Range<Int>) -> Data {
    var words: [UInt16] = []
    for event in events {
      if event % 8 == 0 { append(time_us: event / 8, to: &words) }
      // Multiplicative hashing (Knuth, The Art of Computer Programming 3, section 6.4).
      let bits = (UInt64(event) &+ seed) &* 0x9E37_79B9_7F4A_7C15
      words.append(UInt16(bits % 720))
      words.append(0x2000 | UInt16(bits >> 32 & 1) << 11 | UInt16((bits >> 33) % 1280))
    }
    return words.withUnsafeBytes { Data($0) }
  }

  private mutating func append(time_us: Int, to words: inout [UInt16]) {
    if high != time_us >> 12 {
      high = time_us >> 12
      words.append(0x8000 | UInt16(time_us >> 12 & 4095))
    }
    words.append(0x6000 | UInt16(time_us & 4095))
  }
}
