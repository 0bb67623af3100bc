/// What parts of a network need on a core, against what the core has.
struct CapacityModel {
  let network: Network
  let chip: ChipDescription
  /// Format of each projection.
  let formats: [SynapseFormat]

  init(network: Network, chip: ChipDescription) {
    self.network = network
    self.chip = chip
    formats = network.projections.map { network.format(of: $0, on: chip) }
  }

  private var memory: SynapticMemory { SynapticMemory(network: network, chip: chip) }

  /// Everything that a core must hold for a box of a population, its output axons as if each target population lay on
  /// one core.
  func needs(of population: Int, _ box: Box) -> CoreNeeds {
    needs(of: population, [box], inflows: inflows(into: population, [box]))[0]
  }

  /// The same for several boxes of a population.
  ///
  /// - Parameter outputAxons: One number a box, if it is known where all else lies.
  func needs(
    of population: Int, _ boxes: [Box], inflows: [(projection: Int, inflows: [Inflow])], outputAxons: [Int]? = nil
  ) -> [CoreNeeds] {
    boxes.indices.map { i in
      let axons = inputAxons(inflows: inflows.map { ($0.projection, $0.inflows[i]) })
      let bits =
        chip.restrictions.isCrossbar
        ? crossbarBits(axons: axons, neurons: neurons(population, boxes[i]))
        : synapticBits(population, boxes[i], inflows: inflows.map { ($0.projection, $0.inflows[i]) })
      return CoreNeeds(
        neurons: neurons(population, boxes[i]), synapticMemory_bytes: (bits + 7) / 8,
        state_bytes: state_bytes(population, boxes[i]), delay_bytes: delay_bytes(population, boxes[i]),
        inputAxons: axons,
        outputAxons: outputAxons?[i] ?? unplacedOutputAxons(population, boxes[i]))
    }
  }

  func neurons(_ population: Int, _ box: Box) -> Int {
    box.count * network.populations[population].model.neuronsPerDendrite
  }

  /// What comes into boxes of a population, projection by projection.
  func inflows(into population: Int, _ boxes: [Box]) -> [(projection: Int, inflows: [Inflow])] {
    network.projections.indices.filter { network.projections[$0].target == population }.map {
      ($0, memory.inflows(of: network.projections[$0], into: boxes, format: formats[$0]))
    }
  }

  /// Projections that share a table, read with the same stride, share its slice.
  private func synapticBits(_ population: Int, _ box: Box, inflows: [(projection: Int, inflow: Inflow)]) -> Int {
    var tables: Set<[Int]> = []
    return inflows.reduce(0) { sum, entry in
      let projection = network.projections[entry.projection]
      if case .convolution(let table, _, let stride, _) = projection.connectivity,
        formats[entry.projection] == .convolution, !tables.insert([table, stride]).inserted
      {
        return sum
      }
      return sum + entry.inflow.bits
    }
  }

  /// A crossbar has a place for each pair of an input axon and a neuron: a weight, or with few weights a neuron a bit,
  /// beside the neurons' weights.
  private func crossbarBits(axons: Int, neurons: Int) -> Int {
    guard let weights = chip.restrictions.weightsPerNeuron?.value else {
      return axons * neurons * chip.weightBits.value
    }
    return axons * neurons + neurons * weights * chip.weightBits.value
  }

  /// Bytes of neuron states and dendrite compartments, each word of the chip's state width in whole bytes.
  private func state_bytes(_ population: Int, _ box: Box) -> Int {
    let p = network.populations[population]
    let compartments = Set(network.projections.filter { $0.target == population }.map(\.compartment)).count
    let words = p.model.stateWordsPerNeuron * p.model.neuronsPerDendrite + compartments
    return box.count * words * stateWord_bytes
  }

  private var stateWord_bytes: Int { (chip.stateBits.value + 7) / 8 }

