extension StatisticName {
  /// Label, unit and meaning.
  public var definition: StatisticDefinition {
    inputDefinition ?? activityDefinition ?? timeDefinition ?? energyDefinition ?? mappingDefinition
      ?? qualityDefinition ?? networkDefinition ?? hostDefinition
  }

  private var inputDefinition: StatisticDefinition? {
    switch self {
    case .inputEvents: count("input events", "Events of the input stream that were sent to the chip.")
    case .inputPackets: count("input packets", "Packets that the host port put on the network for the input.")
    case .inputDropped: count("input dropped", "Values not zero that the encoder rounded to zero and left out.")
    default: nil
    }
  }

  private var activityDefinition: StatisticDefinition? {
    switch self {
    case .timesteps: count("timesteps", "Algorithmic timesteps that the statistics cover.")
    case .spikes: count("spikes", "Spikes of neurons, binary or graded; the input's events are not among them.")
    case .lostSpikes: count("lost spikes", "Spikes that no output axon took up, by a fault: no packets, no synops.")
    case .synops: count("synops", "Synaptic operations: one weight read and added for one event.")
    case .denseSynops: count("synops, dense", "Synaptic operations of projections that cores hold as dense rows.")
    case .sparseSynops: count("synops, sparse", "Synaptic operations of projections that cores hold as sparse lists.")
    case .convolutionSynops:
      count("synops, convolution", "Synaptic operations of projections that cores hold as shared kernel tables.")
    case .activeNeuronUpdates:
      count("active updates", "Neuron updates with an input, a bias or a spike that is not zero.")
    case .inactiveNeuronUpdates: count("inactive updates", "Neuron updates without input, bias or spike.")
    case .packets: count("packets", "Packets that cores put on the network.")
    case .hops: count("hops", "Router-to-router transfers of packets, those of the input included.")
    case .hopsEastWest: count("hops east-west", "Hops along x, within chips.")
    case .hopsNorthSouth: count("hops north-south", "Hops along y.")
    case .hopsBetweenChips: count("hops between chips", "Hops along x that leave a chip.")
    case .saturations: count("saturations", "Sums that left the range of their number format and were clipped.")
    case .tickOverruns: count("tick overruns", "Timesteps that took longer than the chip's fixed tick.")
    default: nil
    }
  }

  private var timeDefinition: StatisticDefinition? {
    switch self {
    case .latency:
      quantity("latency", "s", "Simulated time from the first input event to the end of the last timestep counted.")
    case .barrierTime: quantity("barrier time", "s", "Simulated time spent in barriers.")
    case .busiestCoreTime:
      quantity("busiest core", "s", "Busy time of the busiest core of each timestep, summed over the timesteps.")
    case .encodeTime:
      quantity("encoding time", "s", "Wall-clock time that making the sparse code adds; 0 for a dense input.")
    case .latencyWithEncoding:
      quantity("latency with encoding", "s", "Latency plus the time to make the sparse code.")
    case .imagesPerSecond: quantity("images/s", "1/s", "Images a second, one after the other: 1 / latency.")
    default: nil
    }
  }

  private var energyDefinition: StatisticDefinition? {
    switch self {
    case .synapseEnergy: quantity("synapse energy", "J", "Energy of synaptic operations.")
    case .somaEnergy: quantity("soma energy", "J", "Energy of neuron updates and of making spikes.")
    case .axonEnergy: quantity("axon energy", "J", "Energy of input and output axons.")
    case .networkEnergy: quantity("network energy", "J", "Energy of routers and links.")
    case .hostEnergy: quantity("host-port energy", "J", "Energy of the host port for injected events.")
    case .dynamicEnergy:
      quantity("dynamic energy", "J", "Sum of count × energy per operation: synapse, soma, axon, network and host.")
    case .staticEnergy: quantity("static energy", "J", "Static power × simulated time, over the chips in use.")
    case .totalEnergy: quantity("total energy", "J", "Dynamic plus static energy.")
    case .encodeEnergy:
      quantity("encoding energy", "J", "Processor time of the host to make the sparse code × assumed power of a core.")
    case .totalEnergyWithEncoding:
      quantity("total with encoding", "J", "Total energy plus the energy to make the sparse code.")
    case .energyDelayProduct: quantity("energy × delay", "J·s", "Total energy × latency.")
    default: nil
    }
  }

  private var mappingDefinition: StatisticDefinition? {
    switch self {
    case .cores: count("cores", "Neuro-cores that hold neurons.")
    case .chips: count("chips", "Chips that the network was mapped to.")
    case .neurons: count("neurons", "Neurons of the network.")
    case .synapticMemory: quantity("synaptic memory", "B", "Synaptic memory of the fullest core.")
    case .synapsesPerWeight: count("synapses per weight", "Synapses that hold one weight: 2 in the split format.")
    case .hypothetical: flag("hypothetical", "Whether the network does not fit the chip and was run all the same.")
    case .utilisation:
      percent(
        "utilisation",
        "Busy time over latency, the mean of the cores in use; busy: the longer of somas and synapse engine in a step.")
    case .loadImbalance:
      number("load imbalance", "Busy time of the busiest core over the mean of the cores in use; 1 is even.")
    case .busiestCore:
      StatisticDefinition(
        label: "busiest core's number", unit: "1", display: .identifier,
        description: "The core with the longest busy time; see cores.csv.")
    default: nil
    }
  }

