import EventStreams
import KernelBanks
import Neuromorphic
import Reports
import SparseCoding

/// The S-LCA example of Tang, Lin, Davies 2017: three neurons whose spiking rates solve a LASSO with three unknowns.
struct SpikingLCAExample {
  private typealias Figures = PublishedFigures.SpikingLCA
  private static let image: [Float] = [0.5, 1, 1.5]
  private static let lambda = 0.1
  private static let columns: [[Float]] = [
    [0.3313, 0.8835, 0.3313], [0.8148, 0.3621, 0.4527], [0.4364, 0.2182, 0.8729],
  ].map { (column: [Float]) in
    let norm = column.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return column.map { $0 / norm }
  }
  /// τ is 2^stepShift steps.
  private static let stepShift = 5

  static func rows(_ bench: Workbench) throws -> [ValidationRow] { try optimum() + rates(bench.chip("loihi1")) }

  /// The three unknowns as three kernels at the one position of an image with the vector in its first row.
  private static func optimum() throws -> [ValidationRow] {
    let rest = [Float](repeating: 0, count: 6)
    let problem = try LassoProblem(
      image: Image(height: 3, width: 3, pixels: image + rest),
      bank: KernelBank(name: "example", count: 3, size: 3, weights: columns.flatMap { $0 + rest }), lambda: lambda)
    let solution = try problem.solve(relativeGap: 1e-7)
    let chip = "no chip"
    return [Figures.objective.row(solution.certificate.primal, group: Figures.group, chip: chip)]
      + zip(Figures.optimum, solution.code.dense).map { $0.row(Double($1), group: Figures.group, chip: chip) }
  }

  /// Spikes per τ, in real numbers as the paper has them.
  private static func rates(_ chip: ChipDescription) throws -> [ValidationRow] {
    let network = network
    let simulation = try Simulation(network, mapping: .split(network, on: [[0]]), chip: chip)
    var input = EventStream(encoder: "validation", channels: 3, rows: 1, columns: 1, payloadExponent: -1)
    for (channel, value) in image.enumerated() {
      input.append(
        Event(step: 0, time_ns: 0, channel: Int32(channel), row: 0, column: 0, payload: Int32(value * 2)))
    }
    try simulation.inject(input)
    let early = try simulation.run(steps: 100 << stepShift).spikes
    let late = early + (try simulation.run(steps: 900 << stepShift).spikes)
    func rows(_ figures: [PublishedFigure], _ spikes: [Spike], over tau: Double) -> [ValidationRow] {
      figures.enumerated().map { neuron, figure in
        let rate = Double(spikes.count { $0.neuron == neuron }) / tau
        return figure.row(rate, group: Figures.group, chip: "\(chip.name), float", isHypothetical: true)
      }
    }
    return rows(Figures.earlyRates, early, over: 100) + rows(Figures.lateRates, late, over: 1000)
  }

  private static var network: Network {
    func dot(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let all: [Int32] = [0, 1, 2, 0, 1, 2, 0, 1, 2]
    func pairs(_ weight: (_ source: Int, _ target: Int) -> Float) -> Network.Connectivity {
      let weights = (0..<9).map { weight($0 / 3, $0 % 3) }
      return .pairs(rowStarts: [0, 3, 6, 9], targets: all, weights: QuantizedWeights(weights, arithmetic: .float))
    }
    return Network(
      arithmetic: .float, inputShape: .channels(3), inputExponent: -1,
      populations: [
        .init(
          name: "coding", shape: .channels(3),
          model: SpikingModel(lambda: lambda, charge: 1, stepShift: stepShift, polarities: 1),
          scale: NumberScale(isInteger: false, stateExponent: 0, payloadExponent: 0), traceDecayShift: stepShift)
      ],
      projections: [
        .init(
          source: .population(0), target: 0, compartment: .trace,
          connectivity: pairs { $0 == $1 ? 0 : dot(columns[$0], columns[$1]) }),
        .init(source: .input, target: 0, compartment: .hold, connectivity: pairs { columns[$1][$0] }),
      ])
  }
}
