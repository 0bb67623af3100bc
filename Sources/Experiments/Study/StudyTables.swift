import Foundation
import KernelBanks
import Reports
import SparseCoding

/// The tables of a study.
extension StudyResults {
  private typealias Cell = StudyTable.Cell

  var tables: [StudyTable] {
    let tables = tablesOfResults
    return [settingsTable(tests: tables.flatMap(\.tests))] + tables
  }

  private var tablesOfResults: [StudyTable] {
    [
      banksTable, differencesTable, qualityTable, convergenceTable, equalSparsenessTable, pruningTable,
      relativePruningTable, orientationTable, bandwidthTable, amplitudeTable, localTable, damageTable,
      damageDifferencesTable, learningTable, refitTable, imagesTable,
      orientationHistogramTable, amplitudeHistogramTable, localCellTable, refitKernelTable,
    ].filter { !$0.rows.isEmpty } + chipTables
  }

  /// The p of a difference between a bank and the homogeneous one over the same photographs, taken as two samples. None
  /// for learnt banks, which have seen some of them.
  func probability(
    _ bank: StudyBank, _ a: [JSONValue], _ b: [JSONValue], _ name: String
  ) -> StudyTable.Cell {
    guard bank != options.homogeneous, !bank.isLearnt else { return .missing }
    return .mannWhitney(a.map { $0.number(name) }, b.map { $0.number(name) })
  }

  /// How far the objective of a code may be above the optimum, relative to it.
  static func gap(_ cell: JSONValue) -> Double {
    (cell.number("objective") - cell.number("dual")) / cell.number("dual")
  }

  var banksTable: StudyTable {
    let rows = options.bankFiles.compactMap { bank -> [Cell]? in
      guard let summary = bankSummaries[bank] else { return nil }
      return [
        .text(bank.fileName), .number(summary.knownShare, digits: 2),
        .number(summary.medianExplained ?? .nan, digits: 2),
        .number(summary.meanBandwidth_deg ?? .nan, digits: 1),
        .number(summary.bandwidthSpread_deg ?? .nan, digits: 1), .number(summary.orientationCoverage, digits: 3),
        .number(summary.coherence, digits: 4), .number(summary.largestGramEigenvalues.first ?? .nan, digits: 1),
        .number(summary.largestGramEigenvalues.last ?? .nan, digits: 1),
      ]
    }
    return StudyTable(
      name: "banks", title: "Banks",
      columns: [
        "bank", "kernels with B_θ", "median share explained", "mean B_θ (°)", "spread of B_θ (°)",
        "orientation coverage", "coherence", "λ_max, stride 1", "λ_max, stride 2",
      ], rows: rows)
  }
}
