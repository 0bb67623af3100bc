import KernelBanks
import Reports

/// A Pareto front of runs on one chip: of one photograph, one kind of input, and some of the banks.
struct StudyFront {
  /// A run at one of its steps.
  struct Point {
    let bank: String
    /// What `ChipRun.state(at:)` said.
    let state: JSONValue
    let energyMarks, timeMarks: StatisticMarks
  }

  let chip, image: String
  /// Whether learnt and control banks compete, or only those of the dial.
  let isOfAllBanks: Bool
  let isSparse: Bool
  /// By rising energy, or falling throughput.
  let points: [Point]

  /// How a table and a chart tell it from others.
  var identity: [String] { [chip, image, isOfAllBanks ? "all" : "dial", isSparse ? "sparse" : "dense"] }

  /// Names of the banks on it, in the order in which they appear.
  var banks: [String] {
    points.reduce(into: []) { banks, point in if !banks.contains(point.bank) { banks.append(point.bank) } }
  }
}

extension StudyResults {
  /// Least energy for a PSNR, over all steps of all runs.
  var energyFronts: [StudyFront] {
    fronts({ row in row["curve"]?.asList ?? [] }, costs: { [$0.number("energy"), -$0.number("psnr")] })
  }

  /// Highest throughput for a sparseness, of the runs that reach the common objective.
  var throughputFronts: [StudyFront] {
    fronts(
      { row in [row["targets"]?[StudyTarget.common.rawValue]].compactMap { $0 }.filter { $0 != .null } },
      costs: { [$0.number("time"), -$0.number("sparseness")] })
  }

  /// Points of a chip's runs that a front is sought among, whatever the bank; empty fronts are left out.
  private func fronts(
    _ states: (_ row: JSONValue) -> [JSONValue], costs: (_ state: JSONValue) -> [Double]
  ) -> [StudyFront] {
    let dial = Set(options.dial.map { StudyBank(origin: .dial($0)).name })
    return options.chips.flatMap { chip in
      chipImages.flatMap { image in
        [false, true].flatMap { isOfAllBanks in
          [false, true].compactMap { isSparse -> StudyFront? in
            let rows = (self[.chip(image: image, chip: chip)]?["rows"]?.asList ?? []).filter { row in
              row["input"]?.asText?.hasPrefix("sparse") == isSparse
                && (isOfAllBanks || dial.contains(row["bank"]?.asText ?? ""))
            }
            let points = rows.flatMap { row in
              let (energyMarks, timeMarks) = (chipMarks(row, .energy), chipMarks(row, .time))
              return states(row).map {
                StudyFront.Point(
                  bank: row["bank"]?.asText ?? "", state: $0, energyMarks: energyMarks, timeMarks: timeMarks)
              }
            }
            let costs = points.map { costs($0.state) }
            let front = ParetoFront.indices(ofCosts: costs).sorted { costs[$0][0] < costs[$1][0] }
            guard !front.isEmpty else { return nil }
            return StudyFront(
              chip: bankName(chip), image: bankName(image), isOfAllBanks: isOfAllBanks, isSparse: isSparse,
              points: front.map { points[$0] })
          }
        }
      }
    }
  }

  /// What the figures of a row of a chip are worth.
  func chipMarks(_ row: JSONValue, _ figure: StudyFigure) -> StatisticMarks {
    row[figure.marksName].map(StatisticMarks.init(of:)) ?? .none
  }
}
