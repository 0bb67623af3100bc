import EventStreams
import Foundation
import TestSupport
import Testing

/// The recording in traces/moving-edge, made by `make golden-traces`, is read and written as it was; see traces/README.md.
@Suite struct GoldenStreamTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../traces/moving-edge").standardizedFileURL.path

  @Test(arguments: EventStreamFile.Format.allCases.filter(\.isReadable))
  func aGoldenRecordingIsReadAndWrittenAsItWas(format: EventStreamFile.Format) throws {
    let golden = "\(Self.folder)/edge.\(format.rawValue)"
    var edge = MovingEdge()
    (edge.size, edge.levels, edge.angle_degrees) = (12, 2, 30)
    var expected = try edge.recording()
    if format.isOfCameras { expected.encoder = format.rawValue }
    let recorded = try EventStreamFile.read(golden)
    #expect(recorded.count == expected.count, "\(golden): \(recorded.count) events, expected \(expected.count)")
    for (index, (event, wanted)) in zip(recorded, expected).enumerated() where event != wanted {
      Issue.record("\(golden): event \(index) is \(event), expected \(wanted)")
      break
    }
    try withTemporaryFolder { folder in
      try EventStreamFile.write(edge.recording(), to: "\(folder)/e.\(format.rawValue)")
      #expect(
        FileManager.default.contentsEqual(atPath: golden, andPath: "\(folder)/e.\(format.rawValue)"),
        "\(golden): its bytes are no longer those that are written")
    }
  }
}
