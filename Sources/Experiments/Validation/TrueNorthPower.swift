import Neuromorphic
import Reports

/// TrueNorth's power by the affine model, static and marginal: one simulated core's share of the published recurrent
/// networks, times 4096, over the ticks that it took.
struct TrueNorthPower {
  private typealias Figures = PublishedFigures.TrueNorthPower
  private let chip: ChipDescription

  static func rows(_ bench: Workbench) throws -> [ValidationRow] {
    let group = TrueNorthPower(chip: try bench.chip("truenorth"))
    let slow = try group.core(rate_Hz: 11.58), middle = try group.core(rate_Hz: 20.07)
    let fast = try group.core(rate_Hz: 95.93), common = try group.core(rate_Hz: 20)
    return [
      group.row(Figures.slow, group.power_W(slow)), group.row(Figures.middle, group.power_W(middle)),
      group.row(Figures.fast, group.power_W(fast)), group.row(Figures.lowerVoltage, group.power_W(common)),
      group.row(Figures.lowestVoltage, group.power_W(common)), group.row(Figures.trapSlow, group.averagePower_W(slow)),
      group.row(Figures.trapFast, group.averagePower_W(fast)),
    ]
  }

  private func row(_ figure: PublishedFigure, _ ours: Double) -> ValidationRow {
    figure.row(ours, group: Figures.group, chip: chip.name, marks: CostMarks(chip, isMultichip: false).total)
  }

  private func power_W(_ core: Probe) -> Double {
    (chip.staticPower_W?.value ?? 0) + core.dynamic_J * Double(Figures.cores) / core.time_s
  }

  private func averagePower_W(_ core: Probe) -> Double {
    Double(core.sums.synapticOperations * Figures.cores) * Figures.averageEnergy_J / core.time_s
  }

  /// A core whose neurons spike at a mean rate, each to half of the crossbar: as many as it takes at the shortest
  /// period that is not too slow, the others silent. It runs for whole periods, about two seconds.
  private func core(rate_Hz: Double) throws -> Probe {
    let perTick = rate_Hz * Figures.tick_s, bits = chip.weightBits.value
    let period = Int(1 / perTick), neurons = Figures.neuronsPerCore
    let spiking = Int((perTick * Double(period * neurons)).rounded())
    let targets = (0..<spiking).map { neuron in
      (1...Figures.synapsesPerNeuron).map { (neuron + $0) % spiking }.sorted()
    }
    var populations = [Network.Population.clocks(spiking, period: period)]
    if spiking < neurons { populations.append(.silent(neurons - spiking)) }
    let network = Network(
      populations, weightBits: bits, [.pairs(from: .population(0), to: 0, targets: targets, weightBits: bits)])
    return try chip.probe(
      network, .split(network, on: populations.map { _ in [0] }), steps: 2000 / period * period)
  }
}
