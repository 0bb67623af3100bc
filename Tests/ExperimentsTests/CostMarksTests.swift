import Experiments
import Foundation
import Neuromorphic
import Testing

@Suite struct CostMarksTests {
  private static let chips = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("hwmodels/chips")

  /// The costs of `loihi2`, by operation: each a line of the file.
  private func publishedChip(replacing operation: ChipOperation? = nil, by cost: String = "") throws -> ChipDescription
  {
    let text = try String(contentsOf: Self.chips.appendingPathComponent("loihi2.yaml"), encoding: .utf8)
    let lines = text.components(separatedBy: "\n").map { line -> String in
      let key = line.split(separator: ":").first.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
      if let named = ChipOperation(rawValue: key) {
        return "  \(key): " + (named == operation ? cost : "{energy_pJ: 1, time_ns: 1, source: published}")
      }
      return line.replacingOccurrences(of: "estimate: \"", with: "source: \"")
    }
    return try ChipDescription(yaml: lines.joined(separator: "\n"), file: "published.yaml")
  }

  private func marks(_ m: CostMarks) -> [Marks] {
    [m.synapse, m.soma, m.axon, m.network, m.host, m.dynamic, m.time, m.barrier, m.fixed, m.total]
  }

  @Test func aChipWhoseCostsAreAllPublishedHasNoMarks() throws {
    let chip = try publishedChip()
    for isMultichip in [false, true] {
      for mark in marks(CostMarks(chip, isMultichip: isMultichip)) {
        #expect(mark == Marks(isEstimate: false, missing: []))
      }
    }
  }

  @Test(arguments: ChipOperation.allCases)
  func aMissingCostIsNamedInItsUnitAndInEverySumAboveIt(_ operation: ChipOperation) throws {
    let marks = CostMarks(try publishedChip(replacing: operation, by: "null"), isMultichip: true)
    let energy = "\(operation.rawValue).energy_pJ", time = "\(operation.rawValue).time_ns"
    let units = [marks.synapse, marks.soma, marks.axon, marks.network, marks.host]
    #expect(units.filter { $0.missing == [energy] }.count == 1)
    #expect(units.filter(\.missing.isEmpty).count == 4)
    #expect(marks.dynamic.missing == [energy])
    #expect(marks.time.missing == [time])
    #expect(marks.fixed.missing == [time])
    #expect(marks.total.missing == [energy, time])
    #expect(self.marks(marks).allSatisfy { !$0.isEstimate })
  }

  @Test(arguments: ChipOperation.allCases)
  func anEstimateMarksItsUnitAndEverySumAboveIt(_ operation: ChipOperation) throws {
    let cost = "{energy_pJ: 1, time_ns: 1, estimate: guessed}"
    let marks = CostMarks(try publishedChip(replacing: operation, by: cost), isMultichip: true)
    #expect([marks.synapse, marks.soma, marks.axon, marks.network, marks.host].filter(\.isEstimate).count == 1)
    #expect(marks.dynamic.isEstimate && marks.time.isEstimate && marks.fixed.isEstimate && marks.total.isEstimate)
    #expect(!marks.barrier.isEstimate)
  }

  @Test func linksBetweenChipsCountOnlyWhereThereAreSeveral() throws {
    let chip = try publishedChip(replacing: .hopBetweenChips, by: "null")
    #expect(CostMarks(chip, isMultichip: false).total.missing.isEmpty)
    #expect(CostMarks(chip, isMultichip: true).total.missing.count == 2)
  }
}
