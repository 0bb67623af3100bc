/// A sequence of address-events, sorted by step (and, within a step, by time).
///
/// `step` is what function depends on; `time_ns` is informative. An event's value is `payload × 2^payloadExponent`.
/// Sparse codes: channel = kernel, row and column = position. Images: channel 0, row and column = pixel.
public struct EventStream: Equatable, Sendable {
  /// The encoder that made it: `dense`, `dense-rate`, `sparse`, `sparse-rate`, `sparse-latency`, or a reader's name.
  public var encoder: String
  public var channels: Int
  public var rows: Int
  public var columns: Int
  /// An event's value is `payload × 2^payloadExponent`.
  public var payloadExponent: Int
  public var step: [Int32] = []
  public var time_ns: [Int64] = []
  public var channel: [Int32] = []
  public var row: [Int32] = []
  public var column: [Int32] = []
  public var payload: [Int32] = []

  /// Number of events.
  public var count: Int { step.count }

  /// An empty stream.
  public init(encoder: String, channels: Int, rows: Int, columns: Int, payloadExponent: Int) {
    self.encoder = encoder
    self.channels = channels
    self.rows = rows
    self.columns = columns
    self.payloadExponent = payloadExponent
  }
}
