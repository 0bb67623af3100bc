/// The names that a `stats.json` can hold: the one registry of their units and meanings.
///
/// A new name is a new case here; within a schema version no name changes its meaning. The order of the cases is the
/// order in files.
public enum StatisticName: String, CaseIterable, Sendable {
  // What went in.
  case inputEvents = "input.events"
  case inputPackets = "input.packets"
  case inputDropped = "input.dropped"

  // What the chip did.
  case timesteps
  case spikes
  case lostSpikes = "spikes.lost"
  case synops
  case denseSynops = "synops.dense"
  case sparseSynops = "synops.sparse"
  case convolutionSynops = "synops.convolution"
  case activeNeuronUpdates = "neuron_updates.active"
  case inactiveNeuronUpdates = "neuron_updates.inactive"
  case packets
  case hops
  case hopsEastWest = "hops.east_west"
  case hopsNorthSouth = "hops.north_south"
  case hopsBetweenChips = "hops.between_chips"
  case saturations
  case tickOverruns = "tick_overruns"

  // How long it took.
  case latency = "time.latency"
  case barrierTime = "time.barrier"
  case busiestCoreTime = "time.busiest_core"
  case encodeTime = "time.encode"
  case latencyWithEncoding = "time.latency_with_encoding"
  case imagesPerSecond = "throughput.images_per_s"

  // What it cost.
  case synapseEnergy = "energy.synapse"
  case somaEnergy = "energy.soma"
  case axonEnergy = "energy.axon"
  case networkEnergy = "energy.network"
  case hostEnergy = "energy.host"
  case dynamicEnergy = "energy.dynamic"
  case staticEnergy = "energy.static"
  case totalEnergy = "energy.total"
  case encodeEnergy = "energy.encode"
  case totalEnergyWithEncoding = "energy.total_with_encoding"
  case energyDelayProduct = "energy.delay_product"

  // What it took of the chip.
  case cores = "mapping.cores"
  case chips = "mapping.chips"
  case neurons = "mapping.neurons"
  case synapticMemory = "mapping.synaptic_memory"
  case synapsesPerWeight = "mapping.synapses_per_weight"
  case hypothetical = "mapping.hypothetical"
  case utilisation = "mapping.utilisation"
  case loadImbalance = "mapping.load_imbalance"
  case busiestCore = "mapping.busiest_core"

  // How good the chip's code is.
  case gap = "quality.gap"
  case objective = "quality.objective"
  case floor = "quality.floor"
  case floorStep = "quality.floor_step"
  case optimalObjective = "quality.optimum"
  case reachedStep = "quality.reached_step"
  case missedTarget = "quality.missed_target"
  case psnr = "quality.psnr"
  case ssim = "quality.ssim"
  case sparseness = "quality.sparseness"
  case nonzeros = "quality.nonzeros"
  case optimalSparseness = "optimum.sparseness"
  case optimalNonzeros = "optimum.nonzeros"
  case optimalPSNR = "optimum.psnr"
  case optimalSSIM = "optimum.ssim"
  case commonTarget = "common.target"
  case commonReachedStep = "common.reached_step"
  case commonLatency = "common.latency"
  case commonEnergy = "common.energy"

  // The network's operator and its input.
  case smallestEigenvalue = "gram.smallest_eigenvalue"
  case largestEigenvalue = "gram.largest_eigenvalue"
  case stepSize = "gram.step_size"
  case drifts = "gram.drifts"
  case driftSteps = "gram.drift_steps"
  case codeGap = "code.gap"
  case codeLambda = "code.lambda"
  case codeNonzeros = "code.nonzeros"
  case codeSparseness = "code.sparseness"
  case driveGap = "drive.gap"

  // What the host spent.
  case encodeSeconds = "encode.seconds"
  case referenceSeconds = "reference.seconds"
  case hostSeconds = "host.seconds"
  case hostSynopsPerSecond = "host.synops_per_s"
  case hostPeakMemory = "host.peak_memory"
}

/// What a statistic is called in tables, its unit, how a table shows it, and what it means.
public struct StatisticDefinition: Equatable, Sendable {
  /// How a table shows a value.
  public enum Display: Equatable, Sendable {
    /// A number of things: `144`, `12.3 k`.
    case count
    /// The number by which one thing is known: `12345`. It has no mean.
    case identifier
    /// A physical quantity with a prefix to its unit: `45.6 µJ`.
    case quantity
    /// A fraction as `4.98 %`.
    case percent
    /// A plain number with its unit: `20.3 dB`.
    case number
    /// `yes` or `no`.
    case flag
  }

  /// The short name in tables.
  public let label: String
  /// The unit of the stored value; `1` for pure numbers.
  public let unit: String
  /// How a table shows a value.
  public let display: Display
  /// What it means, in a sentence.
  public let description: String
}
