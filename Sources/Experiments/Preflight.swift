import DataFiles
import EventStreams
import Neuromorphic
import SparseCoding

extension RunConfiguration {
  /// Checks all that can be known before anything is read but the chip, and gives the chip.
  ///
  /// - Throws: `ExperimentError`, or what is wrong with the chip file.
  @discardableResult
  func check() throws -> ChipDescription {
    try checkNames()
    guard inputSteps > 0, inputSteps.nonzeroBitCount == 1 else {
      throw ExperimentError("input_steps is \(inputSteps); a power of two is needed, such as 64")
    }
    if timesteps == nil, heldSteps >= stepLimit {
      throw ExperimentError(
        "held_steps is \(heldSteps) and step_limit \(stepLimit): no target can be held for so long; held_steps must be "
          + "smaller")
    }
    try checkProbesAreRecorded()
    if primes { try checkPriming() }
    if traces.contains(.fst) { _ = try RunTraces.fstConverter() }
    let chip = try ChipDescription.named(chip, changed: chipChanges)
    try chip.check(runs: model, weightBits: weightBits)
    try checkWeightFormat()
    if events == nil { try chip.check(takes: input) }
    return chip
  }

  private func checkWeightFormat() throws {
    guard weightFormat == .split else { return }
    guard let weightBits, weightBits <= 8 else {
      let given = weightBits.map { "weight_bits is \($0)" } ?? "the arithmetic is float"
      throw ExperimentError("split weights are two synapses of at most 8 bits each; \(given)")
    }
  }

  private func checkPriming() throws {
    guard events != nil || !input.takesImage else {
      throw ExperimentError("prime needs a sparse input, not '\(input.rawValue)'")
    }
    guard model != .spiking, inputIsOwnBank else {
      throw ExperimentError("prime needs a model other than 'spiking', and the network's own bank as the input's")
    }
  }

  /// Checks that a network of a problem has a chance to fit, before the work that building it takes.
  func checkSize(of geometry: CodeGeometry, on chip: ChipDescription) throws {
    let neurons = geometry.coefficientCount * (model == .spiking ? 2 : 1)
    let room = chipLimit * chip.coreCount * chip.neuronsPerCore.value
    guard capacity == .report || neurons <= room else {
      throw ExperimentError(
        "the network does not fit \(chip.name): it has \(neurons.counted("neuron")), and there is room for \(room) on "
          + "\(chipLimit.counted("chip")) (chip_limit); \(Self.advice)"
      )
    }
    try Self.checkCount(geometry)
  }

  /// Checks that what probes see goes somewhere.
  func checkProbesAreRecorded() throws(ExperimentError) {
    guard probes.isEmpty || traces.contains(.sqlite) else {
      throw ExperimentError("probes: what they see goes into the trace sqlite, which is not among the traces; add it")
    }
  }

  /// Checks that what is probed is there.
  func checkProbes(of geometry: CodeGeometry) throws(ExperimentError) {
    guard !probes.isEmpty else { return }
    _ = try NeuronProbe.places(of: probes, in: LCANetwork.populations(of: model, geometry))
  }

  /// Bounds memory: a computation needs some hundred bytes a coefficient.
  static func checkCount(_ geometry: CodeGeometry) throws(ExperimentError) {
    guard geometry.coefficientCount <= 1 << 25 else {
      throw ExperimentError(
        "the code has \(geometry.coefficientCount) coefficients; at most \(1 << 25) can be computed: \(advice)")
    }
  }

  private static let advice = "use a smaller crop, a larger stride or fewer kernels"
}
