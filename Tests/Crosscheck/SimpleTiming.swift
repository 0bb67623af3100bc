import HashedNetworks
import Neuromorphic

/// SANA-FE's `simple` time of a step, worked out anew from spikes, connectivity and the costs of our chip file.
///
/// Each core's somas and output axons work one after the other, and so does its synapse engine; the busiest of all of
/// them decides, and the barrier comes on top. Nothing waits for anything.
struct SimpleTiming {
  /// Of each neuron, by core in use, its synapses there.
  private let synapses: [[Int: Int]]
  private let neuronsOf: [Int]
  private let update_s, spike_s, axonOut_s, axonIn_s, synop_s: Double
  let barrier_s: Double

  init(_ network: HashedNetwork, on chip: ChipDescription, format: SynapseFormat) {
    synapses = (0..<network.neurons).map { source in
      network.targets(of: source).reduce(into: [:]) { $0[HashedNetwork.coreIndex($1), default: 0] += 1 }
    }
    neuronsOf = (0..<network.coreCount).map {
      min(HashedNetwork.neuronsPerCore, network.neurons - $0 * HashedNetwork.neuronsPerCore)
    }
    func seconds(_ cost: Cost) -> Double { (cost.time_ns ?? 0) * 1e-9 }
    update_s = seconds(chip[.updateActive])  // the bias makes every update an active one
    spike_s = seconds(chip[.spikeOut])
    axonOut_s = seconds(chip[.axonOut])
    axonIn_s = seconds(chip[.axonIn])
    synop_s = seconds(chip.synapticCost(format))
    let tiles = (network.coreCount + chip.coresPerTile.value - 1) / chip.coresPerTile.value
    barrier_s = (chip.barrier.last { $0.tiles <= tiles } ?? chip.barrier[0]).time_ns * 1e-9
  }

  /// Seconds of a step in which these neurons spike.
  func time(of spikes: [Int]) -> Double {
    var senders = neuronsOf.map { Double($0) * update_s }
    var engines = [Double](repeating: 0, count: neuronsOf.count)
    for neuron in spikes {
      let core = HashedNetwork.coreIndex(neuron)
      senders[core] += spike_s + Double(synapses[neuron].count) * axonOut_s
      for (target, count) in synapses[neuron] { engines[target] += axonIn_s + Double(count) * synop_s }
    }
    return (senders + engines).reduce(0, max) + barrier_s
  }
}
