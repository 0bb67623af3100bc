import EventStreams
import Foundation
import TestSupport
import Testing

@Suite struct SummaryTests {
  @Test func aSummaryCountsWhatIsThere() throws {
    var stream = EventStream(encoder: "sparse-rate", channels: 3, rows: 2, columns: 2, steps: 4, payloadExponent: 1)
    for (step, channel, payload) in [(0, 1, 1), (0, 2, -1), (2, 1, 1), (3, 1, 1)] as [(Int32, Int32, Int32)] {
      stream.append(
        Event(step: step, time_ns: 10 * Int64(step), channel: channel, row: 0, column: 1, payload: payload))
    }
    let summary = try EventStreamSummary(stream)
    #expect(summary.events == 4)
    let perStep = summary.eventsPerStep
    #expect((perStep.minimum, perStep.mean, perStep.maximum) == (0, 1, 2))
    #expect(summary.busiestChannels.map(\.channel) == [1, 2])
    #expect(summary.busiestChannels.map(\.events) == [3, 1])
    #expect((summary.smallestPayload, summary.largestPayload) == (-1, 1))
    // Means over 4 steps in units of 2: −1 and 3 events.
    #expect((summary.smallestValue, summary.largestValue) == (-0.5, 1.5))
    #expect((summary.firstTime_ns, summary.lastTime_ns) == (0, 30))
    #expect((summary.onEvents, summary.offEvents) == (3, 1))
    #expect(summary.description.contains("polarities        3 ON, 1 OFF\n"))
    #expect(summary.description.contains("duration          3e-08 s\nmean rate         1.33333e+08 events/s\n"))
    #expect(!summary.description.contains("camera"))
    #expect(summary.sparseness == 1 - 2.0 / 12)
    #expect(summary.description.contains("shape             3 channels × 2 rows × 2 columns\n"))
  }

  @Test func aSummaryOfNothingSaysSo() throws {
    let empty = EventStream(encoder: "x", channels: 1, rows: 1, columns: 1, payloadExponent: 0)
    let summary = try EventStreamSummary(empty)
    #expect(summary.largestPayload == nil)
    #expect(summary.sparseness == 1)
    #expect(summary.description.contains("payloads          none\n"))
    #expect(summary.description.contains("duration          none\nmean rate         none\n"))
  }

  /// Events at one time have a duration, and no rate; times at the ends of 64 bits have both.
  @Test func aRateNeedsADuration() throws {
    func summary(_ times_ns: [Int64]) throws -> EventStreamSummary {
      var stream = EventStream(encoder: "x", channels: 1, rows: 1, columns: 1, payloadExponent: 0)
      for time_ns in times_ns {
        stream.append(Event(step: 0, time_ns: time_ns, channel: 0, row: 0, column: 0, payload: 0))
      }
      return try EventStreamSummary(stream)
    }
    let once = try summary([5, 5])
    #expect(once.duration_s == 0 && once.meanRate_Hz == nil)
    #expect((once.onEvents, once.offEvents) == (0, 0))
    let longest = try summary([.min, .max])
    #expect(abs(try #require(longest.duration_s) / 18446744073.709551 - 1) < 1e-12)
    #expect(abs(try #require(longest.meanRate_Hz) * 9223372036.854775 - 1) < 1e-12)
  }

  @Test func theSummaryOfAnEncodedCodeHasItsSparseness() throws {
    var random = SplitMix64(seed: 1)
    let code = try random.code(scale: 1)
    for encoder in [Encoder.sparse, .sparseRate, .sparseLatency] {
      let encoding = try encoder.encode(code)
      let kept = code.coefficients.count - encoding.dropped
      let expected = 1 - Double(kept) / Double(code.geometry.coefficientCount)
      let sparseness = try EventStreamSummary(encoding.stream).sparseness
      #expect(abs(sparseness - expected) < 1e-12)
    }
  }
}
