import DataFiles
import EventStreams
import Experiments
import Foundation
import KernelBanks
import Neuromorphic
import SparseCoding
import TestSupport
import Testing

extension ChipModelTests {
  /// What the flag *drifts* claims, in both directions: where the rounded Gram operator Ĝ is indefinite, an error along
  /// the eigenvector of λ_min grows by 1 + η·|λ_min| a step while all its neurons are active; where it is not, none
  /// grows.
  struct Drift {
    struct Case: Sendable, CustomTestStringConvertible {
      let design: BankDesign
      let stride: Int
      /// Nil: not rounded.
      let bits: Int?
      var testDescription: String { "\(design.name), stride \(stride), \(bits.map { "\($0) bits" } ?? "float")" }

      static let all = [BankDesign.heterogeneous, .homogeneous].flatMap { design in
        (LongTests.areOn ? [1, 2, 3, 6] : [1, 2, 6]).flatMap { stride in
          (LongTests.areOn ? [4, 6, 8, 12, 16, nil] : [4, 8, 16, nil]).map {
            Case(design: design, stride: stride, bits: $0)
          }
        }
      }
    }

    /// The network without image and threshold, started from random activations: u ← u − η·Ĝu on the chip, whose
    /// longest mode is that of λ_min after a while. Its tables are the rounded ones, its states real numbers.
    private struct FreeNetwork {
      static let positions = 3
      let lateral: LateralWeights
      let bank: KernelBank
      let geometry: CodeGeometry
      let lca: LCANetwork

      init(_ example: Case) throws {
        let whole = try example.design.bank()
        let chosen = stride(from: 0, to: whole.count, by: 6)
        bank = try KernelBank(
          name: "part", count: chosen.underestimatedCount, size: whole.size,
          weights: chosen.flatMap { whole.kernel($0) })
        let side = whole.size + (Self.positions - 1) * example.stride
        geometry = try CodeGeometry(
          imageHeight: side, imageWidth: side, kernelCount: bank.count, kernelSize: bank.size, stride: example.stride,
          boundary: .valid)
        lateral = try LateralWeights(
          bank: bank, geometry: geometry, arithmetic: example.bits.map { .integer(weightBits: $0) } ?? .float)
        var options = LCAOptions()
        options.arithmetic = .float
        options.lambda = 0x1p-60
        options.sendThreshold = 0x1p-60
        lca = try LCANetwork(
          bank: bank, geometry: geometry, lateral: lateral, drive: .code(of: bank, primes: true), inputExponent: 0,
          largestDrive: 1, stateBits: 24, options: options)
      }

      /// ‖u‖ after each of some numbers of steps.
      func norms(after steps: [Int]) throws -> [Double] {
        let table = try #require(lateral.table)
        var network = lca.network
        network.tables = [
          ConvolutionTable(
            sourceChannels: table.sourceChannels, extent: table.extent, targetChannels: table.targetChannels,
            weights: QuantizedWeights(table.weights.values, arithmetic: .float))
        ]
        network.projections = [
          network.projections[0],
          .init(
            source: .input, target: 0, compartment: .pulse, connectivity: .oneToOne(weight: 1, signWeight: 0)),
        ]
        let simulation = try Simulation(
          network, mapping: .whole(network, on: [0]), chip: SmallChip(weightBits: 16).description())
        var generator = SplitMix64(seed: 5)
        try simulation.inject(
          .events(
            for: network.inputShape,
            (0..<network.inputShape.count).map { (0, $0, Int.random(in: 1...1000, using: &generator) * 2 - 1001) }))
        var done = 0
        return try steps.map { target in
          _ = try simulation.run(steps: target - done)
          done = target
          return try simulation.state("u", of: 0).reduce(0) { $0 + $1 * $1 }.squareRoot()
        }
      }
    }

