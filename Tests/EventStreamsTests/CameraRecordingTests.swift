import EventStreams
import SparseCoding
import TestSupport
import Testing

@Suite struct CameraRecordingTests {
  private func recording(_ events: [(time_us: Int64, x: Int32, y: Int32, polarity: Int32)]) -> EventStream {
    var stream = EventStream(encoder: "evt3", channels: 1, rows: 6, columns: 8, steps: 1, payloadExponent: 0)
    for e in events {
      stream.append(
        Event(step: 0, time_ns: e.time_us * 1000, channel: 0, row: e.y, column: e.x, payload: e.polarity))
    }
    return stream
  }

  /// By hand: a crop of 4 about the centre begins at (2, 1); steps of 10 us begin at the first event, 5 us.
  @Test func polaritiesAreAddedUpByStepAndPixel() throws {
    let stream = recording([
      (5, 2, 1, 1), (6, 2, 1, 1), (7, 3, 1, 1), (8, 3, 1, -1), (9, 0, 0, 1), (15, 5, 4, -1), (44, 2, 1, -1),
    ])
    let (graded, leftOut) = try stream.integrated(crop: Crop(size: 4), step_ns: 10_000, exponent: -2)
    #expect(leftOut == ["1 event outside the crop"])
    #expect((graded.rows, graded.columns, graded.steps, graded.encoder) == (4, 4, 4, "integrated"))
    #expect(graded.step == [0, 1, 3])
    #expect(graded.row == [0, 3, 0])
    #expect(graded.column == [0, 3, 0])
    #expect(graded.payload == [2, -1, -1])
    let image = try graded.decodedImage()
    #expect(image.pixels[0] == 0.25 && image.pixels[15] == -0.25)
    #expect(graded.largestSums().pixels[0] == 0.5)
    #expect(graded.isIntegratedRecording && !graded.isRecording && graded.heldExponent == -2)
    let short = try recording([(5, 2, 1, 1)]).integrated(crop: nil, step_ns: 10_000, exponent: 0).stream
    #expect(short.steps == 1 && short.isIntegratedRecording, "one step is a recording, too")
  }

  @Test func aDenseStreamOfManyStepsIsNoRecording() {
    let stream = EventStream(encoder: "dense", channels: 1, rows: 6, columns: 8, steps: 9, payloadExponent: 0)
    #expect(!stream.isIntegratedRecording)
  }

  @Test func theSumDoesNotDependOnTheStep() throws {
    var random = SplitMix64(seed: 21)
    var time: Int64 = 0
    let stream = recording(
      (0..<2000).map { _ in
        time += Int64(random.int(0...50))
        return (time, Int32(random.int(0...7)), Int32(random.int(0...5)), Bool.random(using: &random) ? 1 : -1)
      })
    let whole = try stream.integrated(crop: nil, step_ns: 1 << 40, exponent: 0).stream.decodedImage()
    for step_ns in [Int64(10), 999, 1_000_000] {
      #expect(try stream.integrated(crop: nil, step_ns: step_ns, exponent: 0).stream.decodedImage() == whole)
    }
  }

