import CNeuroChip

/// What one core did from the beginning of a run to the end of a step.
public struct CoreActivity: Equatable, Sendable {
  /// Cores are counted tile by tile, along x first, chip after chip.
  public let core: Int
  /// Time for which its somas were busy.
  public let soma_ps: UInt64
  /// Time for which its synapse engine was busy.
  public let engine_ps: UInt64
  /// The longer of the two in each step, added up.
  public let busy_ps: UInt64
  /// Neuron updates with input, bias or spike.
  public let updatesActive: Int
  /// Neuron updates without.
  public let updatesInactive: Int
  /// Spikes of its neurons.
  public let spikes: Int
  /// Synaptic operations served.
  public let synapticOperations: Int
  /// Packets that its output axons put on the network.
  public let packetsSent: Int
  /// Packets that its synapse engine served.
  public let packetsReceived: Int

  init(_ a: rb_core_activity) {
    core = Int(a.core)
    soma_ps = a.soma_ps
    engine_ps = a.engine_ps
    busy_ps = a.busy_ps
    updatesActive = Int(a.updates_active)
    updatesInactive = Int(a.updates_inactive)
    spikes = Int(a.spikes)
    synapticOperations = Int(a.synaptic_operations)
    packetsSent = Int(a.packets_sent)
    packetsReceived = Int(a.packets_received)
  }
}

extension Mapping {
  /// Where a core lies in the mesh: its tile (x, y), x counted through all chips.
  public static func tile(ofCore core: Int, on chip: ChipDescription) -> (x: Int, y: Int) {
    let tile = core / chip.coresPerTile.value, tilesPerChip = chip.tilesX.value * chip.tilesY.value
    let onChip = tile % tilesPerChip
    return (tile / tilesPerChip * chip.tilesX.value + onChip % chip.tilesX.value, onChip / chip.tilesX.value)
  }
}
