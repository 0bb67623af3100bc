import EventStreams
import Neuromorphic
import Reports

/// The formula of Timcheck et al. 2026, Eq. 1, for the time of a step:
///
///     t ≥ max( dendritic operations · t_d, synaptic operations · t_s, heaviest link's bits / bandwidth, t_barrier )
///
/// each count that of the busiest core or link. It is evaluated at the run's own counts and the chip file's costs. Its
/// term for reads of the synaptic memory is left out: chip files have no time of a read apart from the operation's.
///
/// A run must lie between the longest term, if everything overlaps, and the sum of all, if nothing does; the sum has
/// what the formula does not name too: input and output axons, the host's port, and a packet's way.
struct StepTime {
  private typealias Figures = PublishedFigures.StepTime
  private let chip: ChipDescription

  static func rows(_ bench: Workbench) throws -> [ValidationRow] {
    // Loihi 1 for the link: the estimated time of Loihi 2's input axons, which the formula has not, hides its links.
    let second = StepTime(chip: try bench.chip("loihi2")), first = StepTime(chip: try bench.chip("loihi1"))
    return [
      try second.updates(), try second.synapses(Figures.synapses, cores: 1),
      try second.synapses(Figures.sharedSynapses, cores: 8), try first.link(), try second.barrier(),
    ]
  }

  /// How many cores share a count equally, so that the busiest has its part of it.
  private struct Sharing {
    var active = 1, inactive = 1, synapses = 1
    /// Packets through the busiest link.
    var packets = 0
  }

  private func row(_ figure: PublishedFigure, _ run: Probe, _ sharing: Sharing) -> ValidationRow {
    func time_ns(_ count: Int, _ operation: ChipOperation, cores: Int) -> Double {
      Double(count) * (chip[operation].time_ns ?? 0) / Double(cores)
    }
    // No core here has active and inactive neurons.
    let named_ns = [
      time_ns(run.sums.updatesActive, .updateActive, cores: sharing.active),
      time_ns(run.sums.updatesInactive, .updateInactive, cores: sharing.inactive),
      time_ns(run.sums.synapticOperations, .synapticOperation, cores: sharing.synapses),
      Double(sharing.packets * chip.network.packetFlits.value) * chip.network.linkOccupancy_ns.value,
      run.barrier_s * 1e9,
    ]
    let unnamed_ns = [
      time_ns(run.sums.packetsReceived, .axonIn, cores: sharing.synapses),
      time_ns(run.sums.spikes, .spikeOut, cores: sharing.active),
      time_ns(run.sums.corePackets, .axonOut, cores: sharing.active),
      time_ns(run.sums.hostEvents, .hostEvent, cores: 1),
      run.sums.packetsSent > 0 ? longestWay_ns : 0,
    ]
    let longest_ns = named_ns.max() ?? 0, sum_ns = (named_ns + unnamed_ns).reduce(0, +)
    // Without any time published there is no formula, and the row is withdrawn.
    let band = longest_ns > 0 ? ValidationBand.relative(0...max(0, sum_ns / longest_ns - 1)) : .unjudged
    return figure.at(
      longest_ns * 1e-9, band,
      reason:
        "formula: from the longest term, if everything overlaps, to the sum of all and of what the formula does not "
        + "name (axons, the host's port, a packet's way), if nothing does"
    ).row(run.time_s, group: Figures.group, chip: chip.name, marks: CostMarks(chip, isMultichip: false).time)
  }

  /// From corner to corner.
  private var longestWay_ns: Double {
    func time_ns(_ operation: ChipOperation) -> Double { chip[operation].time_ns ?? 0 }
    return time_ns(.tile) + Double(chip.tilesX.value - 1) * time_ns(.hopEastWest)
      + Double(chip.tilesY.value - 1) * time_ns(.hopNorthSouth)
  }

  private func updates() throws -> ValidationRow {
    let network = Network([.silent(4096)], weightBits: chip.weightBits.value)
    let run = try chip.probe(network, .split(network, on: [[0]]))
    return row(Figures.updates, run, Sharing())
  }

  /// 64 input events reach all of 1024 neurons, which lie on so many cores of as many tiles.
  private func synapses(_ figure: PublishedFigure, cores: Int) throws -> ValidationRow {
    let neurons = 1024, events = 64, bits = chip.weightBits.value
    let network = Network(
      [.silent(neurons)], inputs: events, weightBits: bits,
      [.fromInput(events, toAll: neurons, weightBits: bits)])
    let places = (0..<cores).map { $0 * chip.coresPerTile.value }
    let run = try chip.probe(
      network, .split(network, on: [places]), .spikes(channels: events, at: (0..<events).map { (0, $0) }))
    // The host's port carries a packet for each event and core.
    return row(figure, run, Sharing(inactive: cores, synapses: cores, packets: run.sums.packetsSent))
  }

  private func link() throws -> ValidationRow {
    let run = try PortLoad(chip, spikesPerCore: 33).probe()
    let sources = chip.coresPerTile.value, targets = chip.coreCount - sources
    return row(
      Figures.link, run,
      Sharing(active: sources, inactive: targets, synapses: targets, packets: run.sums.packetsSent))
  }

  private func barrier() throws -> ValidationRow {
    let tiles = 32
    let network = Network([.silent(tiles)], weightBits: chip.weightBits.value)
    let places = (0..<tiles).map { $0 * chip.coresPerTile.value }
    return row(Figures.barrier, try chip.probe(network, .split(network, on: [places])), Sharing(inactive: tiles))
  }
}