  @Test func whatIsNotIntegratedIsCounted() throws {
    let stream = recording([(0, 0, 0, 1), (1, 7, 5, -1), (2, 3, 2, 7), (3, 3, 2, 0), (4, 3, 2, -2), (5, 3, 2, 1)])
    let (graded, leftOut) = try stream.integrated(crop: Crop(size: 4), step_ns: 1 << 40, exponent: 0)
    #expect(graded.payload == [1])
    #expect(
      leftOut == [
        "2 events outside the crop", "1 event of payload 0, which is no change",
        "2 payloads beyond 1, of which the sign is taken",
      ])
    #expect(try recording([(0, 0, 0, 1)]).integrated(crop: nil, step_ns: 1, exponent: 0).leftOut.isEmpty)
  }

  /// Steps that somebody gave a recording, as each of the network's is made of its times.
  @Test func stepsOfARecordingAreNotTakenAndSaid() throws {
    var stream = recording([(0, 2, 1, 1), (10, 2, 1, 1), (20, 3, 1, 1)])
    (stream.steps, stream.step) = (9, [0, 4, 8])
    let said = "the recording's own 9 steps, with 2 events behind the first one: its times say when an event comes"
    let (graded, leftOut) = try stream.integrated(crop: nil, step_ns: 10_000, exponent: 0)
    #expect(graded.step == [0, 1, 2] && leftOut == [said])
    stream.step = [0, 0, 0]
    #expect(
      try stream.integrated(crop: nil, step_ns: 10_000, exponent: 0).leftOut.first?.hasPrefix(
        "the recording's own 9 steps, with 0 events") == true)
  }

  /// Events of the camera, not what they add up to: two of one pixel that make one event, and two that cancel.
  @Test func eventsThatAreTooLateAreCountedOnce() throws {
    let stream = recording([
      (0, 2, 1, 1), (10, 2, 1, 1), (20, 3, 1, 1), (21, 3, 1, 1), (22, 4, 1, 1), (23, 4, 1, -1), (24, 0, 0, 1),
      (25, 3, 1, 0), (30, 3, 1, 9),
    ])
    let (graded, leftOut) = try stream.integrated(
      crop: Crop(size: 4), step_ns: 10_000, exponent: 0, networkSteps: 3)
    #expect(
      leftOut == [
        "1 event outside the crop", "1 event of payload 0, which is no change",
        "5 events too late to act in the last of 3 steps",
      ])
    #expect(graded.step == [0, 1, 2, 3], "the picture at the end is whole")
    let inTime = try stream.integrated(crop: Crop(size: 4), step_ns: 10_000, exponent: 0, networkSteps: 5).leftOut
    #expect(inTime.last == "1 payload beyond 1, of which the sign is taken")
  }

  @Test func aRecordingOutsideTheCropIsRefusedWithItsPlaces() throws {
    let stream = recording([(0, 0, 0, 1), (1, 1, 5, -1)])
    let error = #expect(throws: EventStreamError.self) {
      try stream.integrated(crop: Crop(size: 4), step_ns: 1, exponent: 0)
    }
    #expect(
      error?.description
        == "all events (columns 0 … 1, rows 0 … 5) lie outside the crop 4@2,1 of 8 × 6 pixels; choose another crop, "
        + "SIZE@X,Y, or, if the sensor has other sides and the file does not say them, events convert --geometry")
  }

  @Test func whatIsNoRecordingOrTooLongIsRefused() throws {
    var stream = recording([(0, 0, 0, 1), (1 << 40, 0, 0, 1)])
    #expect(throws: EventStreamError.self) { try stream.integrated(crop: nil, step_ns: 1000, exponent: 0) }
    #expect(throws: EventStreamError.self) { try stream.integrated(crop: nil, step_ns: 0, exponent: 0) }
    #expect(throws: SparseCodingError.self) {
      try stream.integrated(crop: Crop(size: 7), step_ns: 1 << 40, exponent: 0)
    }
    #expect(throws: EventStreamError.self) { try recording([]).integrated(crop: nil, step_ns: 1, exponent: 0) }
    stream.encoder = "poisson"
    #expect(throws: EventStreamError.self) { try stream.integrated(crop: nil, step_ns: 1 << 40, exponent: 0) }
  }

  /// Geometry: the edge stops on the line through the centre; behind it each pixel has sent all its events, far before
  /// it none.
  @Test func theEdgeStopsInTheMiddle() throws {
    var edge = MovingEdge()
    (edge.size, edge.angle_degrees, edge.levels) = (40, 0, 6)
    let stream = try edge.recording()
    try stream.validate()
    var counts = [Int](repeating: 0, count: 40)
    for event in stream { counts[Int(event.column)] += 1 }
    #expect(counts[0] == 6 * 40 && counts[10] == 6 * 40)
    #expect(counts[19] > 0 && counts[19] < 6 * 40)
    #expect(counts[30] == 0)
    #expect(counts[19] + counts[20] == 6 * 40, "symmetric about the middle")
    // Across 40 / √2 pixels at 1000 pixels a second.
    #expect(try #require(stream.time_ns.last) <= 28_285_000)
    edge.levels = 0
    #expect(throws: EventStreamError.self) { try edge.recording() }
  }
}
