/// What a part of a network needs on one core, against what the core has.
struct CapacityModel {
  let network: Network
  let chip: ChipDescription

  /// One limit of a core.
  struct Need: Equatable {
    let what: String
    let unit: String
    let needed: Int
    let available: Int

    var fits: Bool { needed <= available }
  }

  func fits(_ population: Int, _ box: Box) -> Bool { needs(of: population, box).allSatisfy(\.fits) }

  /// Everything that a core must hold for a box of a population.
  func needs(of population: Int, _ box: Box) -> [Need] {
    let synapses = synapticMemory_bytes(population, box)
    var needs = [
      Need(what: "neurons", unit: "", needed: neurons(population, box), available: chip.neuronsPerCore.value),
      Need(what: "synaptic memory", unit: "B", needed: synapses, available: chip.synapticMemory_bytes.value),
      Need(what: "input axons", unit: "", needed: inputAxons(population), available: chip.inputAxonsPerCore.value),
      Need(what: "output axons", unit: "", needed: outputAxons(population, box), available: chip.outputAxonsPerCore.value),
    ]
    if let memory = chip.coreMemory_bytes {
      needs.append(
        Need(
          what: "memory for synapses and states", unit: "B", needed: synapses + state_bytes(population, box),
          available: memory.value))
    }
    return needs
  }

  /// Everything that a core must hold for several placements; nothing is shared between them.
  func needs(of placements: [Placement]) -> [Need] {
    let each = placements.map { needs(of: $0.population, $0.box) }
    guard let first = each.first else { return [] }
    return first.indices.map { i in
      Need(
        what: first[i].what, unit: first[i].unit, needed: each.reduce(0) { $0 + $1[i].needed },
        available: first[i].available)
    }
  }

  /// Why a box cannot be placed, in one line.
  func refusal(of population: Int, box: Box) -> String {
    let name = network.populations[population].name
    guard let need = needs(of: population, box).first(where: { !$0.fits }) else {
      return "the population '\(name)' does not fit \(chip.name)"
    }
    let unit = need.unit.isEmpty ? "" : " \(need.unit)"
    return "the population '\(name)' does not fit \(chip.name): even one dendrite a core needs \(need.needed)\(unit) of \(need.what), "
      + "and a core has \(need.available)\(unit); fewer or smaller kernels, or a larger stride, would fit"
  }

  func neurons(_ population: Int, _ box: Box) -> Int {
    box.count * network.populations[population].model.neuronsPerDendrite
  }

  /// Bytes of weights. Projections that share a table, read with the same stride, share its slice.
  func synapticMemory_bytes(_ population: Int, _ box: Box) -> Int {
    guard case .integer(let bits) = network.arithmetic else { return 0 }
    var tables: Set<[Int]> = []
    var weights = 0
    for projection in network.projections where projection.target == population {
      switch projection.connectivity {
      case .convolution(let index, _, let targetStride, _):
        guard tables.insert([index, targetStride]).inserted else { continue }
        let table = network.tables[index]
        let copies = chip.hasSharedConvolution.value ? 1 : box.rows.count * box.columns.count
        weights += table.sourceChannels * table.extent * table.extent * box.channels.count * copies
      case .pairs(_, let targets, _):
        let shape = network.populations[population].shape
        weights += targets.count { box.contains(dendrite: Int($0), of: shape) }
      case .oneToOne:
        weights += 1
      }
    }
    return (weights * bits + 7) / 8
  }

  /// Bytes of neuron states and dendrite compartments, each word of the chip's state width in whole bytes.
  func state_bytes(_ population: Int, _ box: Box) -> Int {
    let p = network.populations[population]
    let compartments = Set(network.projections.filter { $0.target == population }.map(\.compartment)).count
    let words = p.model.stateWordsPerNeuron * p.model.neuronsPerDendrite + compartments
    return box.count * words * ((chip.stateBits.value + 7) / 8)
  }

  /// One axon per source channel in the shared convolution format (the position travels in the packet), else one per
  /// source neuron.
  func inputAxons(_ population: Int) -> Int {
    let sources = Set(network.projections.filter { $0.target == population }.map(\.source))
    return sources.reduce(0) { sum, source in
      let shape = network.shape(of: source)
      let axons = chip.hasSharedConvolution.value && usesTablesOnly(source, population) ? shape.channels : shape.count
      return sum + axons * polarities(of: source)
    }
  }

  /// One entry per destination core of each channel in the shared format. A packet can at most go to every core.
  func outputAxons(_ population: Int, _ box: Box) -> Int {
    let targets = Set(network.projections.filter { $0.source == .population(population) }.map(\.target))
    return targets.isEmpty ? 0 : box.channels.count * polarities(of: .population(population)) * targets.count
  }

  private func usesTablesOnly(_ source: Network.Source, _ population: Int) -> Bool {
    network.projections.allSatisfy { projection in
      guard projection.source == source, projection.target == population else { return true }
      if case .pairs = projection.connectivity { return false }
      return true
    }
  }

  private func polarities(of source: Network.Source) -> Int {
    switch source {
    case .input: 1
    case .population(let index): network.populations[index].model.neuronsPerDendrite
    }
  }
}

extension Box {
  /// Whether a dendrite, given by its index in the whole population, lies in the box.
  func contains(dendrite: Int, of shape: Network.Shape) -> Bool {
    let position = dendrite / shape.channels
    return channels.contains(dendrite % shape.channels) && columns.contains(position % shape.columns)
      && rows.contains(position / shape.columns)
  }
}

/// A limit that a placement exceeds, for runs that are reported all the same.
public struct CapacityViolation: Equatable, Sendable, CustomStringConvertible {
  /// The core.
  public let core: Int
  /// The limit that is exceeded.
  public let what: String
  /// What the placement needs.
  public let needed: Int
  /// What the core has.
  public let available: Int

  /// One line: core, limit, need.
  public var description: String { "core \(core) needs \(needed) of \(what) and has \(available)" }
}

extension Mapping {
  /// Every limit of a core that this mapping exceeds; empty if it fits.
  public func violations(of network: Network, on chip: ChipDescription) -> [CapacityViolation] {
    let model = CapacityModel(network: network, chip: chip)
    return Dictionary(grouping: placements, by: \.core).sorted { $0.key < $1.key }.flatMap { core, parts in
      model.needs(of: parts).filter { !$0.fits }.map {
        CapacityViolation(core: core, what: $0.what, needed: $0.needed, available: $0.available)
      }
    }
  }

  /// Bytes of weights on the fullest core.
  public func fullestSynapticMemory_bytes(of network: Network, on chip: ChipDescription) -> Int {
    let model = CapacityModel(network: network, chip: chip)
    return placements.map { model.synapticMemory_bytes($0.population, $0.box) }.max() ?? 0
  }
}
