import Reports

/// The tables of damage.
extension StudyResults {
  private typealias Cell = StudyTable.Cell

  /// What a column is called that tells by how much a code is better than one of zeros; below 0 it is worth nothing.
  static let aboveEmpty = "above the empty code (dB)"

  /// A row for each damage, bank and level, of curves of PSNR that begin without damage, in the encoding that is
  /// damaged.
  func damageRows(
    _ damages: [StudyDamage], _ banks: [StudyBank], _ cells: (StudyBank) -> [JSONValue], prefix: String = "",
    more: (_ damage: StudyDamage, _ cells: [JSONValue], _ place: Int) -> [StudyTable.Cell] = { _, _, _ in [] }
  ) -> [[StudyTable.Cell]] {
    damages.flatMap { damage in
      banks.flatMap { bank -> [[Cell]] in
        func curve(_ cell: JSONValue) -> [Double] { cell.numbers(prefix + damage.name) }
        let cells = cells(bank).filter { curve($0).count == damage.levels.count }
        guard !cells.isEmpty else { return [] }
        let psnr = medians(cells.map(curve))
        let losses = medians(cells.map(curve).map { curve in curve.map { curve[0] - $0 } })
        let above = medians(cells.map { cell in curve(cell).map { $0 - cell.number("empty_psnr") } })
        return damage.levels.indices.map { place in
          [
            .text(damage.label), .number(damage.levels[place], digits: 2), .text(damage.encoding.title),
            .text(bank.name), .estimate(psnr[place], digits: 2), .estimate(losses[place], digits: 2),
            .estimate(above[place], digits: 2),
          ] + more(damage, cells, place)
        }
      }
    }
  }

  var damageTable: StudyTable {
    StudyTable(
      name: "damage",
      title:
        "Damage to codes: loss against the undamaged code in the same encoding; of chance the median of "
        + "\(StudyProtocol.damageDraws) draws. A neuron that is dead sends no event; where a coefficient is one event, "
        + "losing it is the same. \(codeSettings)",
      columns: [
        "code", "damage", "level", "encoding", "bank", "PSNR (dB)", "loss (dB)", Self.aboveEmpty, "between draws (dB)",
      ],
      rows: codeSources.flatMap { source in
        let damaged = damageRows(StudyDamage.ofCodes, source.banks, source.cells, prefix: "damage_") {
          damage, cells, place in
          let ranges = cells.map { $0.numbers("range_\(damage.name)")[place] }
          return [damage.isRandom ? .estimate(median(ranges), digits: 2) : .missing]
        }
        return (undamagedRows(source) + damaged).map { [.text(source.title)] + $0 }
      })
  }

  /// What each encoding costs by itself, against the code.
  private func undamagedRows(_ source: StudyCodeSource) -> [[Cell]] {
    StudyDamage.Encoding.ofCodes.flatMap { encoding in
      source.banks.compactMap { bank -> [Cell]? in
        let cells = source.cells(bank)
        guard !cells.isEmpty else { return nil }
        let psnr = cells.map { $0.number(encoding.key) }
        return [
          .text("none"), .number(.nan, digits: 2), .text("\(encoding.title), undamaged"), .text(bank.name),
          .estimate(median(psnr), digits: 2),
          .estimate(median(zip(cells, psnr).map { $0.number("psnr") - $1 }), digits: 2),
          .estimate(median(zip(cells, psnr).map { $1 - $0.number("empty_psnr") }), digits: 2), .missing,
        ]
      }
    }
  }
}
