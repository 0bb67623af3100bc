import EventStreams
import Foundation
import Neuromorphic
import Testing

extension ChipModelTests {
  /// What the simulation refuses, in one line each, and what it survives.
  struct Refusals {
    private let shape = Network.Shape(rows: 2, columns: 3, channels: 2)
    private let whole = Box(rows: 0..<2, columns: 0..<3, channels: 0..<2)

    private var population: Network.Population {
      Network.Population(
        name: "p", shape: shape, model: DeltaModel(lambda: 0, sendThreshold: 1, stepShift: 0), scale: .units)
    }

    private func network(
      table: ConvolutionTable? = nil, connectivity: Network.Connectivity? = nil,
      compartment: Network.Compartment = .hold,
      source: Network.Source = .input, target: Int = 0, sign: Int = 1, delay: Int = 0,
      population: Network.Population? = nil,
      arithmetic: Network.Arithmetic = .integer(weightBits: 8)
    ) -> Network {
      Network(
        arithmetic: arithmetic, inputShape: shape, inputExponent: 0, populations: [population ?? self.population],
        tables: table.map { [$0] } ?? [],
        projections: [
          .init(
            source: source, target: target, compartment: compartment,
            connectivity: connectivity ?? .oneToOne(weight: 1, signWeight: 0), sign: sign, delay: delay)
        ])
    }

    private func weights(_ count: Int) -> QuantizedWeights {
      QuantizedWeights(Array(repeating: 1, count: count), arithmetic: .integer(weightBits: 8))
    }

    private func pairs(_ starts: [Int], _ targets: [Int32], _ count: Int) -> Network.Connectivity {
      .pairs(rowStarts: starts, targets: targets, weights: weights(count))
    }

