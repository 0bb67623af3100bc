import KernelBanks

/// Who is connected to whom, with real weights. Neurons are counted by (row, column, channel), the channel fastest.
public enum Connections: Sendable {
  /// One connection from a source neuron to a target's dendrite.
  public struct Synapse: Equatable, Sendable {
    /// Place in the source.
    public let source: Int
    /// Place in the target.
    public let target: Int
    /// In units of the target's state for a spike worth 1.
    public let weight: Float

    /// A connection.
    public init(from source: Int, to target: Int, weight: Float) {
      self.source = source
      self.target = target
      self.weight = weight
    }
  }

  /// Everyone to everyone: `weights[source][target]`. Zeros are synapses too, and cost operations.
  case dense([[Float]])
  /// Listed connections, in any order; some may join the same pair.
  case sparse([Synapse])
  /// Compressed rows (CSR): source i has the entries `rowStarts[i] ..< rowStarts[i + 1]` of `targets` and `weights`.
  case compressedRows(rowStarts: [Int], targets: [Int], weights: [Float])
  /// Each pair with a probability, drawn in order of sources and targets; a neuron may be joined to itself.
  case random(probability: Double, weight: Float, seed: UInt64)
  /// Each neuron to the one at its own place, in a population of the same shape.
  case oneToOne(weight: Float)
  /// Target (k, y, x) gets Σ kernel[k][c][i][j] · source (c, stride · y + i − padding, stride · x + j − padding): the
  /// cross-correlation that machine learning calls convolution. The kernels are shared where the chip can share them.
  case convolution(ConvolutionKernels, stride: Int = 1, padding: Int = 0)
}

/// Square kernels over channel pairs, as in other frameworks: `[target channel][source channel][row][column]`.
public struct ConvolutionKernels: Equatable, Sendable {
  /// Channels of the target, one kernel each.
  public let targetChannels: Int
  /// Channels of the source.
  public let sourceChannels: Int
  /// Rows and columns of a kernel.
  public let size: Int
  /// All weights, the column fastest.
  public let weights: [Float]

  /// Kernels from their weights; a projection refuses another number of weights.
  public init(targetChannels: Int, sourceChannels: Int, size: Int, weights: [Float]) {
    self.targetChannels = targetChannels
    self.sourceChannels = sourceChannels
    self.size = size
    self.weights = weights
  }

  /// A bank's kernels, one target channel each, for a source of one channel.
  public init(_ bank: KernelBank) {
    self.init(targetChannels: bank.count, sourceChannels: 1, size: bank.size, weights: bank.weights)
  }
}
