/// What a statistic is about, which decides the marks that it can bear.
extension StatisticName {
  /// Whether it depends on where neurons lie, and so on every estimate that decides that.
  package var restsOnLayout: Bool {
    switch self {
    case .inputPackets, .packets, .hops, .hopsEastWest, .hopsNorthSouth, .hopsBetweenChips, .denseSynops, .sparseSynops,
      .convolutionSynops, .cores, .chips, .synapticMemory, .busiestCore:
      true
    default: false
    }
  }

  /// Whether it is about what the simulated chip did, its code among it; else about the input, the optimum, the
  /// network's operator or the host.
  var isOfTheChip: Bool {
    switch self {
    case .inputEvents, .inputDropped, .encodeTime, .encodeEnergy, .hypothetical, .optimalObjective, .optimalSparseness,
      .optimalNonzeros, .optimalPSNR, .optimalSSIM, .commonTarget, .smallestEigenvalue, .largestEigenvalue, .stepSize,
      .drifts, .driftSteps, .codeGap, .codeLambda, .codeNonzeros, .codeSparseness, .driveGap, .encodeSeconds,
      .referenceSeconds, .hostSeconds, .hostSynopsPerSecond, .hostPeakMemory:
      false
    default: true
    }
  }

  /// Whether every run has it, if only without a value; else what was run decides.
  package var isOfEveryRun: Bool {
    switch self {
    case .lostSpikes, .denseSynops, .sparseSynops, .convolutionSynops, .tickOverruns, .synapsesPerWeight, .floor,
      .floorStep, .missedTarget, .commonTarget, .commonReachedStep, .commonLatency, .commonEnergy, .codeGap,
      .codeLambda, .codeNonzeros, .codeSparseness, .driveGap, .encodeSeconds:
      false
    default: true
    }
  }

  /// Whether it is another one at the target than at another step.
  var isOfTheStepsCounted: Bool {
    switch self {
    case .cores, .chips, .neurons, .synapticMemory, .synapsesPerWeight, .floor, .floorStep, .reachedStep, .missedTarget,
      .commonReachedStep, .commonLatency, .commonEnergy:
      false
    // Events of a rate or a recording come step by step.
    case .inputEvents: true
    default: isOfTheChip
    }
  }
}

extension Statistics {
  /// Marks as estimates those that depend on where neurons lie.
  package mutating func markLayoutAsEstimate() {
    for name in StatisticName.allCases where name.restsOnLayout {
      guard let statistic = self[name] else { continue }
      set(Statistic(name, statistic.value, isEstimate: true, missing: statistic.missing))
    }
  }
}
