import Reports

/// The tables of damage.
extension StudyResults {
  private typealias Cell = StudyTable.Cell

  /// A row for each damage, bank and level, of curves of PSNR that begin without damage, in the encoding that is
  /// damaged.
  func damageRows(
    _ damages: [(name: String, label: String, levels: [Double])], encoding: (_ damage: String) -> String,
    curves: (StudyBank, _ damage: String) -> [[Double]]
  ) -> [[StudyTable.Cell]] {
    damages.flatMap { damage in
      options.studyBanks.flatMap { bank -> [[Cell]] in
        let curves = curves(bank, damage.name).filter { $0.count == damage.levels.count }
        guard !curves.isEmpty else { return [] }
        let psnr = medians(curves)
        let losses = medians(curves.map { curve in curve.map { curve[0] - $0 } })
        return damage.levels.indices.map { place in
          [
            .text(damage.label), .number(damage.levels[place], digits: 2), .text(encoding(damage.name)),
            .text(bank.name), .estimate(psnr[place], digits: 2), .estimate(losses[place], digits: 2),
          ]
        }
      }
    }
  }

  var damageTable: StudyTable {
    StudyTable(
      name: "damage",
      title:
        "Damage to certified codes, λ = \(options.middleLambda): loss against the undamaged code in the same encoding",
      columns: ["damage", "level", "encoding", "bank", "PSNR (dB)", "loss (dB)"],
      rows: undamagedRows
        + damageRows(
          StudyWorker.damages, encoding: { StudyWorker.encoding(damagedBy: $0).title },
          curves: { bank, damage in codes(bank, options.middleLambda).map { $0.numbers("damage_\(damage)") } }))
  }

  /// What each encoding costs by itself, against the code.
  private var undamagedRows: [[Cell]] {
    StudyWorker.Encoding.allCases.flatMap { encoding in
      options.studyBanks.compactMap { bank -> [Cell]? in
        let cells = codes(bank, options.middleLambda)
        guard !cells.isEmpty else { return nil }
        let psnr = cells.map { $0.number(encoding.key) }
        return [
          .text("none"), .number(.nan, digits: 2), .text("\(encoding.title), undamaged"), .text(bank.name),
          .estimate(median(psnr), digits: 2),
          .estimate(median(zip(cells, psnr).map { $0.number("psnr") - $1 }), digits: 2),
        ]
      }
    }
  }
}
