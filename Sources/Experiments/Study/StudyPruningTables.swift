import Reports

/// The tables of codes without their small coefficients.
extension StudyResults {
  private typealias Cell = StudyTable.Cell

  var pruningTable: StudyTable {
    pruningTable("pruning", "Pruning |a| < threshold", "pruning", StudyWorker.thresholds)
  }

  var relativePruningTable: StudyTable {
    pruningTable(
      "relative-pruning", "Pruning |a| < threshold × max |a|", "relative_pruning", StudyWorker.relativeThresholds)
  }

  private func pruningTable(_ name: String, _ title: String, _ key: String, _ levels: [Double]) -> StudyTable {
    let rows = codeSources.flatMap { source in
      source.banks.flatMap { bank -> [[Cell]] in
        let cells = source.cells(bank)
        let sparseness = medians(cells.map { $0.numbers("\(key)_sparseness") })
        let psnr = medians(cells.map { $0.numbers("\(key)_psnr") })
        let above = medians(cells.map { cell in cell.numbers("\(key)_psnr").map { $0 - cell.number("empty_psnr") } })
        return levels.indices.filter { $0 < psnr.count }.map { place in
          [
            .text(source.title), .text(bank.title), .number(levels[place], digits: 3),
            .estimate(sparseness[place], digits: 4), .estimate(psnr[place], digits: 2),
            .estimate(above[place], digits: 2),
          ]
        }
      }
    }
    return StudyTable(
      name: name, title: "\(title). \(codeSettings)",
      columns: ["code", "bank", "threshold", "sparseness", "PSNR (dB)", Self.aboveEmpty], rows: rows)
  }
}
