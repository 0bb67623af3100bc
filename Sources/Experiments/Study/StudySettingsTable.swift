import Foundation
import Reports
import SparseCoding

/// What was done, beside what the published study did.
extension StudyResults {
  var settingsTable: StudyTable {
    let learning = LearningOptions()
    var rows = [
      ["photographs", "\(images.count)", "1145"],
      ["taken of a photograph", "\(area)", "256 × 256 pixels"],
      ["intervals of medians", "95 %, percentile bootstrap over photographs, seed \(options.seed)", "–"],
      ["least p of the Mann–Whitney test", StudyTable.shown(.number(leastMannWhitney, digits: 4)), "–"],
      ["least p of the signed-rank test", StudyTable.shown(.number(leastSignedRank, digits: 4)), "–"],
      ["certified codes", "\(options.codedArea), gap \(options.relativeGap)", "none"],
    ]
    if options.learningSteps > 0 {
      rows += [
        ["learning: λ", "\(learning.lambda)", "0.01"], ["learning: stride", "2", "1"],
        [
          "learning: a step is of",
          "\(learning.batchSize) patches of up to \(learning.patchSize) × \(learning.patchSize)",
          "1 photograph",
        ],
        ["learning: steps", "\(options.learningSteps)", "800"],
        [
          "learning: length of step j",
          "the best along the gradient × \(learning.halfLife) / (\(learning.halfLife) + j)",
          "100 / (j + 1000)",
        ],
        ["learning: whitening and mask", options.whitens ? "yes" : "no", "yes"],
      ]
    }
    return StudyTable(
      name: "settings", title: "What was done here, and in the published study",
      columns: ["setting", "here", "published study"],
      rows: rows.map { $0.map { .text($0) } })
  }

  /// What is taken of a photograph, in words.
  var area: String { options.cropSize.map { "the central \($0) × \($0) pixels" } ?? "the whole" }

  /// The least p of the exact test: all of one sample above all of the other.
  var leastMannWhitney: Double {
    let values = images.indices.map { Double($0) }
    return SampleStatistics.mannWhitney(values, values.map { $0 + Double(values.count) }).p
  }

  /// The least p of the paired test: all differences of one sign.
  var leastSignedRank: Double { SampleStatistics.signedRank(images.indices.map { Double($0 + 1) }).p }
}
