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
      Need(
        what: "output axons", unit: "", needed: outputAxons(population, box), available: chip.outputAxonsPerCore.value),
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
    return
      "the population '\(name)' does not fit \(chip.name): core 0 would need \(need.needed)\(unit) of \(need.what) for a single "
      + "dendrite and has \(need.available)\(unit); fewer or smaller kernels, or a larger stride, would fit"
  }

  func neurons(_ population: Int, _ box: Box) -> Int {
    box.count * network.populations[population].model.neuronsPerDendrite
  }

  /// Bytes of weights. Projections that share a table, read with the same stride, share its slice. Explicit pairs keep
  /// the index of their target on the core beside each weight. `float` weights count as the chip's own.
  func synapticMemory_bytes(_ population: Int, _ box: Box) -> Int {
    if chip.restrictions.isCrossbar { return crossbar_bytes(population, box) }
    let bits = if case .integer(let bits) = network.arithmetic { bits } else { chip.weightBits.value }
    let indexBits = max(1, Int.bitWidth - (box.count - 1).leadingZeroBitCount)
    var tables: Set<[Int]> = []
    var weights = 0, indices = 0
    for projection in network.projections where projection.target == population {
      switch projection.connectivity {
      case .convolution(let index, _, let targetStride, _):
        guard tables.insert([index, targetStride]).inserted else { continue }
        let table = network.tables[index]
        let copies = chip.hasSharedConvolution.value ? 1 : box.rows.count * box.columns.count
        let synapses = table.weights.format.synapsesPerWeight
        weights += table.sourceChannels * table.extent * table.extent * box.channels.count * copies * synapses
      case .pairs(_, let targets, let values):
        let shape = network.populations[population].shape
        let pairs = targets.count { box.contains(dendrite: Int($0), of: shape) } * values.format.synapsesPerWeight
        weights += pairs
        indices += pairs
      case .oneToOne:
        weights += 1
      }
    }
    return (weights * bits + indices * indexBits + 7) / 8
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

  /// One entry per destination core of each channel in the shared format, of each neuron without it. Before the targets
  /// are placed, each target population counts as one core.
  func outputAxons(_ population: Int, _ box: Box, placed: [Placement]? = nil) -> Int {
    let targets = Set(network.projections.filter { $0.source == .population(population) }.map(\.target))
    return targets.reduce(0) { sum, target in
      let isShared = chip.hasSharedConvolution.value && usesTablesOnly(.population(population), target)
      let sources = (isShared ? box.channels.count : box.count) * polarities(of: .population(population))
      let cores = placed.map { destinations(of: population, box, target: target, placed: $0) } ?? 1
      return sum + sources * cores
    }
  }

  /// Cores of a target population that a box's packets can go to.
  private func destinations(of population: Int, _ box: Box, target: Int, placed: [Placement]) -> Int {
    let projections = network.projections.filter { $0.source == .population(population) && $0.target == target }
    let reached = placed.filter { placement in
      placement.population == target && projections.contains { reaches($0.connectivity, from: box, placement.box) }
    }
    return Set(reached.map(\.core)).count
  }

  private func reaches(_ connectivity: Network.Connectivity, from source: Box, _ target: Box) -> Bool {
    switch connectivity {
    case .pairs: return true
    case .oneToOne:
      return source.rows.overlaps(target.rows) && source.columns.overlaps(target.columns)
        && source.channels.overlaps(target.channels)
    case .convolution(let table, let sourceStride, let targetStride, let origin):
      // Offset = sourceStride · source − targetStride · target + origin lies in 0 ..< extent for some pair of places.
      let extent = network.tables[table].extent
      func meets(_ from: Range<Int>, _ to: Range<Int>) -> Bool {
        let high = sourceStride * (from.upperBound - 1) - targetStride * to.lowerBound + origin
        let low = sourceStride * from.lowerBound - targetStride * (to.upperBound - 1) + origin
        return high >= 0 && low < extent
      }
      return meets(source.rows, target.rows) && meets(source.columns, target.columns)
    }
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
      let outputAxons = CapacityModel.Need(
        what: "output axons", unit: "",
        needed: parts.reduce(0) { $0 + model.outputAxons($1.population, $1.box, placed: placements) },
        available: chip.outputAxonsPerCore.value)
      let needs = model.needs(of: parts).filter { $0.what != outputAxons.what } + [outputAxons]
      return needs.filter { !$0.fits }.map {
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
