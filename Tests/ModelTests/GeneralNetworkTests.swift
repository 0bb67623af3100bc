import DataFiles
import EventStreams
import Foundation
import Neuromorphic
import ReferenceChip
import TestSupport
import Testing

extension ChipModelTests {
  /// Networks that have nothing to do with sparse coding.
  @Suite struct GeneralNetworks {
    private static let chip = SmallChip(tilesX: 3, tilesY: 2, coresPerTile: 2)

    // MARK: One connectivity, three ways to say it

    /// The same connections three times: kernels, a matrix, and compressed rows.
    private struct Equivalent {
      let source, target: Network.Shape
      let kernels: ConvolutionKernels
      let stride, padding: Int

      init(_ random: inout SplitMix64) {
        let size = Int.random(in: 1...4, using: &random)
        (stride, padding) = (.random(in: 1...3, using: &random), .random(in: 0..<size, using: &random))
        let source = Network.Shape(
          rows: .random(in: size...7, using: &random), columns: .random(in: size...7, using: &random),
          channels: .random(in: 1...3, using: &random))
        let channels = Int.random(in: 1...3, using: &random)
        target = Network.Shape(
          rows: (source.rows + 2 * padding - size) / stride + 1,
          columns: (source.columns + 2 * padding - size) / stride + 1, channels: channels)
        self.source = source
        // 127 / 64 is among them, so that every form rounds to multiples of 1 / 64: not at all.
        var weights = (0..<channels * source.channels * size * size).map { _ in
          Float(Int.random(in: -127...127, using: &random)) / 64
        }
        weights[0] = 127 / 64
        kernels = ConvolutionKernels(
          targetChannels: channels, sourceChannels: source.channels, size: size, weights: weights)
      }

      /// By the definition of a convolution: nil where a pair is not connected.
      func weight(_ from: Int, _ to: Int) -> Float? {
        let (row, column, channel) = source.position(from), (y, x, k) = target.position(to)
        let i = row - stride * y + padding, j = column - stride * x + padding
        guard (0..<kernels.size).contains(i), (0..<kernels.size).contains(j) else { return nil }
        return kernels.weights[((k * source.channels + channel) * kernels.size + i) * kernels.size + j]
      }

      var forms: [Connections] {
        let matrix = (0..<source.count).map { from in (0..<target.count).map { weight(from, $0) } }
        var starts = [0], targets: [Int] = [], weights: [Float] = []
        for row in matrix {
          for (place, weight) in row.enumerated() {
            guard let weight else { continue }
            targets.append(place)
            weights.append(weight)
          }
          starts.append(targets.count)
        }
        return [
          .convolution(kernels, stride: stride, padding: padding),
          .compressedRows(rowStarts: starts, targets: targets, weights: weights),
          .dense(matrix.map { $0.map { $0 ?? 0 } }),
        ]
      }
    }

    @Test func kernelsRowsAndMatricesOfOneConnectivityGiveTheSameSpikesOnBothChips() throws {
      var spikes = 0
      for seed in 1...60 as ClosedRange<UInt64> {
        var random = SplitMix64(seed: seed)
        let same = Equivalent(&random)
        let events = try EventStream.poisson(
          rates: (0..<same.source.count).map { _ in Double.random(in: 0...0.3, using: &random) },
          channels: same.source.channels, rows: same.source.rows, columns: same.source.columns, steps: 12, seed: seed)
        let format = Bool.random(using: &random) ? WeightFormat.single : .split
        let outcomes = try same.forms.map { form in
          var builder = NetworkBuilder(input: same.source)
          let cells = try builder.addPopulation(
            "cells", shape: same.target, model: LIFModel(currentDecay: 1000, voltageDecay: 300, threshold: 2))
          try builder.connectInput(to: cells, form, weightFormat: format)
          let built = try builder.build(on: Self.chip.description())
          let mapping = RandomCase.mapping(built.network, Self.chip, &random)
          let outcome = try simulate(built.network, mapping, on: built.chip, events, steps: 16)
          #expect(try Self.referenceSpikes(built.network, events, steps: 16) == Self.table(outcome.spikes))
          return outcome
        }
        let synops = outcomes.map { $0.records.last?.synapticOperations ?? 0 }
        #expect(synops[0] == synops[1] && synops[2] >= synops[1], "seed \(seed)")
        for outcome in outcomes.dropFirst() {
          #expect(Self.table(outcome.spikes) == Self.table(outcomes[0].spikes), "seed \(seed)")
          #expect(outcome.states == outcomes[0].states, "seed \(seed)")
        }
        spikes += outcomes[0].spikes.count
      }
      #expect(spikes > 2000)
    }

