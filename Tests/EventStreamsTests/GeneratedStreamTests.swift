import EventStreams
import Foundation
import Testing

/// Streams made of nothing but rates and seeds.
@Suite struct GeneratedStreamTests {
  @Test func countsInAStepFollowThePoissonDistribution() throws {
    for rate in [0.01, 0.5, 3, 20] {
      let steps = 4000, places = 6
      let stream = try EventStream.poisson(
        rates: Array(repeating: rate, count: places), channels: 3, rows: 1, columns: 2, steps: steps, seed: 9)
      try stream.validate()
      var counts = [Int](repeating: 0, count: steps * places)
      for event in stream { counts[Int(event.step) * places + Int(event.column) * 3 + Int(event.channel)] += 1 }
      let draws = Double(counts.count)
      let mean = Double(stream.count) / draws
      let variance = counts.reduce(0) { $0 + pow(Double($1) - mean, 2) } / draws
      // Five standard deviations of the estimates: the variance of a Poisson sample's variance is (2λ² + λ) / n.
      #expect(abs(mean - rate) < 5 * (rate / draws).squareRoot())
      #expect(abs(variance - rate) < 5 * ((2 * rate * rate + rate) / draws).squareRoot(), "rate \(rate)")
      // The probability of none is e^−λ.
      let none = Double(counts.count { $0 == 0 }) / draws, expected = exp(-rate)
      #expect(abs(none - expected) < 5 * (expected / draws).squareRoot() + 1e-12, "rate \(rate)")
    }
  }

  @Test func placesHaveTheirOwnRatesAndTheSeedDecidesAll() throws {
    func stream(seed: UInt64) throws -> EventStream {
      try .poisson(rates: [0, 0.5, 0, 0.1], channels: 2, rows: 2, steps: 500, seed: seed)
    }
    let one = try stream(seed: 1)
    #expect(try one == stream(seed: 1) && one != stream(seed: 2))
    // Places by (row, column, channel), the channel fastest.
    let counts = [(0, 0), (0, 1), (1, 0), (1, 1)].map { row, channel in
      one.count { $0.row == row && $0.channel == channel }
    }
    #expect(counts[0] == 0 && counts[2] == 0 && (200...300).contains(counts[1]) && (25...80).contains(counts[3]))
  }

  @Test func aRegularStreamComesEveryPeriod() throws {
    let stream = try EventStream.regular(period: 4, first: 1, channels: 1, rows: 2, columns: 2, steps: 12)
    try stream.validate()
    #expect(stream.step == [1, 1, 1, 1, 5, 5, 5, 5, 9, 9, 9, 9])
    #expect(Array(stream.row.prefix(4)) == [0, 0, 1, 1] && Array(stream.column.prefix(4)) == [0, 1, 0, 1])
    #expect(stream.payload.allSatisfy { $0 == 1 })
  }

  @Test func impossibleStreamsAreRefused() {
    for rates in [[0.1], [0.1, -0.1], [0.1, .nan], [0.1, 31]] {
      #expect(throws: EventStreamError.self) {
        _ = try EventStream.poisson(rates: rates, channels: 2, steps: 5, seed: 1)
      }
    }
    #expect(throws: EventStreamError.self) { _ = try EventStream.poisson(rates: [], channels: 0, steps: 5, seed: 1) }
    #expect(throws: EventStreamError.self) { _ = try EventStream.regular(period: 0, channels: 1, steps: 5) }
    #expect(throws: EventStreamError.self) { _ = try EventStream.regular(period: 1, first: -1, channels: 1, steps: 5) }
  }
}
