import Foundation
import KernelBanks
import Reports

/// The tables of a study that are of chips.
extension StudyResults {
  private typealias Cell = StudyTable.Cell

  var chipTables: [StudyTable] {
    [
      chipTable, targetsTable, chipDifferencesTable, frontsTable, energyFrontTable, throughputFrontTable, inputTable,
      chipDamageTable,
    ].filter {
      !$0.rows.isEmpty
    }
  }

  // MARK: Fronts

  private var frontsTable: StudyTable {
    let rows = energyFronts.flatMap { front in
      front.banks.map { bank -> [Cell] in
        let points = front.points.filter { $0.bank == bank }
        let psnr = points.map { $0.state.number("psnr") }
        return front.identity.map { .text($0) } + [
          .text(bank), .number(Double(points.count), digits: 0),
          .number(Double(points.count) / Double(front.points.count), digits: 2),
          .number(psnr.min() ?? .nan, digits: 2), .number(psnr.max() ?? .nan, digits: 2),
        ]
      }
    }
    return StudyTable(
      name: "fronts", title: "On chips, energy against PSNR: who is on the Pareto front, and where",
      columns: [
        "chip", "photograph", "banks", "input", "bank", "points", "share", "lowest PSNR (dB)", "highest PSNR (dB)",
      ],
      rows: rows)
  }

  private var energyFrontTable: StudyTable {
    let rows = energyFronts.flatMap { front in
      front.points.map { point -> [Cell] in
        front.identity.map { .text($0) } + [
          .text(point.bank), .number(point.state.number("step"), digits: 0),
          .quantity(point.energy_J, unit: "J", marks: point.energyMarks),
          .number(point.state.number("psnr"), digits: 2),
        ]
      }
    }
    return StudyTable(
      name: "energy-front", title: "On chips, least energy for a PSNR: every point of the Pareto fronts",
      columns: ["chip", "photograph", "banks", "input", "bank", "step", "energy (J)", "PSNR (dB)"], rows: rows,
      isInPage: false)
  }

  private var throughputFrontTable: StudyTable {
    let rows = throughputFronts.flatMap { front in
      front.points.map { point -> [Cell] in
        front.identity.map { .text($0) } + [
          .text(point.bank), .quantity(1 / point.time_s, unit: "1/s", marks: point.timeMarks),
          .number(point.state.number("sparseness"), digits: 4), .number(point.state.number("psnr"), digits: 2),
        ]
      }
    }
    return StudyTable(
      name: "throughput-front",
      title: "On chips, throughput against sparseness at the common objective: the Pareto fronts",
      columns: ["chip", "photograph", "banks", "input", "bank", "images/s", "sparseness", "PSNR (dB)"], rows: rows)
  }

  // MARK: The input

  private var inputTable: StudyTable {
    let rows = options.chips.flatMap { chip in
      chipImages.flatMap { image -> [[Cell]] in
        guard let cell = self[.input(image: image, chip: chip)] else { return [] }
        guard let dense = cell["dense"] else {
          let refused: [Cell] = [.text(bankName(chip)), .text(bankName(image)), .text("")]
          return [refused + missing(7) + [refusals([cell])]]
        }
        let rows = cell["rows"]?.asList ?? []
        let coefficients = cell.number("formula_events") / (1 - cell.number("formula_sparseness"))
        func sparseness(_ events: Double) -> Cell { .number(1 - events / coefficients, digits: 4) }
        return ["synops", "energy", "time"].map { name in
          let breakEven = StudyBreakEven(
            rows.map { .init(events: $0.number("events"), cost: $0.number(name) / dense.number(name)) })
          return [
            .text(bankName(chip)), .text(bankName(image)), .text(name),
            .number(breakEven.cheaperUpTo_events, digits: 0), sparseness(breakEven.cheaperUpTo_events),
            .number(breakEven.dearerFrom_events, digits: 0), sparseness(breakEven.dearerFrom_events),
            dense.number(name) > 0 ? .number(Double(breakEven.crossings.count), digits: 0) : .missing,
            .number(cell.number("formula_events"), digits: 0),
            .number(cell.number("formula_sparseness"), digits: 4), .text(""),
          ]
        }
      }
    }
    return StudyTable(
      name: "break-even",
      title: "From which sparseness on a sparse frame is cheaper to send than all \(StudyProtocol.chipCrop) × "
        + "\(StudyProtocol.chipCrop) pixels, by the step in which it comes, before any neuron answers. Its events are "
        + "the largest coefficients; by formula, so many cause the synops of all pixels, k² a neuron, at the mean of "
        + "an event over all positions",
      columns: [
        "chip", "photograph", "measured by", "always cheaper below (events)", "always cheaper above (sparseness)",
        "always dearer from (events)", "always dearer up to (sparseness)", "crossings", "events by formula (synops)",
        "sparseness by formula (synops)", "refused",
      ], rows: rows)
  }

  // MARK: Damage

  private var chipDamageTable: StudyTable {
    guard let chip = options.chips.first else {
      return StudyTable(name: "chip-damage", title: "", columns: [], rows: [])
    }
    let rows = damageRows(StudyDamage.ofChips, options.damagedBanks, { chipDamage($0, chip) }) { damage, cells, place in
      ["gap", "sparseness"].map { name in
        .estimate(median(cells.map { $0.numbers("\(name)_\(damage.name)")[place] }), digits: 4)
      }
    }
    let noRefusal: [Cell] = [.text("")]
    return StudyTable(
      name: "chip-damage",
      title: "Damage on \(bankName(chip)): PSNR after \(StudyProtocol.damageSteps) steps, "
        + "λ = \(StudyProtocol.chipRun.lambda), loss against the undamaged run of the same input; one draw. "
        + "Kernel noise is in all weights alike: the whole network is compiled from the noisy kernels. PSNR alone does "
        + "not tell a broken code: see its gap and its sparseness",
      columns: [
        "damage", "level", "input", "bank", "PSNR (dB)", "loss (dB)", Self.aboveEmpty, "gap", "sparseness", "refused",
      ],
      rows: rows.map { $0 + noRefusal } + refusedDamage(chip))
  }

  private func chipDamage(_ bank: StudyBank, _ chip: String) -> [JSONValue] {
    chipImages.compactMap { self[.chipDamage(image: $0, bank: bank, chip: chip)] }
  }

  /// A row for each bank with which the chip refused.
  private func refusedDamage(_ chip: String) -> [[Cell]] {
    options.damagedBanks.compactMap { bank -> [Cell]? in
      let refused = chipDamage(bank, chip).filter { $0["refused"] != nil }
      guard !refused.isEmpty else { return nil }
      let figures = [Cell](repeating: .missing, count: 5)
      return [.text(""), .missing, .text(""), .text(bank.name)] + figures + [refusals(refused)]
    }
  }

  private func missing(_ count: Int) -> [Cell] { Array(repeating: .missing, count: count) }
}
