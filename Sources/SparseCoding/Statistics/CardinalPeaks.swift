import Foundation

/// How sharp the peaks of a histogram over [0, π) are at the cardinal orientations, so far as the orientations that
/// there are kernels of resolve it.
public struct CardinalPeaks: Equatable, Sendable {
  /// Why a peak has no κ.
  public enum Doubt: String, Sendable {
    /// Orientations lie so far apart that a sharper peak would look the same.
    case unresolved
    /// The fit has no peak there: it is flat, a dip, or a ripple of less than a hundredth of the mean.
    case absent
  }

  /// κ of the peaks at 0° and 90°; nil where there is a doubt.
  public let concentrations: [Double?]
  /// The doubts, at 0° and 90°.
  public let doubts: [Doubt?]
  /// The largest κ that the orientations resolve, at 0° and 90°.
  public let largestConcentrations: [Double]

  /// Fits a histogram, bin i of n about θ = π i / n.
  ///
  /// Only bins are fitted that hold a kernel's orientation: others are empty because no kernel could fill them, not
  /// because the image has nothing there.
  ///
  /// A peak is resolved if the fit keeps e^−2 of its height at the second such bin on each side of it, that is, if that
  /// lies within two standard deviations. The first is at the peak itself, unless there is no kernel there.
  ///
  /// - Parameters:
  ///   - histogram: Shares of each bin.
  ///   - orientations: θ of the kernels, radians.
  public init(histogram: [Double], orientations: [Double]) {
    let bins = histogram.count
    let used = Set(orientations.map { ((Int(($0 / .pi * Double(bins)).rounded()) % bins) + bins) % bins })
    let fit = CardinalFit(histogram: histogram, used: used.sorted())
    let largest = [0, bins / 2].map { peak in
      2 / (1 - cos(2 * .pi * Double(Self.reach(of: peak, used, of: bins)) / Double(bins)))
    }
    let mean = used.reduce(0) { $0 + histogram[$1] } / Double(max(1, used.count))
    let doubts = fit.concentrations.indices.map { peak -> Doubt? in
      let kappa = fit.concentrations[peak]
      guard fit.heights[peak] > 0.01 * mean, kappa > CardinalFit.range.lowerBound * 1.001 else { return .absent }
      return kappa > largest[peak] ? .unresolved : nil
    }
    self.doubts = doubts
    concentrations = zip(fit.concentrations, doubts).map { $1 == nil ? $0 : nil }
    largestConcentrations = largest
  }

  /// Bins from a peak to the second used one, counted from the peak, on the side where it is farther; a right angle at
  /// the most.
  private static func reach(of peak: Int, _ used: Set<Int>, of bins: Int) -> Int {
    let sides = [1, -1].map { way in
      (0..<bins / 2).filter { used.contains((peak + way * $0 + bins) % bins) }.dropFirst().first ?? bins / 2
    }
    return max(sides[0], sides[1])
  }
}
