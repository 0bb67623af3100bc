import DataFiles
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
  /// What the file says of the camera; empty if nothing.
  public let camera: String
  /// Number of events.
  public let events: Int
  /// Number of events of positive payload.
  public let onEvents: Int
  /// Number of events of negative payload.
  public let offEvents: Int
  /// Time of the first event; `nil` without events.
  public let firstTime_ns: Int64?
  /// Time of the last event.
  public let lastTime_ns: Int64?
  /// Time from the first event to the last; `nil` without events.
  public let duration_s: Double?
  /// Events over the duration; `nil` without one.
  public let meanRate_Hz: Double?
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
  /// What of the file or of the file's source is not in it, one line each.
  public let leftOut: [String]

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
    try self.init(MemorySource(stream))
  }

  /// Summarises a file, in memory that grows with the places of its events, not with their number.
  ///
  /// - Throws: `FileError` if the file cannot be read or is not a valid stream.
  public init(
    contentsOf path: String, geometry: EventStreamFile.Geometry? = nil, camera: String? = nil,
    progress: ProgressHandler = { _ in }
  ) throws {
    self = try EventStreamFile.explaining(path) {
      try Self(EventStreamFile.source(path, geometry: geometry, camera: camera)) { events in
        progress(ProgressUpdate(path, done: Double(events), unit: "events"))
      }
    }
  }

  private init(_ source: any EventSource, read: (Int) -> Void = { _ in }) throws {
    var counts = EventStreamCounts(source.header)
    while let piece = try source.next() {
      counts.add(piece)
      read(counts.events)
    }
    self.init(counts, leftOut: source.missing)
  }

  private init(_ counts: EventStreamCounts, leftOut: [String]) {
    let header = counts.header
    (encoder, channels, rows, columns) = (header.encoder, header.channels, header.rows, header.columns)
    (steps, payloadExponent, events) = (header.steps, header.payloadExponent, counts.events)
    (camera, onEvents, offEvents) = (header.camera, counts.onEvents, counts.offEvents)
    let (first, last) = (counts.firstTime_ns, counts.lastTime_ns)
    (firstTime_ns, lastTime_ns) = (first, last)
    // Times may span more than 64 bits.
    let duration_s = first.flatMap { first in last.map { (Double($0) - Double(first)) * 1e-9 } }
    self.duration_s = duration_s
    meanRate_Hz = duration_s.flatMap { [events] in $0 > 0 ? Double(events) / $0 : nil }
    (smallestPayload, largestPayload) = (counts.smallestPayload, counts.largestPayload)
    eventsPerStep = counts.eventsPerStep
    busiestChannels = counts.busiestChannels
    (smallestValue, largestValue) = (counts.values.smallest, counts.values.largest)
    sparseness = 1 - Double(counts.values.count) / (Double(channels) * Double(rows) * Double(columns))
    self.leftOut = leftOut
  }
}

extension EventStreamSummary: CustomStringConvertible {
  /// The summary in lines of a label and a value.
  public var description: String {
    let channelCounts = busiestChannels.map { "\($0.channel) (\($0.events))" }.joined(separator: ", ")
    let lines: [(String, String)] = [
      ("encoder", encoder), ("camera", camera),
      (
        "shape",
        [(channels, "channel"), (rows, "row"), (columns, "column")].map { $0.counted($1) }.joined(separator: " × ")
      ),
      ("events", "\(events)"),
      ("polarities", "\(onEvents) ON, \(offEvents) OFF"),
      ("steps", "\(steps)"),
      ("times", range(firstTime_ns, lastTime_ns, " ns")),
      ("duration", duration_s.map { short($0) + " s" } ?? "none"),
      ("mean rate", meanRate_Hz.map { short($0) + " events/s" } ?? "none"),
      ("events a step", "\(eventsPerStep.minimum) … \(eventsPerStep.maximum), mean \(short(eventsPerStep.mean))"),
      ("busiest channels", channelCounts.isEmpty ? "none" : channelCounts),
      ("payloads", range(smallestPayload, largestPayload, " × 2^\(payloadExponent)")),
      ("values", range(smallestValue.map(short), largestValue.map(short), "")),
      ("sparseness", String(format: "%.4f", sparseness)),
    ]
    return lines.filter { !$0.1.isEmpty }.map { $0.0.padding(toLength: 18, withPad: " ", startingAt: 0) + $0.1 + "\n" }
      .joined()
  }

  private func short(_ value: Double) -> String { String(format: "%.6g", value) }

  private func range<Value>(_ first: Value?, _ last: Value?, _ unit: String) -> String {
    guard let first, let last else { return "none" }
    return "\(first) … \(last)\(unit)"
  }
}
