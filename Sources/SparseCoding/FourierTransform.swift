import CKissFFT
import Foundation

/// The two-dimensional discrete Fourier transform of pairs of real grids, packed as one complex grid.
final class FourierTransform {
  let height: Int
  let width: Int
  /// One frequency of each conjugate pair f, −f as places in the grid; the two are the same for self-conjugate ones.
  let halfSpectrum: [(f: Int, minus: Int)]

  private let forwardPlan: kiss_fftnd_cfg
  private let inversePlan: kiss_fftnd_cfg

  /// - Throws: `SparseCodingError` if the grid is too large for kissfft.
  init(height: Int, width: Int) throws {
    let (size, overflow) = height.multipliedReportingOverflow(by: width)
    let dimensions = [Int32(clamping: height), Int32(clamping: width)]
    guard !overflow, size < Int32.max, let forward = kiss_fftnd_alloc(dimensions, 2, 0, nil, nil) else {
      throw SparseCodingError("a grid of \(height) × \(width) is too large to transform")
    }
    guard let inverse = kiss_fftnd_alloc(dimensions, 2, 1, nil, nil) else {
      free(UnsafeMutableRawPointer(forward))
      throw SparseCodingError("a grid of \(height) × \(width) is too large to transform")
    }
    self.height = height
    self.width = width
    forwardPlan = forward
    inversePlan = inverse
    halfSpectrum = (0..<size).compactMap { f in
      let minus = (height - f / width) % height * width + (width - f % width) % width
      return f <= minus ? (f, minus) : nil
    }
  }

  deinit {
    free(UnsafeMutableRawPointer(forwardPlan))
    free(UnsafeMutableRawPointer(inversePlan))
  }

  /// Transforms in place, Σ x e^(−2πi f·p / N).
  func forward(_ grid: inout [kiss_fft_cpx]) { transform(&grid, forwardPlan) }

  /// Transforms back in place, without the factor 1 / (height · width).
  func inverse(_ grid: inout [kiss_fft_cpx]) { transform(&grid, inversePlan) }

  private func transform(_ grid: inout [kiss_fft_cpx], _ plan: kiss_fftnd_cfg) {
    precondition(grid.count == height * width)
    grid.withUnsafeMutableBufferPointer { kiss_fftnd(plan, $0.baseAddress, $0.baseAddress) }
  }

  /// The smallest length from `length` on that transforms fast.
  static func fastLength(_ length: Int) -> Int { Int(kiss_fft_next_fast_size(Int32(clamping: length))) }
}
