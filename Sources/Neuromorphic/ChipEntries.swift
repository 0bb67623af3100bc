import DataFiles

/// One number of a chip file, or the numbers of one operation, with where they come from.
public struct ChipEntry: Equatable, Sendable {
  /// A number; nil where nothing is published.
  public enum Content: Equatable, Sendable {
    case integer(Int)
    case real(Double)
    case flag(Bool)
    case integers([Int])
    case names([String])
  }

  /// A content under its key in the chip file.
  public struct Field: Equatable, Sendable {
    /// `value`, `energy_pJ`, `time_ns`, `tiles`, or a name of its own.
    public let key: String
    /// Nil if it is not published.
    public let content: Content?
  }

  /// The section of the chip file; empty for a key of its own.
  public let section: String
  /// The key in its section.
  public let key: String
  /// What stands under the key.
  public let fields: [Field]
  /// Nil if nothing is published.
  public let provenance: Provenance?

  /// Section and key, as messages name it.
  public var name: String { section.isEmpty ? key : "\(section).\(key)" }

  /// Name and derivation; nil if it is not an estimate.
  fileprivate var estimate: String? {
    guard let provenance, provenance.isEstimate else { return nil }
    return "\(name): \(provenance.text)"
  }

  /// What results call one of its fields that is not published.
  package func unpublishedName(of field: Field) -> String { section.isEmpty ? key : "\(key).\(field.key)" }

  fileprivate init(_ section: String, _ key: String, _ fields: [Field], _ provenance: Provenance?) {
    self.section = section
    self.key = key
    self.fields = fields
    self.provenance = provenance
  }

  fileprivate init(_ section: String, _ key: String, _ content: Content?, _ provenance: Provenance?) {
    self.init(section, key, [Field(key: "value", content: content)], provenance)
  }

  fileprivate init(_ section: String, _ key: String, _ value: Sourced<Int>?) {
    self.init(section, key, value.map { .integer($0.value) }, value?.provenance)
  }

  fileprivate init(_ section: String, _ key: String, _ value: Sourced<Double>?) {
    self.init(section, key, value.map { .real($0.value) }, value?.provenance)
  }

  fileprivate init(_ section: String, _ key: String, _ value: Sourced<Bool>?) {
    self.init(section, key, value.map { .flag($0.value) }, value?.provenance)
  }
}

extension ChipDescription {
  /// Every number of the chip, in the order of chip files; limits that it does not have and a tick that it does not
  /// have are left out.
  public var entries: [ChipEntry] {
    geometry + capacity + formats + costEntries + networkEntries + barrierEntries + [
      ChipEntry("", "static_power_W", staticPower_W)
    ]
      + (tick_ns.map { [ChipEntry("", "tick_ns", $0)] } ?? [])
  }

  private var geometry: [ChipEntry] {
    [
      ChipEntry("geometry", "tiles_x", tilesX), ChipEntry("geometry", "tiles_y", tilesY),
      ChipEntry("geometry", "cores_per_tile", coresPerTile),
      ChipEntry("geometry", "host_tile", .integers(hostTile.value), hostTile.provenance),
    ]
  }

  private var capacity: [ChipEntry] {
    [
      ChipEntry("capacity", "neurons_per_core", neuronsPerCore),
      ChipEntry("capacity", "core_memory_bytes", coreMemory_bytes),
      ChipEntry("capacity", "synaptic_memory_bytes", synapticMemory_bytes),
      ChipEntry("capacity", "input_axons_per_core", inputAxonsPerCore),
      ChipEntry("capacity", "output_axons_per_core", outputAxonsPerCore),
    ] + (outputAxonsPerNeuron.map { [ChipEntry("capacity", "output_axons_per_neuron", $0)] } ?? [])
  }

