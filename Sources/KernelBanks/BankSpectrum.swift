import Foundation

/// The Fourier transforms of a bank's kernels, and what follows from them.
public struct BankSpectrum: Sendable {
  /// Frequencies on each axis, 0 … (n − 1) / n cycles per pixel.
  let side: Int
  private let count: Int
  /// K̂(f) by kernel, row frequency, column frequency: real and imaginary parts.
  private let values: [SIMD2<Float>]

  /// Transforms a bank on a grid of `side` × `side` frequencies.
  ///
  /// - Parameter side: 48 unless given, which is four times finer than a kernel of 12 × 12 needs.
  public init(_ bank: KernelBank, side: Int = 48) {
    let side = max(side, bank.size)
    self.side = side
    count = bank.count
    let waves = (0..<side).map { place -> SIMD2<Double> in
      let angle = -2 * Double.pi * Double(place) / Double(side)
      return [cos(angle), sin(angle)]
    }
    var values: [SIMD2<Float>] = []
    values.reserveCapacity(bank.count * side * side)
    for index in 0..<bank.count { values += Self.transform(bank.kernel(index), bank.size, side, waves) }
    self.values = values
  }

  /// One axis after the other.
  private static func transform(
    _ kernel: ArraySlice<Float>, _ size: Int, _ side: Int, _ waves: [SIMD2<Double>]
  ) -> [SIMD2<Float>] {
    var rows = [SIMD2<Double>](repeating: .zero, count: size * side)
    for y in 0..<size {
      for f in 0..<side {
        for x in 0..<size {
          rows[y * side + f] += Double(kernel[kernel.startIndex + y * size + x]) * waves[f * x % side]
        }
      }
    }
    return (0..<side * side).map { place in
      var sum = SIMD2<Double>.zero
      for y in 0..<size { sum += product(rows[y * side + place % side], waves[place / side * y % side]) }
      return SIMD2<Float>(sum)
    }
  }

  /// λ_max of the Gram operator G = ΦᵀΦ at a stride, on a circular grid as large as the grid of frequencies.
  ///
  /// ΦΦᵀ has the same eigenvalues and falls into one stride² × stride² matrix for each set of frequencies that the
  /// stride makes alike: Σₖ K̂ₖ(f + m/s)* K̂ₖ(f + n/s) / s². The largest of each is found by power iteration.
  ///
  /// - Throws: `BankError` if the stride does not divide the number of frequencies on an axis.
  public func largestGramEigenvalue(stride: Int) throws -> Double {
    guard stride >= 1, side.isMultiple(of: stride) else {
      throw BankError("a stride of \(stride) does not divide a grid of \(side) frequencies")
    }
    let step = side / stride
    var largest = 0.0
    for row in 0..<step {
      for column in 0..<step {
        let aliases = (0..<stride * stride).map {
          (row + $0 / stride * step) * side + column + $0 % stride * step
        }
        largest = max(largest, eigenvalue(aliases) / Double(stride * stride))
      }
    }
    return largest
  }

  private func eigenvalue(_ aliases: [Int]) -> Double {
    // An uneven start is orthogonal to no eigenvector by symmetry.
    var vector = aliases.indices.map { SIMD2<Double>(1 + 0.1 * Double($0), 0.05 * Double($0)) }
    var value = 0.0
    for _ in 0..<200 {
      let length = vector.reduce(0) { $0 + ($1 * $1).sum() }.squareRoot()
      guard length > 0 else { return 0 }
      let former = value
      value = length
      let unit = vector.map { $0 / length }
      vector = applied(to: unit, aliases)
      if abs(value - former) < 1e-9 * value { break }
    }
    return value
  }

  /// Σₖ v̄ₖ vₖᵀ applied, vₖ the values of kernel k at the aliases.
  private func applied(to vector: [SIMD2<Double>], _ aliases: [Int]) -> [SIMD2<Double>] {
    var result = [SIMD2<Double>](repeating: .zero, count: aliases.count)
    for kernel in 0..<count {
      var sum = SIMD2<Double>.zero
      let base = kernel * side * side
      for (part, alias) in zip(vector, aliases) { sum += product(SIMD2<Double>(values[base + alias]), part) }
      for (place, alias) in aliases.enumerated() {
        result[place] += product(conjugate(SIMD2<Double>(values[base + alias])), sum)
      }
    }
    return result
  }
}

private func product(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> SIMD2<Double> {
  [a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x]
}

private func conjugate(_ a: SIMD2<Double>) -> SIMD2<Double> { [a.x, -a.y] }

extension KernelBank {
  /// The bank's spectral power by orientation: 72 bins over [0, π), bin i at θ = π i / 72, of sum 1.
  ///
  /// Σₖ |K̂ₖ(f)|² is summed over radii of 0.15, 0.2 … 0.45 cycles per pixel, at which a kernel of 12 pixels tells
  /// orientations apart.
  public var orientationPower: [Double] {
    let bins = 72
    let power = (0..<bins).map { bin -> Double in
      let theta = .pi * Double(bin) / Double(bins)
      return (3...9).reduce(0) { sum, radius in
        let frequency = 0.05 * Double(radius)
        return sum + self.power(row: frequency * cos(theta), column: frequency * sin(theta))
      }
    }
    let total = power.reduce(0, +)
    return power.map { $0 / total }
  }

  /// Σₖ |K̂ₖ|² at one frequency, in cycles per pixel.
  private func power(row: Double, column: Double) -> Double {
    let waves = (0..<size * size).map { pixel -> SIMD2<Float> in
      let angle = 2 * Double.pi * (row * Double(pixel / size) + column * Double(pixel % size))
      return [Float(cos(angle)), Float(sin(angle))]
    }
    return (0..<count).reduce(0) { sum, index in
      var transform = SIMD2<Float>.zero
      for (weight, wave) in zip(kernel(index), waves) { transform += weight * wave }
      return sum + Double((transform * transform).sum())
    }
  }
}
