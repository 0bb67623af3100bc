import DataFiles
import Experiments
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite struct StudyPhotographsTests {
  private static let side = 160

  /// Noise, but for a square about the centre that is of one gray, or has one in each column.
  private static func write(
    _ path: String, flat: Int, _ gray: (_ column: Int) -> UInt16 = { _ in 100 }
  ) throws {
    let inside = (side - flat) / 2..<(side + flat) / 2
    var noise = SplitMix64(seed: 1)
    let samples = (0..<side * side).map { place -> UInt16 in
      let (y, x, random) = (place / side, place % side, UInt16(noise.next() % 256))
      return inside.contains(y) && inside.contains(x) ? gray(x - inside.lowerBound) : random
    }
    try Raster(width: side, height: side, channels: 1, bitDepth: 8, samples: samples).writePNG(to: path)
  }

  /// Looks at photographs whose tasks then all fail: what is refused, and how many photographs were looked at.
  @discardableResult private func begin(_ options: StudyOptions) throws -> (refusal: String?, looks: Int) {
    var study = Study(options)
    study.makesReport = false
    let looks = Mutex(0)
    do {
      _ = try study(executable: (path: "/bin/false", arguments: [])) { update in
        if update.description.hasPrefix("looking at ") { looks.withLock { $0 += 1 } }
      }
      return (nil, looks.withLock(\.self))
    } catch let error as ExperimentError {
      return (error.description.replacing("\(options.folder)/", with: ""), looks.withLock(\.self))
    }
  }

  private func withFolder(_ body: (_ folder: String, StudyOptions) throws -> Void) throws {
    try withTemporaryFolder { folder in
      var options = StudyOptions(folder: folder, output: "\(folder)/results")
      (options.dial, options.lambdas, options.learningSteps, options.chips) = ([0, 1], [0.5], 0, [])
      try body(folder, options)
    }
  }

  private static func refusal(_ name: String, _ size: Int, _ remedy: String) -> String {
    "\(name): its central \(size) × \(size) pixels are of one gray once contrast is normalised, and PSNR is not defined; "
      + "take it out of the folder, or \(remedy)"
  }

  /// Normalisation of a pixel sees 7 more on each side.
  @Test func eachSquareThatIsCodedNeedsContrastAndItsOptionIsNamed() throws {
    try withFolder { folder, options in
      try Self.write("\(folder)/a.png", flat: 48)
      #expect(try begin(options).refusal == nil)
      var certified = options
      certified.certifiedCrop = 32
      #expect(try begin(certified).refusal == Self.refusal("a.png", 32, "change --certified-crop"))
      var convergence = options
      convergence.convergenceCrop = 32
      #expect(try begin(convergence).refusal == Self.refusal("a.png", 32, "change --convergence-crop"))
      // The smaller of crop and certified crop is that of certified codes.
      var both = options
      (both.cropSize, both.certifiedCrop) = (96, 34)
      #expect(try begin(both).refusal == Self.refusal("a.png", 34, "change --certified-crop"))
      (both.cropSize, both.certifiedCrop) = (34, 96)
      #expect(try begin(both).refusal == Self.refusal("a.png", 34, "change --crop"))
    }
  }

  @Test func theSquareOfChipsNeedsContrastInPhotographsThatAreRunOnThem() throws {
    try withFolder { folder, options in
      try Self.write("\(folder)/a.png", flat: 80)
      var options = options
      (options.convergenceCrop, options.chips) = (128, ["loihi2"])
      #expect(try begin(options).refusal == Self.refusal("a.png", 64, "run no chips by --chips -"))
      // Of two photographs the last is run first.
      try Self.write("\(folder)/b.png", flat: 0)
      #expect(try begin(options).refusal == Self.refusal("a.png", 64, "leave it out of chips by --chip-images 1"))
      options.chipImages = 1
      #expect(try begin(options).refusal == nil)
    }
  }

  /// Of a ramp the local mean leaves nothing: contrast in a photograph does not tell of contrast that is normalised.
  @Test func aRampHasNoContrast() throws {
    try withFolder { folder, options in
      try Self.write("\(folder)/a.png", flat: 48) { x in UInt16(5 * x) }
      var options = options
      options.certifiedCrop = 32
      #expect(try begin(options).refusal == Self.refusal("a.png", 32, "change --certified-crop"))
    }
  }

  @Test func photographsAreLookedAtOnce() throws {
    try withFolder { folder, options in
      for name in ["a", "b"] { try Self.write("\(folder)/\(name).png", flat: 0) }
      // A report looks at none, and does not say that it has.
      var study = Study(options)
      study.makesReport = false
      _ = try study.report()
      #expect(try begin(options).looks == 2)
      #expect(try begin(options).looks == 0)
      // A report in between does not forget.
      _ = try study.report()
      #expect(try begin(options).looks == 0)
      // Another square has to be looked at, and another photograph.
      var others = options
      others.convergenceCrop = 48
      #expect(try begin(others).looks == 2)
      try Self.write("\(folder)/b.png", flat: 48)
      #expect(try begin(others).looks == 2)
      others.convergenceCrop = 32
      let looked = try begin(others)
      #expect(looked.looks == 2 && looked.refusal == Self.refusal("b.png", 32, "change --convergence-crop"))
    }
  }
}
