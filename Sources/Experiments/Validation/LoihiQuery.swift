import EventStreams
import Neuromorphic
import Reports

/// The nearest-neighbour query of Frady et al. 2020: one chip's share of the patterns on the simulated chip, times 32
/// chips that all do the same. What crosses from chip to chip is not run, and its cost is among the missing ones.
///
/// Each pattern is a neuron, each component of the query an input axon that reaches all of them. When an input spikes
/// is not published; whether an update is active hangs on it, so both ends are run: all in one step, or evenly spread.
struct LoihiQuery {
  private typealias Figures = PublishedFigures.LoihiQuery
  private let chip: ChipDescription

  private let network: Network

  static func rows(_ bench: Workbench) throws -> [ValidationRow] {
    let chip = try bench.chip("loihi1"), network = network(weightBits: chip.weightBits.value)
    let published = LoihiQuery(chip: chip, network: network)
    let regressed = LoihiQuery(chip: try bench.chip("loihi1-regressed").holdingSynapsesDense, network: network)
    let fewest = try published.query(spikes: Figures.fewestSpikes, isSpread: false)
    let most = try published.query(spikes: Figures.mostSpikes, isSpread: true)
    return [
      published.row(Figures.synapticEvents, Double(most.sums.synapticOperations)),
      published.row(Figures.updates, Double(most.updates)),
      published.row(Figures.fewest, energyOf: fewest), published.row(Figures.most, energyOf: most),
      regressed.row(
        Figures.regressedFewest, energyOf: try regressed.query(spikes: Figures.fewestSpikes, isSpread: false)),
      regressed.row(Figures.regressedMost, energyOf: try regressed.query(spikes: Figures.mostSpikes, isSpread: true)),
    ]
  }

  private func row(_ figure: PublishedFigure, _ countOfOneChip: Double) -> ValidationRow {
    figure.row(countOfOneChip * Double(Figures.chips), group: Figures.group, chip: chip.name)
  }

  private func row(_ figure: PublishedFigure, energyOf run: Probe) -> ValidationRow {
    figure.row(
      run.dynamic_J * Double(Figures.chips), group: Figures.group, chip: chip.name,
      marks: CostMarks(chip, isMultichip: true).dynamic)
  }

  /// All components to all patterns: a table at a single position, one weight for each pair.
  private static func network(weightBits: Int) -> Network {
    let patterns = Figures.patterns / Figures.chips
    var network = Network(
      [.silent(patterns, threshold: 2 * Figures.mostSpikes)], inputs: Figures.components, weightBits: weightBits,
      [
        .init(
          source: .input, target: 0, compartment: .pulse,
          connectivity: .convolution(table: 0, sourceStride: 1, targetStride: 1, origin: 0))
      ])
    let weights = [Float](repeating: 1, count: Figures.components * patterns)
    network.tables = [
      ConvolutionTable(
        sourceChannels: Figures.components, extent: 1, targetChannels: patterns,
        weights: QuantizedWeights(weights, arithmetic: network.arithmetic))
    ]
    return network
  }

  private func query(spikes: Int, isSpread: Bool) throws -> Probe {
    // What is injected in a step becomes input in the next one.
    let input = EventStream.spikes(
      channels: Figures.components,
      at: (0..<spikes).map { (isSpread ? $0 * (Figures.steps - 1) / spikes : 0, $0) })
    // Where the patterns lay is not published; on the fewest cores packets cost least.
    let mapping = try Mapping(network, on: chip, strategy: .naive)
    return try chip.probe(network, mapping, input, steps: Figures.steps)
  }
}

extension ChipDescription {
  /// Every pattern has a synapse of its own from every component, which a chip holds dense; a table counts as a
  /// convolution.
  fileprivate var holdingSynapsesDense: ChipDescription {
    var chip = self
    chip.costs[.synapticOperation] = synapticCost(.dense)
    chip.synapticCosts = nil
    return chip
  }
}
