import Experiments
import Neuromorphic
import Reports
import SparseCoding
import TestSupport
import Testing

extension ChipModelTests {
  @Suite struct WeightNoise {
    private func run(_ noise: Double, seed: UInt64 = 1) throws -> ChipRun {
      var runner = Runner(keepsSpikes: true)
      var configuration = try defaultRun("camera", bank: "heterogeneous")
      configuration.crop = try Crop(size: 24)
      configuration.timesteps = 150
      configuration.weightNoise = noise
      configuration.faults.seed = seed
      return try runner.run(configuration)
    }

    @Test func withoutNoiseNothingChangesAndWithItTheSeedDecides() throws {
      let sound = try run(0), noisy = try run(0.3)
      #expect(try run(0, seed: 2).spikes == sound.spikes)
      #expect(noisy.spikes != sound.spikes)
      #expect(try run(0.3).spikes == noisy.spikes)
      #expect(try run(0.3, seed: 2).spikes != noisy.spikes)
    }

    /// The photograph is rebuilt with the right kernels, and quality is judged against the right problem.
    @Test func moreNoiseCostsMoreAndLeavesDriftUnknown() throws {
      let runs = try [0, 0.1, 0.5].map { try run($0) }
      let gaps = runs.map { $0.reference.gap(ofObjective: $0.qualities.last?.objective ?? .infinity) }
      #expect(gaps[0] < gaps[1] && gaps[1] < gaps[2], "\(gaps)")
      #expect(try runs[0].statistics()[.drifts]?.value == .flag(true))
      let noisy = try runs[1].statistics()
      #expect(noisy[.drifts]?.value == .null && noisy[.driftSteps]?.value == .null)
      #expect(runs[1].lateral.spectrum.smallest == runs[0].lateral.spectrum.smallest)
    }
  }
}
