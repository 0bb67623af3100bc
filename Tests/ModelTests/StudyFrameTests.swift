import DataFiles
import EventStreams
import Experiments
import KernelBanks
import Neuromorphic
import SparseCoding
import TestSupport
import Testing

extension ChipModelTests {
  /// What a frame causes in the step in which it comes is what a study counts from the geometry.
  @Suite struct StudyFrames {
    private static let side = 32

    private static func geometry() throws -> CodeGeometry {
      try CodeGeometry(
        imageHeight: side, imageWidth: side, kernelCount: 144, kernelSize: 12, stride: 2, boundary: .valid)
    }

    private func configuration(_ chip: String) throws -> RunConfiguration {
      var run = try defaultRun("camera", bank: "heterogeneous")
      run.crop = try Crop(size: Self.side)
      (run.chip, run.timesteps) = (chip, 8)
      return run
    }

    /// One event at every position, of kernels in turn.
    private static func evenEvents() throws -> EventStream {
      let geometry = try geometry()
      var stream = EventStream(
        encoder: Encoder.sparse.rawValue, channels: geometry.kernelCount, rows: geometry.rows,
        columns: geometry.columns, steps: 1, payloadExponent: -10)
      for row in 0..<geometry.rows {
        for column in 0..<geometry.columns {
          stream.append(
            Event(
              step: 0, time_ns: 0, channel: Int32((7 * row + column) % 144), row: Int32(row), column: Int32(column),
              payload: 1000))
        }
      }
      return stream
    }

    /// Neurons whose kernels share a pixel with those of an event's position, each position tried, and its own neuron.
    private static func operations(ofEventAt row: Int, _ column: Int) throws -> Int {
      let geometry = try geometry()
      func overlaps(_ a: Int, _ b: Int) -> Bool { abs(a - b) * geometry.stride < geometry.kernelSize }
      let positions = (0..<geometry.rows).flatMap { y in (0..<geometry.columns).map { (y, $0) } }
      return 144 * positions.count { overlaps($0.0, row) && overlaps($0.1, column) } + 1
    }

    @Test(arguments: ["loihi2", "seneca"]) func allPixelsCauseWhatTheGeometrySays(chip: String) throws {
      var runner = Runner()
      let run = try runner.run(configuration(chip))
      let (geometry, first) = (try Self.geometry(), run.records[0])
      #expect(first.spikes == 0 && first.hostEvents == Self.side * Self.side)
      // Each pixel, and each position whose kernels cover it.
      let covers = (0..<Self.side).map { pixel in
        (0..<geometry.rows).count { (2 * $0..<2 * $0 + 12).contains(pixel) }
      }
      let counted = covers.reduce(0) { total, row in total + covers.reduce(0) { $0 + row * $1 } } * 144
      #expect(first.synapticOperations == counted)
      #expect(StudyFrameOperations(geometry).ofAllPixels == counted)
      // Later neurons answer, and more than the input is counted.
      let last = try #require(run.records.last)
      #expect(last.spikes > 0 && last.synapticOperations > counted)
    }

    @Test(arguments: ["loihi2", "seneca"]) func eventsDrawnEvenlyCauseWhatTheFormulaSays(chip: String) throws {
      let (stream, geometry) = (try Self.evenEvents(), try Self.geometry())
      let first = try firstStep(chip, of: stream)
      #expect(first.spikes == 0 && first.hostEvents == stream.count)
      let counted = try stream.reduce(0) { try $0 + Self.operations(ofEventAt: Int($1.row), Int($1.column)) }
      #expect(first.synapticOperations == counted)
      let operations = StudyFrameOperations(geometry)
      #expect(operations.of(stream) == counted)
      #expect(abs(operations.ofMeanEvent * Double(stream.count) - Double(counted)) < 1e-6)
      #expect(
        abs(operations.breakEven_events * Double(counted) / Double(stream.count * operations.ofAllPixels) - 1) < 1e-12)
    }

    @Test func theLargestCoefficientsCauseWhatTheirPositionsSay() throws {
      let image = try Image.prepared(contentsOf: photograph("camera"), crop: Crop(size: Self.side))
      let problem = try LassoProblem(image: image, bank: .named("heterogeneous"), lambda: 0.05, stride: 2)
      let code = try problem.solve(relativeGap: 0.05).code
      let stream = try Encoder.sparse.encode(code.largest(64), EncoderOptions(payloadBits: 16)).stream
      let counted = try stream.reduce(0) { try $0 + Self.operations(ofEventAt: Int($1.row), Int($1.column)) }
      #expect(try firstStep("loihi2", of: stream).synapticOperations == counted)
      #expect(StudyFrameOperations(try Self.geometry()).of(stream) == counted && stream.count == 64)
    }

    private func firstStep(_ chip: String, of stream: EventStream) throws -> StepRecord {
      try withTemporaryFolder { folder in
        try EventStreamFile.write(stream, to: "\(folder)/events.npz")
        var run = try configuration(chip)
        (run.input, run.events) = (.sparse, "\(folder)/events.npz")
        var runner = Runner()
        return try runner.run(run).records[0]
      }
    }
  }
}
