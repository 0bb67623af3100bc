import EventStreams
import Neuromorphic
import TestSupport
import Testing

extension ChipModelTests {
  /// Dead neurons and lost spikes: function, whatever the time, the threads and the mapping.
  struct FaultTests {
    private static let seeds = UInt64(500)...530

    private func run(
      _ random: RandomCase, _ faults: Faults, options: SimulationOptions = SimulationOptions(), mapping: Mapping? = nil
    ) throws -> Outcome {
      var network = random.network
      network.faults = faults
      return try simulate(
        network, mapping ?? random.mapping, on: random.chip.description(), random.input, steps: random.steps,
        options: options)
    }

    /// What function decides, in an order that no core decides.
    private func function(_ outcome: Outcome) -> Function {
      Function(
        spikes: outcome.spikes.map { [$0.step, $0.population, $0.neuron, Int($0.payload)] }.sorted {
          $0.lexicographicallyPrecedes($1)
        },
        states: outcome.states,
        counts: outcome.records.map {
          [$0.spikes, $0.lostSpikes, $0.synapticOperations, $0.updatesActive, $0.updatesInactive, $0.saturations]
        })
    }

    private struct Function: Equatable {
      let spikes: [[Int]]
      let states: [[String: [Double]]]
      let counts: [[Int]]
    }

    @Test func withoutFaultsTheirSeedChangesNothing() throws {
      for seed in Self.seeds {
        let random = RandomCase(seed: seed)
        let plain = try simulate(
          random.network, random.mapping, on: random.chip.description(), random.input, steps: random.steps)
        let run = try run(random, Faults(seed: seed))
        #expect(run.records == plain.records && run.spikes == plain.spikes && run.states == plain.states)
      }
    }

    @Test func aSeedRepeatsFaultsAndAnotherBringsOthers() throws {
      var different = 0
      for seed in Self.seeds {
        let random = RandomCase(seed: seed)
        func run(_ faultSeed: UInt64) throws -> Outcome {
          try self.run(random, Faults(deadNeurons: 0.3, lostSpikes: 0.3, seed: faultSeed))
        }
        let first = try run(1), again = try run(1)
        #expect(first.records == again.records && first.spikes == again.spikes && first.states == again.states)
        different += try function(first) != function(run(2)) ? 1 : 0
      }
      #expect(different > Self.seeds.count / 2)
    }

    @Test func timingLevelsThreadsAndMappingsDoNotMatter() throws {
      for seed in Self.seeds {
        let random = RandomCase(seed: seed)
        let faults = Faults(deadNeurons: 0.2, lostSpikes: 0.2, seed: seed)
        let expected = try function(run(random, faults))
        var generator = SplitMix64(seed: seed)
        let elsewhere = RandomCase.mapping(random.network, random.chip, &generator)
        for timing in TimingLevel.allCases {
          for threads in [1, 2, 4] {
            let options = SimulationOptions(timing: timing, threads: threads)
            #expect(try function(run(random, faults, options: options)) == expected, "seed \(seed), \(options)")
          }
        }
        #expect(try function(run(random, faults, mapping: elsewhere)) == expected, "seed \(seed)")
      }
    }

    @Test func aDeadNeuronNeverSpikesAndItsStatesStayZero() throws {
      var dead = 0, living = 0
      for seed in Self.seeds {
        let random = RandomCase(seed: seed)
        let faults = Faults(deadNeurons: 0.3, seed: seed)
        for steps in 1...random.steps {
          var shorter = random
          shorter.steps = steps
          let outcome = try run(shorter, faults)
          #expect(!outcome.spikes.contains { faults.isDead(population: $0.population, neuron: $0.neuron) })
          for (population, states) in outcome.states.enumerated() {
            for (name, values) in states {
              for (neuron, value) in values.enumerated() where value != 0 {
                #expect(!faults.isDead(population: population, neuron: neuron), "seed \(seed), \(name)")
                living += 1
              }
            }
          }
        }
        dead += random.network.populations.enumerated().reduce(0) { sum, population in
          sum
            + (0..<population.element.neuronCount).count { faults.isDead(population: population.offset, neuron: $0) }
        }
      }
      #expect(dead > 100 && living > 1000)
    }

