import Foundation
import Reports
import SparseCoding

/// The tables of the study's protocol of coding.
extension StudyResults {
  private typealias Cell = StudyTable.Cell

  var publishedTable: StudyTable {
    let reference = published(.homogeneous)
    let rows = options.studyBanks.compactMap { bank -> [Cell]? in
      let cells = published(bank)
      guard !cells.isEmpty else { return nil }
      return [
        .text(bank.title), .estimate(median(cells.map { $0.number("sparseness") }), digits: 4),
        .estimate(median(cells.map { $0.number("psnr") }), digits: 2),
        .estimate(median(cells.map { $0.number("ssim") }), digits: 4),
        .estimate(median(cells.map(Self.gap)), digits: 4),
        probability(bank, cells, reference, "sparseness"), probability(bank, cells, reference, "psnr"),
      ]
    }
    return StudyTable(
      name: "published",
      title:
        "The study's protocol of coding: ADMM, \(StudyProtocol.publishedIterations) iterations, "
        + "λ = \(StudyProtocol.publishedLambda), stride 1, peak norm (learnt kernels: unit norm)",
      columns: [
        "bank", "sparseness", "PSNR (dB)", "SSIM", "certified gap",
        "p, sparseness ≠ homogeneous", "p, PSNR ≠ homogeneous",
      ], rows: rows)
  }

  private func pruning(_ name: String, _ title: String, _ prefix: String, _ levels: [Double]) -> StudyTable {
    let rows = options.studyBanks.flatMap { bank -> [[Cell]] in
      let cells = published(bank)
      let sparseness = medians(cells.map { $0.numbers("\(prefix)_sparseness") })
      let psnr = medians(cells.map { $0.numbers("\(prefix)_psnr") })
      return zip(levels, zip(sparseness, psnr)).map { level, pair in
        [.text(bank.title), .number(level, digits: 3), .estimate(pair.0, digits: 4), .estimate(pair.1, digits: 2)]
      }
    }
    return StudyTable(name: name, title: title, columns: ["bank", "threshold", "sparseness", "PSNR (dB)"], rows: rows)
  }

  var pruningTable: StudyTable {
    pruning("pruning", "Pruning |a| < threshold, the study's protocol", "pruning", StudyWorker.thresholds)
  }

  var relativePruningTable: StudyTable {
    pruning(
      "relative-pruning", "Pruning |a| < threshold × max |a|, the study's protocol", "relative_pruning",
      StudyWorker.relativeThresholds)
  }

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
        "What more iterations change (stride 1, circular, \(options.convergenceCrop) × \(options.convergenceCrop); "
        + "in peak norm no optimum is certified, the last column tells how far the codes may be from it)",
      columns: [
        "problem", "solver, iterations", "bank", "sparseness", "PSNR (dB)", "objective a pixel", "certified gap",
      ],
      rows: rows)
  }
}
