import Foundation
import KernelBanks
import Reports

/// The tables of a study that are of chips.
extension StudyResults {
  private typealias Cell = StudyTable.Cell

  var chipTables: [StudyTable] {
    [chipTable, targetsTable, frontsTable, energyFrontTable, throughputFrontTable, inputTable, chipDamageTable].filter {
      !$0.rows.isEmpty
    }
  }

  // MARK: Runs

  private var chipTable: StudyTable {
    let rows = options.chips.flatMap { chip in
      options.banks.flatMap { bank in
        [false, true].compactMap { isSparse -> [Cell]? in
          let cells = chipRows(chip, bank, isSparse: isSparse)
          guard let first = cells.first else { return nil }
          if let refused = first["refused"]?.asText {
            return [
              .text(bankName(chip)), .text(bank.name), .text(isSparse ? "sparse" : "dense"),
              .text("does not fit: \(refused)"),
            ] + Array(repeating: .text("–"), count: 7)
          }
          func quantity(_ name: String, _ unit: String, _ marks: StatisticMarks = .none) -> Cell {
            .quantity(SampleStatistics.median(cells.map { $0.number(name) }), unit: unit, marks: marks)
          }
          let (energy, time) = (marks(cells, "energy_marks"), marks(cells, "time_marks"))
          let reached = cells.filter { $0["quality.gap"] != nil && $0.number("quality.gap") <= 0.05 }.count
          return [
            .text(bankName(chip)), .text(bank.name), .text(first["input"]?.asText ?? ""),
            .text("\(reached) of \(cells.count)"), quantity("input.events", "1"), quantity("spikes", "1"),
            quantity("synops", "1"), quantity("energy.total", "J", energy), quantity("time.latency", "s", time),
            quantity("throughput.images_per_s", "1/s", time),
            .number(SampleStatistics.median(cells.map { $0.number("quality.psnr") }), digits: 2),
          ]
        }
      }
    }
    return StudyTable(
      name: "chips", title: "On chips, at each bank's own gap of 5 % (else at the last step): medians over photographs",
      columns: [
        "chip", "bank", "input", "reached", "input events", "spikes", "synops", "energy", "latency", "images/s",
        "PSNR (dB)",
      ], rows: rows)
  }

  private var targetsTable: StudyTable {
    let rows = options.chips.flatMap { chip in
      StudyTarget.allCases.flatMap { target in
        options.banks.flatMap { bank in
          [false, true].compactMap { targetRow(chip, target, bank, isSparse: $0) }
        }
      }
    }
    return StudyTable(
      name: "targets", title: "On chips, at equal quality: the first step that is held for 50 more",
      columns: [
        "chip", "target", "bank", "input", "reached", "step", "input events", "spikes", "synops", "energy", "latency",
        "images/s", "sparseness", "PSNR (dB)",
      ], rows: rows)
  }

  /// Medians over the photographs on which a bank reaches a target.
  private func targetRow(_ chip: String, _ target: StudyTarget, _ bank: StudyBank, isSparse: Bool) -> [Cell]? {
    let cells = chipRows(chip, bank, isSparse: isSparse).filter { $0["refused"] == nil }
    guard let first = cells.first else { return nil }
    let states = cells.compactMap { $0["targets"]?[target.rawValue] }.filter { $0 != .null }
    func median(_ value: (JSONValue) -> Double) -> Double { SampleStatistics.median(states.map(value)) }
    func count(_ name: String) -> Cell { .quantity(median { $0.number(name) }, unit: "1", marks: .none) }
    let (energy, time) = (marks(cells, "energy_marks"), marks(cells, "time_marks"))
    return [
      .text(bankName(chip)), .text(target.title), .text(bank.name), .text(first["input"]?.asText ?? ""),
      .text("\(states.count) of \(cells.count)"), .number(median { $0.number("step") }, digits: 0),
      count("input_events"), count("spikes"), count("synops"),
      .quantity(median { $0.number("energy") }, unit: "J", marks: energy),
      .quantity(median { $0.number("time") }, unit: "s", marks: time),
      .quantity(median { 1 / $0.number("time") }, unit: "1/s", marks: time),
      .number(median { $0.number("sparseness") }, digits: 4), .number(median { $0.number("psnr") }, digits: 2),
    ]
  }

