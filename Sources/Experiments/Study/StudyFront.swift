import DataFiles
import KernelBanks
import Reports

/// A Pareto front of runs on one chip: of one photograph, one kind of input, and some of the banks.
struct StudyFront {
  /// A run at one of its steps.
  struct Point {
    let bank: String
    /// What `ChipRun.state(at:)` said.
    let state: JSONValue
    /// With the host's where that counts.
    let energy_J, time_s: Double
    let energyMarks, timeMarks: StatisticMarks
  }

  /// What is sent to the chip, and whether the host's work for it counts.
  enum Input: String, CaseIterable {
    case dense, sparse
    case sparseWithEncoding = "sparse, with encoding"

    var isSparse: Bool { self != .dense }
  }

  let chip, image: String
  /// Whether learnt and control banks compete, or only those of the dial.
  let isOfAllBanks: Bool
  let input: Input
  /// By rising energy, or falling throughput.
  let points: [Point]

  /// How a table and a chart tell it from others.
  var identity: [String] { [chip, image, isOfAllBanks ? "all" : "dial", input.rawValue] }

  /// Names of the banks on it, in the order in which they appear.
  var banks: [String] { points.map(\.bank).uniqued() }
}

extension StudyResults {
  /// Least energy for a PSNR, over all steps of all runs whose code is better than one of zeros.
  var energyFronts: [StudyFront] {
    fronts(
      { row in (row["curve"]?.asList ?? []).filter { $0.number("psnr") > row.number("empty_psnr") } },
      costs: { [$0.energy_J, -$0.state.number("psnr")] })
  }

  /// Highest throughput for a sparseness, of the runs that reach the common objective.
  var throughputFronts: [StudyFront] {
    fronts(
      { row in [row["targets"]?[StudyTarget.common.rawValue]].compactMap { $0 }.filter { $0 != .null } },
      costs: { [$0.time_s, -$0.state.number("sparseness")] })
  }

  /// Points of a chip's runs that a front is sought among, whatever the bank; empty fronts are left out.
  private func fronts(
    _ states: (_ row: JSONValue) -> [JSONValue], costs: (StudyFront.Point) -> [Double]
  ) -> [StudyFront] {
    options.chips.flatMap { chip in
      chipImages.flatMap { image in
        [false, true].flatMap { isOfAllBanks in
          StudyFront.Input.allCases.compactMap { input -> StudyFront? in
            let points = competitors(chip, image, isOfAllBanks, input).flatMap { row in
              states(row).map { point(row, $0, input) }
            }
            let costs = points.map(costs)
            let front = ParetoFront.indices(ofCosts: costs).sorted { costs[$0][0] < costs[$1][0] }
            guard !front.isEmpty else { return nil }
            return StudyFront(
              chip: bankName(chip), image: bankName(image), isOfAllBanks: isOfAllBanks, input: input,
              points: front.map { points[$0] })
          }
        }
      }
    }
  }

  /// The runs that compete for a front.
  private func competitors(
    _ chip: String, _ image: String, _ areAllBanks: Bool, _ input: StudyFront.Input
  ) -> [JSONValue] {
    let dial = Set(options.dialBanks.map(\.name))
    return (self[.chip(image: image, chip: chip)]?["rows"]?.asList ?? []).filter { row in
      row["input"]?.asText?.hasPrefix("sparse") == input.isSparse
        && (areAllBanks || dial.contains(row["bank"]?.asText ?? ""))
    }
  }

  private func point(_ row: JSONValue, _ state: JSONValue, _ input: StudyFront.Input) -> StudyFront.Point {
    let counts = input == .sparseWithEncoding
    func host(_ name: StatisticName) -> Double { counts ? row.number(name.rawValue) : 0 }
    let energyMarks = chipMarks(row, counts ? .energyWithEncoding : .energy)
    return StudyFront.Point(
      bank: row["bank"]?.asText ?? "", state: state,
      energy_J: energyMarks.known(state.number("energy") + host(.encodeEnergy), unit: "J"),
      time_s: state.number("time") + host(.encodeTime), energyMarks: energyMarks,
      timeMarks: chipMarks(row, counts ? .timeWithEncoding : .time))
  }

  /// What the figures of a row of a chip are worth.
  func chipMarks(_ row: JSONValue, _ figure: StudyFigure) -> StatisticMarks {
    row[figure.marksName].map(StatisticMarks.init(of:)) ?? .none
  }
}