    @Test func moreDamageHitsTheSameNeuronsAndSpikesAndOthers() {
      let few = Faults(deadNeurons: 0.1, lostSpikes: 0.1), more = Faults(deadNeurons: 0.3, lostSpikes: 0.3)
      let places = (0..<10_000).map { (step: $0 % 7, population: $0 % 3, neuron: $0) }
      for place in places {
        let isDead = few.isDead(population: place.population, neuron: place.neuron)
        let isLost = few.isLost(step: place.step, population: place.population, neuron: place.neuron)
        #expect(!isDead || more.isDead(population: place.population, neuron: place.neuron))
        #expect(!isLost || more.isLost(step: place.step, population: place.population, neuron: place.neuron))
      }
      let deaths = places.count { more.isDead(population: $0.population, neuron: $0.neuron) }
      #expect(abs(Double(deaths) - 3000) < 4 * (10_000 * 0.3 * 0.7).squareRoot())
    }

    @Test func ofDeadNeuronsAloneNothingSpikesAndTheHostIsHeardAllTheSame() throws {
      var spikes = 0
      for seed in Self.seeds {
        let random = RandomCase(seed: seed)
        let sound = try run(random, Faults()), dead = try run(random, Faults(deadNeurons: 1))
        let last = try #require(dead.records.last), expected = try #require(sound.records.last)
        #expect(dead.spikes.isEmpty && last.spikes == 0 && last.corePackets == 0)
        #expect(dead.states.flatMap(\.values).allSatisfy { $0.allSatisfy { $0 == 0 } })
        #expect(last.hostPackets == expected.hostPackets && last.hostEvents == expected.hostEvents)
        #expect(last.updatesActive + last.updatesInactive == expected.updatesActive + expected.updatesInactive)
        spikes += sound.spikes.count
      }
      #expect(spikes > 1000)
    }

    /// As many relays as events, in every step; each has a target on another core.
    private func relays(_ count: Int, steps: Int) -> (network: Network, input: EventStream) {
      let network = Network.ofUnits(
        [Network.relays("senders", count), Network.relays("receivers", count)],
        [
          .init(
            source: .population(0), target: 1, compartment: .hold,
            connectivity: .oneToOne(weight: 1, signWeight: 0))
        ])
      let events = (0..<steps).flatMap { step in (0..<count).map { (step: step, place: $0, payload: 1) } }
      return (network, .events(for: network.inputShape, events))
    }

    @Test(arguments: [0.01, 0.2, 1]) func aLostSpikeIsPaidAtItsSomaAndGoesNoFurther(share: Double) throws {
      let count = 50, steps = 100
      var (network, input) = relays(count, steps: steps)
      network.faults = Faults(lostSpikes: share)
      let chip = SmallChip(tilesX: 2)
      let run = try simulate(
        network, .whole(network, on: [0, 1]), on: chip.description(), input, steps: steps + 1)
      let last = try #require(run.records.last)
      let sent = run.spikes.filter { $0.population == 0 }, heard = run.spikes.filter { $0.population == 1 }
      let lost = sent.count {
        network.faults.isLost(step: $0.step, population: 0, neuron: $0.neuron)
      }
      #expect(sent.count == count * steps && last.spikes == run.spikes.count)
      // One packet for each that is not lost, and from the input's: none of those is.
      #expect(last.corePackets == sent.count - lost && last.hostPackets == count * steps)
      #expect(last.packetsReceived == last.corePackets + last.hostPackets)
      #expect(last.synapticOperations == last.packetsReceived)
      let updates_pJ = last.updatesActive * 83 + last.updatesInactive * 53
      #expect(last.energy.soma_pJ == Double(updates_pJ + 71 * last.spikes))
      // What is heard is what was sent and not lost, a step later; a sum is kept for ever, so a lost message is too.
      let arrived = sent.filter { !network.faults.isLost(step: $0.step, population: 0, neuron: $0.neuron) }
      let late = Set(arrived.filter { $0.step < steps }.map { [$0.step + 1, $0.neuron] })
      #expect(Set(heard.map { [$0.step, $0.neuron] }) == late)
      // Four standard deviations of a binomial number.
      let deviation = (Double(sent.count) * share * (1 - share)).squareRoot()
      #expect(abs(Double(lost) - Double(sent.count) * share) <= 4 * deviation)
      #expect(
        last.lostSpikes
          == run.spikes.count {
            network.faults.isLost(step: $0.step, population: $0.population, neuron: $0.neuron)
          })
    }

    @Test(arguments: [-0.1, 1.1, .nan, .infinity]) func aShareThatIsNoneIsRefused(share: Double) {
      let network = relays(1, steps: 1).network
      for faults in [Faults(deadNeurons: share), Faults(lostSpikes: share)] {
        var broken = network
        broken.faults = faults
        #expect(throws: NeuromorphicError.self) {
          try Simulation(broken, mapping: .whole(broken, on: [0, 0]), chip: SmallChip().description())
        }
      }
    }
  }
}
