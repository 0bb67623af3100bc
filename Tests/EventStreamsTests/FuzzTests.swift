import DataFiles
import EventStreams
import Foundation
import TestSupport
import Testing

/// Damaged files give a stream that is valid, or an error in one line: never a crash, a hang, or memory without bound.
///
/// `RHEOBASE_FUZZ_EXECUTIONS` is the least number of executions over all readers, 60,000 unless it is set;
/// `RHEOBASE_FUZZ_SEED` decides about the damage, 1 unless it is set; `RHEOBASE_FUZZ_FINDINGS` is the folder in which a
/// file stays that a reader did not survive.
@Suite struct FuzzTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let executions = environment["RHEOBASE_FUZZ_EXECUTIONS"].flatMap { Int($0) } ?? 60_000
  private static let seed = environment["RHEOBASE_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
  private static let findings =
    environment["RHEOBASE_FUZZ_FINDINGS"] ?? FileManager.default.temporaryDirectory.path + "/rheobase-fuzz"

  private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../..").standardizedFileURL.path
  private static let corpus = "\(repository)/Tests/EventStreamsTests/corpus"

  private static let formats = EventStreamFile.Format.allCases.filter(\.isReadable)

  private struct Report: Decodable {
    let executions: Int
    let refused: Int
    let slowest_s: Double
    let largestPeak_B: Int
  }

  @Test(arguments: formats)
  func damagedBytesAreSurvived(format: EventStreamFile.Format) throws {
    let executions = (Self.executions + Self.formats.count - 1) / Self.formats.count
    print("\(format): \(executions) executions, RHEOBASE_FUZZ_SEED=\(Self.seed)")
    let report: Report = try withTemporaryFolder { folder in
      try makeCorpus(format, in: folder)
      return try run([format.rawValue, "\(executions)", "\(Self.seed)", folder, "\(Self.findings)/\(format.rawValue)"])
    }
    #expect(report.executions == executions)
    // Few words of an EVT are wrong by themselves.
    #expect(report.refused > executions / 20 && report.refused < executions, "\(report.refused) were refused")
    if Self.environment["RHEOBASE_FUZZ_EXECUTIONS"] != nil { print(format, report) }
  }

  /// A child, as what it survives or not is its memory, its time and its life.
  private func run(_ arguments: [String]) throws -> Report {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Programs.built("fuzz-readers"))
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(
      process.terminationReason == .exit && process.terminationStatus == 0,
      "status or signal \(process.terminationStatus), seed \(Self.seed); what was not survived is in \(arguments[4])")
    return try JSONDecoder().decode(Report.self, from: data)
  }

  /// Valid files, the golden recording (traces/moving-edge) and those of independent packages
  /// (Tests/EventStreamsTests/corpus) among them; the largest has more than a piece of events, 65,536.
  private func makeCorpus(_ format: EventStreamFile.Format, in folder: String) throws {
    var random = SplitMix64(seed: 3)
    for events in [0, 1, 3, 20, 66_000] {
      let path = "\(folder)/\(format.rawValue)-\(events).\(format.rawValue)"
      let stream =
        format.isOfCameras ? random.camera((0..<events).map { Int64($0) * 5000 }) : random.stream(events: events)
      try EventStreamFile.write(stream, to: path)
      guard format == .npz else { continue }
      try NumPyArchive(contentsOf: path).write(to: "\(folder)/npz-\(events)-deflated.npz", deflated: true)
    }
    try FileManager.default.copyItem(
      atPath: "\(Self.repository)/traces/moving-edge/edge.\(format.rawValue)",
      toPath: "\(folder)/\(format.rawValue)-edge.\(format.rawValue)")
    for name in try FileManager.default.contentsOfDirectory(atPath: Self.corpus) {
      try FileManager.default.copyItem(atPath: "\(Self.corpus)/\(name)", toPath: "\(folder)/\(name)")
    }
  }

  /// Damage begins at files that are whole: what their names say they are, with events.
  @Test func theCorpusIsRead() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.corpus).sorted()
    for name in names {
      let stream = try EventStreamFile.read("\(Self.corpus)/\(name)")
      #expect(name.hasPrefix("\(stream.encoder)-") && !stream.isEmpty, "\(name)")
    }
    #expect(Set(names.map { $0.prefix { $0 != "-" } }) == ["aedat4", "evt2", "evt3"])
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
        do {
          let stream = try EventStreamFile.read(path)
          try stream.validate()
          _ = try EventStreamSummary(stream).description
        } catch let error as FileError {
          #expect(error.path == path && !error.description.contains("\n"), "\(error)")
          refused += 1
        }
      }
      #expect(refused > 1000)
    }
  }

  /// Arrays that no stream has are not read, whatever they would unpack to; a scalar is short.
  @Test func onlyWhatIsNeededIsUnpacked() throws {
    var random = SplitMix64(seed: 4)
    let stream = random.stream(events: 6)
    try withTemporaryFolder { folder in
      let path = "\(folder)/e.npz"
      try EventStreamFile.write(stream, to: path)
      var archive = try NumPyArchive(contentsOf: path)
      for number in 0..<40 {
        archive.arrays["other\(number)"] = NumPyArray(shape: [1 << 17], [Int64](repeating: 0, count: 1 << 17))
      }
      try archive.write(to: path, deflated: true)
      #expect(try EventStreamFile.read(path) == stream)
      archive = try NumPyArchive(contentsOf: path)
      archive.arrays["rows"] = NumPyArray(shape: [1 << 17], [Int64](repeating: 0, count: 1 << 17))
      try archive.write(to: path, deflated: true)
      let error = #expect(throws: FileError.self) { try EventStreamFile.read(path) }
      #expect(error?.problem == "'rows' has more than 4096 bytes")
    }
  }
}

extension SplitMix64 {
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
