import DataFiles
import Foundation

/// A bank in a few numbers.
public struct BankSummary: Equatable, Sendable, CustomStringConvertible {
  /// What the bank is called.
  public let name: String
  /// Number of kernels.
  public let count: Int
  /// Height and width of the kernels, in pixels.
  public let size: Int
  /// How many θ, B_θ and phases a designed bank has, each with each; `nil` of any other bank.
  public let parts: Parts?
  /// Median share of a kernel's energy that a log-Gabor explains; `nil` if none were fitted.
  public let medianExplained: Double?
  /// Share of the kernels whose B_θ is known: that were designed, or of which a log-Gabor explains enough.
  public let knownShare: Double
  /// Mean of B_θ over the kernels that have one, in degrees; `nil` if none has.
  public let meanBandwidth_deg: Double?
  /// Standard deviation of B_θ over the same kernels, in degrees; `nil` if none has one.
  public let bandwidthSpread_deg: Double?
  /// Smallest and largest ℓ2 norm of a kernel.
  public let norms: ClosedRange<Double>
  /// The largest absolute inner product of two different kernels in the same place, both at unit norm; 0 for one
  /// kernel.
  public let coherence: Double
  /// How evenly the kernels cover orientations: the least of `KernelBank.orientationPower` over its mean; 1 is even.
  public let orientationCoverage: Double
  /// λ_max of the Gram operator at strides 1 and 2 (on a circular grid).
  public let largestGramEigenvalues: [Double]

  /// What the kernels of a design are made of.
  public struct Parts: Equatable, Sendable {
    /// How many different θ, B_θ and phases there are.
    public let orientations, bandwidths, phases: Int
  }

  /// Summarises a bank.
  public init(_ bank: KernelBank) {
    name = bank.name
    count = bank.count
    size = bank.size
    parts = bank.designs.flatMap(Parts.init)
    let known = bank.knownDesigns?.compactMap { $0.map { $0.bandwidth * 180 / .pi } } ?? []
    let bandwidths = known.isEmpty ? nil : known
    knownShare = Double(known.count) / Double(bank.count)
    medianExplained = bank.fits.map { fits in
      let shares = fits.map(\.explained).sorted()
      return (shares[(shares.count - 1) / 2] + shares[shares.count / 2]) / 2
    }
    let mean = bandwidths.map { $0.reduce(0, +) / Double($0.count) }
    meanBandwidth_deg = mean
    bandwidthSpread_deg = bandwidths.map { values in
      let squares = values.reduce(0) { $0 + ($1 - (mean ?? 0)) * ($1 - (mean ?? 0)) }
      return (squares / Double(values.count)).squareRoot()
    }
    let norms = bank.norms
    self.norms = (norms.min() ?? 0)...(norms.max() ?? 0)
    coherence = Self.coherence(of: bank, norms: norms)
    let power = bank.orientationPower
    orientationCoverage = (power.min() ?? 0) * Double(power.count)
    // An even number of frequencies, so that a stride of 2 divides it.
    let spectrum = BankSpectrum(bank, side: max(48, bank.size + bank.size % 2))
    largestGramEigenvalues = [1, 2].compactMap { try? spectrum.largestGramEigenvalue(stride: $0) }
  }

  /// One line.
  public var description: String {
    var words = ["\(name): \(count.counted("kernel")) of \(size) × \(size)"]
    if let parts { words.append(parts.description) }
    if let meanBandwidth_deg, let bandwidthSpread_deg {
      words.append(String(format: "B_θ %.1f° ± %.1f°", meanBandwidth_deg, bandwidthSpread_deg))
    }
    if let medianExplained {
      let ofMedian = String(format: "%.0f %% of the median kernel's", 100 * medianExplained)
      words.append(
        knownShare > 0
          ? String(format: "of %.0f %% of the kernels (log-Gabors explain half of their energy; ", 100 * knownShare)
            + "\(ofMedian))"
          : "log-Gabors explain half of the energy of no kernel (\(ofMedian))")
    }
    words.append(String(format: "norms %.3g…%.3g", norms.lowerBound, norms.upperBound))
    words.append(String(format: "coherence %.4f", coherence))
    words.append(String(format: "orientation coverage %.3f", orientationCoverage))
    for (place, value) in largestGramEigenvalues.enumerated() {
      words.append(String(format: "λ_max %.4g at stride %d", value, place + 1))
    }
    return words.joined(separator: ", ")
  }

  private static func coherence(of bank: KernelBank, norms: [Double]) -> Double {
    var largest = 0.0
    for a in 0..<bank.count {
      for b in 0..<a {
        let product = zip(bank.kernel(a), bank.kernel(b)).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        largest = max(largest, abs(product) / (norms[a] * norms[b]))
      }
    }
    return largest
  }
}

extension BankSummary.Parts: CustomStringConvertible {
  /// Nil unless every θ is there with every B_θ and every phase, and once.
  init?(_ designs: [LogGabor]) {
    // In millionths of a radian: files may round.
    func rounded(_ value: Double) -> Double { (value * 1e6).rounded() }
    func different(_ value: (LogGabor) -> Double) -> Int { Set(designs.map { rounded(value($0)) }).count }
    (orientations, bandwidths, phases) = (different(\.theta), different(\.bandwidth), different(\.phase))
    let kernels = Set(designs.map { [$0.theta, $0.bandwidth, $0.phase].map(rounded) })
    guard kernels.count == designs.count, designs.count == orientations * bandwidths * phases else { return nil }
  }

  /// As a product, whose value is the number of kernels.
  public var description: String {
    [orientations.counted("orientation"), bandwidths.counted("bandwidth"), phases.counted("phase")]
      .joined(separator: " × ")
  }
}
