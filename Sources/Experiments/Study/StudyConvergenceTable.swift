import Foundation
import Reports
import SparseCoding

/// What more iterations of the study's protocol change.
extension StudyResults {
  private typealias Cell = StudyTable.Cell

  var convergenceTable: StudyTable {
    let lost = StudyProtocol.shownConvergenceLoss
    let limits = StudyProtocol.convergenceIterations.map(String.init) + ["certified"]
    let rows = StudyProtocol.convergence.flatMap { problem in
      limits.flatMap { limit -> [[Cell]] in
        options.dialEnds.compactMap { bank in
          let name = "\(problem.key)-\(limit)"
          let cells = images.compactMap { self[.convergence(image: $0, bank: bank)]?[name] }
          guard !cells.isEmpty else { return nil }
          return [
            .text(problem.title),
            .text(limit == "certified" ? "certified, \(options.relativeGap * 100) %" : "ADMM, \(limit)"),
            .text(bank.name),
            .estimate(median(cells.map { $0.number("sparseness") }), digits: 4),
            .estimate(median(cells.map { $0.number("psnr") }), digits: 2),
            .estimate(median(cells.map { $0.number("objective") / $0.number("pixels") }), digits: 5),
            .estimate(median(cells.map(Self.gap)), digits: 4),
            .estimate(median(cells.map { $0.number("loss") }), digits: 2),
            bank == options.homogeneous ? .missing : .estimate(median(lossDifferences(name)), digits: 2),
          ]
        }
      }
    }
    return StudyTable(
      name: "convergence",
      title:
        "What more iterations change (stride 1, circular, central \(options.convergenceCrop) × "
        + "\(options.convergenceCrop) pixels at the most; "
        + "where no optimum is certified, the gap tells how far the codes may be from it; "
        + "the loss is that of \(lost) of the graded events, as in the table of damage)",
      columns: [
        "problem", "solver, iterations", "bank", "sparseness", "PSNR (dB)", "objective a pixel", "certified gap",
        "loss to \(lost) of events lost (dB)", "loss less \(options.homogeneous.name), same photograph (dB)",
      ],
      rows: rows)
  }

  /// By how much more the heterogeneous bank's code of a photograph loses than the homogeneous one's.
  private func lossDifferences(_ name: String) -> [Double] {
    images.compactMap { image in
      let losses = [options.heterogeneous, options.homogeneous].map {
        self[.convergence(image: image, bank: $0)]?[name]?.number("loss") ?? .nan
      }
      return losses[0] - losses[1]
    }
  }
}