    /// Step, population and neuron of every spike.
    private static func table(_ spikes: [Spike]) -> [[Int]] {
      spikes.map { [$0.step, $0.population, $0.neuron] }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private static func referenceSpikes(_ network: Network, _ input: EventStream, steps: Int) throws -> [[Int]] {
      var reference = try ReferenceChip(network, stateBits: chip.stateBits, payloadBits: chip.payloadBits)
      reference.inject(input)
      return (0..<steps).flatMap { step in reference.advance().spikes.map { [step, $0.population, $0.neuron] } }
    }

    // MARK: Delays

    @Test func aSpikeOfStepTWithDelayDIsInputInStepTPlusOnePlusD() throws {
      let delays = [0, 1, 2, 17, 63]
      var builder = NetworkBuilder()
      let first = try builder.addPopulation("first", shape: .vector(1), model: LIFModel(threshold: 1))
      try builder.connectInput(to: first, .oneToOne(weight: 2))
      let probes = try delays.map { delay in
        let second = try builder.addPopulation("after \(delay)", shape: .vector(1), model: LIFModel(threshold: 1))
        try builder.connect(first, to: second, .oneToOne(weight: 2), delay: delay)
        return try builder.recordSpikes(of: second)
      }
      let origin = try builder.recordSpikes(of: first)
      let recording = try builder.build(on: .named("loihi1")).run(
        .regular(period: 5, first: 3, channels: 1, steps: 9), steps: 80)
      #expect(recording[origin].steps(of: 0) == [4, 9])
      for (delay, probe) in zip(delays, probes) {
        #expect(recording[probe].steps(of: 0) == [4 + 1 + delay, 9 + 1 + delay], "delay \(delay)")
      }
    }

    // MARK: Probes

    @Test func probesSeeWhatIsThere() throws {
      var builder = NetworkBuilder(input: .vector(6))
      let model = LIFModel(currentDecay: 500, voltageDecay: 200, bias: 0.05, threshold: 1, refractorySteps: 1)
      let cells = try builder.addPopulation("cells", shape: .vector(6), model: model)
      let others = try builder.addPopulation("others", shape: .vector(2), model: LIFModel(bias: 0.3, threshold: 1))
      try builder.connectInput(to: cells, .random(probability: 0.5, weight: 0.4, seed: 1))
      try builder.connect(cells, to: cells, .random(probability: 0.5, weight: -0.1, seed: 2), delay: 2)
      let v = try builder.recordState("v", of: cells)
      let u = try builder.recordState("u", of: cells, neurons: [4, 1], every: 6)
      let rare = try builder.recordState("v", of: others, every: 4)
      let spikes = try builder.recordSpikes(of: cells)
      let built = try builder.build(on: .named("loihi2"))
      let events = try EventStream.poisson(
        rates: Array(repeating: 0.3, count: 6), channels: 6, steps: 25, seed: 3)
      var told: [[Spike]] = []
      let recording = try built.run(events, steps: 25) { told.append($0) }

      let mapping = try Mapping(built.network, on: built.chip)
      let simulation = try Simulation(built.network, mapping: mapping, chip: built.chip)
      try simulation.inject(events)
      var all: [Spike] = []
      for step in 0..<25 {
        let (records, new) = try simulation.run(steps: 1)
        #expect(records == [recording.steps[step]])
        all += new
        #expect(told[step] == new)
        #expect(try recording[v].values[step] == simulation.state("v", of: 0))
        if step % 6 == 5 {
          let expected = try simulation.state("u", of: 0)
          #expect(recording[u].values[step / 6] == [expected[4], expected[1]])
        }
      }
      #expect(recording[v].steps == Array(0..<25) && recording[u].steps == [5, 11, 17, 23])
      #expect(recording[rare].steps == [3, 7, 11, 15, 19, 23] && recording[rare].neurons == [0, 1])
      let ofCells = all.filter { $0.population == 0 }.sorted { ($0.step, $0.neuron) < ($1.step, $1.neuron) }
      #expect(recording[spikes].spikes == ofCells && !ofCells.isEmpty && ofCells.count < all.count)
      #expect(recording[spikes].counts == (0..<6).map { n in ofCells.count { $0.neuron == n } })
    }

    /// `loihi1` publishes its synaptic operation and not its buffers, nor anything of links between chips; on `loihi2`
    /// even the synaptic operation is an estimate.
    @Test func aRecordingIsMarkedByWhatItsChipsHaveNotPublished() throws {
      func marks(_ chip: String, chips: Int, _ timing: TimingLevel) throws -> CostMarks {
        var builder = NetworkBuilder(input: .vector(1))
        let cells = try builder.addPopulation("cells", shape: .vector(1), model: LIFModel(bias: 1, threshold: 2))
        try builder.connect(cells, to: cells, .dense([[1]]))
        var options = SimulationOptions()
        options.timing = timing
        let whole = Box(rows: 0..<1, columns: 0..<1, channels: 0..<1)
        let mapping = Mapping(placements: [.init(population: 0, core: 0, box: whole)], chips: chips)
        return try builder.build(on: .named(chip)).run(steps: 3, mapping: mapping, options: options).marks
      }
      let one = try marks("loihi1", chips: 1, .approximate)
      #expect(one.synapse == Marks.none && !one.network.missing.contains("hop_between_chips.energy_pJ"))
      #expect(one.time.missing == ["axon_in.time_ns", "axon_out.time_ns", "spike_out.time_ns"])
      let two = try marks("loihi1", chips: 2, .approximate)
      #expect(two.network.missing.contains("hop_between_chips.energy_pJ"))
      #expect(two.time.missing.contains("chip_link_occupancy_ns") && two.barrier.isEstimate && !one.barrier.isEstimate)
      #expect(try marks("loihi2", chips: 1, .approximate).synapse.isEstimate)
      let detailed = try marks("loihi1", chips: 1, .detailed)
      #expect(detailed.time == CostMarks(try .named("loihi1"), isMultichip: false, timing: .detailed).time)
    }

    @Test func recordingsAreWrittenAsTablesAndAsArrays() throws {
      var builder = NetworkBuilder()
      let cells = try builder.addPopulation(
        "cells", shape: .init(rows: 1, columns: 2, channels: 2),
        model: LIFModel(currentDecay: 4096, bias: 0.5, threshold: 1))
      let v = try builder.recordState("v", of: cells, neurons: [3])
      let spikes = try builder.recordSpikes(of: cells)
      let recording = try builder.build(on: .named("loihi2")).run(steps: 4)
      try withTemporaryFolder { folder in
        try recording[v].write(to: "\(folder)/v.csv")
        try recording[spikes].write(to: "\(folder)/spikes.npz")
        #expect(
          try String(contentsOfFile: "\(folder)/v.csv", encoding: .utf8)
            == "step,neuron,v\n0,3,0.5\n1,3,1.0\n2,3,0.0\n3,3,0.5\n")
        let archive = try NumPyArchive(contentsOf: "\(folder)/spikes.npz")
        #expect(try archive.int32s("step") == [2, 2, 2, 2] && archive.int32s("neuron") == [0, 1, 2, 3])
        #expect(try archive.int32s("channel") == [0, 1, 0, 1] && archive.int32s("column") == [0, 0, 1, 1])
        #expect(try archive.doubles("payload") == [1, 1, 1, 1])
        #expect(throws: FileError.self) { try recording[v].write(to: "\(folder)/v.txt") }
      }
    }

