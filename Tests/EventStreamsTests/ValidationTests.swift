import EventStreams
import TestSupport
import Testing

@Suite struct ValidationTests {
  @Test func randomStreamsAreValid() throws {
    var random = SplitMix64(seed: 1)
    for events in 0..<50 { try random.stream(events: events).validate() }
  }

  @Test(
    arguments: [
      { $0.channels = 0 }, { $0.rows = -1 }, { $0.columns = 1 << 31 }, { $0.steps = 0 }, { $0.payloadExponent = 97 },
      { $0.payloadExponent = -257 }, { $0.encoder = "" }, { $0.encoder = "two words" }, { $0.encoder = "a\nb" },
      { $0.encoder = String(repeating: "x", count: 65) }, { $0.step.removeLast() }, { $0.payload.append(1) },
      { $0.time_ns = [] }, { $0.row[3] = -1 }, { $0.channel[3] = Int32($0.channels) },
      { $0.row[4] = Int32($0.rows) }, { $0.column[0] = Int32($0.columns) }, { $0.step[9] = Int32($0.steps) },
      { $0.step[0] = -1 }, { $0.time_ns[5] = $0.time_ns[4] - 1 }, { $0.step.reverse() },
    ] as [@Sendable (inout EventStream) -> Void])
  func aBrokenStreamIsRefusedInOneLine(breaking: @Sendable (inout EventStream) -> Void) throws {
    var random = SplitMix64(seed: 2)
    var stream = random.stream(events: 10)
    stream.steps = max(stream.steps, 20)
    stream.step = (0..<10).map { Int32(2 * $0) }
    try stream.validate()
    breaking(&stream)
    let error = #expect(throws: EventStreamError.self) { try stream.validate() }
    #expect(error?.description.contains("\n") == false)
  }

  @Test func lastPlacesOfTheShapeAreValid() throws {
    var stream = EventStream(encoder: "dense", channels: 2, rows: 3, columns: 4, steps: 5, payloadExponent: 0)
    stream.append(Event(step: 4, time_ns: 0, channel: 1, row: 2, column: 3, payload: .min))
    try stream.validate()
    #expect(Array(stream) == [Event(step: 4, time_ns: 0, channel: 1, row: 2, column: 3, payload: .min)])
  }
}
