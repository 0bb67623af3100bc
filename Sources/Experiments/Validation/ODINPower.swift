import EventStreams
import Neuromorphic
import Reports

/// ODIN's power at its two published clocks: the simulated core serves input events one after the other, so that it
/// does all the synaptic operations that it can.
struct ODINPower {
  private typealias Figures = PublishedFigures.ODINPower

  static func rows(_ bench: Workbench) throws -> [ValidationRow] {
    let chip = try bench.chip("odin")
    let marks = CostMarks(chip, isMultichip: false).total
    return try [(Figures.fast, Figures.fastClock_MHz), (Figures.slow, Figures.slowClock_MHz)].map { figure, clock in
      figure.row(try power_W(chip.clocked(at: clock)), group: Figures.group, chip: chip.name, marks: marks)
    }
  }

  private static func power_W(_ chip: ChipDescription) throws -> Double {
    let neurons = chip.neuronsPerCore.value, events = 64, bits = chip.weightBits.value
    let network = Network(
      [.silent(neurons)], inputs: events, weightBits: bits,
      [.fromInput(events, toAll: neurons, weightBits: bits)])
    let run = try chip.probe(
      network, .split(network, on: [[0]]), .spikes(channels: events, at: (0..<events).map { (0, $0) }))
    return (chip.staticPower_W?.value ?? 0) + run.dynamic_J / run.time_s
  }
}

extension ChipDescription {
  /// The chip file is written for the faster clock. At another one all times are longer, and the clock's own power
  /// falls.
  fileprivate func clocked(at clock_MHz: Double) -> ChipDescription {
    typealias Figures = PublishedFigures.ODINPower
    var chip = self
    chip.costs = costs.mapValues { cost in
      Cost(
        energy_pJ: cost.energy_pJ, time_ns: cost.time_ns.map { $0 * Figures.fastClock_MHz / clock_MHz },
        provenance: cost.provenance)
    }
    chip.staticPower_W = staticPower_W.map {
      Sourced($0.value - Figures.idle_W_per_MHz * (Figures.fastClock_MHz - clock_MHz), $0.provenance)
    }
    return chip
  }
}
