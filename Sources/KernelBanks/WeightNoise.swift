import DataFiles

extension KernelBank {
  /// The bank with noise on every weight: normal numbers times a share of its kernel's root mean square.
  ///
  /// - Throws: `BankError` if the share is negative or not finite; never with 0, which gives the same bank.
  public func withWeightNoise(_ share: Double, seed: UInt64 = 1) throws -> KernelBank {
    guard share >= 0, share.isFinite else { throw BankError("a noise of \(share) is none; it must be 0 or more") }
    guard share > 0 else { return self }
    var random = SeededGenerator(seed: seed)
    let norms = norms
    let noisy = weights.indices.map { index -> Float in
      let scale = norms[index / (size * size)] / Double(size)
      return weights[index] + Float(share * scale * random.nextNormal())
    }
    return try KernelBank(name: name, count: count, size: size, weights: noisy, designs: designs, fits: fits)
  }
}
