import DataFiles
import EventStreams
import Foundation
import TestSupport
import Testing

/// Streams as archives and texts, against NumPy and pandas in both directions.
@Suite(.enabled(if: PythonOracle.isAvailable, "needs the oracle's Python, run by make test"))
struct StreamTableTests {
  /// Streams that stress a format: name, stream.
  private func streams() -> [(String, EventStream)] {
    var random = SplitMix64(seed: 21)
    var shape = EventStream(
      encoder: "x", channels: Int(Int32.max), rows: Int(Int32.max), columns: Int(Int32.max), steps: Int(Int32.max),
      payloadExponent: -256)
    let none = shape
    for time_ns in [Int64.min, -1, 0, (1 << 31) * 1000, (1 << 34) * 1000, 1 << 53 + 1, .max] {
      shape.append(
        Event(step: .max - 1, time_ns: time_ns, channel: .max - 1, row: .max - 1, column: 0, payload: .min))
    }
    var equal = random.stream(events: 1000)
    equal.time_ns = [Int64](repeating: -7, count: 1000)
    return [
      ("none", none), ("one", random.stream(events: 1)), ("equal times", equal), ("ends of each range", shape),
      ("random", random.stream(events: 1_000_000)),
    ]
  }

  @Test(arguments: [EventStreamFile.Format.npz, .csv])
  func independentReadersAgreeFieldByField(format: EventStreamFile.Format) throws {
    try withTemporaryFolder { folder in
      for (name, stream) in streams() {
        let path = "\(folder)/e.\(format.rawValue)"
        try EventStreamFile.write(stream, to: path)
        try expect(PythonOracle.archive("stream_tables.py", ["read", format.rawValue, path]), is: stream, name)
      }
    }
  }

  @Test(arguments: ["savez", "savez_compressed", "pandas", "pandas-crlf"])
  func filesOfIndependentPackagesAreRead(maker: String) throws {
    try withTemporaryFolder { folder in
      for (name, stream) in streams() where name != "ends of each range" {
        try EventStreamFile.write(stream, to: "\(folder)/s.npz")
        let path = "\(folder)/e.\(maker.hasPrefix("pandas") ? "csv" : "npz")"
        _ = try PythonOracle.archive(
          "stream_tables.py", input: NumPyArchive(contentsOf: "\(folder)/s.npz"), [maker, path])
        #expect(try EventStreamFile.read(path) == stream, "\(name)")
      }
    }
  }

  private func expect(_ read: NumPyArchive, is stream: EventStream, _ name: String) throws {
    #expect(try read.int32s("step") == stream.step, "\(name)")
    #expect(try read.int64s("time_ns") == stream.time_ns, "\(name)")
    #expect(try read.int32s("channel") == stream.channel, "\(name)")
    #expect(try read.int32s("row") == stream.row, "\(name)")
    #expect(try read.int32s("column") == stream.column, "\(name)")
    #expect(try read.int32s("payload") == stream.payload, "\(name)")
    #expect(try read.text("encoder") == stream.encoder, "\(name)")
    #expect(
      try ["channels", "rows", "columns", "steps", "payload_exponent"].map { try read.integer($0) }
        == [stream.channels, stream.rows, stream.columns, stream.steps, stream.payloadExponent], "\(name)")
  }
}