  private var qualityDefinition: StatisticDefinition? {
    switch self {
    case .gap: percent("gap", "(E − D*) / D*: the objective E of the chip's code above the best dual value D*.")
    case .objective: number("objective", "Objective E = ½‖x − Σφ∗a‖² + λ‖a‖₁ of the chip's code.")
    case .floor: percent("floor", "Smallest gap after any step that was simulated.")
    case .floorStep: count("step of floor", "First step after which the gap is the smallest.")
    case .optimalObjective: number("optimum", "Best dual value D* of the reference: no code has a smaller objective.")
    case .reachedStep:
      count(
        "steps to target",
        "Steps until the gap first is at or below the target and stays there; null if the run has none.")
    case .missedTarget:
      flag(
        "target missed",
        "Of a sweep's point: whether it was to run to its target and ended before, so that its figures are after its "
          + "last step.")
    case .psnr: number("PSNR", unit: "dB", "Peak signal-to-noise ratio of the image rebuilt from the chip's code.")
    case .ssim: number("SSIM", "Structural similarity of the image rebuilt from the chip's code.")
    case .sparseness: percent("sparseness", "Fraction of zeros in the chip's code.")
    case .nonzeros: count("non-zeros", "Coefficients of the chip's code that are not zero.")
    case .optimalSparseness: percent("optimum sparseness", "Fraction of zeros in the optimum's code.")
    case .optimalNonzeros: count("optimum non-zeros", "Coefficients of the optimum's code that are not zero.")
    case .optimalPSNR: number("optimum PSNR", unit: "dB", "PSNR of the image rebuilt from the optimum's code.")
    case .optimalSSIM: number("optimum SSIM", "Structural similarity of the image rebuilt from the optimum's code.")
    case .commonTarget:
      number("common target", "Common objective: (1 + target gap) × the largest optimum of the banks.")
    case .commonReachedStep:
      count("steps to common", "First step at or below the common objective that stays there; null if there is none.")
    case .commonLatency: quantity("latency to common", "s", "Latency up to the step that reaches the common objective.")
    case .commonEnergy:
      quantity("energy to common", "J", "Total energy up to the step that reaches the common objective.")
    default: nil
    }
  }

  private var networkDefinition: StatisticDefinition? {
    switch self {
    case .smallestEigenvalue:
      number(
        "λ_min of Gram",
        "Smallest eigenvalue of the quantised Gram operator, without noise of weights; below −5·10⁻⁵ λ_max the network "
          + "can drift."
      )
    case .largestEigenvalue: number("λ_max of Gram", "Largest eigenvalue of the quantised Gram operator.")
    case .stepSize: number("step size η", "Euler step η of the network, a power of two within its bound of stability.")
    case .drifts:
      flag(
        "drifts",
        "Whether the network can leave the optimum again within 10,000 steps: λ_min of its Gram operator is below "
          + "−5·10⁻⁵ λ_max; null if that is unknown, as the residual of λ_min straddles the limit, its search did not "
          + "end, or the weights are noisy."
      )
    case .driftSteps:
      count(
        "drift steps", "Fewest steps in which an error can grow e-fold, 1 / (η·|λ_min|); null if no drift is proven.")
    case .codeGap: percent("gap of input code", "Certified relative gap of the sparse code that was sent.")
    case .codeLambda: number("λ of input code", "λ at which the sparse code that was sent was made.")
    case .codeNonzeros: count("non-zeros of input", "Coefficients of the sparse code that was sent that are not zero.")
    case .codeSparseness: percent("sparseness of input", "Fraction of zeros in the sparse code that was sent.")
    case .driveGap: percent("gap of drive", "Gap of the fixed point of the drive that the input gives the network.")
    default: nil
    }
  }

  private var hostDefinition: StatisticDefinition {
    switch self {
    case .encodeSeconds: quantity("host time, encoding", "s", "Wall-clock time of the host to make the sparse code.")
    case .referenceSeconds:
      quantity("host time, optimum", "s", "Wall-clock time of the host to find the certified optimum.")
    case .hostSeconds: quantity("host time", "s", "Wall-clock time of the host to simulate the run.")
    case .hostSynopsPerSecond: quantity("host speed", "1/s", "Synaptic operations simulated in a second of host time.")
    case .hostPeakMemory: quantity("host memory", "B", "Largest resident memory of the process.")
    default: preconditionFailure("\(rawValue) has no definition")
    }
  }

  private func count(_ label: String, _ description: String) -> StatisticDefinition {
    StatisticDefinition(label: label, unit: "1", display: .count, description: description)
  }

  private func quantity(_ label: String, _ unit: String, _ description: String) -> StatisticDefinition {
    StatisticDefinition(label: label, unit: unit, display: .quantity, description: description)
  }

  private func percent(_ label: String, _ description: String) -> StatisticDefinition {
    StatisticDefinition(label: label, unit: "1", display: .percent, description: description)
  }

  private func number(_ label: String, unit: String = "1", _ description: String) -> StatisticDefinition {
    StatisticDefinition(label: label, unit: unit, display: .number, description: description)
  }

  private func flag(_ label: String, _ description: String) -> StatisticDefinition {
    StatisticDefinition(label: label, unit: "1", display: .flag, description: description)
  }
}