    @Test func aStreamInAnotherUnitIsRefused() throws {
      var builder = NetworkBuilder(payloadExponent: -3)
      _ = try builder.addPopulation("cells", shape: .vector(1), model: LIFModel(threshold: 1))
      let built = try builder.build(on: .named("loihi2"))
      #expect(throws: NeuromorphicError.self) {
        _ = try built.run(.regular(period: 1, channels: 1, steps: 2), steps: 2)
      }
      #expect(throws: NeuromorphicError.self) { _ = try built.run(steps: -1) }
    }

    // MARK: Closed forms of `lif`

    private func spikeSteps(_ model: LIFModel, steps: Int, arithmetic: Network.Arithmetic? = nil) throws -> [Int] {
      var builder = NetworkBuilder()
      let cell = try builder.addPopulation("cell", shape: .vector(1), model: model)
      let spikes = try builder.recordSpikes(of: cell)
      return try builder.build(on: .named("loihi2"), arithmetic: arithmetic).run(steps: steps)[spikes].steps(of: 0)
    }

    /// Without leak v = n · bias after n steps: the first n above the threshold spikes, and so every n + refractory
    /// steps.
    @Test func aConstantBiasWithoutLeakGivesTheRateOfItsClosedForm() throws {
      for (bias, threshold, refractory) in [(0.25, 1.0, 0), (0.25, 1.0, 3), (0.375, 1, 1), (1.5, 1, 0), (1, 1, 2)] {
        let period = Int((threshold / bias).rounded(.down)) + 1
        let model = LIFModel(bias: bias, threshold: threshold, refractorySteps: refractory)
        let expected = stride(from: period - 1, to: 120, by: period + refractory).map { $0 }
        #expect(try spikeSteps(model, steps: 120) == expected, "bias \(bias), refractory \(refractory)")
      }
    }

