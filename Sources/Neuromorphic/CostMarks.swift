/// How far a figure can be trusted: whether an estimate enters it, and which costs are not published.
public struct Marks: Equatable, Sendable {
  /// Whether an estimate is in it.
  public let isEstimate: Bool
  /// Costs that would be in it but are not published, as chip files name them. Sorted, each once.
  public let missing: [String]

  /// Marks of a figure.
  public init(isEstimate: Bool, missing: [String]) {
    self.isEstimate = isEstimate
    self.missing = missing
  }

  /// Of a figure without costs.
  public static let none = Marks(isEstimate: false, missing: [])

  /// The marks of a sum.
  public static func + (a: Marks, b: Marks) -> Marks {
    Marks(isEstimate: a.isEstimate || b.isEstimate, missing: Set(a.missing + b.missing).sorted())
  }
}

/// The marks of every time and energy on a chip: those of all costs that enter it.
public struct CostMarks: Sendable {
  /// Of the energy of a unit.
  public let synapse, soma, axon, network, host: Marks
  /// Of the number of packets and of hops: where neurons lie depends on what a core holds.
  public let traffic: Marks
  /// Of the sum of the units.
  public let dynamic: Marks
  /// Of every simulated time but the barrier's.
  public let time: Marks
  /// Of the barrier's time.
  public let barrier: Marks
  /// Static power × simulated time.
  public let fixed: Marks
  /// Of dynamic and static energy.
  public let total: Marks

  /// The marks of what a chip does.
  ///
  /// - Parameters:
  ///   - isMultichip: Whether links between chips are in use.
  ///   - timing: How the network on chip was timed: only routers in detail have buffers.
  ///   - countsDown: Whether input axons weigh latency-coded events by a counter, whose cost nobody has published.
  public init(
    _ chip: ChipDescription, isMultichip: Bool, timing: TimingLevel = .approximate, countsDown: Bool = false
  ) {
    let links = chip.possibleHops(isMultichip: isMultichip)
    let operations = ChipOperation.allCases.filter { $0 != .barrier && (!$0.isHop || links.contains($0)) }
    traffic = Marks(isEstimate: chip.layout.contains(where: \.isEstimate), missing: [])
    let counter = countsDown ? "input_countdown" : nil
    synapse = chip.energyMarks([.synapticOperation])
    soma = chip.energyMarks([.updateActive, .updateInactive, .spikeOut])
    axon = chip.energyMarks([.axonOut, .axonIn]) + traffic
    network =
      chip.energyMarks([.tile, .barrier] + links)
      + traffic
    host =
      chip.energyMarks([.hostEvent]) + Marks(isEstimate: false, missing: counter.map { ["\($0).energy_pJ"] } ?? [])
    dynamic = synapse + soma + axon + network + host
    // The published points are for one chip; over several, the last one is taken.
    barrier = Marks(
      isEstimate: isMultichip || chip.barrier.contains { $0.provenance.isEstimate },
      missing: chip.barrier.isEmpty ? ["barrier.time_ns"] : [])
    time =
      chip.timeMarks(operations) + chip.network.marks(isMultichip: isMultichip, timing: timing) + barrier + traffic
      + Marks(isEstimate: false, missing: counter.map { ["\($0).time_ns"] } ?? [])
    fixed =
      time
      + Marks(
        isEstimate: chip.staticPower_W?.provenance.isEstimate == true,
        missing: chip.staticPower_W == nil ? ["static_power_W"] : [])
    total = dynamic + fixed
  }
}

extension ChipOperation {
  fileprivate var isHop: Bool { self == .hopEastWest || self == .hopNorthSouth || self == .hopBetweenChips }
}

extension ChipDescription.NetworkOnChip {
  /// Of the time that packets wait. A rate between chips that nobody has published is taken to be that of a link on a
  /// chip.
  fileprivate func marks(isMultichip: Bool, timing: TimingLevel) -> Marks {
    var provenances = [packetFlits.provenance, linkOccupancy_ns.provenance]
    if timing == .detailed { provenances.append(bufferFlits.provenance) }
    if isMultichip, let chipLinkOccupancy_ns { provenances.append(chipLinkOccupancy_ns.provenance) }
    return Marks(
      isEstimate: provenances.contains(where: \.isEstimate),
      missing: isMultichip && chipLinkOccupancy_ns == nil ? ["chip_link_occupancy_ns"] : [])
  }
}

extension ChipDescription {
  /// What decides where packets go and how many there are.
  fileprivate var layout: [Provenance] {
    [
      tilesX.provenance, tilesY.provenance, coresPerTile.provenance, hostTile.provenance,
      synapseFormats.provenance, network.hasMulticast.provenance, neuronsPerCore.provenance,
      synapticMemory_bytes.provenance, inputAxonsPerCore.provenance, outputAxonsPerCore.provenance,
    ] + [coreMemory_bytes?.provenance].compactMap(\.self)
  }

  fileprivate func energyMarks(_ operations: [ChipOperation]) -> Marks {
    Marks(
      isEstimate: prices(of: operations).contains {
        $0.cost.energy_pJ != nil && $0.cost.provenance?.isEstimate == true
      },
      missing: prices(of: operations).filter { $0.cost.energy_pJ == nil }.map { "\($0.name).energy_pJ" }.sorted())
  }

  fileprivate func timeMarks(_ operations: [ChipOperation]) -> Marks {
    Marks(
      isEstimate: tick_ns?.provenance.isEstimate == true
        || prices(of: operations).contains { $0.cost.time_ns != nil && $0.cost.provenance?.isEstimate == true },
      missing: prices(of: operations).filter { $0.cost.time_ns == nil }.map { "\($0.name).time_ns" }.sorted())
  }

  private func prices(of operations: [ChipOperation]) -> [(name: String, operation: ChipOperation, cost: Cost)] {
    prices.filter { operations.contains($0.operation) }
  }
}
