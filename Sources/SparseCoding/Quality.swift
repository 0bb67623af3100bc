import Foundation

extension SparseCode {
  /// Number of coefficients that are not zero.
  public var nonzeroCount: Int { coefficients.count }

  /// Fraction of coefficients that are zero.
  public var sparseness: Double { 1 - Double(nonzeroCount) / Double(geometry.coefficientCount) }
}

/// How much a reconstruction resembles the image, with the image's maximum − minimum as peak.
public struct Quality: Equatable, Sendable {
  /// Peak signal-to-noise ratio in dB, infinite for a perfect reconstruction.
  public let psnr: Double
  /// Structural similarity, at most 1 (Wang, Bovik, Sheikh & Simoncelli, IEEE Trans. Image Processing 13, 2004:
  /// Gaussian window of 11 × 11 with σ = 1.5, K₁ = 0.01, K₂ = 0.03, averaged where the whole window lies in the image).
  public let ssim: Double

  /// Compares a reconstruction with its image.
  ///
  /// - Throws: `SparseCodingError` if the sizes differ or the image is smaller than the window of SSIM.
  public init(of reconstruction: Image, against image: Image) throws {
    psnr = try Self.psnr(of: reconstruction, against: image)
    let side = Self.window.count
    guard image.height >= side, image.width >= side else {
      throw SparseCodingError(
        "structural similarity needs \(side) × \(side) pixels; the image has \(image.height) × \(image.width)")
    }
    ssim = Self.structuralSimilarity(
      image.pixels.map(Double.init), reconstruction.pixels.map(Double.init), height: image.height, width: image.width,
      peak: image.range)
  }

  /// The peak signal-to-noise ratio alone, in dB, for images of any size.
  ///
  /// - Throws: `SparseCodingError` if the sizes differ.
  public static func psnr(of reconstruction: Image, against image: Image) throws -> Double {
    guard reconstruction.height == image.height, reconstruction.width == image.width else {
      throw SparseCodingError(
        "a reconstruction of \(reconstruction.height) × \(reconstruction.width) cannot be compared with an image of "
          + "\(image.height) × \(image.width)")
    }
    let sum = zip(image.pixels, reconstruction.pixels).reduce(0.0) { sum, pair in
      let difference = Double(pair.0) - Double(pair.1)
      return sum + difference * difference
    }
    let squaredError = sum / Double(image.pixels.count)
    return squaredError == 0 ? .infinity : 10 * log10(image.range * image.range / squaredError)
  }

  /// The PSNR of a code of zeros, in dB: what any code must be better than.
  package static func psnrOfNothing(against image: Image) -> Double {
    let squares = image.pixels.reduce(0.0) { $0 + Double($1) * Double($1) }
    return squares == 0 ? .infinity : 10 * log10(image.range * image.range * Double(image.pixels.count) / squares)
  }

  private static let window: [Double] = {
    let weights = (-5...5).map { exp(-Double($0 * $0) / (2 * 1.5 * 1.5)) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }()

  private static func structuralSimilarity(
    _ x: [Double], _ y: [Double], height: Int, width: Int, peak: Double
  ) -> Double {
    func mean(_ a: [Double], _ b: [Double]? = nil) -> [Double] {
      windowed(b.map { zip(a, $0).map { $0 * $1 } } ?? a, height: height, width: width)
    }
    let (meanX, meanY) = (mean(x), mean(y))
    let (squareX, squareY, product) = (mean(x, x), mean(y, y), mean(x, y))
    let (c1, c2) = (0.01 * 0.01 * peak * peak, 0.03 * 0.03 * peak * peak)
    let sum = meanX.indices.reduce(0.0) { sum, i in
      let (varianceX, varianceY) = (squareX[i] - meanX[i] * meanX[i], squareY[i] - meanY[i] * meanY[i])
      let luminance = (2 * meanX[i] * meanY[i] + c1) / (meanX[i] * meanX[i] + meanY[i] * meanY[i] + c1)
      let structure = (2 * (product[i] - meanX[i] * meanY[i]) + c2) / (varianceX + varianceY + c2)
      return sum + luminance * structure
    }
    return sum / Double(meanX.count)
  }

  /// The weighted mean under the window, wherever it lies in the image.
  private static func windowed(_ pixels: [Double], height: Int, width: Int) -> [Double] {
    let side = window.count
    let columns = width - side + 1
    var horizontal = [Double](repeating: 0, count: height * columns)
    for y in 0..<height {
      for x in 0..<columns {
        for j in 0..<side { horizontal[y * columns + x] += window[j] * pixels[y * width + x + j] }
      }
    }
    let rows = height - side + 1
    var result = [Double](repeating: 0, count: rows * columns)
    for y in 0..<rows {
      for i in 0..<side {
        for x in 0..<columns { result[y * columns + x] += window[i] * horizontal[(y + i) * columns + x] }
      }
    }
    return result
  }
}

extension Image {
  /// Maximum − minimum.
  fileprivate var range: Double { Double(pixels.max() ?? 0) - Double(pixels.min() ?? 0) }
}
