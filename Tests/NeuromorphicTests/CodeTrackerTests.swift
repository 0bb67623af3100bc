import KernelBanks
import Neuromorphic
import SparseCoding
import Testing

@Suite struct CodeTrackerTests {
  /// One position of two pixels' square, one kernel.
  private func tracker(_ model: LCAModel) throws -> CodeTracker {
    let problem = try LassoProblem(
      image: Image(height: 2, width: 2, pixels: [1, 0, 0, 0]),
      bank: KernelBank(name: "one", count: 1, size: 2, weights: [1, 0, 0, 0]), lambda: 0.1)
    var options = LCAOptions()
    options.model = model
    options.arithmetic = .float
    let lateral = try LateralWeights(
      bank: problem.bank, geometry: problem.geometry, arithmetic: .float, model: model)
    let lca = try LCANetwork(
      bank: problem.bank, geometry: problem.geometry, lateral: lateral, drive: .image, inputExponent: 0,
      largestDrive: 1, stateBits: 24, options: options)
    return CodeTracker(lca, problem: problem)
  }

  private func spike(_ payload: Double, step: Int) -> Spike {
    Spike(time_ps: 0, step: step, population: 0, neuron: 0, payload: payload)
  }

  @Test func aGradedNeuronThatStopsSendingLeavesAnExactZero() throws {
    var tracker = try tracker(.graded)
    // 0.1 + 0.3 − 0.1 − 0.3 is not zero in real numbers.
    #expect(tracker.advance([spike(0.1, step: 0)]).nonzeros == 1)
    #expect(tracker.advance([spike(0.3, step: 1)]).nonzeros == 1)
    #expect(tracker.code.coefficients.map(\.value) == [0.3])
    #expect(tracker.advance([]).nonzeros == 0)
    #expect(tracker.code.coefficients.isEmpty)
  }

  @Test func aDeltaNeuronsCodeIsTheSumOfWhatItSent() throws {
    var tracker = try tracker(.delta)
    for (step, payload) in [0.5, 0.25, 0].enumerated() { _ = tracker.advance([spike(payload, step: step)]) }
    #expect(tracker.code.coefficients.map(\.value) == [0.75])
  }
}
