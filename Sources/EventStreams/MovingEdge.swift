import DataFiles
import Foundation

/// An edge that moves over a camera's sensor at constant speed and stops in its middle: what `rheobase events make`
/// records.
///
/// The log intensity across the edge is a logistic function of `levels` thresholds in height, so that pixel (x, y) with
/// the distance d along the motion sends its event j of n when the edge, at p(t), is at p(t) − d = w · ln((j + ½) / (n
/// − j − ½)).
public struct MovingEdge: Equatable, Sendable {
  /// Pixels along each side.
  public var size = 64
  /// Direction of the motion, in degrees from the x axis towards the y axis.
  public var angle_degrees = 30.0
  /// Pixels a second.
  public var speed = 1000.0
  /// Events that the edge makes at a pixel that it passes.
  public var levels = 8
  /// Width w of the edge, in pixels.
  public var width = 0.3

  /// An edge of 8 events, at 30°, over 64 × 64 pixels.
  public init() {}

  /// Checks that there is such an edge.
  ///
  /// - Throws: `EventStreamError` if a value is impossible.
  public func validate() throws {
    for (name, value, range) in [
      ("size", Double(size), 1.0...2048), ("number of levels", Double(levels), 1...100),
      ("angle", angle_degrees, -360...360),
      // At most 10⁶ s, at least 1 µs for each pixel of the way.
      ("speed", speed, max(radius * 1e-6, 1e-300)...1e6), ("width", width, 1e-6...2048),
    ] where !range.contains(value) {
      func text(_ number: Double) -> String { String(format: "%.6g", number) }
      throw EventStreamError(
        "the \(name) of an edge is \(text(value)); it must be \(text(range.lowerBound)) … \(text(range.upperBound))")
    }
    guard size * size * levels <= EventStream.maximumCount else {
      throw EventStreamError(
        "\(levels.counted("level")) at \(size) × \(size) pixels are up to \(size * size * levels) events; "
          + "a stream holds \(EventStream.maximumCount)")
    }
  }

  /// Half of the sensor's diagonal, in pixels: how far the edge moves.
  private var radius: Double { Double(size) / 2.0.squareRoot() }

  /// The recording: ON events, in microseconds.
  ///
  /// - Throws: `EventStreamError` if a value is impossible.
  public func recording() throws -> EventStream {
    try validate()
    let angle = angle_degrees * .pi / 180
    var events: [(time_us: Int64, row: Int32, column: Int32)] = []
    for row in 0..<size {
      for column in 0..<size {
        let (x, y) = (Double(column) - Double(size - 1) / 2, Double(row) - Double(size - 1) / 2)
        let distance = x * cos(angle) + y * sin(angle)
        for level in 0..<levels {
          let part = (Double(level) + 0.5) / Double(levels)
          let travelled = radius + distance + width * log(part / (1 - part))
          guard (0...radius).contains(travelled) else { continue }
          events.append((Int64(travelled / speed * 1e6), Int32(row), Int32(column)))
        }
      }
    }
    guard !events.isEmpty else { throw EventStreamError("an edge of the width \(width) makes no event on this sensor") }
    var stream = EventStream(
      encoder: "camera", channels: 1, rows: size, columns: size, steps: 1, payloadExponent: 0)
    for event in events.sorted(by: <) {
      stream.append(
        Event(
          step: 0, time_ns: event.time_us * 1000, channel: 0, row: event.row, column: event.column, payload: 1))
    }
    return stream
  }
}