    private func expectRefusal(
      _ network: Network, _ mapping: Mapping? = nil, saying text: String, _ location: SourceLocation = #_sourceLocation
    ) {
      let mapping = mapping ?? Mapping(placements: [Placement(population: 0, core: 0, box: whole)], chips: 1)
      let error = #expect(throws: NeuromorphicError.self, sourceLocation: location) {
        _ = try Simulation(network, mapping: mapping, chip: SmallChip(tilesX: 2).description())
      }
      guard let message = error?.description else { return }
      #expect(
        message.contains(text) && !message.contains("\n") && message.count < 300, "\(message)", sourceLocation: location
      )
    }

    @Test func aNetworkThatDoesNotHoldTogetherIsRefused() {
      func convolution(_ table: Int = 0, stride: Int = 1, origin: Int = 0) -> Network.Connectivity {
        .convolution(table: table, sourceStride: stride, targetStride: 1, origin: origin)
      }
      func table(_ from: Int, _ to: Int, count: Int) -> ConvolutionTable {
        ConvolutionTable(sourceChannels: from, extent: 2, targetChannels: to, weights: weights(count))
      }
      expectRefusal(
        network(table: table(2, 2, count: 15), connectivity: convolution()), saying: "15 integer weights; 16")
      expectRefusal(
        network(table: table(2, 2, count: 17), connectivity: convolution()), saying: "17 integer weights; 16")
      expectRefusal(network(table: table(1, 2, count: 8), connectivity: convolution()), saying: "channels")
      expectRefusal(network(table: table(2, 3, count: 24), connectivity: convolution()), saying: "channels")
      expectRefusal(network(table: table(2, 2, count: 16), connectivity: convolution(1)), saying: "uses table 1")
      expectRefusal(network(table: table(2, 2, count: 16), connectivity: convolution(-1)), saying: "uses table -1")
      expectRefusal(network(table: table(2, 2, count: 16), connectivity: convolution(stride: 0)), saying: "strides")
      expectRefusal(network(table: table(2, 2, count: 16), connectivity: convolution(origin: .max)), saying: "origin")
      expectRefusal(network(connectivity: pairs([0, 1], [0], 1)), saying: "row starts")
      expectRefusal(network(connectivity: pairs([], [], 0)), saying: "row starts")
      expectRefusal(network(connectivity: pairs(Array(repeating: 0, count: 12) + [2], [0], 1)), saying: "row starts")
      expectRefusal(network(connectivity: pairs([0, 1, 0] + Array(repeating: 1, count: 10), [0], 1)), saying: "fall")
      expectRefusal(
        network(connectivity: pairs(Array(repeating: 0, count: 12) + [1], [0], 2)), saying: "2 integer weights; 1")
      expectRefusal(network(connectivity: pairs(Array(repeating: 0, count: 12) + [1], [12], 1)), saying: "dendrite 12")
      expectRefusal(network(connectivity: pairs(Array(repeating: 0, count: 12) + [1], [-1], 1)), saying: "dendrite -1")
      expectRefusal(network(target: 1), saying: "population 1")
      expectRefusal(network(source: .population(-1)), saying: "population -1")
      expectRefusal(network(sign: 2), saying: "sign")
      expectRefusal(network(delay: -1), saying: "delay")
      expectRefusal(network(delay: 65), saying: "delay")
      expectRefusal(network(compartment: .trace), saying: "does not read")
      expectRefusal(network(connectivity: .oneToOne(weight: .nan, signWeight: 0)), saying: "finite")
      expectRefusal(network(arithmetic: .integer(weightBits: 12)), saying: "weights of 8 bits; 12")
      expectRefusal(network(arithmetic: .float), saying: "scale")
    }

    @Test func aPopulationOrItsParametersThatAreImpossibleAreRefused() {
      func sized(_ rows: Int, _ columns: Int, _ channels: Int) -> Network.Population {
        Network.Population(
          name: "p", shape: .init(rows: rows, columns: columns, channels: channels), model: population.model,
          scale: .units)
      }
      expectRefusal(network(population: sized(0, 3, 2)), saying: "places")
      expectRefusal(network(population: sized(2, -3, 2)), saying: "places")
      expectRefusal(network(population: sized(1 << 20, 1 << 20, 1 << 20)), saying: "places")
      expectRefusal(network(population: sized(.max, .max, .max)), saying: "places")
      func modelled(_ model: any NeuronModel, decay: Int = 0, exponent: Int = 0) -> Network.Population {
        Network.Population(
          name: "p", shape: shape, model: model,
          scale: NumberScale(isInteger: true, stateExponent: exponent, payloadExponent: exponent),
          traceDecayShift: decay)
      }
      expectRefusal(network(population: modelled(UnknownParameter())), saying: "no parameter 'colour'")
      expectRefusal(network(population: modelled(MissingParameter())), saying: "needs the parameter 'lambda'")
      for number in [Double.nan, .infinity, 1e300, -1e300] {
        expectRefusal(
          network(population: modelled(DeltaModel(lambda: number, sendThreshold: 1, stepShift: 0))), saying: "'lambda'")
      }
      expectRefusal(
        network(population: modelled(DeltaModel(lambda: 0, sendThreshold: 1, stepShift: 31))), saying: "'stepShift'")
      expectRefusal(
        network(population: modelled(DeltaModel(lambda: 0, sendThreshold: 1, stepShift: -1))), saying: "'stepShift'")
      for polarities in [0, 3] {
        let model = SpikingModel(lambda: 0, charge: 1, stepShift: 0, polarities: polarities)
        expectRefusal(network(population: modelled(model)), saying: "'polarities'")
      }
      expectRefusal(network(population: modelled(population.model, decay: 31)), saying: "shift")
      expectRefusal(network(population: modelled(population.model, exponent: 99)), saying: "shift")
      expectRefusal(network(population: modelled(population.model, exponent: .min)), saying: "exponent")
    }

    private struct UnknownParameter: NeuronModel {
      var name: NeuronModelName { .delta }
      var neuronsPerDendrite: Int { 1 }
      var stateWordsPerNeuron: Int { 2 }
      var compartments: Set<Network.Compartment> { [.hold] }
      var states: [String] { [] }
      var largestLevel: Double { 1 }
      func payloadExponent(stateExponent: Int) -> Int { stateExponent }
      func lowered(to scale: NumberScale) -> [String: Double] {
        ["lambda": 0, "sendThreshold": 1, "stepShift": 0, "payloadShift": 0, "ownShare": 0, "colour": 1]
      }
    }

    private struct MissingParameter: NeuronModel {
      var name: NeuronModelName { .delta }
      var neuronsPerDendrite: Int { 1 }
      var stateWordsPerNeuron: Int { 2 }
      var compartments: Set<Network.Compartment> { [.hold] }
      var states: [String] { [] }
      var largestLevel: Double { 1 }
      func payloadExponent(stateExponent: Int) -> Int { stateExponent }
      func lowered(to scale: NumberScale) -> [String: Double] { [:] }
    }

    @Test func aPlacementThatIsImpossibleIsRefused() {
      func mapping(_ boxes: [(Int, Box)], population: Int = 0, chips: Int = 1) -> Mapping {
        Mapping(placements: boxes.map { Placement(population: population, core: $0, box: $1) }, chips: chips)
      }
      let left = Box(rows: 0..<2, columns: 0..<2, channels: 0..<2),
        right = Box(rows: 0..<2, columns: 2..<3, channels: 0..<2)
      let overlapping = Box(rows: 1..<2, columns: 1..<3, channels: 1..<2)
      expectRefusal(network(), mapping([(0, left), (1, overlapping)]), saying: "overlaps")
      expectRefusal(network(), mapping([(0, whole), (1, whole)]), saying: "overlaps")
      expectRefusal(network(), mapping([(0, left)]), saying: "not placed as a whole")
      expectRefusal(network(), mapping([]), saying: "not placed as a whole")
      expectRefusal(network(), mapping([(0, left), (2, right)]), saying: "core 2; there are 2")
      expectRefusal(network(), mapping([(-1, whole)]), saying: "core -1")
      expectRefusal(network(), mapping([(.max, whole)]), saying: "core")
      expectRefusal(network(), mapping([(0, whole)], population: 1), saying: "population 1")
      expectRefusal(network(), mapping([(0, Box(rows: 0..<3, columns: 0..<3, channels: 0..<2))]), saying: "outside")
      expectRefusal(network(), mapping([(0, Box(rows: -1..<2, columns: 0..<3, channels: 0..<2))]), saying: "outside")
      expectRefusal(network(), mapping([(0, Box(rows: 0..<0, columns: 0..<3, channels: 0..<2))]), saying: "empty")
      expectRefusal(network(), mapping([(0, whole)], chips: 0), saying: "0 chips")
      // The same parts, put together rightly, run.
      #expect(throws: Never.self) {
        _ = try Simulation(
          network(), mapping: mapping([(0, left), (1, right)]), chip: SmallChip(tilesX: 2).description())
      }
    }

    @Test func eventsOutOfShapeOrInThePastAreRefusedAndChangeNothing() throws {
      let network = network()
      let simulation = try Simulation(
        network, mapping: Mapping(placements: [Placement(population: 0, core: 0, box: whole)], chips: 1),
        chip: SmallChip().description())
      func stream(step: Int32 = 0, channel: Int32 = 0, row: Int32 = 0, column: Int32 = 0) -> EventStream {
        var stream = EventStream.events(for: shape, [])
        stream.steps = 100
        stream.append(Event(step: step, time_ns: 0, channel: channel, row: row, column: column, payload: 1))
        return stream
      }
      for bad in [
        stream(step: -1), stream(step: 100), stream(channel: 2), stream(channel: -1), stream(row: 2), stream(row: -1),
        stream(column: 3), stream(column: .min), stream(column: .max),
      ] {
        let error = #expect(throws: EventStreamError.self) { try simulation.inject(bad) }
        #expect(error?.description.contains("\n") == false)
      }
      #expect(throws: NeuromorphicError.self) {
        try simulation.inject(.events(for: .init(rows: 3, columns: 2, channels: 2), []))
      }
      _ = try simulation.run(steps: 5)
      let past = #expect(throws: NeuromorphicError.self) { try simulation.inject(stream(step: 4)) }
      #expect(past?.description.contains("step 4 after 5") == true)
      try simulation.inject(stream(step: 7))
      #expect(throws: NeuromorphicError.self) { try simulation.inject(stream(step: 6)) }
      try simulation.inject(stream(step: 7, column: 1))
      let last = try #require(simulation.run(steps: 5).records.last)
      #expect(last.hostEvents == 2 && last.spikes == 2 && simulation.warnings.isEmpty)

      #expect(throws: NeuromorphicError.self) { try simulation.run(steps: -1) }
      #expect(throws: NeuromorphicError.self) { try simulation.state("u", of: 1) }
      #expect(throws: NeuromorphicError.self) { try simulation.state("u", of: -1) }
      #expect(throws: NeuromorphicError.self) { try simulation.state("V", of: 0) }
    }

    @Test func aSecondLiveSimulationIsRefused() throws {
      let network = network()
      let mapping = Mapping(placements: [Placement(population: 0, core: 0, box: whole)], chips: 1)
      let chip = try SmallChip().description()
      let first = try Simulation(network, mapping: mapping, chip: chip)
      let error = #expect(throws: NeuromorphicError.self) { _ = try Simulation(network, mapping: mapping, chip: chip) }
      #expect(error?.description.contains("one at a time") == true)
      // The refusal does no harm to the one that lives.
      try first.inject(.events(for: shape, [(0, 3, 5)]))
      #expect(try first.run(steps: 3).spikes.map(\.neuron) == [3])
    }

    @Test func manySimulationsOneAfterTheOtherDoNotAddUp() throws {
      // A quarter of a megabyte of weights each time, so that a leak of networks would show.
      let side = 16, channels = 32
      let shape = Network.Shape(rows: side, columns: side, channels: channels)
      let table = ConvolutionTable(
        sourceChannels: channels, extent: 16, targetChannels: channels, weights: weights(channels * channels * 256))
      let model = DeltaModel(lambda: 0, sendThreshold: 1_000_000, stepShift: 0)
      var network = Network(
        arithmetic: .integer(weightBits: 8), inputShape: shape, inputExponent: 0,
        populations: [.init(name: "p", shape: shape, model: model, scale: .units)], tables: [table])
      network.projections = [
        .init(
          source: .input, target: 0, compartment: .hold,
          connectivity: .convolution(table: 0, sourceStride: 1, targetStride: 1, origin: 8))
      ]
      let chip = try SmallChip(tilesX: 4, coresPerTile: 2).description()
      let input = EventStream.events(for: shape, (0..<50).map { (0, $0 * 100, 3) })
      let mapping = Mapping(
        placements: (0..<8).map {
          Placement(population: 0, core: $0, box: Box(rows: 0..<side, columns: 0..<side, channels: 4 * $0..<4 * $0 + 4))
        }, chips: 1)
      var ends: Set<UInt64> = [], after10 = 0
      for round in 0..<60 {
        let run = try simulate(network, mapping, on: chip, input, steps: 3)
        ends.insert(run.records[2].end_ps)
        if round == 9 { after10 = residentBytes() }
      }
      #expect(ends.count == 1)
      #expect(residentBytes() - after10 < 10 << 20)
    }

    /// Memory of this process that is in use.
    private func residentBytes() -> Int {
      #if os(Linux)
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
        return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
      #else
        return 0
      #endif
    }
  }
}
