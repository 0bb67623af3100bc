/// Where a number comes from.
public enum Provenance: Equatable, Sendable {
  /// Published: the source.
  case source(String)
  /// Estimated: how.
  case estimate(String)

  /// Whether the number is an estimate.
  public var isEstimate: Bool {
    if case .estimate = self { true } else { false }
  }

  /// The source or the derivation.
  public var text: String {
    switch self {
    case .source(let text), .estimate(let text): text
    }
  }
}

/// A number of a chip with its provenance.
public struct Sourced<Value: Equatable & Sendable>: Equatable, Sendable {
  /// The number.
  public let value: Value
  /// Where it comes from.
  public let provenance: Provenance

  /// A number with its provenance.
  public init(_ value: Value, _ provenance: Provenance) {
    self.value = value
    self.provenance = provenance
  }
}

/// What a chip does that costs energy or time.
public enum ChipOperation: String, CaseIterable, Sendable {
  case synapticOperation = "synaptic_operation"
  case updateActive = "update_active"
  case updateInactive = "update_inactive"
  case spikeOut = "spike_out"
  case axonOut = "axon_out"
  case axonIn = "axon_in"
  case tile
  case hopEastWest = "hop_east_west"
  case hopNorthSouth = "hop_north_south"
  case hopBetweenChips = "hop_between_chips"
  case hostEvent = "host_event"
  /// One barrier; its energy only, as its time has points of its own.
  case barrier
}

/// The price of one operation; nil where it is not published.
public struct Cost: Equatable, Sendable {
  /// Picojoules each; nil if unpublished.
  public let energy_pJ: Double?
  /// Nanoseconds.
  public let time_ns: Double?
  /// Nil if nothing about the operation is published.
  public let provenance: Provenance?

  /// A price.
  public init(energy_pJ: Double?, time_ns: Double?, provenance: Provenance?) {
    self.energy_pJ = energy_pJ
    self.time_ns = time_ns
    self.provenance = provenance
  }

  /// A cost about which nothing is published.
  public static let unpublished = Cost(energy_pJ: nil, time_ns: nil, provenance: nil)
}

/// A neuromorphic chip: geometry, capacities, formats, and what each operation costs. Read from a chip file.
public struct ChipDescription: Equatable, Sendable {
  /// One published point of the barrier: its time with so many tiles in use.
  public struct BarrierPoint: Equatable, Sendable {
    /// Tiles in use.
    public let tiles: Int
    /// Nanoseconds.
    public let time_ns: Double
    /// Where it comes from.
    public let provenance: Provenance
  }

  /// How packets cross the mesh, apart from the costs of hops.
  public struct NetworkOnChip: Equatable, Sendable {
    /// Flits of a packet.
    public var packetFlits: Sourced<Int>
    /// Flits that each buffer of a router holds; only `detailed` timing has buffers.
    public var bufferFlits: Sourced<Int>
    /// Whether one packet can go to several cores.
    public var hasMulticast: Sourced<Bool>
    /// How long a flit keeps a link from the next one.
    public var linkOccupancy_ns: Sourced<Double>
    /// The same of a link between chips; nil if unpublished.
    public var chipLinkOccupancy_ns: Sourced<Double>?
  }

  /// What the chip is called on the command line.
  public var name: String
  /// What it is called in sentences.
  public var title: String

  /// Tiles along x.
  public var tilesX: Sourced<Int>
  /// Tiles along y.
  public var tilesY: Sourced<Int>
  /// Neuro-cores on each tile.
  public var coresPerTile: Sourced<Int>
  /// Tile (x, y) of the host port, on the first chip.
  public var hostTile: Sourced<[Int]>

  /// Neurons that a core holds.
  public var neuronsPerCore: Sourced<Int>
  /// Synapses, states and tables together; nil if unpublished.
  public var coreMemory_bytes: Sourced<Int>?
  /// Bytes for weights on a core.
  public var synapticMemory_bytes: Sourced<Int>
  /// Entries of a core's input axon table.
  public var inputAxonsPerCore: Sourced<Int>
  /// Entries of a core's output axon table.
  public var outputAxonsPerCore: Sourced<Int>
  /// Cores that one neuron can send to; nil if only the table limits them.
  public var outputAxonsPerNeuron: Sourced<Int>?

  /// Signed width of weights.
  public var weightBits: Sourced<Int>
  /// Signed width of neuron states.
  public var stateBits: Sourced<Int>
  /// Signed width of a graded payload; 1: spikes are binary.
  public var payloadBits: Sourced<Int>
  /// Largest axonal delay, in steps; 0: the chip has none.
  public var delaySteps: Sourced<Int>
  /// Formats in which a core can store weights.
  public var synapseFormats: Sourced<[SynapseFormat]>
  /// What lists of weights (dense and sparse) take besides the weights; nil if unpublished, and then nothing.
  public var synapseLists: SynapseLists?
  /// What its synapses and neurons lack.
  public var restrictions: ChipRestrictions
  /// Neuron models that the chip can run.
  public var models: [String]

  /// What is published or estimated of each operation.
  public var costs: [ChipOperation: Cost]
  /// What a synaptic operation costs, if that depends on the memory format; `costs` then has none. Nil if it does not.
  public var synapticCosts: PerFormat<Cost>?
  /// How packets cross the mesh.
  public var network: NetworkOnChip
  /// Points of the barrier's time, by rising tiles.
  public var barrier: [BarrierPoint]
  /// Power drawn by one chip that does nothing; nil if unpublished.
  public var staticPower_W: Sourced<Double>?
  /// Duration of a step on a chip with a fixed tick.
  public var tick_ns: Sourced<Double>?

  /// Neuro-cores on one chip.
  public var coreCount: Int { tilesX.value * tilesY.value * coresPerTile.value }
  /// Whether spikes carry no payload.
  public var isBinary: Bool { payloadBits.value == 1 }

  /// The cost of an operation; unpublished ones are `Cost.unpublished`.
  public subscript(operation: ChipOperation) -> Cost { costs[operation] ?? .unpublished }

  /// The cost of a synaptic operation in a memory format.
  public func synapticCost(_ format: SynapseFormat) -> Cost { synapticCosts?[format] ?? self[.synapticOperation] }

  /// Every cost with its name in chip files, in their order.
  public var prices: [(name: String, operation: ChipOperation, cost: Cost)] {
    ChipOperation.allCases.flatMap { operation in
      guard operation == .synapticOperation, let synapticCosts else {
        return [(operation.rawValue, operation, self[operation])]
      }
      return SynapseFormat.allCases.map { ("\(operation.rawValue).\($0.rawValue)", operation, synapticCosts[$0]) }
    }
  }
}
