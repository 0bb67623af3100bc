/// A sequence of address-events, sorted by step and by time.
///
/// `step` is what function depends on; `time_ns` is informative. What an event is worth is for the encoder to say: a
/// graded event's value is `payload × 2^payloadExponent`.
/// Sparse codes: channel = kernel, row and column = position. Images: channel 0, row and column = pixel.
public struct EventStream: Equatable, Sendable {
  /// The encoder that made it: `dense`, `dense-rate`, `sparse`, `sparse-rate`, `sparse-latency`, or a reader's name.
  public var encoder: String
  public var channels: Int
  public var rows: Int
  public var columns: Int
  /// Timesteps that the stream covers; events stand at steps below it.
  public var steps: Int
  /// The unit of payloads is `2^payloadExponent`.
  public var payloadExponent: Int
  public var step: [Int32] = []
  public var time_ns: [Int64] = []
  public var channel: [Int32] = []
  public var row: [Int32] = []
  public var column: [Int32] = []
  public var payload: [Int32] = []

  /// An empty stream.
  public init(encoder: String, channels: Int, rows: Int, columns: Int, steps: Int = 1, payloadExponent: Int) {
    self.encoder = encoder
    self.channels = channels
    self.rows = rows
    self.columns = columns
    self.steps = steps
    self.payloadExponent = payloadExponent
  }
}

/// One event of a stream.
public struct Event: Equatable, Sendable {
  public var step: Int32
  public var time_ns: Int64
  public var channel: Int32
  public var row: Int32
  public var column: Int32
  public var payload: Int32

  public init(step: Int32, time_ns: Int64, channel: Int32, row: Int32, column: Int32, payload: Int32) {
    self.step = step
    self.time_ns = time_ns
    self.channel = channel
    self.row = row
    self.column = column
    self.payload = payload
  }
}

extension EventStream: RandomAccessCollection {
  public var startIndex: Int { 0 }
  /// Number of events.
  public var endIndex: Int { step.count }

  public subscript(index: Int) -> Event {
    Event(
      step: step[index], time_ns: time_ns[index], channel: channel[index], row: row[index], column: column[index],
      payload: payload[index])
  }

  /// Adds an event at the end; it must not be earlier than the last one.
  public mutating func append(_ event: Event) {
    step.append(event.step)
    time_ns.append(event.time_ns)
    channel.append(event.channel)
    row.append(event.row)
    column.append(event.column)
    payload.append(event.payload)
  }

  /// Makes room for events.
  public mutating func reserveCapacity(_ count: Int) {
    step.reserveCapacity(count)
    time_ns.reserveCapacity(count)
    channel.reserveCapacity(count)
    row.reserveCapacity(count)
    column.reserveCapacity(count)
    payload.reserveCapacity(count)
  }
}
