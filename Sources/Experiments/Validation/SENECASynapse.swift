import EventStreams
import Neuromorphic
import Reports

/// SENECA's energy of a synaptic operation: the published sum, which the chip file holds, and the same counted in
/// instructions.
///
/// An operation loads a weight and adds it; a neuron's state is loaded and stored once for all events of a step. Two
/// 8-bit integers share a word of 16 bits, and an instruction. The simulated chip gets these prices in place of its
/// own, and counts.
struct SENECASynapse {
  private typealias Figures = PublishedFigures.SENECASynapse

  static func rows(_ bench: Workbench) throws -> [ValidationRow] {
    let chip = try bench.chip("seneca")
    let whole = try step(of: chip, events: 1)
    let integers = try step(
      of: chip.pricing(
        synapse_pJ: (Figures.load_pJ + Figures.pairOfIntegers_pJ) / 2,
        update_pJ: (Figures.load_pJ + Figures.store_pJ) / 2), events: 16)
    let floats = try step(
      of: chip.pricing(
        synapse_pJ: Figures.load_pJ + Figures.float16_pJ, update_pJ: Figures.load_pJ + Figures.store_pJ), events: 1)
    func row(_ figure: PublishedFigure, _ run: Probe, _ energy_pJ: Double, _ marks: Marks) -> ValidationRow {
      figure.row(
        energy_pJ * 1e-12 / Double(run.sums.synapticOperations), group: Figures.group, chip: chip.name, marks: marks)
    }
    // Which instructions an operation takes is our reading of the paper's tables.
    let counted = Marks(isEstimate: true, missing: ["RISC-V instructions"])
    return [
      row(Figures.chipFile, whole, whole.sums.energy.synapse_pJ, CostMarks(chip, isMultichip: false).synapse),
      row(Figures.grouped, integers, integers.sums.energy.synapse_pJ + integers.sums.energy.soma_pJ, counted),
      row(Figures.single, floats, floats.sums.energy.synapse_pJ + floats.sums.energy.soma_pJ, counted),
    ]
  }

  /// One step in which events reach 256 neurons.
  private static func step(of chip: ChipDescription, events: Int) throws -> Probe {
    let neurons = 256, bits = chip.weightBits.value
    let network = Network(
      [.silent(neurons)], inputs: events, weightBits: bits, [.fromInput(events, toAll: neurons, weightBits: bits)])
    return try chip.probe(
      network, .split(network, on: [[0]]), .spikes(channels: events, at: (0..<events).map { (0, $0) }))
  }
}

extension ChipDescription {
  fileprivate func pricing(synapse_pJ: Double, update_pJ: Double) -> ChipDescription {
    var chip = self
    for (operation, energy) in [
      (ChipOperation.synapticOperation, synapse_pJ), (.updateActive, update_pJ), (.updateInactive, update_pJ),
    ] {
      chip.costs[operation] = Cost(
        energy_pJ: energy, time_ns: self[operation].time_ns, provenance: .estimate("counted in instructions"))
    }
    return chip
  }
}
