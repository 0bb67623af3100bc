import Experiments
import Reports
import SparseCoding
import Testing

extension ChipModelTests {
  /// Runs of a study go on after their own gap, so that each bank shows how good it becomes.
  struct StudyTargets {
    @Test func aPSNRThatIsCrossedAfterTheOwnGapIsReachedByARunThatGoesOn() throws {
      var configuration = try defaultRun("camera", bank: "heterogeneous")
      configuration.crop = try Crop(size: 32)
      configuration.gap = 0.5
      configuration.heldSteps = 20
      configuration.stepLimit = 200
      var runner = Runner()
      let stopped = try runner.run(configuration)
      runner.stopsAtTarget = false
      let whole = try runner.run(configuration)

      let own = try #require(whole.reachedStep)
      #expect(whole.records.count == 200 && stopped.records.count == own + 20)
      let largest = try #require(StudyTarget.largest.step(in: whole))
      #expect(largest > stopped.records.count)

      // It is the stretch of 21 steps whose worst step is the best.
      let errors = whole.qualities.map(\.squaredError)
      let worst = (0..<180).map { errors[$0...$0 + 20].max() ?? .infinity }
      let best = try #require(worst.min())
      #expect(worst[largest - 1] <= best * (1 + 2e-9) && worst[..<(largest - 1)].allSatisfy { $0 > best })
    }

    /// A dim photograph is near its mean, which the code of zeros rebuilds.
    @Test func aPSNRThatTheCodeOfZerosHasIsNotReached() throws {
      var configuration = try defaultRun("coffee", bank: "heterogeneous")
      configuration.stepLimit = 100
      configuration.heldSteps = 20
      var runner = Runner()
      runner.stopsAtTarget = false
      let run = try runner.run(configuration)
      let image = run.reference.problem.image
      let nothing = try Quality.psnr(
        of: Image(height: 64, width: 64, pixels: [Float](repeating: 0, count: 64 * 64)), against: image)
      #expect(abs(Quality.psnrOfNothing(against: image) - nothing) < 1e-9)
      #expect(nothing > 18 && nothing < 21)
      #expect(StudyTarget.psnr18.step(in: run) == nil)
      // It is better than that from some step on.
      let largest = try #require(StudyTarget.largest.step(in: run))
      #expect(run.qualities[largest - 1].squaredError < image.pixels.reduce(0) { $0 + Double($1) * Double($1) })
    }

    @Test func figuresAtTheOwnGapAreThoseOfARunThatStopsThere() throws {
      var configuration = try defaultRun("camera", bank: "homogeneous")
      configuration.crop = try Crop(size: 32)
      configuration.stepLimit = 400
      var runner = Runner()
      let stopped = try runner.run(configuration)
      runner.stopsAtTarget = false
      let whole = try runner.run(configuration)
      #expect(whole.records.count == 400 && stopped.records.count < 400)
      #expect(whole.reachedStep == stopped.reachedStep && stopped.reachedStep != nil)
      #expect(whole.code == stopped.code && whole.cores == stopped.cores && whole.links == stopped.links)
      // The smallest gap of all steps is the one figure that is of the whole run.
      let ofTheWhole = ChipRun.hostDependentStatistics + [.floor, .floorStep]
      let (ours, theirs) = (try whole.statistics(), try stopped.statistics())
      for name in StatisticName.allCases where !ofTheWhole.contains(name) {
        #expect(ours[name]?.value == theirs[name]?.value, "\(name)")
      }
    }
  }
}