  /// Bytes of accumulators for what arrives later than in the next step: in each compartment, one of the chip's state
  /// width for every step up to its longest delay. No chip publishes their width. On a crossbar a delayed spike waits
  /// at its input axon, a bit a step in a memory of its own (TrueNorth: Akopyan et al. 2015, the scheduler).
  private func delay_bytes(_ population: Int, _ box: Box) -> Int {
    guard !chip.restrictions.isCrossbar else { return 0 }
    var longest: [Network.Compartment: Int] = [:]
    for projection in network.projections where projection.target == population {
      longest[projection.compartment] = max(longest[projection.compartment] ?? 0, projection.delay)
    }
    return box.count * longest.values.reduce(0, +) * stateWord_bytes
  }

  /// One axon per source channel if all that comes from a source is in the convolution format (the position travels in
  /// the packet), else one per source neuron that has a target here.
  private func inputAxons(inflows: [(projection: Int, inflow: Inflow)]) -> Int {
    let bySource = Dictionary(grouping: inflows) { network.projections[$0.projection].source }
    return bySource.reduce(0) { sum, entry in
      let (source, parts) = entry
      let reaches = parts.contains { $0.inflow.sources > 0 }
      let isShared = parts.allSatisfy { formats[$0.projection] == .convolution }
      let shape = network.shape(of: source)
      let places = isShared ? (reaches ? shape.channels : 0) : Self.distinct(parts.map(\.inflow), atMost: shape.count)
      return sum + places * polarities(of: source)
    }
  }

  /// Places that send through at least one of several projections: exact if their grids lie in one another; else a
  /// bound.
  static func distinct(_ inflows: [Inflow], atMost limit: Int) -> Int {
    var kept: [Inflow] = []
    for inflow in inflows.sorted(by: { $0.sources > $1.sources }) {
      let isCovered = kept.contains { other in
        guard let grid = inflow.grid, let outer = other.grid else { return false }
        return outer.covers(grid)
      }
      if !isCovered { kept.append(inflow) }
    }
    return min(limit, kept.reduce(0) { $0 + $1.sources })
  }

  /// Output axons of a box to one core: one per channel in the convolution format, else one per neuron that has a
  /// target there.
  func outputAxons(_ population: Int, _ box: Box, to targets: Set<Int>, senders: Int) -> Int {
    guard senders > 0 else { return 0 }
    let places = sendsByChannel(population, to: targets) ? box.channels.count : senders
    return min(places, box.count) * polarities(of: .population(population))
  }

  private func sendsByChannel(_ population: Int, to targets: Set<Int>) -> Bool {
    network.projections.indices.allSatisfy { index in
      let projection = network.projections[index]
      return projection.source != .population(population) || !targets.contains(projection.target)
        || formats[index] == .convolution
    }
  }

  private func unplacedOutputAxons(_ population: Int, _ box: Box) -> Int {
    let targets = Set(network.projections.filter { $0.source == .population(population) }.map(\.target))
    return targets.reduce(0) { $0 + outputAxons(population, box, to: [$1], senders: box.count) }
  }

  func polarities(of source: Network.Source) -> Int {
    switch source {
    case .input: 1
    case .population(let index): network.populations[index].model.neuronsPerDendrite
    }
  }

  /// Why a box cannot be placed, in one line.
  func refusal(of population: Int, box: Box) -> String {
    let name = network.populations[population].name
    guard let limit = needs(of: population, box).limits(of: chip).first(where: { !$0.fits }) else {
      return "the population '\(name)' does not fit \(chip.name)"
    }
    return "the population '\(name)' does not fit \(chip.name): core 0 would need \(limit.needed)\(limit.unitText) of "
      + "\(limit.what) for a single dendrite and has \(limit.available)\(limit.unitText); "
      + "fewer or smaller kernels, or a larger stride, would fit"
  }
}

