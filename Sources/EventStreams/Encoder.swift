import Foundation
import SparseCoding

/// How values become events, and what events are worth.
///
/// With the unit u = 2^payloadExponent and N steps:
///
/// | Encoder | Events | Value of a pixel or coefficient | Error at most |
/// |---|---|---|---|
/// | `dense` | one a pixel, zeros included, at step 0 | payload · u | u / 2 |
/// | `dense-rate` | payloads ±1, spread evenly over the steps | u / N · sum of payloads | u / 2N |
/// | `sparse` | one a coefficient, at step 0 | payload · u | u / 2 |
/// | `sparse-rate` | payloads ±1, spread evenly over the steps | u / N · sum of payloads | u / 2N |
/// | `sparse-latency` | one a coefficient, payload ±1, the larger the earlier | payload · (N − step) · u | u / 2 |
///
/// A value within the error of zero gets no event, but for `dense`: `Encoding.dropped` counts them.
///
/// Rate coding is error diffusion (first-order sigma-delta) in closed form: after n steps the sum of payloads is
/// n · value / u, rounded. Latency coding is linear in the magnitude: `step = N − |value| / u`, rounded; it is what a
/// compartment that holds its input adds up by the end of step N − 1.
public enum Encoder: String, CaseIterable, Sendable {
  case dense
  case denseRate = "dense-rate"
  case sparse
  case sparseRate = "sparse-rate"
  case sparseLatency = "sparse-latency"

  /// Whether it encodes the pixels of an image; otherwise the coefficients of a sparse code.
  public var takesImage: Bool { self == .dense || self == .denseRate }

  /// The encoder of a name.
  ///
  /// - Throws: `EventStreamError` listing the known names.
  public init(name: String) throws {
    guard let encoder = Encoder(rawValue: name) else {
      let known = Encoder.allCases.map(\.rawValue).joined(separator: ", ")
      throw EventStreamError("the encoder '\(name.prefix(40))' is not known; there are \(known)")
    }
    self = encoder
  }

  enum Coding {
    case graded
    case rate
    case latency
  }

  var coding: Coding {
    switch self {
    case .dense, .sparse: .graded
    case .denseRate, .sparseRate: .rate
    case .sparseLatency: .latency
    }
  }
}

/// What an encoder may choose.
public struct EncoderOptions: Equatable, Sendable {
  /// Width of a signed graded payload, 2 … 32 bits. Rate and latency coding send only signs and do not need it.
  public var payloadBits: Int
  /// Steps N over which rate and latency coding spread a frame.
  public var steps: Int
  /// The exponent of the payload's unit; `nil` for the smallest that holds the largest magnitude.
  public var payloadExponent: Int?
  /// Nanoseconds between steps, for `time_ns`; informative.
  public var step_ns: Int64

  /// Unless told otherwise: 24-bit payloads, 256 steps of 1 µs, and the smallest exponent.
  public init(payloadBits: Int = 24, steps: Int = 256, payloadExponent: Int? = nil, step_ns: Int64 = 1000) {
    self.payloadBits = payloadBits
    self.steps = steps
    self.payloadExponent = payloadExponent
    self.step_ns = step_ns
  }
}

/// An encoded image or code, and what was lost.
public struct Encoding: Equatable, Sendable {
  /// The events.
  public let stream: EventStream
  /// Values that are not zero but got no event.
  public let dropped: Int
  /// The decoded values differ from the encoded ones by at most this.
  public let errorBound: Double
}

extension Encoder {
  /// Encodes an image: channel 0, row and column = pixel.
  ///
  /// - Throws: `EventStreamError` if this is an encoder of sparse codes, a pixel is not finite, an option is out of
  ///   range, the given exponent does not hold the largest magnitude, or there would be too many events.
  public func encode(_ image: Image, _ options: EncoderOptions = .init()) throws -> Encoding {
    guard takesImage else { throw EventStreamError("the encoder \(rawValue) takes a sparse code, not an image") }
    let sites = image.pixels.indices.map { index in
      Site(
        channel: 0, row: Int32(index / image.width), column: Int32(index % image.width), value: image.pixels[index])
    }
    return try encode(sites, channels: 1, rows: image.height, columns: image.width, options)
  }

