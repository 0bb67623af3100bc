import Neuromorphic
import Testing

/// What axonal delays take of a core's memory.
@Suite struct DelayMemoryTests {
  private func needs(delays: [(Network.Compartment, Int)], on chip: ChipDescription) -> CoreNeeds {
    let shape = Network.Shape(rows: 3, columns: 5, channels: 2)
    let network = Network(
      arithmetic: .integer(weightBits: 8), inputShape: shape, inputExponent: 0,
      populations: [
        .init(
          name: "p", shape: shape, model: DeltaModel(lambda: 1, sendThreshold: 1, stepShift: 3),
          scale: .init(isInteger: true, stateExponent: 0, payloadExponent: 0))
      ],
      projections: delays.map {
        .init(
          source: .input, target: 0, compartment: $0.0, connectivity: .oneToOne(weight: 1, signWeight: 0),
          delay: $0.1)
      })
    let box = Box(rows: 0..<3, columns: 0..<5, channels: 0..<2)
    return Mapping(placements: [Placement(population: 0, core: 0, box: box)], chips: 1).needs(of: network, on: chip)[0]
      .needs
  }

  /// A compartment needs a word of state, of 3 bytes on Loihi 2, for every step up to its longest delay.
  @Test func aCompartmentNeedsAnAccumulatorForEveryStepOfItsLongestDelay() throws {
    let chip = try ChipDescription.named("loihi2")
    #expect(needs(delays: [(.hold, 0)], on: chip).delay_bytes == 0)
    #expect(needs(delays: [(.hold, 1)], on: chip).delay_bytes == 30 * 3)
    #expect(needs(delays: [(.hold, 7), (.hold, 4), (.hold, 0)], on: chip).delay_bytes == 30 * 7 * 3)
    #expect(needs(delays: [(.hold, 7), (.pulse, 4)], on: chip).delay_bytes == 30 * 11 * 3)
    let states = needs(delays: [(.hold, 0)], on: chip).state_bytes
    #expect(states > 0 && needs(delays: [(.hold, 63)], on: chip).state_bytes == states)
  }

  @Test func delaysCountAgainstTheCoresMemoryAsAnEstimate() throws {
    var chip = try ChipDescription.named("loihi2")
    // Formats that are estimates would mark the need in any case.
    chip.synapseFormats = Sourced(chip.synapseFormats.value, .source("test"))
    chip.synapseLists = nil
    let plain = needs(delays: [(.hold, 0)], on: chip), delayed = needs(delays: [(.hold, 63)], on: chip)
    func memory(_ needs: CoreNeeds) throws -> CoreNeeds.Limit {
      try #require(needs.limits(of: chip).first { $0.what == "memory for synapses and states" })
    }
    #expect(try memory(delayed).needed == memory(plain).needed + 30 * 63 * 3)
    #expect(try !memory(plain).isNeedEstimate && memory(delayed).isNeedEstimate)
    chip.coreMemory_bytes = Sourced(try memory(plain).needed + 30 * 63 * 3 - 1, .source("test"))
    #expect(try memory(plain).fits && !memory(delayed).fits)
  }

  /// TrueNorth keeps a late spike at its axon, a bit a tick, in a memory of its own.
  @Test func onACrossbarDelaysTakeNoMemoryOfNeurons() throws {
    #expect(needs(delays: [(.hold, 14)], on: try ChipDescription.named("truenorth")).delay_bytes == 0)
  }
}
