import DataFiles
import EventStreams
import Foundation
import TestSupport
import Testing

/// The recording in traces/moving-edge, made by `make golden-traces`, is read and written as it was; see
/// traces/README.md.
@Suite struct GoldenStreamTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../traces/moving-edge").standardizedFileURL.path

  private static var edge: MovingEdge {
    var edge = MovingEdge()
    (edge.size, edge.levels, edge.angle_degrees) = (12, 2, 30)
    return edge
  }

  /// Tables, not bytes: those depend on SQLite's version, and the golden database has small pages.
  @Test(.enabled(if: PythonOracle.isAvailable, "needs the oracle's Python, run by make test"))
  func aGoldenDatabaseIsWrittenAsItWas() throws {
    try withTemporaryFolder { folder in
      try EventStreamFile.write(Self.edge.recording(), to: "\(folder)/edge.sqlite")
      let ours = try PythonOracle.archive("event_database.py", ["\(folder)/edge.sqlite"])
      let golden = try PythonOracle.archive("event_database.py", ["\(Self.folder)/edge.sqlite"])
      #expect(try golden.int64s("time_ns") == Self.edge.recording().time_ns)
      #expect(ours.arrays.keys == golden.arrays.keys)
      for (name, array) in golden.arrays { #expect(ours.arrays[name] == array, "\(name)") }
    }
  }

  @Test(arguments: EventStreamFile.Format.allCases.filter(\.isReadable))
  func aGoldenRecordingIsReadAndWrittenAsItWas(format: EventStreamFile.Format) throws {
    let golden = "\(Self.folder)/edge.\(format.rawValue)"
    var expected = try Self.edge.recording()
    if format.isOfCameras { expected.encoder = format.rawValue }
    let recorded = try EventStreamFile.read(golden)
    #expect(recorded.count == expected.count, "\(golden): \(recorded.count) events, expected \(expected.count)")
    for (index, (event, wanted)) in zip(recorded, expected).enumerated() where event != wanted {
      Issue.record("\(golden): event \(index) is \(event), expected \(wanted)")
      break
    }
    try withTemporaryFolder { folder in
      try EventStreamFile.write(Self.edge.recording(), to: "\(folder)/e.\(format.rawValue)")
      #expect(
        FileManager.default.contentsEqual(atPath: golden, andPath: "\(folder)/e.\(format.rawValue)"),
        "\(golden): its bytes are no longer those that are written")
    }
  }
}
