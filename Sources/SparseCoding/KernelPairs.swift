import CKissFFT
import Foundation

typealias Complex = kiss_fft_cpx

/// A bank on a circular grid at stride 1, two kernels to a complex transform: p = φ₁ + iφ₂.
///
/// Correlation of a real image with p gives Φᵀ of both kernels as real and imaginary part, and the real part of
/// (v₁ + iv₂) ∗ p̄ is v₁ ∗ φ₁ + v₂ ∗ φ₂. Pairs are shared out over the processor's cores; sums are made in one order,
/// so that results do not depend on how many there are.
struct KernelPairs: Sendable {
  /// Number of pairs; the last kernel of an odd number is alone.
  let count: Int
  /// Pixels of the grid.
  let size: Int
  /// Σₖ |K̂ₖ|² at each frequency.
  let power: [Float]

  private let height: Int
  private let width: Int
  /// Σ p(x) e^(2πi f·x), pair by pair.
  private let spectra: [Complex]
  /// One transform for each worker, as a plan holds its own memory.
  private let transforms: [Unshared<FourierTransform>]

  /// Pairs that share a sum.
  private static let groups = 8

  init(_ problem: LassoProblem) throws {
    let (bank, geometry) = (problem.bank, problem.geometry)
    (height, width) = (geometry.imageHeight, geometry.imageWidth)
    size = height * width
    count = (bank.count + 1) / 2
    let (height, width) = (height, width)
    transforms = try (0..<Self.groups).map { _ in
      Unshared(try FourierTransform(height: height, width: width))
    }
    var spectra = [Complex](repeating: Complex(), count: count * size)
    var power = [Float](repeating: 0, count: size)
    for pair in 0..<count {
      var grid = [Complex](repeating: Complex(), count: size)
      for kernel in 2 * pair..<min(2 * pair + 2, bank.count) {
        for (place, weight) in bank.kernel(kernel).enumerated() {
          let pixel = place / bank.size * width + place % bank.size
          if kernel.isMultiple(of: 2) { grid[pixel].r = weight } else { grid[pixel].i = weight }
        }
      }
      transforms[0].value.inverse(&grid)
      spectra.replaceSubrange(pair * size..<(pair + 1) * size, with: grid)
      // |p̂(f)|² + |p̂(−f)|² = 2 (|φ̂₁|² + |φ̂₂|²).
      for f in 0..<size {
        let minus = (height - f / width) % height * width + (width - f % width) % width
        power[f] += (grid[f].squaredMagnitude + grid[minus].squaredMagnitude) / 2
      }
    }
    self.spectra = spectra
    self.power = power
  }

  func spectrum(of pixels: [Float]) -> [Complex] {
    var grid = pixels.map { Complex(r: $0, i: 0) }
    transforms[0].value.forward(&grid)
    return grid
  }

  /// The spectrum of Σ vₖ ∗ φₖ, `fill` writing v₁ + iv₂ of a pair.
  func synthesis(_ fill: @Sendable (_ pair: Int, _ grid: UnsafeMutableBufferPointer<Complex>) -> Void) -> [Complex] {
    var sums = [[Complex]](repeating: [], count: Self.groups)
    sums.withUnsafeMutableBufferPointer { sums in
      let sums = Unshared(sums)
      forEachGroup { group, pairs, transform in
        var sum = [Complex](repeating: Complex(), count: size)
        var grid = sum
        for pair in pairs {
          grid.withUnsafeMutableBufferPointer { fill(pair, $0) }
          transform.forward(&grid)
          for f in 0..<size {
            let (v, p) = (grid[f], spectra[pair * size + f])
            sum[f].r += v.r * p.r + v.i * p.i
            sum[f].i += v.i * p.r - v.r * p.i
          }
        }
        sums.buffer[group] = sum
      }
    }
    // The real part in space is the Hermitian part in frequency.
    var total = sums[0]
    for sum in sums.dropFirst() where !sum.isEmpty {
      for f in 0..<size {
        total[f].r += sum[f].r
        total[f].i += sum[f].i
      }
    }
    return (0..<size).map { f in
      let minus = (height - f / width) % height * width + (width - f % width) % width
      return Complex(r: (total[f].r + total[minus].r) / 2, i: (total[f].i - total[minus].i) / 2)
    }
  }

  /// Correlates an image, given by its spectrum, with each pair; times the number of pixels.
  func analyse(
    _ spectrum: [Complex], _ use: @Sendable (_ pair: Int, _ grid: UnsafeMutableBufferPointer<Complex>) -> Void
  ) {
    forEachGroup { _, pairs, transform in
      var grid = [Complex](repeating: Complex(), count: size)
      for pair in pairs {
        for f in 0..<size {
          let (t, p) = (spectrum[f], spectra[pair * size + f])
          grid[f] = Complex(r: t.r * p.r - t.i * p.i, i: t.r * p.i + t.i * p.r)
        }
        transform.inverse(&grid)
        grid.withUnsafeMutableBufferPointer { use(pair, $0) }
      }
    }
  }

  private func forEachGroup(
    _ body: @Sendable (_ group: Int, _ pairs: Range<Int>, _ transform: FourierTransform) -> Void
  ) {
    DispatchQueue.concurrentPerform(iterations: Self.groups) { group in
      let pairs = group * count / Self.groups..<(group + 1) * count / Self.groups
      body(group, pairs, transforms[group].value)
    }
  }
}

/// A value that concurrent workers use at places of their own only.
struct Unshared<Value>: @unchecked Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }
}

extension Unshared {
  /// The memory.
  var buffer: Value { value }
}

extension Complex {
  var squaredMagnitude: Float { r * r + i * i }
}