    @Test(arguments: Case.all)
    func anErrorGrowsAtTheRateOfTheSmallestEigenvalueIfAndOnlyIfTheFlagSaysSo(_ example: Case) throws {
      let free = try FreeNetwork(example)
      let eta = Double(sign: .plus, exponent: -free.lca.stepShift, significand: 1)
      let spectrum = free.lateral.spectrum
      if let steps = free.lateral.driftSteps(stepShift: free.lca.stepShift) {
        // Fourteen e-foldings bring the fastest mode to the fore.
        let begin = Int(14 * steps), end = begin + Int(2 * steps) + 1
        let norms = try free.norms(after: [begin, end])
        let rate = log(norms[1] / norms[0]) / Double(end - begin)
        let proven = log(1 - eta * spectrum.smallest)
        #expect(rate >= 0.9 * proven && rate <= 1.05 / steps, "\(rate) a step; \(proven) to \(1 / steps)")
      } else {
        let norms = try free.norms(after: [2, 1000, 2000])
        // No faster than e-fold in 10,000 steps.
        #expect(norms[1] <= norms[0] * 1.11 && norms[2] <= norms[1] * 1.11, "\(norms)")
      }
    }

    // MARK: Photographs

    private func run(
      _ model: LCAModel, bank: String, lambda: Double, steps: Int, crop: Int = 24, stride: Int = 2
    ) throws -> ChipRun {
      var runner = Runner(keepsSpikes: true)
      var configuration = try defaultRun("camera", bank: bank)
      configuration.crop = try Crop(size: crop)
      configuration.model = model
      configuration.stride = stride
      configuration.lambda = lambda
      configuration.timesteps = steps
      return try runner.run(configuration)
    }

    private func endGap(_ run: ChipRun) -> Double {
      run.reference.gap(ofObjective: run.qualities.last?.objective ?? .infinity)
    }

    @Test(arguments: [("heterogeneous", 2000), ("homogeneous", 2700)])
    func atASmallLambdaAFlaggedNetworkLeavesTheOptimumAgain(_ bank: String, _ steps: Int) throws {
      let run = try run(.delta, bank: bank, lambda: 0.05, steps: steps)
      let floor = try #require(run.floor)
      #expect(run.lateral.drifts == true && floor.step < steps * 3 / 4)
      #expect(endGap(run) > 1.5 * floor.gap, "\(endGap(run)), \(floor)")
    }

    @Test(arguments: ["heterogeneous", "homogeneous"])
    func twoLayersStayWhereOneDrifts(_ bank: String) throws {
      let run = try run(.residual, bank: bank, lambda: 0.05, steps: 2700)
      let floor = try #require(run.floor)
      #expect(run.lateral.drifts == false && endGap(run) <= 1.01 * floor.gap, "\(endGap(run)), \(floor)")
    }

    /// The flag says what can happen: few neurons are active at the default λ, and they may not carry an error that
    /// grows.
    @Test(arguments: ["heterogeneous", "homogeneous"])
    func atTheDefaultLambdaAFlaggedNetworkCanComeToRest(_ bank: String) throws {
      let run = try run(.delta, bank: bank, lambda: 0.2, steps: 6000)
      #expect(run.lateral.drifts == true)
      #expect(run.spikes.last.map { $0.step < 5000 } == true, "\(run.spikes.last?.step ?? -1)")
    }

    @Test(arguments: ["heterogeneous", "homogeneous"], [0.1, 0.2])
    func twoLayersAreStable(_ bank: String, _ lambda: Double) throws {
      let long = LongTests.areOn
      expectStable(
        try run(.residual, bank: bank, lambda: lambda, steps: long ? 10_000 : 1000, crop: long ? 64 : 32))
    }

    @Test(.enabled(if: LongTests.areOn), arguments: ["heterogeneous", "homogeneous"])
    func twoLayersAreStableAtStrideOne(_ bank: String) throws {
      expectStable(try run(.residual, bank: bank, lambda: 0.2, steps: 10_000, crop: 24, stride: 1))
    }

    private func expectStable(_ run: ChipRun) {
      let gaps = run.qualities.map { run.reference.gap(ofObjective: $0.objective) }
      // From step 300 on never more than a hundredth of itself above what was reached before.
      var least = Double.infinity
      for (step, gap) in gaps.enumerated() {
        if step >= 300 { #expect(gap <= least * 1.01, "\(gap) after \(least) at step \(step + 1)") }
        least = min(least, gap)
      }
      #expect(run.records.last?.saturations == 0)
    }
  }
}