  private var formats: [ChipEntry] {
    let restricted = [
      restrictions.crossbar.map { ChipEntry("formats", "crossbar", $0) },
      restrictions.weightsPerNeuron.map { ChipEntry("formats", "weights_per_neuron", $0) },
      restrictions.signPerSource.map { ChipEntry("formats", "sign_per_source", $0) },
      restrictions.decay.map { ChipEntry("neurons", "decay", $0) },
      restrictions.refractory.map { ChipEntry("neurons", "refractory", $0) },
    ]
    return [
      ChipEntry("formats", "weight_bits", weightBits), ChipEntry("formats", "state_bits", stateBits),
      ChipEntry("formats", "payload_bits", payloadBits), ChipEntry("formats", "delay_steps", delaySteps),
      ChipEntry("formats", "synapses", .names(synapseFormats.value.map(\.rawValue)), synapseFormats.provenance),
    ] + (synapseLists.map { [Self.entry(of: $0)] } ?? []) + restricted.compactMap(\.self)
  }

  private static func entry(of lists: SynapseLists) -> ChipEntry {
    let fields = [
      ("weights_per_group", lists.weightsPerGroup), ("header_bits", lists.headerBits), ("word_bits", lists.wordBits),
    ].map { ChipEntry.Field(key: $0, content: .integer($1)) }
    return ChipEntry("formats", "synapse_lists", fields, lists.provenance)
  }

  private var costEntries: [ChipEntry] {
    prices.map { name, _, cost in
      let energy = ChipEntry.Field(key: "energy_pJ", content: cost.energy_pJ.map { .real($0) })
      let time = ChipEntry.Field(key: "time_ns", content: cost.time_ns.map { .real($0) })
      return ChipEntry("costs", name, [energy, time], cost.provenance)
    }
  }

  private var networkEntries: [ChipEntry] {
    [
      ChipEntry("network", "packet_flits", network.packetFlits),
      ChipEntry("network", "buffer_flits", network.bufferFlits),
      ChipEntry("network", "multicast", network.hasMulticast),
      ChipEntry("network", "link_occupancy_ns", network.linkOccupancy_ns),
      ChipEntry("network", "chip_link_occupancy_ns", network.chipLinkOccupancy_ns),
    ]
  }

  private var barrierEntries: [ChipEntry] {
    barrier.map { point in
      ChipEntry(
        "barrier", point.tiles.counted("tile"),
        [
          .init(key: "tiles", content: .integer(point.tiles)), .init(key: "time_ns", content: .real(point.time_ns)),
        ], point.provenance)
    }
  }

  /// The hops that a packet can make at all: a mesh one tile wide has none along x.
  package func possibleHops(isMultichip: Bool) -> [ChipOperation] {
    (tilesX.value > 1 ? [.hopEastWest] : []) + (tilesY.value > 1 ? [.hopNorthSouth] : [])
      + (isMultichip ? [.hopBetweenChips] : [])
  }

  /// Costs that are not published and could be charged, named as results name them; those of a barrier's time and of
  /// static power too.
  public var unpublished: [String] {
    let hops: Set<ChipOperation> = [.hopEastWest, .hopNorthSouth, .hopBetweenChips]
    let impossible = Set(hops.subtracting(possibleHops(isMultichip: true)).map(\.rawValue))
    let costs = entries.filter { $0.section == "costs" && !impossible.contains($0.key) }
    let missing = costs.flatMap { entry in entry.fields.filter { $0.content == nil }.map(entry.unpublishedName) }
    // The time of a barrier is that of its points.
    return missing.filter { $0 != "barrier.time_ns" }
      + (barrier.isEmpty ? ["barrier.time_ns"] : []) + (staticPower_W == nil ? ["static_power_W"] : [])
  }

  /// Every number that is an estimate, with its derivation.
  public var estimates: [String] { entries.compactMap(\.estimate) }

  /// Those that decide what fits its cores.
  public var capacityEstimates: [String] {
    entries.filter { $0.section == "capacity" || $0.name == "formats.synapses" || $0.name == "formats.synapse_lists" }
      .compactMap(\.estimate)
  }
}
