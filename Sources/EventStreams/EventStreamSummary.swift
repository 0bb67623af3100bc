import Foundation

/// What a stream holds, for `rheobase events inspect`.
public struct EventStreamSummary: Equatable, Sendable, Encodable {
  /// Name of the encoder.
  public let encoder: String
  /// Number of channels of the shape.
  public let channels: Int
  /// Number of rows of the shape.
  public let rows: Int
  /// Number of columns of the shape.
  public let columns: Int
  /// Timesteps that the stream covers.
  public let steps: Int
  /// The unit of payloads is `2^payloadExponent`.
  public let payloadExponent: Int
  /// Number of events.
  public let events: Int
  /// Time of the first event; `nil` without events.
  public let firstTime_ns: Int64?
  /// Time of the last event.
  public let lastTime_ns: Int64?
  /// Over all steps, those without events included.
  public let eventsPerStep: Spread
  /// The channels with most events, at most five, busiest first.
  public let busiestChannels: [ChannelCount]
  /// Least payload; `nil` without events.
  public let smallestPayload: Int32?
  /// Greatest payload.
  public let largestPayload: Int32?
  /// Least value that a place's events are worth; payloads × unit where the encoder is not known.
  public let smallestValue: Double?
  /// Greatest value that a place's events are worth.
  public let largestValue: Double?
  /// Fraction of places (channel, row, column) without any event.
  public let sparseness: Double

  /// Smallest, mean and largest of a set of counts.
  public struct Spread: Equatable, Sendable, Encodable {
    /// The smallest count.
    public let minimum: Int
    /// The mean count.
    public let mean: Double
    /// The largest count.
    public let maximum: Int
  }

  /// A channel and its number of events.
  public struct ChannelCount: Equatable, Sendable, Encodable {
    /// The channel.
    public let channel: Int32
    /// Its number of events.
    public let events: Int
  }

  /// Summarises a stream.
  ///
  /// - Throws: `EventStreamError` if the stream is not valid.
  public init(_ stream: EventStream) throws {
    try stream.validate()
    (encoder, channels, rows, columns) = (stream.encoder, stream.channels, stream.rows, stream.columns)
    (steps, payloadExponent, events) = (stream.steps, stream.payloadExponent, stream.count)
    (firstTime_ns, lastTime_ns) = (stream.time_ns.first, stream.time_ns.last)
    (smallestPayload, largestPayload) = (stream.payload.min(), stream.payload.max())
    eventsPerStep = Self.eventsPerStep(stream)
    busiestChannels = Self.busiestChannels(stream)
    let values = Self.values(stream)
    (smallestValue, largestValue) = (values.values.min(), values.values.max())
    sparseness = 1 - Double(values.count) / (Double(channels) * Double(rows) * Double(columns))
  }

  private static func eventsPerStep(_ stream: EventStream) -> Spread {
    var counts: [Int32: Int] = [:]
    for step in stream.step { counts[step, default: 0] += 1 }
    return Spread(
      minimum: counts.count < stream.steps ? 0 : counts.values.min() ?? 0,
      mean: Double(stream.count) / Double(stream.steps), maximum: counts.values.max() ?? 0)
  }

  private static func busiestChannels(_ stream: EventStream) -> [ChannelCount] {
    var counts: [Int32: Int] = [:]
    for channel in stream.channel { counts[channel, default: 0] += 1 }
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return sorted.prefix(5).map { ChannelCount(channel: $0.key, events: $0.value) }
  }

  private struct Place: Hashable {
    let channel: Int32
    let row: Int32
    let column: Int32
  }

  private static func values(_ stream: EventStream) -> [Place: Double] {
    let coding = Encoder(rawValue: stream.encoder)?.coding ?? .graded
    let unit = stream.levelValue(coding)
    var values: [Place: Double] = [:]
    for event in stream {
      let place = Place(channel: event.channel, row: event.row, column: event.column)
      values[place, default: 0] += stream.levels(of: event, coding) * unit
    }
    return values
  }
}

extension EventStreamSummary: CustomStringConvertible {
  /// The summary in lines of a label and a value.
  public var description: String {
    let channelCounts = busiestChannels.map { "\($0.channel) (\($0.events))" }.joined(separator: ", ")
    let lines: [(String, String)] = [
      ("encoder", encoder),
      ("shape", "\(channels) channels × \(rows) rows × \(columns) columns"),
      ("events", "\(events)"),
      ("steps", "\(steps)"),
      ("times", range(firstTime_ns, lastTime_ns, " ns")),
      ("events a step", "\(eventsPerStep.minimum) … \(eventsPerStep.maximum), mean \(short(eventsPerStep.mean))"),
      ("busiest channels", channelCounts.isEmpty ? "none" : channelCounts),
      ("payloads", range(smallestPayload, largestPayload, " × 2^\(payloadExponent)")),
      ("values", range(smallestValue.map(short), largestValue.map(short), "")),
      ("sparseness", String(format: "%.4f", sparseness)),
    ]
    return lines.map { $0.0.padding(toLength: 18, withPad: " ", startingAt: 0) + $0.1 + "\n" }.joined()
  }

  private func short(_ value: Double) -> String { String(format: "%.6g", value) }

  private func range<Value>(_ first: Value?, _ last: Value?, _ unit: String) -> String {
    guard let first, let last else { return "none" }
    return "\(first) … \(last)\(unit)"
  }
}
