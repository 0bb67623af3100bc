import Neuromorphic

/// Takes what a chip does, step by step, and then its cores' activity.
public protocol ActivitySink: AnyObject {
  /// Takes what happened in one step; the record counts from the beginning of the run.
  func append(_ record: StepRecord, spikes: [Spike], packets: [PacketRecord]) throws
  /// Takes a time for which a unit of a core was busy. In no order.
  func append(_ interval: BusyInterval) throws
  /// Takes a change of the number of packets that wait for a core's synapse engine.
  func append(_ queue: QueueLength) throws
  /// Completes the file.
  func finish() throws
}

/// A unit of a core.
public enum CoreUnit: String, CaseIterable, Sendable {
  /// Updates neurons.
  case soma
  /// Serves packets.
  case synapseEngine = "synapse_engine"
}

/// A time for which a unit of a core was busy.
public struct BusyInterval: Equatable, Sendable {
  /// The core.
  public let core: Int
  /// Which of its units.
  public let unit: CoreUnit
  /// From when.
  public let begin_ps: UInt64
  /// Until when.
  public let end_ps: UInt64
}

/// How many packets wait for a core's synapse engine from a time on.
public struct QueueLength: Equatable, Sendable {
  /// The core.
  public let core: Int
  /// From when.
  public let time_ps: UInt64
  /// How many.
  public let packets: Int
}

/// What a trace of activity says of its run.
public struct ActivityHeader: Sendable {
  /// The populations, and what payloads are.
  public let trace: SpikeTrace
  /// Cores in use, and where they lie in the mesh.
  public let cores: [(core: Int, x: Int, y: Int)]
  /// Names and values that describe the run.
  public let properties: [(name: String, value: String)]

  /// A header of these fields.
  public init(_ trace: SpikeTrace, cores: [(core: Int, x: Int, y: Int)], properties: [(name: String, value: String)]) {
    (self.trace, self.cores, self.properties) = (trace, cores, properties)
  }

  /// The header of a run.
  public init(
    _ network: Network, mapping: Mapping, chip: ChipDescription, properties: [(name: String, value: String)]
  ) {
    let cores = Set(mapping.placements.map(\.core)).sorted().map { core in
      let tile = Mapping.tile(ofCore: core, on: chip)
      return (core: core, x: tile.x, y: tile.y)
    }
    self.init(SpikeTrace(network), cores: cores, properties: properties)
  }
}
