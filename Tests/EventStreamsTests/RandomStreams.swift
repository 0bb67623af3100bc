import EventStreams
import Foundation
import SparseCoding
import TestSupport

extension SplitMix64 {
  mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  /// A valid stream with events anywhere in its shape.
  mutating func stream(events: Int) -> EventStream {
    var stream = EventStream(
      encoder: "test-1.0_x", channels: int(1...200), rows: int(1...100), columns: int(1...100), steps: int(1...1000),
      payloadExponent: int(-256...96))
    var (step, time) = (0, Int64.min / 2)
    for _ in 0..<events {
      step = min(stream.steps - 1, step + int(0...2))
      time += Int64(int(0...1 << 40))
      stream.append(
        Event(
          step: Int32(step), time_ns: time, channel: Int32(int(0...stream.channels - 1)),
          row: Int32(int(0...stream.rows - 1)), column: Int32(int(0...stream.columns - 1)),
          payload: Int32.random(in: .min ... .max, using: &self)))
    }
    return stream
  }

  /// An image of normal values, a tenth of them zero, times `scale`.
  mutating func image(height: Int, width: Int, scale: Float) -> Image {
    let pixels = (0..<height * width).map { _ in int(1...10) == 1 ? 0 : scale * Float(nextNormal()) }
    return Image(height: height, width: width, pixels: pixels)
  }

  /// A code with a tenth of its coefficients, exponentially distributed as those of photographs.
  mutating func code(scale: Float) throws -> SparseCode {
    let geometry = try CodeGeometry(
      imageHeight: 20, imageWidth: 26, kernelCount: 7, kernelSize: 4, stride: 2, boundary: .valid)
    let dense = (0..<geometry.coefficientCount).map { _ -> Float in
      guard int(1...10) == 1 else { return 0 }
      return scale * Float(-log(Double.random(in: 1e-6...1, using: &self))) * (Bool.random(using: &self) ? 1 : -1)
    }
    return SparseCode(geometry: geometry, dense: dense)
  }
}
