import DataFiles
import EventStreams
import Foundation
import TestSupport
import Testing

/// Damaged files give a stream that is valid, or an error in one line: never a crash, a hang, or memory without bound.
///
/// `RHEOBASE_FUZZ_EXECUTIONS` is the number of executions over all readers, 60,000 unless it is set.
@Suite struct FuzzTests {
  private static let executions =
    ProcessInfo.processInfo.environment["RHEOBASE_FUZZ_EXECUTIONS"].flatMap { Int($0) } ?? 60_000

  private static let formats = EventStreamFile.Format.allCases.filter(\.isReadable)

  @Test(arguments: formats)
  func damagedBytesAreSurvived(format: EventStreamFile.Format) throws {
    var random = SplitMix64(seed: 1)
    let corpus = try self.corpus(format)
    let executions = Self.executions / Self.formats.count
    var (refused, slowest) = (0, Duration.zero)
    let before = residentBytes()
    for _ in 0..<executions {
      var bytes = corpus[random.int(0...corpus.count - 1)]
      for _ in 0..<random.int(1...4) { random.damage(&bytes, crossingWith: corpus) }
      let began = processorTime()
      let events = read(bytes, format)
      slowest = max(slowest, processorTime() - began)
      if events == nil { refused += 1 }
      // A byte of LZ4 or zstd gives up to 256, of EVT3 up to six events.
      #expect((events ?? 0) <= 16 * bytes.count, "\(events ?? 0) events in \(bytes.count) bytes")
    }
    #expect(refused > executions / 10 && refused < executions, "\(refused) of \(executions) were refused")
    #expect(slowest < .seconds(1))
    #expect(residentBytes() - before < 200 << 20)
  }

  @Test func hostileArraysAreSurvived() throws {
    var random = SplitMix64(seed: 2)
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.npz"
      try EventStreamFile.write(random.stream(events: 6), to: path)
      let intact = try NumPyArchive(contentsOf: path)
      let names = intact.arrays.keys.sorted() + ["step_ns"]
      var refused = 0
      for _ in 0..<3000 {
        var archive = intact
        archive.arrays[names[random.int(0...names.count - 1)]] = random.hostileArray()
        try archive.write(to: path)
        if read(Array(try Data(contentsOf: URL(fileURLWithPath: path))), .npz) == nil { refused += 1 }
      }
      #expect(refused > 1000)
    }
  }

  /// Small valid files, those of independent packages (Tests/EventStreamsTests/corpus) among them.
  private func corpus(_ format: EventStreamFile.Format) throws -> [[UInt8]] {
    var random = SplitMix64(seed: 3)
    return try withTemporaryFolder { folder in
      let path = "\(folder)/e.\(format.rawValue)"
      var files: [[UInt8]] = []
      for events in [0, 1, 3, 20] {
        let camera = random.camera((0..<events).map { Int64($0) * 5000 })
        try EventStreamFile.write(format.isOfCameras ? camera : random.stream(events: events), to: path)
        files.append(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
      }
      let others = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("corpus")
      for name in try FileManager.default.contentsOfDirectory(atPath: others.path).sorted()
      where name.hasPrefix(format.rawValue) {
        files.append(Array(try Data(contentsOf: others.appendingPathComponent(name))))
      }
      return files
    }
  }

  /// Number of events, or nil if the file is refused; what is read must be valid, and an error one line that names the file.
  private func read(_ bytes: [UInt8], _ format: EventStreamFile.Format) -> Int? {
    do {
      let stream = try EventStreamFile.read(bytes: bytes, format: format, called: "e")
      try stream.validate()
      if stream.count < 100, stream.rows < 100 { _ = try EventStreamSummary(stream).description }
      return stream.count
    } catch let error as FileError {
      #expect(error.description.hasPrefix("e: ") && !error.description.contains("\n"), "\(error)")
    } catch {
      Issue.record("an error of another type: \(error)")
    }
    return nil
  }

  /// Of this thread: what a reading costs, whatever else the machine does meanwhile.
  private func processorTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  /// Memory that the process holds now.
  private func residentBytes() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return 4096 * (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
  }
}

extension SplitMix64 {
  fileprivate mutating func damage(_ bytes: inout [UInt8], crossingWith corpus: [[UInt8]]) {
    guard !bytes.isEmpty else { return }
    let place = int(0...bytes.count - 1)
    let interesting: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF, 0x0A, 0x0D, 0x2C, 0x2D, 0x3D, 0x30, 0x39]
    switch int(0...7) {
    case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &self)
    case 1: bytes[place] = interesting[int(0...interesting.count - 1)]
    case 2: bytes.removeSubrange(place...)
    case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 30)], at: int(0...bytes.count))
    case 4: bytes.removeSubrange(place..<min(bytes.count, place + int(1...20)))
    case 5:
      let values: [UInt32] = [0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1000_0000, 8, 16]
      let value = values[int(0...values.count - 1)]
      for (index, shift) in [0, 8, 16, 24].enumerated() where place + index < bytes.count {
        bytes[place + index] = UInt8(truncatingIfNeeded: value >> UInt32(shift))
      }
    case 6:
      let other = corpus[int(0...corpus.count - 1)]
      guard !other.isEmpty else { return }
      bytes.replaceSubrange(place..., with: other[int(0...other.count - 1)...])
    default: bytes[place] ^= 1 << UInt8(int(0...7))
    }
  }

  fileprivate mutating func hostileArray() -> NumPyArray? {
    switch int(0...7) {
    case 0: nil
    case 1: NumPyArray(["", "dense", "a b", "ü\u{0}\n", String(repeating: "x", count: 300)][int(0...4)])
    case 2: NumPyArray([Int.min, Int.max, -1, 0, 1, 1 << 31, 96, 300][int(0...7)])
    case 3: NumPyArray([Double.nan, .infinity, 1e300, 0.5, -0.0][int(0...4)])
    case 4: NumPyArray(shape: [2, 3], [Int32](repeating: 0, count: 6))
    case 5: NumPyArray(shape: [6], (0..<6).map { _ in Int64.random(in: .min ... .max, using: &self) })
    case 6: NumPyArray(shape: [6], (0..<6).map { _ in Int32.random(in: -2...2, using: &self) })
    default: NumPyArray(shape: [0], [Float]())
    }
  }
}
