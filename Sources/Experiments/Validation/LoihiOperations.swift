import Neuromorphic
import Reports

/// Loihi's published operations, each measured on the simulated chip by a run with it and a run without.
struct LoihiOperations {
  private typealias Figures = PublishedFigures.LoihiOperations
  private let chip: ChipDescription

  static func rows(_ bench: Workbench) throws -> [ValidationRow] {
    let group = LoihiOperations(chip: try bench.chip("loihi1"))
    return try group.updates() + group.packets() + group.barriers() + [group.spikeRate()]
  }

  private var weightBits: Int { chip.weightBits.value }

  /// The row of an operation's energy, or of its time, which is the difference of two runs: these end as they do only
  /// where the times of `others` are not zero either.
  private func row(
    _ figure: PublishedFigure, _ ours: Double, of operation: ChipOperation, with others: [ChipOperation] = []
  ) -> ValidationRow {
    let isTime = figure.unit == "s"
    let prices = chip.prices.filter { $0.operation == operation || others.contains($0.operation) }
    let missing = prices.filter { (isTime ? $0.cost.time_ns : $0.cost.energy_pJ) == nil }
      .map { "\($0.name).\(isTime ? "time_ns" : "energy_pJ")" }
    let isEstimate = prices.contains { $0.cost.provenance?.isEstimate == true }
    return row(figure, ours, Marks(isEstimate: isEstimate, missing: missing.sorted()))
  }

  private func row(_ figure: PublishedFigure, _ ours: Double, _ marks: Marks) -> ValidationRow {
    figure.row(ours, group: Figures.group, chip: chip.name, marks: marks)
  }

  /// Neurons alone on core 0.
  private func alone(_ neurons: Network.Population) throws -> Probe {
    let network = Network([neurons], weightBits: weightBits)
    return try chip.probe(network, .split(network, on: [[0]]))
  }

  /// Time of one active update: two neurons take it longer than one.
  private func activeTime() throws -> Double {
    try alone(.clocks(2, period: 9)).work_s - alone(.clocks(1, period: 9)).work_s
  }

  private func updates() throws -> [ValidationRow] {
    let active = try alone(.clocks(1, period: 9)), inactive = (try alone(.silent(1)), try alone(.silent(2)))
    return [
      row(Figures.activeEnergy, active.dynamic_J, of: .updateActive),
      row(Figures.activeTime, try activeTime(), of: .updateActive),
      row(Figures.inactiveEnergy, inactive.0.dynamic_J, of: .updateInactive),
      row(Figures.inactiveTime, inactive.1.work_s - inactive.0.work_s, of: .updateInactive),
    ]
  }

  /// A neuron on core 0 spikes to one or two silent ones on another core, whose synapse engine ends the step.
  private func spike(to core: Int, targets: Int = 1) throws -> Probe {
    let network = Network(
      [.clocks(1, period: 1), .silent(targets)], weightBits: weightBits,
      [.pairs(from: .population(0), to: 1, targets: [Array(0..<targets)], weightBits: weightBits)])
    return try chip.probe(network, .split(network, on: [[0], [core]]))
  }

  private func packets() throws -> [ValidationRow] {
    let near = try spike(to: 1), two = try spike(to: 1, targets: 2)
    let east = try spike(to: chip.core(x: 1, y: 0)), south = try spike(to: chip.core(x: 0, y: 1))
    let synapse_s = two.work_s - near.work_s
    let way: [ChipOperation] = [.updateActive, .tile, .synapticOperation]
    func network_J(_ run: Probe) -> Double { run.sums.energy.network_pJ * 1e-12 }
    return [
      row(Figures.synapseEnergy, near.sums.energy.synapse_pJ * 1e-12, of: .synapticOperation),
      row(Figures.synapseTime, synapse_s, of: .synapticOperation, with: way),
      row(Figures.tileEnergy, network_J(near), of: .tile),
      row(Figures.tileTime, near.work_s - synapse_s - (try activeTime()), of: .tile, with: way),
      row(Figures.eastWestEnergy, network_J(east) - network_J(near), of: .hopEastWest),
      row(Figures.eastWestTime, east.work_s - near.work_s, of: .hopEastWest, with: way),
      row(Figures.northSouthEnergy, network_J(south) - network_J(near), of: .hopNorthSouth),
      row(Figures.northSouthTime, south.work_s - near.work_s, of: .hopNorthSouth, with: way),
    ]
  }

  /// What is left of a step when the busiest core's time is taken away, with a silent neuron on each tile.
  private func barriers() throws -> [ValidationRow] {
    func measured(_ tiles: Int) throws -> Double {
      let network = Network([.silent(tiles)], weightBits: weightBits)
      let cores = (0..<tiles).map { $0 * chip.coresPerTile.value }
      let run = try chip.probe(network, .split(network, on: [cores]))
      return run.time_s - Double(run.sums.busiestCore_ps) * 1e-12
    }
    let marks = CostMarks(chip, isMultichip: false).barrier
    return [
      row(Figures.barrierOfOneTile, try measured(1), marks), row(Figures.barrierOf32Tiles, try measured(32), marks),
    ]
  }

  /// Further spikes to all other tiles take longer by the time that the tile's port needs for their packets.
  private func spikeRate() throws -> ValidationRow {
    let few = try PortLoad(chip, spikesPerCore: 16).probe(), many = try PortLoad(chip, spikesPerCore: 32).probe()
    return row(
      Figures.spikeRate, Double(many.sums.packetsSent - few.sums.packetsSent) / (many.work_s - few.work_s), .none)
  }
}

/// All cores of tile 0 spike to one neuron on each core of all other tiles, more than the tile's port can carry.
struct PortLoad {
  private let chip: ChipDescription
  private let spikesPerCore: Int

  init(_ chip: ChipDescription, spikesPerCore: Int) {
    self.chip = chip
    self.spikesPerCore = spikesPerCore
  }

  func probe() throws -> Probe {
    let perTile = chip.coresPerTile.value
    let targets = chip.coreCount - perTile, spikes = spikesPerCore * perTile
    let network = Network(
      [.clocks(spikes, period: 1), .silent(targets)], weightBits: chip.weightBits.value,
      [
        .pairs(
          from: .population(0), to: 1, targets: Array(repeating: Array(0..<targets), count: spikes),
          weightBits: chip.weightBits.value)
      ])
    return try chip.probe(
      network, .split(network, on: [Array(0..<perTile), Array(perTile..<chip.coreCount)]))
  }
}
