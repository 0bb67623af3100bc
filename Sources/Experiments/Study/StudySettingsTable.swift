import Foundation
import Reports
import SparseCoding

/// What was done, beside what the published study did.
extension StudyResults {
  func settingsTable(tests: [StudyTest]) -> StudyTable {
    StudyTable(
      name: "settings", title: "What was done here, and in the published study",
      columns: ["setting", "here", "published study"],
      rows: (settings + statisticalSettings(tests) + learningSettings + chipSettings).map { $0.map { .text($0) } })
  }

  private var settings: [[String]] {
    [
      ["photographs", "\(images.count)", "1145"],
      ["taken of a photograph", "\(area)", "256 × 256 pixels"],
      ["dial: mean B_θ", shownConstantMean ?? "from 12° to 17.5°", "12° and 17.5°"],
      ["protocol's λ, also for orientations", "\(StudyProtocol.publishedLambda)", "0.01; 0.001 for orientations"],
      ["certified codes", "\(options.codedArea), gap \(options.relativeGap), stride \(StudyProtocol.stride)", "none"],
    ]
  }

  private func statisticalSettings(_ tests: [StudyTest]) -> [[String]] {
    let least = SampleStatistics.leastCountWithInterval
    return [
      ["intervals of medians, 95 % or more", shownCoverage, "–"],
      ["photographs that an interval needs", "\(least)", "–"],
      ["tests of which a p is told", "\(tests.count)", "–"],
      ["of which can be below 0.05, with as many photographs", "\(tests.count(ableToBeBelow: Self.level))", "–"],
      ["of which below 0.05 by chance alone", Self.shown(chance: tests.expectedCount(below: Self.level)), "–"],
      ["least p of the Mann–Whitney test", Self.shown(least: leastMannWhitney), "–"],
      ["least p of the signed-rank test", Self.shown(least: leastSignedRank), "–"],
    ]
  }

  private var learningSettings: [[String]] {
    guard options.learningSteps > 0 else { return [] }
    let learning = StudyProtocol.learning
    return [
      ["learning: λ", "\(learning.lambda)", "0.01"], ["learning: stride", "\(learning.stride)", "1"],
      [
        "learning: a step is of",
        "\(learning.batchSize) patches of up to \(learning.patchSize) × \(learning.patchSize)",
        "1 photograph",
      ],
      ["learning: steps", "\(options.learningSteps)", "800"],
      [
        "learning: length of step j",
        "the best along the gradient, each kernel's part divided by Σa² + \(learning.leastUse) of the mean, "
          + "× \(learning.halfLife) / (\(learning.halfLife) + j)",
        "100 / (j + 1000)",
      ],
      ["learning: whitening and mask", options.whitens ? "yes" : "no", "yes"],
      ["learning: judged on", learningJudges, "–"],
      [
        "learning: photographs held out, fold by fold",
        folds.all.map { $0.heldOut.isEmpty ? "none" : $0.heldOut.map(bankName).joined(separator: ", ") }
          .joined(separator: "; "), "–",
      ],
    ]
  }

  private var chipSettings: [[String]] {
    guard !options.chips.isEmpty, options.chipImages > 0 else { return [] }
    let run = StudyProtocol.chipRun
    return [
      ["chips: photographs", chipImages.map(bankName).joined(separator: ", "), "none"],
      ["chips: taken of a photograph", "central \(StudyProtocol.chipCrop) × \(StudyProtocol.chipCrop) pixels", "–"],
      ["chips: λ, stride", "\(run.lambda), \(run.stride)", "–"],
      ["chips: own gap", "\(100 * run.gap) %", "–"],
      ["chips: steps of every run", "\(options.stepLimit)", "–"],
      ["chips: steps for which a target is held", "\(run.heldSteps)", "–"],
      ["chips: gap of a sparse input's code", "\(run.inputGap)", "–"],
      ["chips: power of the host that codes", "\(run.hostPower_W) W, assumed", "–"],
    ]
  }

  /// The mean of B_θ all along the dial; nil if it is not the same throughout.
  var shownConstantMean: String? { options.meanBandwidth_deg.map { "\($0)°" } }

  /// What is taken of a photograph, in words.
  var area: String { options.cropSize.map { "the central \($0) × \($0) pixels" } ?? "the whole" }

  /// A least p, of two significant digits.
  static func shown(least p: Double) -> String { String(format: "%.2g", p) }

  /// How often an interval over all photographs holds the median, in words.
  var shownCoverage: String {
    SampleStatistics.medianInterval(images.count).map { interval in
      "from rank \(interval.rank) to rank \(images.count + 1 - interval.rank) of \(images.count) photographs, "
        + String(format: "%.1f %%", 100 * interval.coverage)
    } ?? "none"
  }

  /// The p below which a test is counted.
  static let level = 0.05

  /// An expected number of tests; of few not only the whole ones.
  static func shown(chance count: Double) -> String { String(format: count < 10 ? "%.1f" : "%.0f", count) }

  /// The least p of the exact test: all of one sample above all of the other.
  var leastMannWhitney: Double { StudyTest.mannWhitney(images.count, images.count).leastP }

  /// The least p of the paired test: all differences of one sign.
  var leastSignedRank: Double { StudyTest.signedRank(images.count).leastP }
}
