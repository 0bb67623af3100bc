/// What a program says of a run: who spiked when, counts, and energies by unit.
struct Account {
  /// By step, rising.
  var spikes: [[Int]]
  /// Neuron updates that pay for more than an access.
  var updates: Int
  var packets: Int
  var hops: Int
  var synops: Int
  /// In joules. Axons and hops are one sum, as one of the programs has no other.
  var synapses_J: Double
  var somas_J: Double
  var axonsAndHops_J: Double

  var spikeCount: Int { spikes.reduce(0) { $0 + $1.count } }

  /// Energies agree if they do so in six digits.
  static let tolerance = 5e-7

  /// What differs from another program's account, each in a line; nothing if they agree.
  func differences(from other: Account) -> [String] {
    spikeDifferences(from: other) + countDifferences(from: other) + energyDifferences(from: other)
  }

  private func spikeDifferences(from other: Account) -> [String] {
    guard spikes.count == other.spikes.count else {
      return ["\(spikes.count) steps, and \(other.spikes.count) in the other program"]
    }
    for (step, (mine, theirs)) in zip(spikes, other.spikes).enumerated() where mine != theirs {
      let only = Set(mine).subtracting(theirs).sorted(), missing = Set(theirs).subtracting(mine).sorted()
      return ["step \(step + 1): neurons \(only) spike here only, \(missing) in the other program only"]
    }
    return []
  }

  private func countDifferences(from other: Account) -> [String] {
    [
      ("active updates", updates, other.updates), ("packets", packets, other.packets), ("hops", hops, other.hops),
      ("synops", synops, other.synops),
    ].compactMap { name, mine, theirs in mine == theirs ? nil : "\(mine) \(name), and \(theirs) in the other program" }
  }

  private func energyDifferences(from other: Account) -> [String] {
    energies(beside: other).compactMap { name, mine, theirs in
      Self.difference(mine, theirs) <= Self.tolerance
        ? nil : "energy of \(name) \(mine) J, and \(theirs) J in the other program"
    }
  }

  func energies(beside other: Account) -> [(name: String, mine: Double, theirs: Double)] {
    [
      ("synapses", synapses_J, other.synapses_J), ("somas", somas_J, other.somas_J),
      ("axons and hops", axonsAndHops_J, other.axonsAndHops_J),
    ]
  }

  /// Relative to the other's figure.
  static func difference(_ mine: Double, _ theirs: Double) -> Double {
    mine == theirs ? 0 : abs(mine - theirs) / abs(theirs)
  }

  /// One more spike, one synop less, and energies off in the sixth digit: what a comparison must find, each by itself.
  var damaged: [Account] {
    var moved = self, uncounted = self, mispriced = self
    if let step = moved.spikes.firstIndex(where: { !$0.isEmpty }) {
      moved.spikes[(step + 1) % spikes.count].append(moved.spikes[step].removeLast())
      moved.spikes[(step + 1) % spikes.count].sort()
    }
    uncounted.synops -= 1
    mispriced.somas_J *= 1 + 1e-6
    return [moved, uncounted, mispriced]
  }
}
