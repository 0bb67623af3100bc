import Foundation
import Reports

/// A bank beside another on a chip: both take the same photograph to the same objective.
private struct StudyChipDifference {
  let chip: String
  let input: StudyFront.Input
  let quantity: String
  let bank: String
  let reference: String
  /// One a photograph.
  let values: [Double]
  /// Below it, the first is less.
  let equal: Double
  let marks: StatisticMarks
}

extension StudyResults {
  private typealias Cell = StudyTable.Cell

  /// Does a heterogeneous bank, or a sparser code, buy energy and throughput?
  var chipDifferencesTable: StudyTable {
    let differences = options.chips.flatMap { chip in
      [StudyFront.Input.dense, .sparse].flatMap { input in
        chipPairs(chip, input)
          + [("the dial", options.dialBanks), ("all banks", options.banks)].map { name, banks in
            correlation(chip, input, name, banks)
          }
      }
    }
    return StudyTable(
      name: "chip-differences",
      title:
        "On chips, a bank beside another at the common objective of the same photograph: ratios and differences, and "
        + "whether the sparser of the banks' codes is the faster; p: two-sided signed-rank test of the difference, or "
        + "of the ratio's logarithm",
      columns: [
        "chip", "input", "quantity", "bank", "beside", "number", "median", "photographs above", "above", "p", "marks",
      ], rows: differences.filter { !$0.values.isEmpty }.map(cells))
  }

  private func cells(_ difference: StudyChipDifference) -> [Cell] {
    let isRatio = difference.equal == 1
    let tested = difference.values.map { isRatio ? log($0) : $0 }
    return [
      .text(bankName(difference.chip)), .text(difference.input.rawValue), .text(difference.quantity),
      .text(difference.bank), .text(difference.reference), .number(Double(difference.values.count), digits: 0),
      .estimate(median(difference.values), digits: 3),
      .number(Double(difference.values.filter { $0 > difference.equal }.count), digits: 0),
      .number(difference.equal, digits: 0), .signedRank(of: tested), .text(difference.marks.symbols),
    ]
  }

  private func chipPairs(_ chip: String, _ input: StudyFront.Input) -> [StudyChipDifference] {
    pairs.flatMap { bank, reference -> [StudyChipDifference] in
      let both = chipImages.compactMap { image -> (JSONValue, JSONValue)? in
        guard let ours = commonState(chip, image, bank, input), let theirs = commonState(chip, image, reference, input)
        else { return nil }
        return (ours, theirs)
      }
      func difference(
        _ quantity: String, _ figure: StudyFigure?, equal: Double, _ value: (JSONValue, JSONValue) -> Double
      ) -> StudyChipDifference {
        StudyChipDifference(
          chip: chip, input: input, quantity: quantity, bank: bank.name, reference: reference.name,
          values: both.map(value), equal: equal, marks: figure.map { marks(chip, $0) } ?? .none)
      }
      return [
        difference("energy, ratio", .energy, equal: 1) { $0.number("energy") / $1.number("energy") },
        difference("images/s, ratio", .time, equal: 1) { $1.number("time") / $0.number("time") },
        difference("sparseness, difference", nil, equal: 0) { $0.number("sparseness") - $1.number("sparseness") },
      ]
    }
  }

  /// Over banks, photograph by photograph.
  private func correlation(
    _ chip: String, _ input: StudyFront.Input, _ name: String, _ banks: [StudyBank]
  ) -> StudyChipDifference {
    let values = chipImages.compactMap { image -> Double? in
      let states = banks.compactMap { commonState(chip, image, $0, input) }
      guard states.count > 2 else { return nil }
      let value = SampleStatistics.rankCorrelation(
        states.map { $0.number("sparseness") }, states.map { 1 / $0.number("time") })
      return value.isFinite ? value : nil
    }
    return StudyChipDifference(
      chip: chip, input: input, quantity: "rank correlation of images/s with sparseness", bank: name, reference: "–",
      values: values, equal: 0, marks: marks(chip, .time))
  }

  /// A run at the common objective; nil if it is not reached.
  private func commonState(
    _ chip: String, _ image: String, _ bank: StudyBank, _ input: StudyFront.Input
  ) -> JSONValue? {
    let row = chipRows(chip, of: image).first { $0.isRow(of: bank, isSparse: input.isSparse) }
    return row?["targets"]?[StudyTarget.common.rawValue].flatMap { $0 == .null ? nil : $0 }
  }

  private func marks(_ chip: String, _ figure: StudyFigure) -> StatisticMarks {
    chipRows(chip).filter { $0["refused"] == nil }.map { chipMarks($0, figure) }.reduce(.none, +)
  }
}
