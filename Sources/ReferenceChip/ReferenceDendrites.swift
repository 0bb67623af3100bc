import Neuromorphic

/// The compartments of one population's dendrites.
struct ReferenceDendrites {
  private let stateBits: Int
  private let decayShift: Int
  private let floorShifts: [Network.Compartment: Int]
  /// Exact sums by the step in which they become input.
  private var arriving: [Int: [Network.Compartment: [Int: Int]]] = [:]
  private(set) var states: [Network.Compartment: [Int]]

  init(of population: Int, in network: Network, stateBits: Int) {
    self.stateBits = stateBits
    decayShift = network.populations[population].traceDecayShift
    let targeted = Set(network.projections.filter { $0.target == population }.map(\.compartment))
    let count = network.populations[population].shape.count
    states = Dictionary(uniqueKeysWithValues: targeted.map { ($0, [Int](repeating: 0, count: count)) })
    floorShifts = Dictionary(uniqueKeysWithValues: targeted.map { ($0, network.floorShift(of: population, $0)) })
  }

  mutating func add(_ value: Int, to dendrite: Int, _ compartment: Network.Compartment, arrivingAt step: Int) {
    arriving[step, default: [:]][compartment, default: [:]][dendrite, default: 0] += value
  }

  /// Magnitude of the largest exact sum that arrives for a step.
  func largestSum(at step: Int) -> Int {
    arriving[step]?.values.flatMap(\.values).map { abs($0) }.max() ?? 0
  }

  /// What arrived for this step becomes state; returns the number of saturations.
  mutating func swap(step: Int) -> Int {
    var saturations = 0
    let sums = arriving.removeValue(forKey: step) ?? [:]
    for (compartment, old) in states {
      let arrived = sums[compartment]
      states[compartment] = old.indices.map { dendrite in
        let kept =
          switch compartment {
          case .pulse: 0
          case .hold: old[dendrite]
          case .trace: old[dendrite] - floorShifted(old[dendrite], decayShift)
          }
        let input = floorShifted(arrived?[dendrite] ?? 0, floorShifts[compartment] ?? 0)
        return saturated(kept + input, bits: stateBits, &saturations)
      }
    }
    return saturations
  }

  /// A compartment's state; 0 if nothing targets it.
  func value(_ compartment: Network.Compartment, _ dendrite: Int) -> Int { states[compartment]?[dendrite] ?? 0 }
}
