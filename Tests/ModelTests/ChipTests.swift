import EventStreams
import Neuromorphic
import Testing

extension ChipModelTests {
  /// What the bundled chips charge and refuse, on networks small enough for a closed form.
  struct Chips {
    /// `sources` integrate-and-fire neurons that spike whenever the host says so, on a core of their own, each with a
    /// synapse of the weight 1 to every one of `targets` neurons that never spike.
    private func fan(_ sources: Int, _ targets: Int, weightBits: Int = 4) -> Network {
      func neurons(_ name: String, _ count: Int, threshold: Double) -> Network.Population {
        Network.Population(
          name: name, shape: .init(rows: 1, columns: count, channels: 1), model: LIFModel(threshold: threshold),
          scale: .units)
      }
      let shape = Network.Shape(rows: 1, columns: sources, channels: 1)
      let all = (0..<sources * targets).map { (source: $0 / targets, target: $0 % targets, weight: 1) }
      var network = Network(
        arithmetic: .integer(weightBits: weightBits), inputShape: shape, inputExponent: 0,
        populations: [neurons("sources", sources, threshold: 0), neurons("targets", targets, threshold: 250)])
      network.projections = [
        .init(source: .input, target: 0, compartment: .pulse, connectivity: .oneToOne(weight: 1, signWeight: 0)),
        .pairs(from: .population(0), sources, to: 1, all, into: .pulse, bits: weightBits),
      ]
      return network
    }

    private func events(_ network: Network, steps: Range<Int>) -> EventStream {
      .events(
        for: network.inputShape, steps.flatMap { step in (0..<network.inputShape.count).map { (step, $0, 1) } })
    }

    @Test(arguments: [(1, 1), (3, 128), (16, 256)])
    func aRunOnTrueNorthDrawsItsStaticPowerAndTheSlopeTimesItsEvents(sources: Int, targets: Int) throws {
      let chip = try ChipDescription.named("truenorth")
      let network = fan(sources, targets), steps = 12
      // A mapping far apart: hops cost nothing beside the slope, which contains them.
      let run = try simulate(
        network, .whole(network, on: [0, 64 * 40 + 37]), on: chip, events(network, steps: 0..<10), steps: steps)
      let last = try #require(run.records.last)
      let synapticEvents = 10 * sources * (1 + targets)
      #expect(last.synapticOperations == synapticEvents && last.hopsEastWest > 0)
      #expect(last.end_ps == UInt64(steps) * 1_000_000_000 && last.overruns == 0)
      let time_s = Double(steps) * 1e-3, static_W = try #require(chip.staticPower_W?.value)
      let power_W = static_W + last.energy.dynamic_pJ * 1e-12 / time_s
      let affine_W = 64.43e-3 + 2.297e-12 * Double(synapticEvents) / time_s
      #expect(abs(power_W - affine_W) < 1e-12 * affine_W)
      #expect(last.energy.dynamic_pJ == last.energy.synapse_pJ)
    }

    @Test func everyStepOfTrueNorthTakesItsTickWhateverHappens() throws {
      let chip = try ChipDescription.named("truenorth")
      let network = fan(4, 4)
      let run = try simulate(
        network, .whole(network, on: [0, 1]), on: chip, events(network, steps: 2..<5), steps: 8)
      #expect(run.records.map(\.end_ps) == (1...8).map { $0 * 1_000_000_000 })
    }

    @Test func aStepLongerThanTheTickIsCountedAsAnOverrun() throws {
      // One synaptic operation of 11 ps decides: at the tick there is no overrun, one picosecond below there is.
      let network = Network.ofUnits([Network.relays("relay", 1)], [])
      var chip = SmallChip()
      func run() throws -> StepRecord {
        let outcome = try simulate(
          network, .whole(network, on: [0]), on: chip.description(), .events(for: network.inputShape, [(0, 0, 9)]),
          steps: 1)
        return outcome.records[0]
      }
      let needed = Int(try run().end_ps)
      chip.tick_ps = needed
      #expect(try run().overruns == 0 && run().end_ps == UInt64(needed))
      chip.tick_ps = needed - 1
      #expect(try run().overruns == 1 && run().end_ps == UInt64(needed))
      chip.tick_ps = needed + 1
      #expect(try run().overruns == 0 && run().end_ps == UInt64(needed + 1))
    }

