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
    let pixels = try decode(coder, count: try pixelCount()) { Int($0.row) * columns + Int($0.column) }
    return Image(height: rows, width: columns, pixels: pixels)
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
    let dense = try decode(coder, count: geometry.coefficientCount) {
      geometry.index(kernel: Int($0.channel), row: Int($0.row), column: Int($0.column))
    }
    return SparseCode(geometry: geometry, dense: dense)
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

  private func decode(_ encoder: Encoder, count: Int, index: (Event) -> Int) throws -> [Float] {
    try validate()
    var sums = [Double](repeating: 0, count: count)
    for event in self { sums[index(event)] += levels(of: event, encoder.coding) }
    let unit = levelValue(encoder.coding)
    return try sums.map { sum in
      let value = Float(sum * unit)
      guard value.isFinite else {
        throw EventStreamError("the events of one place are worth \(sum * unit), beyond 32-bit floats")
      }
      return value
    }
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
