import Foundation
import Reports
import SparseCoding

/// What more iterations of the study's protocol change.
extension StudyResults {
  private typealias Cell = StudyTable.Cell

  var convergenceTable: StudyTable {
    let limits = StudyProtocol.convergenceIterations.map(String.init) + ["certified"]
    let rows = StudyProtocol.convergence.flatMap { problem in
      limits.flatMap { limit -> [[Cell]] in
        [StudyBank.homogeneous, .heterogeneous].compactMap { bank in
          let cells = images.compactMap { self[.convergence(image: $0, bank: bank)]?["\(problem.key)-\(limit)"] }
          guard !cells.isEmpty else { return nil }
          return [
            .text(problem.title),
            .text(limit == "certified" ? "certified, \(options.relativeGap * 100) %" : "ADMM, \(limit)"),
            .text(bank.name),
            .estimate(median(cells.map { $0.number("sparseness") }), digits: 4),
            .estimate(median(cells.map { $0.number("psnr") }), digits: 2),
            .estimate(median(cells.map { $0.number("objective") / $0.number("pixels") }), digits: 5),
            .estimate(median(cells.map(Self.gap)), digits: 4),
          ]
        }
      }
    }
    return StudyTable(
      name: "convergence",
      title:
        "What more iterations change (stride 1, circular, central \(options.convergenceCrop) × "
        + "\(options.convergenceCrop) pixels at the most; "
        + "in peak norm no optimum is certified, the last column tells how far the codes may be from it)",
      columns: [
        "problem", "solver, iterations", "bank", "sparseness", "PSNR (dB)", "objective a pixel", "certified gap",
      ],
      rows: rows)
  }
}