  /// Encodes a sparse code: channel = kernel, row and column = position.
  ///
  /// - Throws: `EventStreamError` if this is an encoder of images, a coefficient is not finite, an option is out of
  ///   range, the given exponent does not hold the largest magnitude, or there would be too many events.
  public func encode(_ code: SparseCode, _ options: EncoderOptions = .init()) throws -> Encoding {
    guard !takesImage else { throw EventStreamError("the encoder \(rawValue) takes an image, not a sparse code") }
    let geometry = code.geometry
    let sites = code.coefficients.map { Site(channel: $0.kernel, row: $0.row, column: $0.column, value: $0.value) }
    return try encode(
      sites, channels: geometry.kernelCount, rows: geometry.rows, columns: geometry.columns, options)
  }

  private func encode(
    _ sites: [Site], channels: Int, rows: Int, columns: Int, _ options: EncoderOptions
  ) throws -> Encoding {
    try options.validate(for: coding)
    let steps = coding == .graded ? 1 : options.steps
    let exponent = try exponent(for: largestMagnitude(sites), options)
    var stream = EventStream(
      encoder: rawValue, channels: channels, rows: rows, columns: columns, steps: steps, payloadExponent: exponent)
    switch coding {
    case .graded: try stream.appendGraded(sites, includingZeros: takesImage)
    case .rate: try stream.appendRate(sites, options)
    case .latency: try stream.appendLatency(sites, options)
    }
    let unit = scalbn(1.0, exponent)
    // A dense frame has an event for every pixel.
    let sendsAll = coding == .graded && takesImage
    return Encoding(
      stream: stream,
      dropped: sendsAll ? 0 : sites.count { $0.value != 0 && levels($0.value, exponent, steps) == 0 },
      errorBound: unit / (coding == .rate ? 2 * Double(steps) : 2))
  }

  /// What the events of a value add up to, in whole levels.
  private func levels(_ value: Float, _ exponent: Int, _ steps: Int) -> Double {
    coding == .rate ? rateLevels(value, exponent, steps) : PayloadScale.units(value, exponent)
  }

  private func largestMagnitude(_ sites: [Site]) throws -> Float {
    var largest: Float = 0
    for site in sites {
      guard site.value.isFinite else {
        throw EventStreamError(
          "channel \(site.channel), row \(site.row), column \(site.column): \(site.value) cannot be encoded")
      }
      largest = max(largest, abs(site.value))
    }
    return largest
  }

  private func exponent(for magnitude: Float, _ options: EncoderOptions) throws -> Int {
    let smallest =
      switch coding {
      case .graded:
        PayloadScale.exponent(holding: magnitude, limit: PayloadScale.largestPayload(bits: options.payloadBits))
      case .rate: PayloadScale.exponent(covering: magnitude)
      case .latency: PayloadScale.exponent(holding: magnitude, limit: options.steps)
      }
    let exponent = options.payloadExponent ?? smallest
    guard magnitude == 0 || exponent >= smallest else {
      throw EventStreamError(
        "a payload exponent of \(exponent) does not hold the largest magnitude, \(magnitude); use \(smallest) or more")
    }
    guard EventStream.payloadExponents.contains(exponent) else {
      throw EventStreamError(
        "the payload exponent would be \(exponent); it must be within \(EventStream.payloadExponents)")
    }
    return exponent
  }
}

extension EncoderOptions {
  fileprivate func validate(for coding: Encoder.Coding) throws {
    guard coding != .graded || (2...32).contains(payloadBits) else {
      throw EventStreamError(
        "graded payloads need 2 … 32 bits, not \(payloadBits); for binary spikes use a rate or latency encoder")
    }
    guard (1...1 << 24).contains(steps) else {
      throw EventStreamError("the number of steps is \(steps); it must be 1 … \(1 << 24)")
    }
    guard (0...1 << 32).contains(step_ns) else {
      throw EventStreamError("the time of a step is \(step_ns) ns; it must be 0 … \(1 << 32)")
    }
  }
}