    /// A spike event runs through all 256 places of its row, two cycles each, however many of them are connected.
    @Test(arguments: [(1, 1), (1, 200), (20, 3), (100, 120)])
    func anEventOnODINTakes512CyclesAnd256SynapticOperations(sources: Int, targets: Int) throws {
      let chip = try ChipDescription.named("odin")
      let network = fan(sources, targets)
      let input = events(network, steps: 0..<1)
      let run = try simulate(network, .whole(network, on: [0, 0]), on: chip, input, steps: 2)
      // Step 0: the host's events; step 1: those of the neurons, after their updates and a cycle each to be pushed.
      let event_ps = 6_826_667, update_ps = 26_667, push_ps = 13_333
      #expect(run.work_ps(0) == sources * event_ps)
      #expect(run.work_ps(1) == update_ps + push_ps + sources * event_ps)
      let last = try #require(run.records.last)
      #expect(last.spikes == sources && last.packetsReceived == 2 * sources)
      let expected_pJ = Double(2 * sources) * 256 * 8.43
      #expect(abs(last.energy.dynamic_pJ - expected_pJ) < 1e-9 * expected_pJ)
    }

    /// 477 µW at 75 MHz (Frenkel et al. 2019), from a simulated run at the full rate of synaptic operations.
    @Test func odinAtItsFullRateDrawsWhatIsPublished() throws {
      let chip = try ChipDescription.named("odin")
      let network = fan(256, 1)
      let alone = Network(
        arithmetic: network.arithmetic, inputShape: network.inputShape, inputExponent: 0,
        populations: [network.populations[0]], projections: [network.projections[0]])
      let run = try simulate(alone, .whole(alone, on: [0]), on: chip, events(alone, steps: 0..<20), steps: 20)
      let last = try #require(run.records.last)
      let time_s = Double(last.end_ps) * 1e-12
      let power_W = try #require(chip.staticPower_W?.value) + last.energy.dynamic_pJ * 1e-12 / time_s
      #expect(abs(power_W - 477e-6) < 0.5e-6, "\(power_W)")
    }

    private func refusal(_ name: String, _ network: Network) -> String? {
      do {
        _ = try Simulation(
          network, mapping: .whole(network, on: network.populations.map { _ in 0 }), chip: .named(name))
        return nil
      } catch let error as NeuromorphicError {
        return error.description.contains("\n") ? "more than one line" : error.description
      } catch {
        return "\(error)"
      }
    }

    private func neuron(_ model: any NeuronModel) -> Network {
      Network.ofUnits(
        [.init(name: "n", shape: .init(rows: 1, columns: 1, channels: 1), model: model, scale: .units)], [])
    }

    @Test(arguments: ChipDescription.bundledNames) func aChipRunsTheModelsThatItListsAndRefusesTheOthers(name: String)
      throws
    {
      let chip = try ChipDescription.named(name)
      let models: [any NeuronModel] = [
        DeltaModel(lambda: 0, sendThreshold: 1, stepShift: 0), GradedModel(lambda: 0, stepShift: 0),
        LIFModel(threshold: 1), SpikingModel(lambda: 0, charge: 1, stepShift: 0, polarities: 1),
      ]
      for model in models {
        var network = neuron(model)
        network.arithmetic = .integer(weightBits: 4)
        if !model.compartments.contains(.hold) {
          network.projections = [
            .init(source: .input, target: 0, compartment: .pulse, connectivity: .oneToOne(weight: 1, signWeight: 0))
          ]
        }
        let message = refusal(name, network)
        if chip.models.contains(model.name.rawValue) {
          #expect(message == nil)
        } else {
          #expect(message?.contains("\(name) cannot run the neuron model '\(model.name.rawValue)'") == true)
        }
      }
      let tooWide = fan(1, 1, weightBits: min(16, chip.weightBits.value + 1))
      #expect(refusal(name, tooWide)?.contains("holds weights of \(chip.weightBits.value) bits") == true)
    }