    /// With leak v = bias · (1 − aⁿ) / (1 − a): above the threshold from n = ⌊ln(1 − threshold · (1 − a) / bias) / ln
    /// a⌋ + 1.
    @Test func aConstantBiasWithLeakGivesTheRateOfItsClosedForm() throws {
      for (bias, decay) in [(0.11, 400), (0.2, 400), (0.05, 41), (0.9, 3000)] {
        let kept = 1 - Double(decay) / 4096
        let period = Int((log(1 - (1 - kept) / bias) / log(kept)).rounded(.down)) + 1
        let model = LIFModel(voltageDecay: decay, bias: bias, threshold: 1)
        let expected = stride(from: period - 1, to: 200, by: period).map { $0 }
        #expect(!expected.isEmpty)
        #expect(try spikeSteps(model, steps: 200, arithmetic: .float) == expected, "bias \(bias), decay \(decay)")
        // The chip's integers round v down by less than 2^-18 in each step, far less than what is missing here.
        #expect(try spikeSteps(model, steps: 200) == expected, "bias \(bias), decay \(decay)")
      }
      // The largest potential, bias / (1 − a), does not exceed the threshold.
      #expect(try spikeSteps(LIFModel(voltageDecay: 1024, bias: 0.25, threshold: 1), steps: 300).isEmpty)
    }

    /// One spike's current decays to k of itself each step and so adds w · (1 − kⁿ) / (1 − k) in n steps.
    @Test func theChargeOfASpikeIsAGeometricSeries() throws {
      var builder = NetworkBuilder()
      let cell = try builder.addPopulation(
        "cell", shape: .vector(1), model: LIFModel(currentDecay: 1024, threshold: 10))
      try builder.connectInput(to: cell, .oneToOne(weight: 2))
      let v = try builder.recordState("v", of: cell)
      let built = try builder.build(on: .named("loihi2"), arithmetic: .float)
      let recording = try built.run(.regular(period: 99, channels: 1, steps: 1), steps: 30)
      for n in 0..<30 {
        #expect(abs(recording[v].values[n][0] - 2 * (1 - pow(0.75, Double(n))) / 0.25) < 1e-12)
      }
    }

    // MARK: Another simulator

    /// Excitation and inhibition in balance, spike by spike as NumPy has them.
    @Test(.enabled(if: PythonOracle.isAvailable, "needs the oracle's Python, run by make test"))
    func aRecurrentNetworkSpikesAsInNumPy() throws {
      for seed in [11, 12, 13] as [UInt64] {
        let recurrent = try RecurrentNetwork(seed: seed)
        let recording = try recurrent.built.run(recurrent.input, steps: RecurrentNetwork.steps)
        let expected = try PythonOracle.archive("lif_network.py", input: recurrent.archive)
        var total = 0
        for (index, (spikes, v)) in zip(recurrent.spikes, recurrent.potentials).enumerated() {
          let ours = recording[spikes].spikes.flatMap { [Int32($0.step), Int32($0.neuron)] }
          #expect(try ours == expected.int32s("spikes\(index)"), "seed \(seed), population \(index)")
          #expect(try recording[v].values.flatMap(\.self) == expected.doubles("v\(index)"))
          total += ours.count / 2
        }
        #expect(total > 500 && recording.steps.last?.saturations == 0)
      }
    }
  }
}

