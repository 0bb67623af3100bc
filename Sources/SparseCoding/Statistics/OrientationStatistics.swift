import Foundation
import KernelBanks

extension SparseCode {
  /// Σ|a| by orientation over all phases, bandwidths and positions: `bins` over [0, π), bin i about θ = π i / bins, of
  /// sum 1; nil if no kernel has a θ, or there is nothing to count.
  ///
  /// - Parameter designs: θ of each kernel; a kernel without is left out.
  public func orientationHistogram(_ designs: [LogGabor?]?, bins: Int = 72) -> [Double]? {
    guard let designs else { return nil }
    var histogram = [Double](repeating: 0, count: bins)
    for c in coefficients {
      guard let design = designs[Int(c.kernel)] else { continue }
      let turn = design.theta / .pi * Double(bins)
      let bin = ((Int(turn.rounded()) % bins) + bins) % bins
      histogram[bin] += Double(abs(c.value))
    }
    let total = histogram.reduce(0, +)
    return total > 0 ? histogram.map { $0 / total } : nil
  }

  /// The share of Σ|a| that is of kernels whose θ and B_θ are known; nil if there is nothing to count.
  public func knownShare(_ designs: [LogGabor?]?) -> Double? {
    let magnitudes = coefficients.map { (isKnown: designs?[Int($0.kernel)] != nil, value: Double(abs($0.value))) }
    let total = magnitudes.reduce(0) { $0 + $1.value }
    return total > 0 ? magnitudes.reduce(0) { $0 + ($1.isKnown ? $1.value : 0) } / total : nil
  }

  /// Σ|a| of the kernels of each bandwidth, by rising bandwidth in degrees, of sum 1.
  public func bandwidthUse(_ designs: [LogGabor]?) -> [(bandwidth_deg: Double, share: Double)]? {
    guard let designs, !coefficients.isEmpty else { return nil }
    let widths_deg = designs.map { ($0.bandwidth * 1800 / .pi).rounded() / 10 }
    var sums = Dictionary(widths_deg.map { ($0, 0.0) }) { first, _ in first }
    for c in coefficients { sums[widths_deg[Int(c.kernel)], default: 0] += Double(abs(c.value)) }
    let total = sums.values.reduce(0, +)
    return sums.sorted { $0.key < $1.key }.map { ($0.key, $0.value / total) }
  }
}

/// How oriented one square cell of an image is, and which bandwidth the code uses in it.
public struct CellOrientation: Equatable, Sendable {
  /// Where the cell begins, in pixels.
  public let top, left: Int
  /// 1 − |Σ m e^(2iθ)| / Σ m of the histogram of gradients (18 orientations, weighted by magnitude): 0 is one
  /// orientation, 1 is none.
  public let circularVariance: Double
  /// 1 − (λ₁ − λ₂) / (λ₁ + λ₂) of the structure tensor.
  public let tensorSpread: Double
  /// Σ|a| B_θ / Σ|a| of the coefficients whose kernel's centre lies in the cell, in degrees; nil if there are none.
  public let meanBandwidth_deg: Double?
}

extension Image {
  /// The orientations of each whole cell of `side` × `side` pixels, row by row; cells without any gradient are left
  /// out.
  ///
  /// Gradients are central differences, as in histograms of oriented gradients (Dalal & Triggs, CVPR 2005).
  ///
  /// - Parameters:
  ///   - code: a code of this image.
  ///   - designs: the parameters of its kernels.
  public func cellOrientations(side: Int = 32, code: SparseCode? = nil, designs: [LogGabor?]? = nil)
    -> [CellOrientation]
  {
    var cells: [CellOrientation] = []
    for top in stride(from: 0, through: height - side, by: side) {
      for left in stride(from: 0, through: width - side, by: side) {
        guard let spread = spread(top: top, left: left, side: side) else { continue }
        let bandwidth = code.flatMap { $0.meanBandwidth_deg(top: top, left: left, side: side, designs) }
        cells.append(
          CellOrientation(
            top: top, left: left, circularVariance: spread.histogram, tensorSpread: spread.tensor,
            meanBandwidth_deg: bandwidth))
      }
    }
    return cells
  }

  private func spread(top: Int, left: Int, side: Int) -> (histogram: Double, tensor: Double)? {
    var histogram = [Double](repeating: 0, count: 18)
    var (along, across, energy) = (0.0, 0.0, 0.0)
    for y in max(1, top)..<min(height - 1, top + side) {
      for x in max(1, left)..<min(width - 1, left + side) {
        let dy = Double(pixels[(y + 1) * width + x] - pixels[(y - 1) * width + x])
        let dx = Double(pixels[y * width + x + 1] - pixels[y * width + x - 1])
        let angle = atan2(dx, dy)
        let turn = Int((angle < 0 ? angle + .pi : angle) / .pi * 18)
        histogram[turn % 18] += (dy * dy + dx * dx).squareRoot()
        along += dy * dy - dx * dx
        across += 2 * dy * dx
        energy += dy * dy + dx * dx
      }
    }
    guard energy > 0 else { return nil }
    let (cosine, sine) = histogram.enumerated().reduce((0.0, 0.0)) { sums, bin in
      let angle = 2 * Double.pi * (Double(bin.offset) + 0.5) / 18
      return (sums.0 + bin.element * cos(angle), sums.1 + bin.element * sin(angle))
    }
    return (
      1 - (cosine * cosine + sine * sine).squareRoot() / histogram.reduce(0, +),
      1 - (along * along + across * across).squareRoot() / energy
    )
  }
}

extension SparseCode {
  fileprivate func meanBandwidth_deg(top: Int, left: Int, side: Int, _ designs: [LogGabor?]?) -> Double? {
    guard let designs else { return nil }
    var (sum, weight) = (0.0, 0.0)
    for c in coefficients {
      let y = (Int(c.row) * geometry.stride + geometry.kernelSize / 2) % geometry.imageHeight
      let x = (Int(c.column) * geometry.stride + geometry.kernelSize / 2) % geometry.imageWidth
      guard (top..<top + side).contains(y), (left..<left + side).contains(x), let design = designs[Int(c.kernel)]
      else { continue }
      let magnitude = Double(abs(c.value))
      sum += magnitude * design.bandwidth * 180 / .pi
      weight += magnitude
    }
    return weight > 0 ? sum / weight : nil
  }
}
