import CKissFFT
import Foundation

extension Image {
  /// The image with its spectrum multiplied by f^1.4 · exp(−(f / 0.4)⁴), f in cycles per pixel: natural images become
  /// about white.
  ///
  /// Source: the published code of Ladret, Casanova, Perrinet 2024, doi 10.1088/2634-4386/ad5d0f (after Olshausen &
  /// Field 1997).
  ///
  /// - Throws: `SparseCodingError` if the image is too large to transform.
  public func whitened() throws -> Image {
    let transform = try FourierTransform(height: height, width: width)
    var grid = pixels.map { kiss_fft_cpx(r: $0, i: 0) }
    transform.forward(&grid)
    func signed(_ place: Int, _ length: Int) -> Double {
      Double(place <= length / 2 ? place : place - length) / Double(length)
    }
    for place in grid.indices {
      let (y, x) = (signed(place / width, height), signed(place % width, width))
      let frequency = (y * y + x * x).squareRoot()
      let gain = Float(pow(frequency, 1.4) * exp(-pow(frequency / 0.4, 4)) / Double(height * width))
      grid[place] = kiss_fft_cpx(r: grid[place].r * gain, i: grid[place].i * gain)
    }
    transform.inverse(&grid)
    return Image(height: height, width: width, pixels: grid.map(\.r))
  }

  /// The image times ((cos πR + 1) / 2)^⅓ inside the circle R < 1 that touches its edges; 0 outside.
  public func circularlyMasked() -> Image {
    var masked = self
    for place in pixels.indices {
      let y = 2 * Double(place / width) / Double(max(1, height - 1)) - 1
      let x = 2 * Double(place % width) / Double(max(1, width - 1)) - 1
      let radius = (y * y + x * x).squareRoot()
      masked.pixels[place] *= radius < 1 ? Float(pow((cos(.pi * radius) + 1) / 2, 1 / 3)) : 0
    }
    return masked
  }

  /// What the study learns from: whitened, locally contrast normalised, in a circular mask.
  ///
  /// - Throws: `SparseCodingError` if the image is too large to transform.
  public func preparedForLearning() throws -> Image {
    try whitened().locallyContrastNormalized().circularlyMasked()
  }
}
