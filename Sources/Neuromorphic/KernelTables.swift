import KernelBanks
import SparseCoding

extension ConvolutionTable {
  /// Rounds a table of correlations.
  init(_ correlations: CorrelationTable, arithmetic: Network.Arithmetic, format: WeightFormat) {
    self.init(
      sourceChannels: correlations.sourceCount, extent: correlations.extent, targetChannels: correlations.targetCount,
      weights: QuantizedWeights(correlations.values, arithmetic: arithmetic, format: format))
  }

  /// Φᵀ as a table: one source channel (the pixel), offsets within a kernel, one target channel a kernel.
  package init(analysisOf bank: KernelBank, arithmetic: Network.Arithmetic, format: WeightFormat) {
    var weights = [Float](repeating: 0, count: bank.weights.count)
    for kernel in 0..<bank.count {
      for pixel in 0..<bank.size * bank.size {
        weights[pixel * bank.count + kernel] = bank.weights[kernel * bank.size * bank.size + pixel]
      }
    }
    self.init(
      sourceChannels: 1, extent: bank.size, targetChannels: bank.count,
      weights: QuantizedWeights(weights, arithmetic: arithmetic, format: format))
  }

  /// Φ as a table: offsets run backwards through the kernel, one target channel (the pixel).
  package init(synthesisOf bank: KernelBank, arithmetic: Network.Arithmetic, format: WeightFormat) {
    let pixels = bank.size * bank.size
    let weights = (0..<bank.count).flatMap { bank.weights[$0 * pixels..<($0 + 1) * pixels].reversed() }
    self.init(
      sourceChannels: bank.count, extent: bank.size, targetChannels: 1,
      weights: QuantizedWeights(weights, arithmetic: arithmetic, format: format))
  }
}
