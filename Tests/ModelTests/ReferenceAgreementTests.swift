import Foundation
import Neuromorphic
import ReferenceChip
import TestSupport
import Testing

extension ChipModelTests {
  /// Two implementations, written apart: what the SystemC chip computes, the reference chip computes too.
  @Suite struct ReferenceAgreementTests {
    /// `RHEOBASE_RANDOM_CASES` overrides how many cases are tried.
    static let cases = ProcessInfo.processInfo.environment["RHEOBASE_RANDOM_CASES"].flatMap { UInt64($0) } ?? 3000

    @Test func randomNetworksOnRandomChipsAgreeBitForBit() throws {
      var spikes = 0, saturations = 0
      for seed in 1...Self.cases {
        let (chipSpikes, chipSaturations) = try Self.checkAgreement(seed: seed)
        spikes += chipSpikes
        saturations += chipSaturations
      }
      // The cases must exercise what they are meant to.
      #expect(spikes > 20 * Int(Self.cases))
      #expect(saturations > Int(Self.cases))
    }

    private static func checkAgreement(seed: UInt64) throws -> (spikes: Int, saturations: Int) {
      let random = RandomCase(seed: seed)
      let description = try random.chip.description()
      let simulation = try Simulation(random.network, mapping: random.mapping, chip: description)
      try simulation.inject(random.input)
      let (records, spikes) = try simulation.run(steps: random.steps)
      var reference = try ReferenceChip(
        random.network, stateBits: random.chip.stateBits, payloadBits: random.chip.payloadBits)
      reference.inject(random.input)

      var expected = ReferenceChip.Step()
      for step in 0..<random.steps {
        let advanced = reference.advance()
        expected.add(advanced)
        let ours = spikes.filter { $0.step == step }.map {
          ReferenceSpike(population: $0.population, neuron: $0.neuron, payload: Int($0.payload))
        }.sorted { ($0.population, $0.neuron) < ($1.population, $1.neuron) }
        #expect(ours == advanced.spikes, "seed \(seed), step \(step)")
        #expect(records[step].synapticOperations == expected.synapticOperations, "seed \(seed), step \(step)")
        #expect(records[step].updatesActive == expected.updatesActive, "seed \(seed), step \(step)")
        #expect(records[step].updatesInactive == expected.updatesInactive, "seed \(seed), step \(step)")
        #expect(records[step].saturations == expected.saturations, "seed \(seed), step \(step)")
        #expect(records[step].packetsSent == records[step].packetsReceived, "seed \(seed), step \(step)")
        #expect(records[step].packetsSent == records[step].corePackets + records[step].hostPackets)
      }
      try checkStates(of: random, simulation, reference, seed: seed)
      return (spikes.count, expected.saturations)
    }

    private static func checkStates(
      of random: RandomCase, _ simulation: Simulation, _ reference: ReferenceChip, seed: UInt64
    ) throws {
      for (index, states) in try simulation.states(of: random.network).enumerated() {
        let unit = Double(sign: .plus, exponent: random.network.populations[index].scale.stateExponent, significand: 1)
        for (name, values) in states {
          let expected = try #require(reference.state(name, of: index)).map { Double($0) * unit }
          #expect(values == expected, "seed \(seed), state \(name)")
        }
      }
    }
  }
}

extension ReferenceChip.Step {
  fileprivate mutating func add(_ other: Self) {
    synapticOperations += other.synapticOperations
    updatesActive += other.updatesActive
    updatesInactive += other.updatesInactive
    saturations += other.saturations
  }
}
