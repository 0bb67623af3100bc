import EventStreams
import Neuromorphic
import Testing

extension ChipModelTests {
  /// The S-LCA example of Tang, Lin, Davies, arXiv 1705.05475 (2017): three neurons whose rates solve a LASSO.
  struct GoldenExample {
    private static let image = [0.5, 1, 1.5]
    private static let lambda = 0.1
    /// Columns of Φ, normalised.
    private static let columns = [[0.3313, 0.8835, 0.3313], [0.8148, 0.3621, 0.4527], [0.4364, 0.2182, 0.8729]].map {
      column in
      let norm = column.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return column.map { $0 / norm }
    }
    /// The non-negative optimum, from the certified solution of the LASSO.
    static let optimum = [0.683061, 0, 1.217790]
    static let stepsPerTau = 32

    private static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

    /// The network, and what its numbers stand for: G − I and Φᵀ as it holds them.
    func network(_ arithmetic: Network.Arithmetic) -> (
      Network, lateral: QuantizedWeights, analysis: QuantizedWeights
    ) {
      let neurons = Network.Shape(rows: 1, columns: 1, channels: 3)
      // W has no diagonal; the analysis is Φᵀ, from pixel to neuron.
      let lateral = QuantizedWeights(
        (0..<9).map { $0 / 3 == $0 % 3 ? 0 : Float(Self.dot(Self.columns[$0 / 3], Self.columns[$0 % 3])) },
        arithmetic: arithmetic)
      let analysis = QuantizedWeights((0..<9).map { Float(Self.columns[$0 % 3][$0 / 3]) }, arithmetic: arithmetic)
      let all: [Int32] = [0, 1, 2, 0, 1, 2, 0, 1, 2]
      let network = Network(
        arithmetic: arithmetic, inputShape: neurons, inputExponent: -1,
        populations: [
          .init(
            name: "coding", shape: neurons,
            model: SpikingModel(lambda: Self.lambda, charge: 1, stepShift: 5, polarities: 1),
            scale: NumberScale(isInteger: arithmetic != .float, stateExponent: -18, payloadExponent: 0),
            traceDecayShift: 5)
        ],
        projections: [
          .init(
            source: .population(0), target: 0, compartment: .trace,
            connectivity: .pairs(rowStarts: [0, 3, 6, 9], targets: all, weights: lateral)),
          .init(
            source: .input, target: 0, compartment: .hold,
            connectivity: .pairs(rowStarts: [0, 3, 6, 9], targets: all, weights: analysis)),
        ])
      return (network, lateral, analysis)
    }

    /// Spikes per τ over the first 100 τ and over all 1000 τ.
    private func rates(_ network: Network) throws -> (hundred: [Double], thousand: [Double]) {
      let chip = try SmallChip().description()
      let simulation = try Simulation(network, mapping: .whole(network, on: [0]), chip: chip)
      // Halves: the image is (1, 2, 3) · 2⁻¹.
      try simulation.inject(.events(for: network.inputShape, exponent: -1, [(0, 0, 1), (0, 1, 2), (0, 2, 3)]))
      func rates(_ spikes: [Spike], _ tau: Int) -> [Double] {
        (0..<3).map { neuron in Double(spikes.count { $0.neuron == neuron }) / Double(tau) }
      }
      let early = try simulation.run(steps: 100 * Self.stepsPerTau).spikes
      let late = try simulation.run(steps: 900 * Self.stepsPerTau).spikes
      return (rates(early, 100), rates(early + late, 1000))
    }

    @Test func realRatesApproachTheOptimumAsOneOverT() throws {
      let (hundred, thousand) = try rates(network(.float).0)
      for neuron in 0..<3 {
        #expect(abs(thousand[neuron] - Self.optimum[neuron]) <= 0.01)
        // The rates of the plain recursion, to one spike: on a chip, drive and inhibition come a step later.
        #expect(abs(hundred[neuron] - [0.69, 0.01, 1.21][neuron]) < 1.01 / 100)
        #expect(abs(thousand[neuron] - [0.684, 0.001, 1.216][neuron]) < 1.01 / 1000)
      }
    }

    @Test func integerRatesApproachTheOptimumOfTheRoundedProblem() throws {
      let (network, lateral, analysis) = network(.integer(weightBits: 8))
      let thousand = try rates(network).thousand
      let drive = (0..<3).map { neuron in
        (0..<3).reduce(0.0) { $0 + Double(analysis.values[$1 * 3 + neuron]) * Self.image[$1] }
      }
      let optimum = nonNegativeLasso(gram: { i, j in i == j ? 1 : Double(lateral.values[i * 3 + j]) }, drive: drive)
      for neuron in 0..<3 { #expect(abs(thousand[neuron] - optimum[neuron]) <= 0.01, "neuron \(neuron)") }
      // Rounding moved the problem, but not far.
      #expect(zip(optimum, Self.optimum).contains { abs($0 - $1) > 1e-4 })
      #expect(zip(optimum, Self.optimum).allSatisfy { abs($0 - $1) < 0.03 })
    }

    @Test func theQuotedOptimumIsTheOptimum() {
      let drive = Self.columns.map { Self.dot($0, Self.image) }
      let optimum = nonNegativeLasso(gram: { Self.dot(Self.columns[$0], Self.columns[$1]) }, drive: drive)
      #expect(zip(optimum, Self.optimum).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    /// Coordinate descent on ½aᵀGa − bᵀa + λ·Σa, a ≥ 0, to the end.
    private func nonNegativeLasso(gram: (Int, Int) -> Double, drive: [Double]) -> [Double] {
      var a = [0.0, 0, 0]
      for _ in 0..<10_000 {
        for i in 0..<3 {
          let others = (0..<3).reduce(0.0) { $0 + ($1 == i ? 0 : gram(i, $1) * a[$1]) }
          a[i] = max(0, (drive[i] - others - Self.lambda) / gram(i, i))
        }
      }
      return a
    }
  }
}