    @Test func weightsWiderThanTheirNetworkSaysAreRefused() {
      var network = fan(1, 1, weightBits: 4)
      network.projections[1] = .pairs(from: .population(0), 1, to: 1, [(0, 0, 100)], into: .pulse, bits: 8)
      #expect(refusal("odin", network)?.contains("has the weight 100; 4 bits hold up to 7") == true)
    }

    @Test(arguments: ["truenorth", "odin"]) func neuronsWithoutDecayRefuseIt(name: String) {
      func lif(_ model: LIFModel) -> Network {
        var network = fan(1, 1)
        network.populations[0] = .init(
          name: "n", shape: network.populations[0].shape, model: model, scale: .units)
        return network
      }
      #expect(refusal(name, lif(LIFModel(currentDecay: 4095, threshold: 1)))?.contains("exponential decay") == true)
      #expect(refusal(name, lif(LIFModel(voltageDecay: 1, threshold: 1)))?.contains("exponential decay") == true)
      #expect(refusal(name, lif(LIFModel(threshold: 1, refractorySteps: 1)))?.contains("refractory") == true)
      #expect(name == "odin" || refusal(name, lif(LIFModel(bias: -1, threshold: 1))) == nil)
      #expect(refusal("loihi1", lif(LIFModel(currentDecay: 4095, threshold: 1, refractorySteps: 1))) == nil)
    }

    /// Four axons with these weights to one neuron, and a fifth with a weight of its own.
    private func weighted(_ weights: [Int]) -> Network {
      var network = fan(weights.count, 1, weightBits: 9)
      network.projections[1] = .pairs(
        from: .population(0), weights.count, to: 1, weights.enumerated().map { ($0.offset, 0, $0.element) },
        into: .pulse, bits: 9)
      return network
    }

    @Test func aNeuronOfTrueNorthHasFourWeights() {
      #expect(refusal("truenorth", weighted([100, -100, 50, 25, 100, 25, 0])) == nil)
      let message = refusal("truenorth", weighted([100, -100, 50, 25, 75]))
      #expect(message?.contains("4 weights a neuron") == true && message?.contains("has 5 different ones") == true)
    }

    @Test func aSourceOfODINIsExcitatoryOrInhibitory() {
      func signs(_ first: Int, _ second: Int) -> Network {
        var network = fan(1, 2)
        network.projections[1] = .pairs(
          from: .population(0), 1, to: 1, [(0, 0, first), (0, 1, second)], into: .pulse, bits: 4)
        return network
      }
      #expect(refusal("odin", signs(7, 7)) == nil && refusal("odin", signs(-7, 0)) == nil)
      #expect(refusal("odin", signs(7, -7))?.contains("one sign") == true)
      #expect(refusal("loihi1", signs(7, -7)) == nil)
    }

    /// Of several faults it is always the first that is told, whatever the order in which sets are walked.
    @Test func theFirstSourceOfMixedSignsIsNamed() {
      let count = 12
      var network = fan(1, 1)
      network.populations = (0...count).map {
        .init(name: "p\($0)", shape: network.populations[0].shape, model: LIFModel(threshold: 1), scale: .units)
      }
      network.projections = (1...count).flatMap { source in
        [7, -7].map { .pairs(from: .population(source), 1, to: 0, [(0, 0, $0)], into: .pulse, bits: 4) }
      }
      let message = refusal("odin", network)
      #expect(message?.contains("neuron 0 of the population 'p1'") == true, "\(message ?? "")")
    }

    /// The crossbar's places are what its axons and neurons need, no more: 256 × 256 fit, one axon more does not.
    @Test(arguments: ["truenorth", "odin"]) func aWholeCrossbarFitsACore(name: String) throws {
      let chip = try ChipDescription.named(name)
      let network = fan(256, 256)
      let targets = Mapping(
        placements: [Mapping.whole(network, on: [1, 0]).placements[1]], chips: 1)
      #expect(targets.violations(of: network, on: chip).isEmpty)
      let wider = fan(257, 256)
      let tooMany = Mapping(placements: [Mapping.whole(wider, on: [1, 0]).placements[1]], chips: 1)
      #expect(tooMany.violations(of: wider, on: chip).contains { $0.what == "input axons" && $0.needed == 257 })
    }
  }
}
