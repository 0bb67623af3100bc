import EventStreams
import Neuromorphic
import TestSupport
import Testing

extension ChipModelTests {
  /// How packets become input: delays, compartments, the one shift and the one saturation.
  struct Dendrites {
    private static let shape = Network.Shape(rows: 1, columns: 1, channels: 1)

    /// A neuron that shows its `hold` input as u (and sends it).
    private func probe(_ scale: NumberScale = .units) -> Network.Population {
      Network.Population(
        name: "probe", shape: Self.shape, model: DeltaModel(lambda: 0, sendThreshold: 1, stepShift: 0), scale: scale)
    }

    /// A neuron that adds up its input (h − w) in V and never spikes.
    private func integrator(traceDecayShift: Int) -> Network.Population {
      Network.Population(
        name: "integrator", shape: Self.shape,
        model: SpikingModel(lambda: 0, charge: 4_000_000, stepShift: 0, polarities: 2), scale: .units,
        traceDecayShift: traceDecayShift)
    }

    private func network(
      _ population: Network.Population, into compartment: Network.Compartment, weight: Float = 1, exponent: Int = 0,
      delay: Int = 0
    ) -> Network {
      Network(
        arithmetic: .integer(weightBits: 8), inputShape: Self.shape, inputExponent: exponent, populations: [population],
        projections: [
          .init(
            source: .input, target: 0, compartment: compartment,
            connectivity: .pairs(
              rowStarts: [0, 1], targets: [0], weights: QuantizedWeights([weight], arithmetic: .integer(weightBits: 8))),
            delay: delay)
        ])
    }

