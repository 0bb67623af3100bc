import DataFiles

/// What is broken in a network on a chip. A hash of the seed and the place decides, so that more damage hits the same
/// places and others, whatever the mapping, the timing level and the number of threads.
public struct Faults: Hashable, Sendable {
  /// Probability of a neuron to be dead: its states stay 0 and it never spikes, whatever it receives.
  public var deadNeurons: Double
  /// Probability of a spike to be lost: it leaves its soma, counted and paid, but no output axon takes it up.
  public var lostSpikes: Double
  /// What the hash begins with.
  public var seed: UInt64

  /// Nothing is broken, unless it is said otherwise.
  public init(deadNeurons: Double = 0, lostSpikes: Double = 0, seed: UInt64 = 1) {
    self.deadNeurons = deadNeurons
    self.lostSpikes = lostSpikes
    self.seed = seed
  }

  /// Whether a neuron is dead: (row, column, channel, polarity) of its population, polarity fastest.
  public func isDead(population: Int, neuron: Int) -> Bool {
    SeededGenerator.unit(seed: seed, [population, neuron]) < deadNeurons
  }

  /// Whether the spike that a neuron makes in a timestep, from 0, is lost.
  public func isLost(step: Int, population: Int, neuron: Int) -> Bool {
    SeededGenerator.unit(seed: seed, [step, population, neuron]) < lostSpikes
  }

  /// - Throws: `NeuromorphicError` if a share is none.
  func validate() throws {
    for (name, share) in [("dead neurons", deadNeurons), ("lost spikes", lostSpikes)] {
      guard (0...1).contains(share) else {
        throw NeuromorphicError("the share of \(name) is \(share); it can be 0 to 1")
      }
    }
  }
}