/// What the parts of a network on one core take of it.
public struct CoreNeeds: Equatable, Sendable {
  /// Neurons.
  public var neurons = 0
  /// Bytes of weights and indices.
  public var synapticMemory_bytes = 0
  /// Bytes of neuron states and dendrite compartments.
  public var state_bytes = 0
  /// Bytes of accumulators of later steps, for projections with axonal delays; an estimate, as no chip publishes their
  /// width.
  public var delay_bytes = 0
  /// Entries of the input axon table.
  public var inputAxons = 0
  /// Entries of the output axon table: one for each destination core of a channel or neuron.
  public var outputAxons = 0
  /// Cores that its most connected neuron sends to.
  public var outputAxonsPerNeuron = 0

  /// Nothing.
  public static let none = CoreNeeds()

  /// One limit of a core.
  public struct Limit: Equatable, Sendable {
    /// What is limited.
    public let what: String
    /// `B` for bytes, else empty.
    public let unit: String
    /// What is needed.
    public let needed: Int
    /// What a core has.
    public let available: Int
    /// Whether what is needed is an estimate.
    public let isNeedEstimate: Bool
    /// Whether what a core has is an estimate.
    public let isLimitEstimate: Bool

    init(
      _ what: String, unit: String = "", needed: Int, isNeedEstimate: Bool, of limit: Sourced<Int>
    ) {
      self.what = what
      self.unit = unit
      self.needed = needed
      available = limit.value
      self.isNeedEstimate = isNeedEstimate
      isLimitEstimate = limit.provenance.isEstimate
    }

    /// Whether it is kept.
    public var fits: Bool { needed <= available }
    var unitText: String { unit.isEmpty ? "" : " \(unit)" }
  }

  /// Every limit that a chip's cores have, with the need. What synapses and axons need depends on the formats in which
  /// cores can hold them.
  public func limits(of chip: ChipDescription) -> [Limit] {
    let isStored = chip.synapseFormats.provenance.isEstimate || chip.synapseLists?.provenance.isEstimate == true
    let isSent = chip.synapseFormats.provenance.isEstimate
    var limits = [
      Limit("neurons", needed: neurons, isNeedEstimate: false, of: chip.neuronsPerCore),
      Limit(
        "synaptic memory", unit: "B", needed: synapticMemory_bytes, isNeedEstimate: isStored,
        of: chip.synapticMemory_bytes),
      Limit("input axons", needed: inputAxons, isNeedEstimate: isSent, of: chip.inputAxonsPerCore),
      Limit("output axons", needed: outputAxons, isNeedEstimate: isSent, of: chip.outputAxonsPerCore),
    ]
    if let memory = chip.coreMemory_bytes {
      let needed = synapticMemory_bytes + state_bytes + delay_bytes
      limits.append(
        Limit(
          "memory for synapses and states", unit: "B", needed: needed, isNeedEstimate: isStored || delay_bytes > 0,
          of: memory))
    }
    if let perNeuron = chip.outputAxonsPerNeuron {
      limits.append(
        Limit("output axons of one neuron", needed: outputAxonsPerNeuron, isNeedEstimate: isSent, of: perNeuron))
    }
    return limits
  }

  func fits(_ chip: ChipDescription) -> Bool { limits(of: chip).allSatisfy(\.fits) }

  /// What two parts take that share a core but nothing on it.
  static func + (a: CoreNeeds, b: CoreNeeds) -> CoreNeeds {
    CoreNeeds(
      neurons: a.neurons + b.neurons, synapticMemory_bytes: a.synapticMemory_bytes + b.synapticMemory_bytes,
      state_bytes: a.state_bytes + b.state_bytes, delay_bytes: a.delay_bytes + b.delay_bytes,
      inputAxons: a.inputAxons + b.inputAxons,
      outputAxons: a.outputAxons + b.outputAxons,
      outputAxonsPerNeuron: max(a.outputAxonsPerNeuron, b.outputAxonsPerNeuron))
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
