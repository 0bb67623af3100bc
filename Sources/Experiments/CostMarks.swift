import Neuromorphic

/// How far a figure can be trusted: whether an estimate enters it, and which costs are not published.
package struct Marks: Equatable, Sendable {
  package let isEstimate: Bool
  /// Sorted, each once.
  package let missing: [String]

  package init(isEstimate: Bool, missing: [String]) {
    self.isEstimate = isEstimate
    self.missing = missing
  }

  /// Of a figure without costs.
  package static let none = Marks(isEstimate: false, missing: [])

  /// The marks of a sum.
  package static func + (a: Marks, b: Marks) -> Marks {
    Marks(isEstimate: a.isEstimate || b.isEstimate, missing: Set(a.missing + b.missing).sorted())
  }
}

/// The marks of every time and energy on a chip: those of all costs that enter it.
package struct CostMarks: Sendable {
  package let synapse, soma, axon, network, host: Marks
  /// Of the sum of the units.
  package let dynamic: Marks
  /// Of every simulated time but the barrier's.
  package let time: Marks
  package let barrier: Marks
  /// Static power × simulated time.
  package let fixed: Marks
  package let total: Marks

  /// - Parameters:
  ///   - isMultichip: Whether links between chips are in use.
  ///   - timing: How the network on chip was timed: only routers in detail have buffers.
  ///   - countsDown: Whether input axons weigh latency-coded events by a counter, whose cost nobody has published.
  package init(
    _ chip: ChipDescription, isMultichip: Bool, timing: TimingLevel = .approximate, countsDown: Bool = false
  ) {
    let links = chip.possibleHops(isMultichip: isMultichip)
    let operations = ChipOperation.allCases.filter { $0 != .barrier && (!$0.isHop || links.contains($0)) }
    let traffic = Marks(isEstimate: chip.layout.contains(where: \.isEstimate), missing: [])
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
  /// Of the time that packets wait. A rate between chips that nobody has published is taken to be that of a link on a chip.
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
      synapseFormats.provenance, network.hasMulticast.provenance,
    ]
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
