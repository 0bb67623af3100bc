import Foundation

extension Image {
  /// Whether an image of normalised contrast has none but what rounding leaves: its codes are empty, and no peak is there
  /// for PSNR.
  public var isWithoutContrast: Bool { (pixels.max() ?? 0) - (pixels.min() ?? 0) <= Self.roundingOfContrast }

  /// Contrast is normalised to about 1; what rounding leaves of one gray is far below this.
  private static let roundingOfContrast: Float = 1e-6

  /// Removes local brightness and evens out local contrast.
  ///
  /// The local mean is subtracted; the result is divided by its local norm, or by the mean of the local norm over the
  /// image where that is larger. Local means a Gaussian window of 15 × 15 pixels; beyond the edge the image is mirrored
  /// (the edge pixel twice). A flat image becomes 0.
  ///
  /// Source: the published code of Ladret, Casanova, Perrinet 2024, doi 10.1088/2634-4386/ad5d0f.
  public func locallyContrastNormalized() -> Image {
    let values = pixels.map { Double($0) }
    let window = Self.window
    let mean = smoothed(values, by: window)
    let centred = zip(values, mean).map { $0 - $1 }
    let norm = smoothed(centred.map { $0 * $0 }, by: window).map { $0.squareRoot() }
    let meanNorm = norm.reduce(0, +) / Double(max(1, norm.count))
    // What rounding leaves of a flat image is not contrast.
    let peak = values.reduce(0) { max($0, abs($1)) }
    guard meanNorm > 1e-12 * peak else {
      return Image(height: height, width: width, pixels: [Float](repeating: 0, count: pixels.count))
    }
    let normalized = zip(centred, norm).map { Float($0 / max($1, meanNorm)) }
    return Image(height: height, width: width, pixels: normalized)
  }

  /// One axis of the window: a Gaussian of σ = 1 at 15 points from −3 to 3, of sum 1.
  private static let window: [Double] = {
    let points = (0..<15).map { -3 + 6 * Double($0) / 14 }
    let values = points.map { exp(-0.5 * $0 * $0) }
    let sum = values.reduce(0, +)
    return values.map { $0 / sum }
  }()

  /// The weighted mean of the window about each pixel. The window is a product, so the axes are done one after the
  /// other.
  private func smoothed(_ values: [Double], by window: [Double]) -> [Double] {
    let alongRows = filtered(values, by: window, lineCount: height, lineStride: width, count: width, stride: 1)
    return filtered(alongRows, by: window, lineCount: width, lineStride: 1, count: height, stride: width)
  }

  private func filtered(
    _ values: [Double], by window: [Double], lineCount: Int, lineStride: Int, count: Int, stride: Int
  ) -> [Double] {
    var result = [Double](repeating: 0, count: values.count)
    let reach = window.count / 2
    var line = [Double](repeating: 0, count: count + 2 * reach)
    for start in 0..<lineCount {
      for position in line.indices {
        line[position] = values[start * lineStride + mirrored(position - reach, count) * stride]
      }
      for position in 0..<count {
        var sum = 0.0
        for tap in window.indices { sum += window[tap] * line[position + tap] }
        result[start * lineStride + position * stride] = sum
      }
    }
    return result
  }

  /// Reflects a position at the edges, the edge pixel twice: … 1 0 | 0 1 2 … and again where the image is short.
  private func mirrored(_ position: Int, _ count: Int) -> Int {
    let period = 2 * count
    let wrapped = (position % period + period) % period
    return wrapped < count ? wrapped : period - 1 - wrapped
  }
}
