import Foundation

/// The log-Gabor that resembles a kernel most, of any phase and height: θ and B_θ free, f₀ and B_f the study's.
public struct LogGaborFit: Equatable, Sendable {
  /// θ in [0, π), radians.
  public let theta: Double
  /// B_θ, radians.
  public let bandwidth: Double
  /// The share of the kernel's energy that the fit explains, from 0 to 1.
  public let explained: Double

  /// The share from which on θ and B_θ of the fit are taken for the kernel's: half, as below it more of the kernel is
  /// something else than is the log-Gabor.
  public static let leastExplained = 0.5

  /// The log-Gabor, if it explains enough of the kernel.
  public var design: LogGabor? {
    explained >= Self.leastExplained ? LogGabor(theta: theta, bandwidth: bandwidth, phase: 0) : nil
  }

  /// A fit that was made before.
  public init(theta: Double, bandwidth: Double, explained: Double) {
    self.theta = theta
    self.bandwidth = bandwidth
    self.explained = explained
  }

  /// B_θ that are tried, in degrees.
  public static let bandwidths_deg = 2.0...60.0

  /// Fits every kernel of a bank.
  ///
  /// - Throws: `BankError` if kernels of this size cannot be designed.
  public static func fits(of bank: KernelBank) throws -> [LogGaborFit] {
    let thetas = (0..<36).map { Double.pi * Double($0) / 36 }
    let ends = (log(bandwidths_deg.lowerBound), log(bandwidths_deg.upperBound))
    let bandwidths = (0..<14).map { exp(ends.0 + (ends.1 - ends.0) * Double($0) / 13) * .pi / 180 }
    let grid = try thetas.flatMap { theta in
      try bandwidths.map { (theta, $0, try plane(theta: theta, bandwidth: $0, size: bank.size)) }
    }
    return try (0..<bank.count).map { index in
      let kernel = bank.kernel(index).map(Double.init)
      let best = grid.map { ($0.0, $0.1, explained(kernel, $0.2)) }.max { $0.2 < $1.2 } ?? (0, 1, 0)
      return try refined(kernel, theta: best.0, bandwidth: best.1, size: bank.size)
    }
  }

  /// Narrows a pattern search down from the best point of the grid.
  private static func refined(_ kernel: [Double], theta: Double, bandwidth: Double, size: Int) throws -> LogGaborFit {
    var point = (theta: theta, width: log(bandwidth))
    var step = (theta: Double.pi / 72, width: 0.13)
    func value(_ theta: Double, _ width: Double) throws -> Double {
      let bandwidth_deg = exp(width) * 180 / .pi
      guard bandwidths_deg.contains(bandwidth_deg) else { return -1 }
      return explained(kernel, try plane(theta: theta, bandwidth: exp(width), size: size))
    }
    var best = try value(point.theta, point.width)
    for _ in 0..<14 {
      var moved = false
      for (turn, grow) in [(1.0, 0.0), (-1, 0), (0, 1), (0, -1)] {
        let candidate = (theta: point.theta + turn * step.theta, width: point.width + grow * step.width)
        let reached = try value(candidate.theta, candidate.width)
        if reached > best { (best, point, moved) = (reached, candidate, true) }
      }
      if !moved { step = (step.theta / 2, step.width / 2) }
    }
    let turned = point.theta.truncatingRemainder(dividingBy: .pi)
    return LogGaborFit(theta: turned < 0 ? turned + .pi : turned, bandwidth: exp(point.width), explained: max(0, best))
  }

  /// Even and odd kernel, made orthonormal: what all phases span but for the subtracted median.
  private static func plane(theta: Double, bandwidth: Double, size: Int) throws -> [[Double]] {
    let even = try LogGabor(theta: theta, bandwidth: bandwidth, phase: 0).kernel(size: size)
    let odd = try LogGabor(theta: theta, bandwidth: bandwidth, phase: .pi / 2).kernel(size: size)
    let first = scaled(even)
    let along = zip(first, odd).reduce(0) { $0 + $1.0 * $1.1 }
    return [first, scaled(zip(first, odd).map { $1 - along * $0 })]
  }

  private static func scaled(_ values: [Double]) -> [Double] {
    let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return values.map { $0 / norm }
  }

  private static func explained(_ kernel: [Double], _ plane: [[Double]]) -> Double {
    let energy = kernel.reduce(0) { $0 + $1 * $1 }
    return plane.reduce(0) { sum, wave in
      let product = zip(wave, kernel).reduce(0) { $0 + $1.0 * $1.1 }
      return sum + product * product
    } / energy
  }
}
