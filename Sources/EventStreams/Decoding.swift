import DataFiles
import Foundation
import SparseCoding

extension EventStream {
  /// The encoder that says what its events are worth; an integrated recording's are those of `dense`.
  ///
  /// - Throws: `EventStreamError` listing the known encoders.
  public func valueEncoder() throws -> Encoder { try isIntegratedRecording ? .dense : Encoder(name: encoder) }

  /// The image behind a `dense` or `dense-rate` stream, within `Encoding.errorBound`, or at the end of an integrated
  /// recording.
  ///
  /// - Throws: `EventStreamError` if the stream is invalid, was not made from an image, or is worth more than `Float`
  ///   holds.
  public func decodedImage() throws -> Image {
    let coder = try valueEncoder()
    guard coder.takesImage, channels == 1 else {
      throw EventStreamError("a stream of the encoder \(encoder) with \(channels.counted("channel")) is not an image")
    }
    let count = try pixelCount()
    try validate()
    var sums = [Double](repeating: 0, count: count)
    for event in self { sums[Int(event.row) * columns + Int(event.column)] += levels(of: event, coder.coding) }
    let unit = levelValue(coder.coding)
    return Image(height: rows, width: columns, pixels: try sums.map { try Self.worth($0 * unit) })
  }

  /// The code behind a `sparse`, `sparse-rate` or `sparse-latency` stream, within `Encoding.errorBound`.
  ///
  /// - Throws: `EventStreamError` if the stream is invalid, was not made from a code, has another shape than the
  ///   geometry, or is worth more than `Float` holds.
  public func decodedCode(geometry: CodeGeometry) throws -> SparseCode {
    let coder = try valueEncoder()
    guard !coder.takesImage else {
      throw EventStreamError("a stream of the encoder \(encoder) is an image, not a sparse code")
    }
    guard (channels, rows, columns) == (geometry.kernelCount, geometry.rows, geometry.columns) else {
      throw EventStreamError(
        "the stream has \(channels) × \(rows) × \(columns) channels, rows and columns; "
          + "the code has \(geometry.kernelCount) × \(geometry.rows) × \(geometry.columns)")
    }
    try validate()
    return try SparseCode(geometry: geometry, coefficients: coefficients(coder.coding, geometry))
  }

  /// What the events of each place are worth together. Only places of events are looked at: a code has far fewer than
  /// its geometry.
  private func coefficients(_ coding: Encoder.Coding, _ geometry: CodeGeometry) throws -> [Coefficient] {
    // Places, and within a place events in their order; that all events have a number of so many bits is valid.
    let bits = Self.maximumCount.bitWidth - Self.maximumCount.leadingZeroBitCount
    let keys = indices.map { number in
      let place = geometry.index(kernel: Int(channel[number]), row: Int(row[number]), column: Int(column[number]))
      return place << bits | number
    }.sorted()
    let unit = levelValue(coding)
    var coefficients: [Coefficient] = []
    var sum = 0.0
    for (key, next) in zip(keys, keys.dropFirst() + [.max]) {
      let event = self[key & (1 << bits - 1)]
      sum += levels(of: event, coding)
      guard next >> bits != key >> bits else { continue }
      let value = try Self.worth(sum * unit)
      coefficients.append(Coefficient(kernel: event.channel, row: event.row, column: event.column, value: value))
      sum = 0
    }
    return coefficients
  }

  private static func worth(_ sum: Double) throws -> Float {
    let value = Float(sum)
    guard value.isFinite else {
      throw EventStreamError("the events of one place are worth \(sum), beyond 32-bit floats")
    }
    return value
  }

  /// The exponent e with which a compartment that adds up payload × 2^e, and keeps the sum, holds the decoded values
  /// after the last step.
  ///
  /// `nil` for latency codes, unknown encoders, and rate codes whose number of steps is not a power of two.
  public var heldExponent: Int? {
    switch try? valueEncoder().coding {
    case .graded: payloadExponent
    case .rate where steps > 0 && steps.nonzeroBitCount == 1: payloadExponent - steps.trailingZeroBitCount
    case .rate, .latency, nil: nil
    }
  }

  /// What an event is worth in units of `levelValue`.
  func levels(of event: Event, _ coding: Encoder.Coding) -> Double {
    coding == .latency ? Double(event.payload) * Double(steps - Int(event.step)) : Double(event.payload)
  }

  /// What one level is worth.
  func levelValue(_ coding: Encoder.Coding) -> Double {
    scalbn(1.0, payloadExponent) / (coding == .rate ? Double(steps) : 1)
  }

  private func pixelCount() throws -> Int {
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, rows > 0, columns > 0, count <= Self.maximumCount else {
      throw EventStreamError(
        "an image of \(rows) × \(columns) pixels cannot be decoded; it can have \(Self.maximumCount)")
    }
    return count
  }
}
