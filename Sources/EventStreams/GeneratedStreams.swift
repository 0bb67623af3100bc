import DataFiles
import Foundation

extension EventStream {
  /// Independent Poisson processes, one for each place: in each step the number of its events, of payload 1 each, is
  /// drawn from the Poisson distribution of its rate.
  ///
  /// - Parameters:
  ///   - rates: Expected events in a step, one for each place by (row, column, channel), the channel fastest; 0 to 30.
  ///   - seed: The same seed gives the same stream on every machine.
  /// - Throws: `EventStreamError` if the number of rates is not that of places, or a rate is out of range.
  public static func poisson(
    rates: [Double], channels: Int, rows: Int = 1, columns: Int = 1, steps: Int, seed: UInt64
  ) throws -> EventStream {
    var stream = EventStream(
      encoder: "poisson", channels: channels, rows: rows, columns: columns, steps: steps, payloadExponent: 0)
    try stream.validate()
    guard rates.count == stream.places else {
      throw EventStreamError("\(rates.count) rates are given; there are \(stream.places) places")
    }
    if let rate = rates.first(where: { !(0...30).contains($0) }) {
      throw EventStreamError("the rate \(rate) is out of range; 0 to 30 events a step are possible")
    }
    var generator = SeededGenerator(seed: seed)
    let expected = rates.map { exp(-$0) }
    for step in 0..<steps {
      for place in rates.indices where rates[place] > 0 {
        let events = generator.nextPoisson(rates[place], probabilityOfNone: expected[place])
        for _ in 0..<events { try stream.appendOne(at: place, step: step) }
      }
    }
    return stream
  }

  /// One event of payload 1 at every place, every `period` steps.
  ///
  /// - Parameter first: The first step with events.
  /// - Throws: `EventStreamError` if the period or the first step is impossible.
  public static func regular(
    period: Int, first: Int = 0, channels: Int, rows: Int = 1, columns: Int = 1, steps: Int
  ) throws -> EventStream {
    var stream = EventStream(
      encoder: "regular", channels: channels, rows: rows, columns: columns, steps: steps, payloadExponent: 0)
    try stream.validate()
    guard period >= 1, first >= 0 else {
      throw EventStreamError(
        "events every \(period) steps from step \(first) are impossible; from 1 and 0 on they can be")
    }
    for step in stride(from: first, to: steps, by: period) {
      for place in 0..<stream.places { try stream.appendOne(at: place, step: step) }
    }
    return stream
  }

  private var places: Int { channels * rows * columns }

  private mutating func appendOne(at place: Int, step: Int) throws {
    guard count < Self.maximumCount else {
      throw EventStreamError(
        "the stream would have more than \(Self.maximumCount) events; use fewer steps or lower rates")
    }
    let position = place / channels
    append(
      Event(
        step: Int32(step), time_ns: Int64(step) * EncoderOptions().step_ns, channel: Int32(place % channels),
        row: Int32(position / columns), column: Int32(position % columns), payload: 1))
  }
}

extension SeededGenerator {
  /// A number of events of a Poisson distribution, by the inverse of its distribution function, term by term.
  mutating func nextPoisson(_ rate: Double, probabilityOfNone: Double) -> Int {
    var left = nextUnit() - probabilityOfNone
    var probability = probabilityOfNone
    var count = 0
    while left >= 0, probability > 0 {
      count += 1
      probability *= rate / Double(count)
      left -= probability
    }
    return count
  }
}
