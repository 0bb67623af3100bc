import Foundation
import KernelBanks
import Reports
import SparseCoding

/// The tables of a study.
extension StudyResults {
  private typealias Cell = StudyTable.Cell

  var tables: [StudyTable] {
    [
      settingsTable, banksTable, differencesTable, publishedTable, pruningTable, relativePruningTable, convergenceTable,
      certifiedTable, equalSparsenessTable, orientationTable, bandwidthTable, amplitudeTable, localTable, damageTable,
      damageDifferencesTable, learningTable, refitTable, imagesTable,
    ].filter { !$0.rows.isEmpty } + chipTables
  }

  func table(_ name: String) -> StudyTable? { tables.first { $0.name == name } }

  /// The p of a difference between two banks over the same photographs, taken as two samples.
  func probability(_ a: [JSONValue], _ b: [JSONValue], _ name: String) -> StudyTable.Cell {
    .number(SampleStatistics.mannWhitney(a.map { $0.number(name) }, b.map { $0.number(name) }).p, digits: 4)
  }

  /// How far the objective of a code may be above the optimum, relative to it.
  static func gap(_ cell: JSONValue) -> Double {
    (cell.number("objective") - cell.number("dual")) / cell.number("dual")
  }

  var banksTable: StudyTable {
    let rows = options.banks.compactMap { bank -> [Cell]? in
      guard let kernels = try? BankFile.read(bank.path(in: options.output)) else { return nil }
      let summary = BankSummary(kernels)
      return [
        .text(bank.name), .number(summary.knownShare, digits: 2), .number(summary.medianExplained ?? .nan, digits: 2),
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
