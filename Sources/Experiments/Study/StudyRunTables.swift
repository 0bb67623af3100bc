import Foundation
import Reports

/// The tables of chip runs: what they cost, and how good their codes were.
extension StudyResults {
  private typealias Cell = StudyTable.Cell

  var chipTable: StudyTable {
    let rows = options.chips.flatMap { chip in
      options.banks.flatMap { bank in
        [false, true].flatMap { chipRows(chip, bank, chipRows(chip, bank, isSparse: $0)) }
      }
    }
    let gap = StudyProtocol.chipRun.gap
    return StudyTable(
      name: "chips",
      title: "On chips, at each bank's own gap of \(100 * gap) %, and, in rows of their own, at the last step of the "
        + "photographs that do not reach it. \(Self.mediansNote)",
      columns: ["chip", "bank", "input", "at", "photographs"] + Self.costColumns + ["gap"] + Self.qualityColumns,
      rows: rows)
  }

  /// Runs that reached their own gap, those that did not, and those that the chip refused: no median is over two kinds.
  private func chipRows(_ chip: String, _ bank: StudyBank, _ runs: [JSONValue]) -> [[Cell]] {
    let kinds = Dictionary(grouping: runs) { run in
      if run["refused"] != nil { return "refused" }
      return run["quality.reached_step"]?.asNumber == nil ? "last step" : "own gap"
    }
    return ["own gap", "last step", "refused"].compactMap { kind in
      kinds[kind].map { chipRow(chip, bank, at: kind == "refused" ? "" : kind, $0) }
    }
  }

  /// Runs at the step that their statistics cover.
  private func chipRow(_ chip: String, _ bank: StudyBank, at step: String, _ all: [JSONValue]) -> [Cell] {
    let runs = all.filter { $0["refused"] == nil }
    let states = runs.map { run in
      StudyState(
        inputEvents: run.number("input.events"), spikes: run.number("spikes"), synops: run.number("synops"),
        energy_J: run.number("energy.total"), time_s: run.number("time.latency"),
        sparseness: run.number("quality.sparseness"), psnr_dB: run.number("quality.psnr"), run: run)
    }
    var row = identity(chip, bank, all)
    row += [.text(step), .number(Double(all.count), digits: 0)]
    row += costs(states)
    row += [median(runs.map { $0.number("quality.gap") }, digits: 4)]
    return row + quality(states, all)
  }

  var targetsTable: StudyTable {
    let rows = options.chips.flatMap { chip in
      StudyTarget.allCases.flatMap { target in
        options.banks.flatMap { bank in
          [false, true].compactMap { targetRow(chip, target, bank, isSparse: $0) }
        }
      }
    }
    return StudyTable(
      name: "targets",
      title: "On chips, at equal quality: the first step from which on it is held for "
        + "\(StudyProtocol.chipRun.heldSteps) more, of \(options.stepLimit) steps that every run has, on the "
        + "photographs that reach it; a PSNR that a code of zeros has already counts as not reached. "
        + "\(Self.mediansNote)",
      columns: ["chip", "bank", "input", "target", "photographs", "reached", "step"] + Self.costColumns
        + Self.qualityColumns, rows: rows)
  }

  /// Medians over the photographs on which a bank reaches a target.
  private func targetRow(_ chip: String, _ target: StudyTarget, _ bank: StudyBank, isSparse: Bool) -> [Cell]? {
    let all = chipRows(chip, bank, isSparse: isSparse)
    guard all.contains(where: { $0["refused"] == nil }) else { return nil }
    let reached = all.compactMap { run -> (step: Double, state: StudyState)? in
      guard let state = run["targets"]?[target.rawValue], state != .null else { return nil }
      return (state.number("step"), StudyState(state, of: run))
    }
    let states = reached.map(\.state)
    var row = identity(chip, bank, all)
    row += [.text(target.title), .number(Double(all.count), digits: 0), .number(Double(reached.count), digits: 0)]
    let step = SampleStatistics.median(reached.map(\.step))
    // The median of an even number of steps can lie between two of them.
    row += [.number(step, digits: step == step.rounded() ? 0 : 1)]
    row += costs(states)
    return row + quality(states, all)
  }

  private func identity(_ chip: String, _ bank: StudyBank, _ runs: [JSONValue]) -> [Cell] {
    [.text(bankName(chip)), .text(bank.name), .text(runs.first?["input"]?.asText ?? "")]
  }

  // MARK: What a run cost