/// 40 excitatory and 10 inhibitory neurons with random weights and delays.
private struct RecurrentNetwork {
  static let steps = 150
  let built: BuiltNetwork
  let input: EventStream
  let spikes: [SpikeProbe]
  let potentials: [StateProbe]
  /// All that another simulator needs.
  private(set) var archive = NumPyArchive()

  init(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let sizes = [40, 10]
    let models = [
      LIFModel(currentDecay: 900, voltageDecay: 220, bias: 0.013, threshold: 1, refractorySteps: 2),
      LIFModel(currentDecay: 1500, voltageDecay: 400, threshold: 0.7, refractorySteps: 1),
    ]
    var builder = NetworkBuilder(input: .vector(20))
    let cells = try zip(["excitatory", "inhibitory"], zip(sizes, models)).map { name, cells in
      try builder.addPopulation(name, shape: .vector(cells.0), model: cells.1)
    }
    func matrix(_ rows: Int, _ columns: Int, _ range: ClosedRange<Float>) -> [[Float]] {
      (0..<rows).map { _ in
        (0..<columns).map { _ in Int.random(in: 0..<4, using: &random) == 0 ? .random(in: range, using: &random) : 0 }
      }
    }
    let wiring: [(source: Int, target: Int, delay: Int, weights: [[Float]])] = [
      (-1, 0, 0, matrix(20, 40, 0...0.4)), (0, 0, 2, matrix(40, 40, 0...0.1)), (0, 1, 0, matrix(40, 10, 0...0.2)),
      (1, 0, 1, matrix(10, 40, -0.5...0)), (1, 1, 5, matrix(10, 10, -0.3...0)),
    ]
    for (source, target, delay, weights) in wiring {
      if source < 0 {
        try builder.connectInput(to: cells[target], .dense(weights), delay: delay)
      } else {
        try builder.connect(cells[source], to: cells[target], .dense(weights), delay: delay)
      }
    }
    spikes = try cells.map { try builder.recordSpikes(of: $0) }
    potentials = try cells.map { try builder.recordState("v", of: $0) }
    built = try builder.build(on: .named("loihi1"))
    input = try .poisson(rates: Array(repeating: 0.1, count: 20), channels: 20, steps: Self.steps, seed: seed)
    archive = try Self.archive(built, input, models, wiring)
  }

  private static func archive(
    _ built: BuiltNetwork, _ input: EventStream, _ models: [LIFModel],
    _ wiring: [(source: Int, target: Int, delay: Int, weights: [[Float]])]
  ) throws -> NumPyArchive {
    var counts = [Int64](repeating: 0, count: steps * 20)
    for event in input { counts[Int(event.step) * 20 + Int(event.channel)] += Int64(event.payload) }
    var arrays = [
      "input": NumPyArray(shape: [steps, 20], counts), "populations": NumPyArray(models.count),
      "projections": NumPyArray(wiring.count),
    ]
    for (index, model) in models.enumerated() {
      let population = built.network.populations[index]
      let unit = Double(sign: .plus, exponent: population.scale.stateExponent, significand: 1)
      arrays["population\(index)"] = NumPyArray(
        shape: [7],
        [
          Double(model.currentDecay), Double(model.voltageDecay), model.bias, model.threshold,
          Double(model.refractorySteps), unit, Double(population.shape.count),
        ])
    }
    for (index, (source, target, delay, weights)) in wiring.enumerated() {
      arrays["projection\(index)"] = NumPyArray(
        shape: [4], [Double(source), Double(target), Double(delay), built.roundings[index].unit])
      arrays["weights\(index)"] = NumPyArray(shape: [weights.count, weights[0].count], weights.flatMap(\.self))
    }
    return NumPyArchive(arrays)
  }
}
