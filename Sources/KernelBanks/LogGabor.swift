import Foundation

/// A log-Gabor kernel: an oriented wavelet whose Fourier envelope is a Gaussian of the logarithm of frequency and a von
/// Mises function of orientation.
///
/// Source: Ladret, Casanova, Perrinet, "Kernel Heterogeneity Improves Sparseness of Natural Images Representations",
/// Neuromorphic Computing and Engineering 2024, doi 10.1088/2634-4386/ad5d0f, and its published code.
public struct LogGabor: Hashable, Sendable {
  /// θ, the direction of the wave: 0 along the rows' index (down), π/2 along the columns' index (right). Radians.
  public var theta: Double
  /// B_θ, the orientation bandwidth, as in exp(cos(θ_f − θ) / B_θ²). Radians.
  public var bandwidth: Double
  /// φ, the phase: 0 is even, π/2 odd. Radians.
  public var phase: Double
  /// f₀, the frequency at which the envelope is centred. Cycles per pixel.
  public var frequency: Double
  /// B_f, the radial bandwidth, as in exp(−½ ln²(f / f₀) / B_f²).
  public var radialBandwidth: Double

  /// f₀ of the study, in cycles per pixel.
  public static let studyFrequency = 0.4
  /// B_f of the study.
  public static let studyRadialBandwidth = 0.4

  /// Makes the parameters of a kernel.
  public init(
    theta: Double, bandwidth: Double, phase: Double, frequency: Double = studyFrequency,
    radialBandwidth: Double = studyRadialBandwidth
  ) {
    self.theta = theta
    self.bandwidth = bandwidth
    self.phase = phase
    self.frequency = frequency
    self.radialBandwidth = radialBandwidth
  }

  /// The kernel, size × size values row by row, its largest absolute value 1.
  ///
  /// The inverse Fourier transform of the envelope, in a smooth round window, less its median. The transform is the
  /// plain sum: exact, and fast enough for kernels.
  ///
  /// - Throws: `BankError` if a parameter is out of range, or nothing of the envelope falls on the frequency grid.
  public func kernel(size: Int) throws -> [Double] {
    try validate(size: size)
    let waves = inverseTransform(of: envelope(size: size), size: size)
    let windowed = zip(waves, Self.window(size: size)).map { $0 * $1 }
    let median = Self.median(windowed)
    let centred = windowed.map { $0 - median }
    let peak = centred.reduce(0) { max($0, abs($1)) }
    guard peak > .leastNormalMagnitude, peak.isFinite else {
      throw BankError("a log-Gabor kernel of frequency \(frequency) cycles/pixel vanishes at size \(size)")
    }
    return centred.map { $0 / peak }
  }

  private func validate(size: Int) throws {
    guard BankDesign.sizes.contains(size) else {
      let sizes = BankDesign.sizes
      throw BankError("the kernel size is \(size); it must be from \(sizes.lowerBound) to \(sizes.upperBound) pixels")
    }
    guard theta.isFinite, phase.isFinite else { throw BankError("θ and the phase must be finite numbers") }
    guard bandwidth > 0, bandwidth.isFinite else {
      throw BankError("the bandwidth B_θ is \(bandwidth) rad; it must be above 0")
    }
    guard frequency > 0, frequency < 0.5 else {
      throw BankError("the frequency is \(frequency) cycles/pixel; it must be between 0 and 0.5")
    }
    guard radialBandwidth > 0, radialBandwidth.isFinite else {
      throw BankError("the radial bandwidth B_f is \(radialBandwidth); it must be above 0")
    }
  }

  /// The envelope on the grid of frequencies −⌊size/2⌋ … over size, on both axes, rows first.
  private func envelope(size: Int) -> [Double] {
    let frequencies = (0..<size).map { Double($0 - size / 2) / Double(size) }
    return frequencies.flatMap { row in
      frequencies.map { column in
        let isZero = row == 0 && column == 0
        return envelope(
          radius: isZero ? 1e-6 : (row * row + column * column).squareRoot(), angle: atan2(column, row), size: size)
      }
    }
  }

  private func envelope(radius: Double, angle: Double, size: Int) -> Double {
    guard radius < 0.5 else { return 0 }
    let octaves = log(radius / frequency) / radialBandwidth
    let radial = exp(-0.5 * octaves * octaves) / radius
    // The study has exp(cos / B²); the −1 only scales, and keeps narrow bandwidths from overflowing.
    let orientation = exp((cos(angle - theta) - 1) / (bandwidth * bandwidth))
    let lowest = 0.5 / Double(size)
    let bandLimit = (1 - exp((radius - 0.5) / 0.035)) * (1 - exp(-0.5 * radius * radius / (lowest * lowest)))
    return radial * orientation * bandLimit
  }

  /// The real part of the inverse transform, shifted by ⌊size/2⌋ pixels on both axes and by the phase.
  private func inverseTransform(of envelope: [Double], size: Int) -> [Double] {
    let half = size / 2
    let waves = (0..<size).map { cos(2 * .pi * Double($0) / Double(size) - phase) }
    return (0..<size * size).map { pixel in
      let y = pixel / size - half
      let x = pixel % size - half
      var sum = 0.0
      for row in 0..<size {
        for column in 0..<size {
          let turns = (row - half) * y + (column - half) * x
          sum += envelope[row * size + column] * waves[(turns % size + size) % size]
        }
      }
      return sum
    }
  }

  /// ((cos πR + 1) / 2)^⅓ inside the circle R < 1, which touches the outermost pixels; 0 outside.
  private static func window(size: Int) -> [Double] {
    let axis = (0..<size).map { 2 * Double($0) / Double(size - 1) - 1 }
    return axis.flatMap { y in
      axis.map { x in
        let radius = (x * x + y * y).squareRoot()
        return radius < 1 ? pow((cos(.pi * radius) + 1) / 2, 1 / 3) : 0
      }
    }
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
