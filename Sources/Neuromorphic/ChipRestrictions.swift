import DataFiles

/// What a chip's synapses and neurons lack of what a network can ask for; nil: no restriction.
public struct ChipRestrictions: Equatable, Sendable {
  /// `formats.crossbar`: a core has a place for every pair of its input axons and neurons, and stores no indices.
  public var crossbar: Sourced<Bool>?
  /// `formats.weights_per_neuron`: different weights, other than 0, that a neuron can have.
  public var weightsPerNeuron: Sourced<Int>?
  /// `formats.sign_per_source`: all synapses of a source are excitatory, or all inhibitory.
  public var signPerSource: Sourced<Bool>?
  /// `neurons.decay`: whether currents and potentials of `lif` can decay exponentially.
  public var decay: Sourced<Bool>?
  /// `neurons.refractory`: whether `lif` can have a refractory period.
  public var refractory: Sourced<Bool>?

  static let formatKeys = ["crossbar", "weights_per_neuron", "sign_per_source"]

  /// Reads the optional keys of `formats` and the optional section `neurons`.
  init(root: YAMLReader, formats: YAMLReader) throws(YAMLError) {
    crossbar = try formats.optionalFlag("crossbar")
    weightsPerNeuron =
      try formats.optional("weights_per_neuron") == nil
      ? nil : formats.sourcedInteger("weights_per_neuron", in: 1...(1 << 16))
    signPerSource = try formats.optionalFlag("sign_per_source")
    guard let neurons = try root.optional("neurons") else { return }
    try neurons.allowKeys(["decay", "refractory"])
    decay = try neurons.optionalFlag("decay")
    refractory = try neurons.optionalFlag("refractory")
  }

  /// Whether synapses are places of a crossbar.
  public var isCrossbar: Bool { crossbar?.value == true }

  /// - Throws: `NeuromorphicError` naming the population and what the chip lacks.
  func check(_ network: Network, on chip: String) throws {
    for population in network.populations { try check(population, on: chip) }
    for index in network.populations.indices { try checkWeights(of: index, in: network, on: chip) }
    // In the order of projections, so that of several faults it is always the same one that is told.
    for source in network.projections.map(\.source).uniqued() { try checkSigns(from: source, in: network, on: chip) }
  }

  private func check(_ population: Network.Population, on chip: String) throws {
    guard let lif = population.model as? LIFModel else { return }
    if decay?.value == false, lif.currentDecay != 4096 || lif.voltageDecay != 0 {
      throw NeuromorphicError(
        "\(chip) has no exponential decay, and the population '\(population.name)' needs it: "
          + "its current decay can be 4096, its voltage decay 0, and a leak is a negative bias")
    }
    if refractory?.value == false, lif.refractorySteps > 0 {
      throw NeuromorphicError(
        "\(chip) has no refractory period, and the population '\(population.name)' has one of "
          + lif.refractorySteps.counted("step")
      )
    }
  }

  /// Necessary, not sufficient: whether types of axons can be found that select these weights is not tried.
  private func checkWeights(of population: Int, in network: Network, on chip: String) throws {
    guard let limit = weightsPerNeuron?.value else { return }
    var weights: [Int: Set<Float>] = [:]
    for projection in network.projections where projection.target == population {
      network.visitWeights(of: projection) { _, target, weight in weights[target, default: []].insert(weight) }
    }
    guard let most = weights.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) }), most.value.count > limit
    else { return }
    throw NeuromorphicError(
      "\(chip) has \(limit.counted("weight")) a neuron; dendrite \(most.key) of the population "
        + "'\(network.populations[population].name)' has \(most.value.count) different ones")
  }

  private func checkSigns(from source: Network.Source, in network: Network, on chip: String) throws {
    guard signPerSource?.value == true else { return }
    var signs: [Int: Set<FloatingPointSign>] = [:]
    for projection in network.projections where projection.source == source {
      network.visitWeights(of: projection) { source, _, weight in signs[source, default: []].insert(weight.sign) }
    }
    guard let mixed = signs.filter({ $0.value.count > 1 }).keys.min() else { return }
    throw NeuromorphicError(
      "\(chip) has one sign for all synapses of a source; neuron \(mixed) of \(network.name(of: source)) excites and inhibits"
    )
  }
}

extension YAMLReader {
  fileprivate func optionalFlag(_ key: String) throws(YAMLError) -> Sourced<Bool>? {
    guard try optional(key) != nil else { return nil }
    return try sourced(key) { value throws(YAMLError) in try value.flag() }
  }
}

extension Network {
  /// Every weight other than 0 with its source neuron and target dendrite. Of a convolution, source and target are
  /// channels: a neuron can have every weight of its channel.
  fileprivate func visitWeights(of projection: Projection, _ visit: (Int, Int, Float) -> Void) {
    let sign = Float(projection.sign)
    switch projection.connectivity {
    case .pairs(let rows):
      let values = rows.weights.values
      for source in 0..<max(0, rows.rowStarts.count - 1) {
        for (target, value) in zip(rows.targets(of: source), values[rows.rowStarts[source]...]) where value != 0 {
          visit(source, Int(target), sign * value)
        }
      }
    case .convolution(let table, _, _, _):
      let table = tables[table]
      for (place, value) in table.weights.values.enumerated() where value != 0 {
        visit(place / (table.extent * table.extent * table.targetChannels), place % table.targetChannels, sign * value)
      }
    case .oneToOne(let weight, _):
      guard weight != 0 else { return }
      for place in 0..<populations[projection.target].shape.count { visit(place, place, sign * Float(weight)) }
    }
  }

  fileprivate func name(of source: Source) -> String {
    switch source {
    case .input: "the input"
    case .population(let index): "the population '\(populations[index].name)'"
    }
  }
}
