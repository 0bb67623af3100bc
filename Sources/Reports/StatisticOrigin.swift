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

  /// Whether it is about what the simulated chip did, its code among it; else about the input, the optimum, the network's
  /// operator or the host.
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