  /// Marks of all rows together.
  private func marks(_ cells: [JSONValue], _ name: String) -> StatisticMarks {
    cells.map { chipMarks($0, name) }.reduce(.none, +)
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
          .quantity(point.state.number("energy"), unit: "J", marks: point.energyMarks),
          .number(point.state.number("psnr"), digits: 2),
        ]
      }
    }
    return StudyTable(
      name: "energy-front", title: "On chips, least energy for a PSNR: every point of the Pareto fronts",
      columns: ["chip", "photograph", "banks", "input", "bank", "step", "energy", "PSNR (dB)"], rows: rows,
      isInPage: false)
  }

  private var throughputFrontTable: StudyTable {
    let rows = throughputFronts.flatMap { front in
      front.points.map { point -> [Cell] in
        front.identity.map { .text($0) } + [
          .text(point.bank), .quantity(1 / point.state.number("time"), unit: "1/s", marks: point.timeMarks),
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
        guard let cell = self[.input(image: image, chip: chip)], let dense = cell["dense"] else { return [] }
        let rows = cell["rows"]?.asList ?? []
        return ["synops", "energy", "time"].map { name in
          let crossing = breakEven(rows, name, dense.number(name))
          return [
            .text(bankName(chip)), .text(bankName(image)), .text(name), .number(crossing.events, digits: 0),
            .number(crossing.sparseness, digits: 4), .number(cell.number("formula_events"), digits: 0),
            .number(cell.number("formula_sparseness"), digits: 4),
          ]
        }
      }
    }
    return StudyTable(
      name: "break-even",
      title: "From which sparseness on a sparse frame is cheaper to send than all 64 × 64 pixels (first three steps)",
      columns: [
        "chip", "photograph", "measured by", "events", "sparseness", "events by formula (synops)",
        "sparseness by formula (synops)",
      ], rows: rows)
  }

  /// Where a sparse input costs as much as a dense one, linear between what was measured; NaN if it nowhere does.
  private func breakEven(_ rows: [JSONValue], _ name: String, _ dense: Double) -> (events: Double, sparseness: Double) {
    for (a, b) in zip(rows, rows.dropFirst()) {
      let (low, high) = (a.number(name), b.number(name))
      guard low <= dense, dense <= high, high > low else { continue }
      let share = (dense - low) / (high - low)
      func between(_ key: String) -> Double { a.number(key) + share * (b.number(key) - a.number(key)) }
      return (between("events"), between("sparseness"))
    }
    return (.nan, .nan)
  }

  // MARK: Damage

  private var chipDamageTable: StudyTable {
    guard let chip = options.chips.first else {
      return StudyTable(name: "chip-damage", title: "", columns: [], rows: [])
    }
    let rows = damageRows(
      StudyChips.damages,
      encoding: {
        switch $0 {
        case "noise": "dense frame"
        case "jitter": StudyWorker.Encoding.latency.title
        default: StudyWorker.Encoding.graded.title
        }
      },
      curves: { bank, damage in
        chipImages.compactMap { self[.chipDamage(image: $0, bank: bank, chip: chip)]?.numbers(damage) }
      },
      cell: { .number($0.value, digits: 2) })
    return StudyTable(
      name: "chip-damage",
      title:
        "Damage on \(bankName(chip)): PSNR after 150 steps, λ = 0.2, loss against the undamaged run of the same input",
      columns: ["damage", "level", "input", "bank", "PSNR (dB)", "loss (dB)"], rows: rows)
  }
}
