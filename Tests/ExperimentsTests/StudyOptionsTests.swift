import Experiments
import Foundation
import TestSupport
import Testing

@Suite struct StudyOptionsTests {
  /// What a study of photographs of these names says of its options.
  private func refusal(
    _ photographs: [String] = ["a.png"], _ change: (inout StudyOptions) -> Void = { _ in }
  ) throws -> String? {
    try withTemporaryFolder { folder in
      for name in photographs { try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
      var options = StudyOptions(folder: folder, output: "\(folder)/results")
      change(&options)
      do {
        try options.check()
        return nil
      } catch let error as ExperimentError {
        return error.description.replacing("\(folder): ", with: "")
      }
    }
  }

  @Test func defaultsAreTaken() throws { #expect(try refusal() == nil) }

  @Test func whatIsNamedTwiceIsRefused() throws {
    #expect(try refusal { $0.dial = [0, 1, 0.5, 1] } == "the dial's places must differ; 1.0 is there twice")
    #expect(try refusal { $0.lambdas = [0.1, 0.1] } == "the λ must differ; 0.1 is there twice")
    #expect(
      try refusal { $0.chips = ["loihi2", "mine/loihi2.yaml"] }
        == "the names of the chips must differ; loihi2 is there twice")
    #expect(try refusal(["a.png", "a.jpg"]) == "two photographs are called a; rename one")
  }

  @Test func photographsWhoseTasksWouldHaveOneNameAreRefused() throws {
    let both = try #require(try refusal(["a.png", "a-learnt.png"]))
    #expect(both.hasPrefix("two tasks would be called ") && both.hasSuffix("; rename the photograph or the chip"))
    #expect(try refusal(["a.png", "a-learnt.png"]) { $0.learningSteps = 0 } == nil)
  }

  @Test func squaresAndStepsThatAreTooFewAreRefused() throws {
    #expect(try refusal { $0.cropSize = 16 } == "the crop is 16 pixels; it must be 32 or more")
    #expect(try refusal { $0.certifiedCrop = 31 } == "the crop of certified codes is 31 pixels; it must be 32 or more")
    #expect(try refusal { $0.convergenceCrop = 0 } == "the crop of convergence is 0 pixels; it must be 32 or more")
    #expect(try refusal { $0.stepLimit = 50 } == "chip runs of 50 steps can hold no target for 50; give them more")
  }

  @Test func twoStudiesDoNotWorkInOneFolder() throws {
    try withTemporaryFolder { folder in
      try Data().write(to: URL(fileURLWithPath: "\(folder)/a.png"))
      var options = StudyOptions(folder: folder, output: "\(folder)/results")
      options.learningSteps = 0
      try FileManager.default.createDirectory(atPath: options.output, withIntermediateDirectories: false)
      let lock = open("\(options.output)/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      defer { close(lock) }
      try #require(flock(lock, LOCK_EX | LOCK_NB) == 0)
      var study = Study(options)
      study.makesReport = false
      #expect(
        throws: ExperimentError(
          "\(options.output): another study works in this folder; wait for it, or name another folder")
      ) { try study.report() }
      #expect(throws: ExperimentError.self) { try study(executable: (path: "/bin/false", arguments: [])) }
      try #require(flock(lock, LOCK_UN) == 0)
      #expect(try !study.report().isEmpty)
    }
  }
}