  private static let costColumns = [
    "input events", "spikes", "synops", "energy (J)", "encoding energy (J)", "energy with encoding (J)", "latency (s)",
    "encoding time (s)", "latency with encoding (s)", "images/s", "images/s with encoding",
  ]

  private static let mediansNote =
    "Medians over the photographs of a row, each column's by itself; images/s is 1 / latency"

  private func costs(_ states: [StudyState]) -> [Cell] {
    func marks(_ figure: StudyFigure) -> StatisticMarks {
      states.map { chipMarks($0.run, figure) }.reduce(.none, +)
    }
    func median(_ unit: String, _ figure: StudyFigure?, _ value: (StudyState) -> Double) -> Double {
      let values = states.map { state in
        // An energy of missing costs alone is no number.
        figure.map { chipMarks(state.run, $0).known(value(state), unit: unit) } ?? value(state)
      }
      return SampleStatistics.median(values.filter(\.isFinite))
    }
    func cell(_ unit: String, _ figure: StudyFigure?, _ value: (StudyState) -> Double) -> Cell {
      .quantity(median(unit, figure, value), unit: unit, marks: figure.map(marks) ?? .none)
    }
    func rate(_ figure: StudyFigure, _ time: (StudyState) -> Double) -> Cell {
      .quantity(1 / median("s", figure, time), unit: "1/s", marks: marks(figure))
    }
    return [
      cell("1", nil, \.inputEvents), cell("1", nil, \.spikes), cell("1", nil, \.synops),
      cell("J", .energy, \.energy_J), cell("J", .encodingEnergy, \.encodingEnergy_J),
      cell("J", .energyWithEncoding) { $0.energy_J + $0.encodingEnergy_J },
      cell("s", .time, \.time_s), cell("s", nil, \.encodingTime_s),
      cell("s", .timeWithEncoding) { $0.time_s + $0.encodingTime_s },
      rate(.time, \.time_s), rate(.timeWithEncoding) { $0.time_s + $0.encodingTime_s },
    ]
  }

  // MARK: How good its code was

  private static let qualityColumns = [
    "gap of the input's code", "gap of its drive", "sparseness", "sparseness of the optimum", "PSNR (dB)", "drifts",
    "refused",
  ]

  private func quality(_ states: [StudyState], _ all: [JSONValue]) -> [Cell] {
    let runs = states.map(\.run)
    return [
      median(runs.map { $0.number("code.gap") }, digits: 4), median(runs.map { $0.number("drive.gap") }, digits: 4),
      median(states.map(\.sparseness), digits: 4), median(runs.map { $0.number("optimum.sparseness") }, digits: 4),
      median(states.map(\.psnr_dB), digits: 2), drifts(all), refusals(all),
    ]
  }

  private func median(_ values: [Double], digits: Int) -> Cell {
    .number(SampleStatistics.median(values.filter(\.isFinite)), digits: digits)
  }

  /// Whether the networks of these runs drift, each answer once.
  private func drifts(_ runs: [JSONValue]) -> Cell {
    let answers = runs.filter { $0["refused"] == nil }.map { run in
      switch run["gram.drifts"] {
      case .flag(let drifts)?: drifts ? "yes" : "no"
      default: "unknown"
      }
    }
    return .text(Set(answers).sorted().joined(separator: ", "))
  }

  /// Why the chip refused, each reason once.
  func refusals(_ cells: [JSONValue]) -> StudyTable.Cell {
    .text(Set(cells.compactMap { $0["refused"]?.asText }).sorted().joined(separator: "; "))
  }
}

/// What a chip run had done and cost by some step, and the run.
private struct StudyState {
  let inputEvents, spikes, synops, energy_J, time_s, sparseness, psnr_dB: Double
  /// The row of a cell.
  let run: JSONValue

  /// What the input's code cost to make; 0 for a dense input.
  var encodingEnergy_J: Double { run.number(StatisticName.encodeEnergy.rawValue) }
  /// What the input's code took to make; 0 for a dense input.
  var encodingTime_s: Double { run.number(StatisticName.encodeTime.rawValue) }
}

extension StudyState {
  /// As `ChipRun.state(at:)` says it.
  init(_ state: JSONValue, of run: JSONValue) {
    self.init(
      inputEvents: state.number("input_events"), spikes: state.number("spikes"), synops: state.number("synops"),
      energy_J: state.number("energy"), time_s: state.number("time"), sparseness: state.number("sparseness"),
      psnr_dB: state.number("psnr"), run: run)
  }
}
