import HashedNetworks
import Neuromorphic

/// The chip model's account of a network, and its time of each step.
struct ChipRun {
  let account: Account
  /// In seconds, the barrier included.
  let times: [Double]
  let barrier_s: Double

  /// The first step gives the neurons their initial potentials and is not part of the account.
  init(_ network: HashedNetwork, on chip: ChipDescription, steps: Int, timing: TimingLevel) throws {
    let simulation = try Simulation(
      network.network(), mapping: network.mapping(on: chip), chip: chip, options: SimulationOptions(timing: timing))
    try simulation.inject(network.start)
    let (records, spikes) = try simulation.run(steps: steps + 1)
    guard simulation.warnings.isEmpty else { throw CrosscheckError("SystemC warns: \(simulation.warnings)") }
    let first = records[0], last = records[steps]
    guard first.spikes == 0, last.saturations == 0 else {
      throw CrosscheckError("the network does not fit the chip's numbers")
    }
    var bySteps = [[Int]](repeating: [], count: steps)
    for spike in spikes { bySteps[spike.step - 1].append(spike.neuron) }
    account = Account(
      spikes: bySteps.map { $0.sorted() }, updates: last.updatesActive - first.updatesActive,
      packets: last.corePackets - first.corePackets, hops: last.hops - first.hops,
      synops: last.synapticOperations - first.synapticOperations,
      synapses_J: (last.energy.synapse_pJ - first.energy.synapse_pJ) * 1e-12,
      somas_J: (last.energy.soma_pJ - first.energy.soma_pJ) * 1e-12,
      axonsAndHops_J: (last.axonsAndHops_pJ - first.axonsAndHops_pJ) * 1e-12)
    times = (1...steps).map { Double(records[$0].end_ps - records[$0 - 1].end_ps) * 1e-12 }
    barrier_s = Double(simulation.barrierTime_ps) * 1e-12
  }
}

extension StepRecord {
  fileprivate var hops: Int { hopsEastWest + hopsNorthSouth + hopsBetweenChips }
  /// The host port's part of the first step takes itself out of the difference.
  fileprivate var axonsAndHops_pJ: Double { energy.axon_pJ + energy.network_pJ }
}

/// Why the two programs could not be compared, or differ.
struct CrosscheckError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
