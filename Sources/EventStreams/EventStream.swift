/// A sequence of address-events, sorted by step and by time.
///
/// `step` is what function depends on; `time_ns` is informative. What an event is worth is for the encoder to say: a
/// graded event's value is `payload × 2^payloadExponent`.
/// Sparse codes: channel = kernel, row and column = position. Images: channel 0, row and column = pixel.
public struct EventStream: Equatable, Sendable {
  /// The encoder that made it: `dense`, `dense-rate`, `sparse`, `sparse-rate`, `sparse-latency`, `integrated`, or a
  /// reader's name.
  public var encoder: String
  /// Number of channels; an event's channel is below it.
  public var channels: Int
  /// Number of rows; an event's row is below it.
  public var rows: Int
  /// Number of columns; an event's column is below it.
  public var columns: Int
  /// Timesteps that the stream covers; events stand at steps below it.
  public var steps: Int
  /// The unit of payloads is `2^payloadExponent`.
  public var payloadExponent: Int
  /// What the file of a camera says of it and of the recording besides: its name, the date; empty if nothing.
  public var camera = ""
  /// Algorithmic timestep of each event.
  public var step: [Int32] = []
  /// Time of each event, in nanoseconds.
  public var time_ns: [Int64] = []
  /// Channel of each event.
  public var channel: [Int32] = []
  /// Row of each event.
  public var row: [Int32] = []
  /// Column of each event.
  public var column: [Int32] = []
  /// Signed payload of each event, in units of `2^payloadExponent`.
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
  /// Algorithmic timestep.
  public var step: Int32
  /// Time in nanoseconds.
  public var time_ns: Int64
  /// Kernel of a code, 0 in an image.
  public var channel: Int32
  /// Row of the position or pixel.
  public var row: Int32
  /// Column of the position or pixel.
  public var column: Int32
  /// Signed, in the stream's unit.
  public var payload: Int32

  /// Makes an event from its fields.
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
  /// The first event's place, 0.
  public var startIndex: Int { 0 }
  /// Number of events.
  public var endIndex: Int { step.count }

  /// The event at a place.
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
