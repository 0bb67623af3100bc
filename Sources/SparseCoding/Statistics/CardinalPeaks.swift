import Foundation

/// How sharp the peaks of a histogram over [0, π) are at the cardinal orientations, so far as the orientations that
/// there are kernels of resolve it.
public struct CardinalPeaks: Equatable, Sendable {
  /// Why a peak has no κ.
  public enum Doubt: String, Sendable {
    /// Orientations lie so far apart that a sharper peak would look the same.
    case unresolved
    /// The fit has no peak there: it is flat, or a dip.
    case absent
  }

  /// κ of the peaks at 0° and 90°; nil where there is a doubt.
  public let concentrations: [Double?]
  /// The doubts, at 0° and 90°.
  public let doubts: [Doubt?]
  /// The largest κ that the orientations resolve.
  public let largestConcentration: Double

  /// Fits a histogram, bin i of n about θ = π i / n.
  ///
  /// Even orientations, as designed banks have, are fitted by themselves: the bins between them are empty because there
  /// is no kernel. Uneven ones, as learnt banks have, are fitted by all bins.
  ///
  /// A peak is resolved if at its nearest neighbours the fit keeps e^−2 of its height, that is, if they lie within two
  /// standard deviations.
  ///
  /// - Parameters:
  ///   - histogram: Shares of each bin.
  ///   - orientations: θ of the kernels, radians.
  public init(histogram: [Double], orientations: [Double]) {
    let bins = histogram.count
    let used = Set(orientations.map { ((Int(($0 / .pi * Double(bins)).rounded()) % bins) + bins) % bins }).sorted()
    let step = Self.evenStep(used, of: bins) ?? 1
    let fit = CardinalFit(histogram: stride(from: 0, to: bins, by: step).map { histogram[$0] })
    let largest = 2 / (1 - cos(2 * .pi * Double(step) / Double(bins)))
    let doubts = zip(fit.heights, fit.concentrations).map { height, kappa -> Doubt? in
      guard height > 1e-9, kappa > CardinalFit.range.lowerBound * 1.001 else { return .absent }
      return kappa > largest ? .unresolved : nil
    }
    self.doubts = doubts
    concentrations = zip(fit.concentrations, doubts).map { $1 == nil ? $0 : nil }
    largestConcentration = largest
  }

  /// Bins from each used one to the next, if it is the same all around and 0 is used.
  private static func evenStep(_ used: [Int], of bins: Int) -> Int? {
    guard used.count > 2, bins.isMultiple(of: used.count) else { return nil }
    let step = bins / used.count
    return used == Array(stride(from: 0, to: bins, by: step)) ? step : nil
  }
}
