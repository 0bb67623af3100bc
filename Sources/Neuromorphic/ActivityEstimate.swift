import Foundation

/// What a network is expected to do in a step. It only guides the mapping; no figure of a run depends on it.
public struct ActivityEstimate: Equatable, Sendable {
  /// Spikes a neuron and step. Default: a thousandth; `delta` has 0.0004 to 0.0016 in the README's comparison.
  public var spikesPerNeuron: Double
  /// Events a place of the input and step. Default: a hundredth, a dense frame that takes a hundred steps to code.
  public var eventsPerInput: Double

  /// An estimate.
  public init(spikesPerNeuron: Double = 0.001, eventsPerInput: Double = 0.01) {
    self.spikesPerNeuron = spikesPerNeuron
    self.eventsPerInput = eventsPerInput
  }
}

/// Expected times of a step, from an activity and a chip's costs; unpublished costs count as zero.
struct LoadModel {
  let model: CapacityModel
  let activity: ActivityEstimate

  private var network: Network { model.network }

  func time_ns(_ operation: ChipOperation) -> Double { model.chip[operation].time_ns ?? 0 }

  /// One weight of a projection, in its format.
  private func synapseTime_ns(_ projection: Int) -> Double {
    let synapses = network.weightFormat(of: network.projections[projection]).synapsesPerWeight
    return Double(synapses) * (model.chip.synapticCost(model.formats[projection]).time_ns ?? 0)
  }

  /// Packets that a place of a source sends in a step to each core with a target.
  func rate(of source: Network.Source) -> Double {
    switch source {
    case .input: activity.eventsPerInput
    case .population: activity.spikesPerNeuron * Double(model.polarities(of: source))
    }
  }

  /// Updates and spikes of the neurons of a box. In a network that works every update is active.
  func somaTime_ns(_ population: Int, _ box: Box) -> Double {
    let neurons = Double(model.neurons(population, box))
    return neurons * (time_ns(.updateActive) + activity.spikesPerNeuron * time_ns(.spikeOut))
  }

  /// The synapse engine of the busiest of several like boxes: the mean, and what chance adds to the largest of so many
  /// sums of independent packets, √(2 ln n) standard deviations. Cuts by channel get the same packets: n counts tiles.
  func engineTime_ns(_ population: Int, _ inflows: [(projection: Int, inflow: Inflow)], tiles: Int) -> Double {
    var mean = 0.0, variance = 0.0
    let perDendrite = Double(network.populations[population].model.neuronsPerDendrite)
    // In the order of populations: sums of real numbers must come out the same in every process.
    for source in network.sources {
      let parts = inflows.filter { network.projections[$0.projection].source == source }
      let packets =
        rate(of: source)
        * Double(CapacityModel.distinct(parts.map(\.inflow), atMost: network.shape(of: source).count))
      guard packets > 0 else { continue }
      let operations_ns = parts.reduce(0.0) { $0 + Double($1.inflow.pairs) * synapseTime_ns($1.projection) }
      let each = time_ns(.axonIn) + rate(of: source) * perDendrite * operations_ns / packets
      mean += packets * each
      variance += packets * each * each
    }
    return mean + (2 * log(Double(tiles)) * variance).squareRoot()
  }
}
