import EventStreams
import Foundation
import Neuromorphic
import TestSupport
import Testing

/// What a builder's names and real units become, and what it refuses.
@Suite struct NetworkBuilderTests {
  private func loihi2() throws -> ChipDescription { try ChipDescription.named("loihi2") }

  @Test func aBuiltNetworkIsTheOneMadeByHand() throws {
    let lif = LIFModel(currentDecay: 1024, bias: 0.25, threshold: 1)
    var builder = NetworkBuilder(input: .init(rows: 4, columns: 5, channels: 1), payloadExponent: -2)
    let image = try builder.addPopulation("image", shape: .init(rows: 2, columns: 3, channels: 2), model: lif)
    let pool = try builder.addPopulation(
      "pool", shape: .vector(3), model: DeltaModel(lambda: 0.5, sendThreshold: 0.25, stepShift: 2), largestState: 100,
      traceDecay: 0.125)
    let kernels: [Float] = (1...18).map { Float($0) * 0.125 }
    try builder.connectInput(
      to: image,
      .convolution(
        ConvolutionKernels(targetChannels: 2, sourceChannels: 1, size: 3, weights: kernels), stride: 2, padding: 1))
    try builder.connect(
      image, to: pool, .sparse([.init(from: 7, to: 2, weight: -0.5), .init(from: 0, to: 1, weight: 2)]), delay: 3,
      weightFormat: .split)
    try builder.connect(pool, to: pool, .oneToOne(weight: 0.75), into: .pulse)
    try builder.connect(pool, to: pool, .dense([[0, 1, 2], [3, 4, 5], [6, 7, 8]]))
    let network = try builder.build(on: loihi2()).network

    #expect(network.arithmetic == .integer(weightBits: 8) && network.inputExponent == -2)
    #expect(network.inputShape == .init(rows: 4, columns: 5, channels: 1))
    #expect(network.populations.map(\.name) == ["image", "pool"])
    #expect(network.populations.map(\.shape) == [.init(rows: 2, columns: 3, channels: 2), .vector(3)])
    #expect(network.populations[0].model.lowered(to: network.populations[0].scale)["bias"] == Double(1 << 16))
    // 32 thresholds in 23 bits and a sign; 100 below 2^7; an eighth of the send threshold.
    #expect(
      network.populations.map(\.scale) == [
        .init(isInteger: true, stateExponent: -18, payloadExponent: 0),
        .init(isInteger: true, stateExponent: -16, payloadExponent: -5),
      ])
    #expect(network.populations.map(\.traceDecayShift) == [0, 3])
    let rounded = QuantizedWeights(
      (0..<9).flatMap { [kernels[$0], kernels[$0 + 9]] }, arithmetic: .integer(weightBits: 8))
    #expect(
      network.tables == [ConvolutionTable(sourceChannels: 1, extent: 3, targetChannels: 2, weights: rounded)])
    let expected: [(Network.Source, Network.Compartment, Int)] = [
      (.input, .pulse, 0), (.population(0), .hold, 3), (.population(1), .pulse, 0), (.population(1), .hold, 0),
    ]
    #expect(network.projections.map(\.source) == expected.map(\.0))
    #expect(network.projections.map(\.compartment) == expected.map(\.1))
    #expect(network.projections.map(\.delay) == expected.map(\.2))
    #expect(network.projections.allSatisfy { $0.sign == 1 })
    guard case .convolution(0, 1, 2, 1) = network.projections[0].connectivity else {
      Issue.record("a convolution of stride 2 and padding 1 is expected")
      return
    }
    let explicit = network.projections.dropFirst().map { explicitPairs($0.connectivity) }
    #expect(
      explicit == [
        Pairs(starts: [0] + Array(repeating: 1, count: 7) + Array(repeating: 2, count: 5), [1, 2], [2, -0.5], .split),
        Pairs(starts: [0, 1, 2, 3], [0, 1, 2], [0.75, 0.75, 0.75], .single),
        Pairs(starts: [0, 3, 6, 9], [0, 1, 2, 0, 1, 2, 0, 1, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8], .single),
      ])
  }

  private struct Pairs: Equatable {
    let starts: [Int], targets: [Int32], weights: [Float], format: WeightFormat

    init(starts: [Int], _ targets: [Int32], _ weights: [Float], _ format: WeightFormat) {
      self.starts = starts
      self.targets = targets
      self.weights = weights
      self.format = format
    }
  }

  private func explicitPairs(_ connectivity: Network.Connectivity) -> Pairs? {
    guard case .pairs(let rows) = connectivity else { return nil }
    let targets = (0..<rows.rowStarts.count - 1).flatMap(rows.targets)
    return Pairs(starts: Array(rows.rowStarts), targets, rows.weights.values, rows.weights.format)
  }

  @Test func statesAreAsFineAsTheWidthAllowsWithTwelveBitsBelowTheLevel() throws {
    for (bits, exponent) in [(24, 5 - 23), (18, 5 - 17), (16, 3 - 15), (12, 1 - 11), (8, 1 - 7)] {
      var chip = try loihi2()
      chip.stateBits = Sourced(bits, .source("test"))
      var builder = NetworkBuilder()
      _ = try builder.addPopulation("cells", shape: .vector(1), model: LIFModel(threshold: 1))
      #expect(try builder.build(on: chip).network.populations[0].scale.stateExponent == exponent, "\(bits) bits")
    }
  }

  @Test func everyWeightIsWithinHalfAUnitSaveTheLargestAndTwoSynapsesHoldItFarBetter() throws {
    var generator = SplitMix64(seed: 5)
    for _ in 0..<20 {
      let scale = Float.random(in: 0.001...100, using: &generator)
      let matrix = (0..<10).map { _ in (0..<10).map { _ in scale * Float.random(in: -1...1, using: &generator) } }
      var errors: [WeightFormat: Double] = [:]
      for format in WeightFormat.allCases {
        var builder = NetworkBuilder(input: .vector(10))
        let cells = try builder.addPopulation("cells", shape: .vector(10), model: LIFModel(threshold: 1))
        try builder.connectInput(to: cells, .dense(matrix), weightFormat: format)
        let built = try builder.build(on: loihi2())
        let rounding = built.roundings[0]
        guard case .pairs(let rows) = built.network.projections[0].connectivity else { return }
        let weights = rows.weights
        let wrong = zip(matrix.flatMap(\.self), weights.values).map { abs(Double($0 - $1)) }
        #expect(rounding.largestError == wrong.max() && rounding.projection.contains("the input to 'cells'"))
        #expect(Float(rounding.largestWeight) == matrix.flatMap(\.self).map(abs).max())
        let limit = format == .split ? 32639 : 127
        #expect(zip(wrong, weights.integers).allSatisfy { $0 <= rounding.unit * 0.5001 || abs(Int($1)) == limit })
        errors[format] = wrong.reduce(0, +)
      }
      #expect(try #require(errors[.split]) < (try #require(errors[.single])) / 100)
    }
  }

  @Test func randomConnectionsHaveTheirProbabilityAndTheirSeed() throws {
    func pairs(_ probability: Double, seed: UInt64) throws -> Pairs? {
      var builder = NetworkBuilder(input: .vector(200))
      let cells = try builder.addPopulation("cells", shape: .vector(300), model: LIFModel(threshold: 1))
      try builder.connectInput(to: cells, .random(probability: probability, weight: 0.5, seed: seed))
      return explicitPairs(try builder.build(on: loihi2()).network.projections[0].connectivity)
    }
    for probability in [0.02, 0.5, 0.9] {
      let count = try #require(try pairs(probability, seed: 3)).targets.count
      let deviation = (60000 * probability * (1 - probability)).squareRoot()
      #expect(abs(Double(count) - 60000 * probability) < 5 * deviation)
    }
    #expect(try pairs(0, seed: 3)?.targets.isEmpty == true && pairs(1, seed: 3)?.targets.count == 60000)
    #expect(try pairs(0.1, seed: 3) == pairs(0.1, seed: 3) && pairs(0.1, seed: 3) != pairs(0.1, seed: 4))
  }

  @Test func timeConstantsBecomeDecays() {
    for timeConstant in [0.5, 1, 7.3, 100] {
      let kept = 1 - Double(LIFModel.decay(timeConstant: timeConstant)) / 4096
      #expect(abs(kept - exp(-1 / timeConstant)) <= 0.5 / 4096 + 1e-12)
    }
    #expect(LIFModel.decay(timeConstant: .infinity) == 0 && LIFModel.decay(timeConstant: 0) == 4096)
  }

  // MARK: Refusals

  private func expectRefusal(
    saying parts: String..., location: SourceLocation = #_sourceLocation, _ body: (inout NetworkBuilder) throws -> Void
  ) {
    let error = #expect(throws: NeuromorphicError.self, sourceLocation: location) {
      var builder = NetworkBuilder(input: .init(rows: 4, columns: 4, channels: 2))
      try body(&builder)
    }
    guard let message = error?.description else { return }
    #expect(
      parts.allSatisfy(message.contains) && !message.contains("\n") && message.count < 300, "\(message)",
      sourceLocation: location)
  }

  @Test func aRefusalNamesThePopulationAndWhatWouldBeRight() {
    let lif = LIFModel(threshold: 1)
    expectRefusal(saying: "'cells'", "unique") {
      for _ in 0..<2 { _ = try $0.addPopulation("cells", shape: .vector(2), model: lif) }
    }
    expectRefusal(saying: "name") { _ = try $0.addPopulation("", shape: .vector(2), model: lif) }
    expectRefusal(saying: "'cells'", "places") { _ = try $0.addPopulation("cells", shape: .vector(0), model: lif) }
    for (model, problem) in [
      (LIFModel(threshold: -1), "'cells' has the threshold -1.0"),
      (LIFModel(currentDecay: 9999, threshold: 1), "'cells' has the current decay 9999"),
      (LIFModel(voltageDecay: -1, threshold: 1), "'cells' has the voltage decay -1"),
      (LIFModel(bias: .nan, threshold: 1), "'cells' has the bias"),
      (LIFModel(threshold: 1, refractorySteps: -1), "'cells' has a refractory period of -1"),
    ] {
      let error = #expect(throws: NeuromorphicError.self) {
        var builder = NetworkBuilder(input: .vector(1))
        _ = try builder.addPopulation("cells", shape: .vector(1), model: model, largestState: 1)
      }
      #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
    }
    #expect(throws: NeuromorphicError("the network has no population; add one before it is built")) {
      try NetworkBuilder(input: .vector(1)).build(on: ChipDescription.named("loihi1"))
    }
    for threshold in [0, .nan, .infinity, 1e300] {
      expectRefusal(saying: "'cells'", "largestState") {
        _ = try $0.addPopulation("cells", shape: .vector(1), model: LIFModel(threshold: threshold))
      }
    }
    expectRefusal(saying: "'cells'", "charge 0.3") {
      let model = SpikingModel(lambda: 1, charge: 0.3, stepShift: 1, polarities: 1)
      _ = try $0.addPopulation("cells", shape: .vector(1), model: model)
    }
    for decay in [0, 0.3, 2, -1, Double.nan] {
      expectRefusal(saying: "'cells'", "trace decay") {
        _ = try $0.addPopulation("cells", shape: .vector(1), model: lif, traceDecay: decay)
      }
    }
    expectRefusal(saying: "'cells'", "'V'", "u, v") {
      _ = try $0.recordState("V", of: $0.addPopulation("cells", shape: .vector(2), model: lif))
    }
    expectRefusal(saying: "'cells'", "neuron 2") {
      _ = try $0.recordState("v", of: $0.addPopulation("cells", shape: .vector(2), model: lif), neurons: [1, 2])
    }
    expectRefusal(saying: "'cells'", "every 0") {
      _ = try $0.recordState("v", of: $0.addPopulation("cells", shape: .vector(2), model: lif), every: 0)
    }
    expectRefusal(saying: "'strange'", "another builder") {
      var other = NetworkBuilder()
      let strange = try other.addPopulation("strange", shape: .vector(1), model: lif)
      _ = try $0.recordSpikes(of: strange)
    }
  }

  @Test func aRefusalNamesTheProjectionAndWhatWouldBeRight() {
    func connecting(
      _ connections: Connections, _ shape: Network.Shape = .vector(3), into: Network.Compartment? = nil, delay: Int = 0
    ) -> (inout NetworkBuilder) throws -> Void {
      return {
        let cells = try $0.addPopulation("cells", shape: shape, model: LIFModel(threshold: 1))
        try $0.connectInput(to: cells, connections, into: into, delay: delay)
      }
    }
    func refuse(
      _ text: String, _ connections: Connections, _ shape: Network.Shape = .vector(3),
      into: Network.Compartment? = nil, delay: Int = 0, location: SourceLocation = #_sourceLocation
    ) {
      expectRefusal(
        saying: "the input to 'cells'", text, location: location,
        connecting(connections, shape, into: into, delay: delay))
    }
    let row: [Float] = [1, 2, 3]
    refuse("31 rows", .dense(Array(repeating: row, count: 31)))
    refuse("2 columns in row 5", .dense((0..<32).map { $0 == 5 ? [1, 2] : row }))
    refuse("finite", .dense((0..<32).map { $0 == 5 ? [1, 2, .nan] : row }))
    refuse("neuron 32", .sparse([.init(from: 32, to: 0, weight: 1)]))
    refuse("dendrite -1", .sparse([.init(from: 0, to: -1, weight: 1)]))
    refuse("row starts", .compressedRows(rowStarts: [0, 1], targets: [0], weights: [1]))
    refuse("2 targets and 1 weight;", .compressedRows(rowStarts: [0, 1], targets: [0, 1], weights: [1]))
    refuse(
      "dendrite 3", .compressedRows(rowStarts: [0] + Array(repeating: 1, count: 32), targets: [3], weights: [1]))
    refuse("probability", .random(probability: 1.5, weight: 1, seed: 0))
    refuse("equal shapes", .oneToOne(weight: 1))
    refuse("'hold'", .random(probability: 1, weight: 1, seed: 0), into: .hold)
    refuse("65 steps", .random(probability: 1, weight: 1, seed: 0), delay: 65)
    func kernels(_ from: Int, _ to: Int, _ count: Int) -> ConvolutionKernels {
      ConvolutionKernels(
        targetChannels: to, sourceChannels: from, size: 3, weights: Array(repeating: 1, count: count))
    }
    let shape = Network.Shape(rows: 2, columns: 2, channels: 3)
    refuse("channels", .convolution(kernels(1, 3, 27)), shape)
    refuse("26 weights; 54", .convolution(kernels(2, 3, 26)), shape)
    refuse("4 × 4 positions", .convolution(kernels(2, 3, 54), padding: 1), shape)
    refuse("stride 0", .convolution(kernels(2, 3, 54), stride: 0), shape)
    refuse("padding 3", .convolution(kernels(2, 3, 54), padding: 3), shape)
  }

  @Test func weightsTooFarApartForExactSumsAreRefused() throws {
    var builder = NetworkBuilder(input: .vector(1))
    let cells = try builder.addPopulation("cells", shape: .vector(1), model: LIFModel(threshold: 1))
    try builder.connectInput(to: cells, .oneToOne(weight: 1e-12))
    try builder.connect(cells, to: cells, .oneToOne(weight: 100))
    let error = #expect(throws: NeuromorphicError.self) { _ = try builder.build(on: loihi2()) }
    #expect(try #require(error).description.hasPrefix("the projection from 'cells' to 'cells' adds in units 2^4"))
  }

  @Test func aChipThatCannotRunTheNetworkSaysSo() throws {
    func build(_ model: any NeuronModel, delay: Int = 0, on change: (inout ChipDescription) -> Void) throws -> String {
      var builder = NetworkBuilder()
      let cells = try builder.addPopulation("cells", shape: .vector(1), model: model)
      try builder.connect(cells, to: cells, .oneToOne(weight: 1), delay: delay)
      var chip = try loihi2()
      change(&chip)
      let error = #expect(throws: NeuromorphicError.self) { _ = try builder.build(on: chip) }
      return try #require(error).description
    }
    #expect(
      try build(LIFModel(threshold: 1)) { $0.models = ["delta"] }
        == "loihi2 cannot run the neuron model 'lif' of the population 'cells'; it runs delta")
    #expect(
      try build(LIFModel(threshold: 1), delay: 16) { $0.delaySteps = Sourced(15, .source("test")) }
        == "loihi2 delays spikes by at most 15 steps; the projection from 'cells' to 'cells' asks for 16 steps")
    #expect(
      try build(LIFModel(threshold: 1), delay: 1) { $0.delaySteps = Sourced(0, .source("test")) }
        == "loihi2 has no axonal delays; the projection from 'cells' to 'cells' asks for 1 step")
  }
}