    /// States of the only population after each step.
    private func states(
      _ name: String, _ network: Network, chip: SmallChip = SmallChip(), input: [(step: Int, place: Int, payload: Int)],
      steps: Int
    ) throws -> (states: [[Double]], saturations: [Int]) {
      let simulation = try Simulation(network, mapping: .whole(network, on: [0]), chip: chip.description())
      try simulation.inject(.events(for: Self.shape, exponent: network.inputExponent, input))
      var saturations: [Int] = []
      let states = try (0..<steps).map { _ in
        saturations.append(try #require(simulation.run(steps: 1).records.first).saturations)
        return try simulation.state(name, of: 0)
      }
      return (states, saturations)
    }

    @Test(arguments: [0, 1, 2, 5, 64]) func aDelayOfDDeliversAtTPlusOnePlusD(delay: Int) throws {
      let network = network(probe(), into: .hold, delay: delay)
      let u = try states("u", network, input: [(3, 0, 17), (4, 0, 100)], steps: delay + 8).states.flatMap(\.self)
      let expected = (0..<delay + 8).map { step in Double((step >= 4 + delay ? 17 : 0) + (step >= 5 + delay ? 100 : 0))
      }
      #expect(u == expected)
    }

    @Test func aPulseLastsOneStepAndAHoldStays() throws {
      // A pulse sets u of `delta`; without `hold` u then decays at once (stepShift 0).
      let pulse = try states("u", network(probe(), into: .pulse), input: [(0, 0, 5), (2, 0, -7)], steps: 6).states
      #expect(pulse.flatMap(\.self) == [0, 5, 0, -7, 0, 0])
      let hold = try states("u", network(probe(), into: .hold), input: [(0, 0, 5), (2, 0, -7)], steps: 6).states
      #expect(hold.flatMap(\.self) == [0, 5, 5, -2, -2, -2])
    }

    @Test func aTraceLosesItsShareEachStepRoundedDown() throws {
      // V of the OFF neuron adds up w, V of the ON neuron adds up −w, clamped at 0.
      let input = [
        (step: 0, place: 0, payload: 1000), (step: 3, place: 0, payload: 37), (step: 5, place: 0, payload: -4000),
      ]
      let v = try states("V", network(integrator(traceDecayShift: 3), into: .trace), input: input, steps: 12).states
      var w = 0, expected: [[Double]] = []
      var on = 0, off = 0
      for step in 0..<12 {
        w -= Int((Double(w) / 8).rounded(.down))
        w += input.first { $0.step == step - 1 }?.payload ?? 0
        (on, off) = (max(0, on - w), max(0, off + w))
        expected.append([Double(on), Double(off)])
      }
      #expect(v == expected && expected.contains { $0[0] > 0 } && expected.contains { $0[1] > 0 })
    }

    /// A convolution over two rows after one that filled the second, with explicit synapses beside them: both rows'
    /// sums pass 31 bits in one step, by messages none of which does.
    @Test func sumsOfPairsAndConvolutionsInOneCompartmentDoNotWrapRound() throws {
      let weight = 127, large = 1 << 23 - 1, small = 1 << 20
      let shape = Network.Shape(rows: 2, columns: 1, channels: 1)
      let inputShape = Network.Shape(rows: 4, columns: 1, channels: 1)
      let scale = NumberScale(isInteger: true, stateExponent: 9, payloadExponent: 9)
      let arithmetic = Network.Arithmetic.integer(weightBits: 8)
      let weights = { (count: Int) in
        QuantizedWeights(Array(repeating: Float(weight), count: count), arithmetic: arithmetic)
      }
      let network = Network(
        arithmetic: arithmetic, inputShape: inputShape, inputExponent: 0,
        populations: [
          .init(
            name: "probe", shape: shape, model: DeltaModel(lambda: 0, sendThreshold: 1e9, stepShift: 0),
            scale: scale)
        ],
        tables: [ConvolutionTable(sourceChannels: 1, extent: 2, targetChannels: 1, weights: weights(4))],
        projections: [
          .init(
            source: .input, target: 0, compartment: .hold,
            connectivity: .convolution(table: 0, sourceStride: 1, targetStride: 1, origin: 0)),
          .init(
            source: .input, target: 0, compartment: .hold,
            connectivity: .pairs(rowStarts: [0, 0, 0, 0, 1], targets: [0], weights: weights(1))),
        ])
      var chip = SmallChip()
      chip.payloadBits = 24
      // Place 2 reaches row 1, place 3 row 0 by a pair, place 1 both rows, place 0 row 0.
      let input = [(2, large), (3, small), (1, large), (0, large), (0, large)].map {
        (step: 0, place: $0.0, payload: $0.1)
      }
      let simulation = try Simulation(network, mapping: .whole(network, on: [0]), chip: chip.description())
      try simulation.inject(.events(for: inputShape, exponent: 0, input))
      _ = try simulation.run(steps: 2)
      let sums = [weight * (3 * large + small), weight * 2 * large]
      #expect(sums[0] > Int(Int32.max))
      #expect(try simulation.state("u", of: 0) == sums.map { Double(($0 >> 9) << 9) })
    }

    /// Sums are in quarters of a state: 3 quarters twice in a step are 1, in two steps 0 and 0; −1 quarter is −1.
    @Test func sumsAreShiftedDownOnceAtTheEndOfAStep() throws {
      let network = network(probe(), into: .hold, weight: 1, exponent: -2)
      #expect(network.floorShift(of: 0, .hold) >= 2)
      let together = try states("u", network, input: [(0, 0, 3), (0, 0, 3)], steps: 2).states
      #expect(together.last == [1])
      let apart = try states("u", network, input: [(0, 0, 3), (1, 0, 3)], steps: 3).states
      #expect(apart.last == [0])
      let below = try states("u", network, input: [(0, 0, -1)], steps: 2).states
      #expect(below.last == [-1])
      let cancelled = try states("u", network, input: [(0, 0, -1), (0, 0, 1)], steps: 2).states
      #expect(cancelled.last == [0])
    }

    @Test(arguments: [8, 12, 24, 30]) func statesSaturateAtTheirWidthAndThatIsCounted(bits: Int) throws {
      let network = network(probe(), into: .hold)
      let chip = SmallChip(stateBits: bits), top = 1 << (bits - 1)
      for (payload, state, count) in [
        (top - 1, top - 1, 0), (top, top - 1, 1), (-top, -top, 0), (-top - 1, -top, 1), (3 * top / 2, top - 1, 1),
      ] {
        let run = try states("u", network, chip: chip, input: [(0, 0, payload)], steps: 3)
        #expect(run.states[1] == [Double(state)], "payload \(payload)")
        #expect(run.saturations == [0, count, count], "payload \(payload)")
      }
    }

    /// −100, then +160: the exact sum 60 fits 8 bits, though 160 alone does not.
    @Test func onlyTheSumSaturates() throws {
      let chip = SmallChip(stateBits: 8)
      for compartment in [Network.Compartment.hold, .trace] {
        let population = compartment == .hold ? probe() : integratorOfEightBits
        let network = network(population, into: compartment)
        let run = try states(
          compartment == .hold ? "u" : "V", network, chip: chip, input: [(0, 0, -100), (1, 0, 160)], steps: 3)
        #expect(run.saturations == [0, 0, 0], "\(compartment)")
        if compartment == .hold { #expect(run.states.map { $0[0] } == [0, -100, 60]) }
      }
    }

    private var integratorOfEightBits: Network.Population {
      Network.Population(
        name: "integrator", shape: Self.shape, model: SpikingModel(lambda: 0, charge: 120, stepShift: 4, polarities: 1),
        scale: .units, traceDecayShift: 7)
    }

    /// A hundred messages of 2³⁰ · 127 in one step: their 64-bit sum is exact, in whatever order.
    @Test func sumsBeyondThirtyTwoBitsAreExact() throws {
      var generator = SplitMix64(seed: 5)
      let network = network(
        probe(.init(isInteger: true, stateExponent: 14, payloadExponent: 14)), into: .hold, weight: 127)
      var payloads = (0..<100).map { _ in Int.random(in: -(1 << 30)...1 << 30, using: &generator) }
      payloads.append(-payloads.reduce(0, +) + 12_345_678)
      let expected = Double((127 * 12_345_678) >> 14) * 16384
      for _ in 0..<5 {
        payloads.shuffle(using: &generator)
        let run = try states(
          "u", network, chip: SmallChip(stateBits: 30), input: payloads.map { (0, 0, $0) }, steps: 2)
        #expect(run.states[1] == [expected])
      }
    }

    /// Messages that fit 32 bits each and not together, through a table.
    @Test(arguments: [1, 16, 17, 18, 400]) func manySmallMessagesAddUpBeyondThirtyTwoBits(count: Int) throws {
      let arithmetic = Network.Arithmetic.integer(weightBits: 8)
      var network = network(probe(.init(isInteger: true, stateExponent: 14, payloadExponent: 14)), into: .hold)
      network.tables = [
        ConvolutionTable(
          sourceChannels: 1, extent: 1, targetChannels: 1, weights: QuantizedWeights([127], arithmetic: arithmetic))
      ]
      network.projections = [
        .init(
          source: .input, target: 0, compartment: .hold,
          connectivity: .convolution(table: 0, sourceStride: 1, targetStride: 1, origin: 0))
      ]
      // 2³¹ / (127 · 1,000,000) is 16.9.
      for payload in [1_000_000, -1_000_000] {
        let run = try states(
          "u", network, chip: SmallChip(stateBits: 30), input: Array(repeating: (0, 0, payload), count: count), steps: 2
        )
        #expect(run.states[1] == [Double((127 * count * payload) >> 14) * 16384])
      }
    }

    @Test func sumsBeyondSixtyFourBitsFailTheRun() throws {
      // Payloads of 2³⁰ count 2⁴⁰ fine units each beside a projection whose unit is 2⁻⁴⁰.
      let pairs = [Float(127), Float(sign: .plus, exponent: -33, significand: 127)].map {
        Network.Projection(
          source: .input, target: 0, compartment: .hold,
          connectivity: .pairs(
            rowStarts: [0, 1], targets: [0], weights: QuantizedWeights([$0], arithmetic: .integer(weightBits: 8))))
      }
      let network = Network(
        arithmetic: .integer(weightBits: 8), inputShape: Self.shape, inputExponent: 0, populations: [probe()],
        projections: pairs)
      let error = #expect(throws: NeuromorphicError.self) {
        _ = try states("u", network, input: [(0, 0, 1 << 30)], steps: 2)
      }
      #expect(try #require(error).description.contains("too large for exact sums"))
      #expect(try !#require(error).description.contains("\n"))
      #expect(try states("u", network, input: [(0, 0, 1)], steps: 2).states[1] == [127])
    }
  }
}
