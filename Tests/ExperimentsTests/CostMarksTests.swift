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
        // A barrier has only an energy here; the list of its times has no value on its line.
        guard !line.hasSuffix("barrier:") else { return line }
        let text = named == operation ? cost : "{energy_pJ: 1, time_ns: 1, source: published}"
        return "  \(key): "
          + (named == .barrier ? text.replacingOccurrences(of: "time_ns: 1", with: "time_ns: null") : text)
      }
      return line.replacingOccurrences(of: "estimate: \"", with: "source: \"")
    }
    var chip = try ChipDescription(yaml: lines.joined(separator: "\n"), file: "published.yaml")
    chip.network.chipLinkOccupancy_ns = Sourced(0.291, .source("published"))
    return chip
  }

  private func marks(_ m: CostMarks) -> [Marks] {
    [m.synapse, m.soma, m.axon, m.network, m.host, m.dynamic, m.time, m.barrier, m.fixed, m.total]
  }

  @Test func aChipWhoseCostsAreAllPublishedHasNoMarks() throws {
    let chip = try publishedChip()
    for mark in marks(CostMarks(chip, isMultichip: false)) {
      #expect(mark == Marks(isEstimate: false, missing: []))
    }
    // Over several chips the barrier's time is taken from one.
    let several = CostMarks(chip, isMultichip: true)
    #expect(several.barrier.isEstimate && several.time.isEstimate && several.total.missing.isEmpty)
    #expect(!several.dynamic.isEstimate)
  }

  @Test func theNetworkOnChipMarksTimeAndOnlyWhereItIsUsed() throws {
    func isEstimate(_ change: (inout ChipDescription.NetworkOnChip) -> Void) throws -> [Bool] {
      var chip = try publishedChip()
      change(&chip.network)
      return [
        CostMarks(chip, isMultichip: false).time, CostMarks(chip, isMultichip: false, timing: .detailed).time,
        CostMarks(chip, isMultichip: false).dynamic,
      ].map(\.isEstimate)
    }
    let guess = Provenance.estimate("guessed")
    #expect(try isEstimate { $0.packetFlits = Sourced(1, guess) } == [true, true, false])
    #expect(try isEstimate { $0.linkOccupancy_ns = Sourced(1, guess) } == [true, true, false])
    #expect(try isEstimate { $0.bufferFlits = Sourced(9, guess) } == [false, true, false])
    #expect(try isEstimate { $0.hasMulticast = Sourced(false, guess) } == [true, true, true])
    var chip = try publishedChip()
    chip.network.chipLinkOccupancy_ns = nil
    #expect(CostMarks(chip, isMultichip: false).time.missing.isEmpty)
    #expect(CostMarks(chip, isMultichip: true).time.missing == ["chip_link_occupancy_ns"])
    #expect(CostMarks(chip, isMultichip: true).dynamic.missing.isEmpty)
  }

  @Test func aCounterOfLatencyCodesIsNamedAsUnpublished() throws {
    let marks = CostMarks(try publishedChip(), isMultichip: false, countsDown: true)
    #expect(marks.host.missing == ["input_countdown.energy_pJ"] && marks.dynamic.missing == marks.host.missing)
    #expect(marks.time.missing == ["input_countdown.time_ns"])
  }

  @Test func estimatesOfTheLayoutMarkTrafficAndTime() throws {
    var chip = try publishedChip()
    chip.hostTile = Sourced(chip.hostTile.value, .estimate("guessed"))
    let marks = CostMarks(chip, isMultichip: false)
    #expect(marks.network.isEstimate && marks.axon.isEstimate && marks.time.isEstimate && marks.total.isEstimate)
    #expect(!marks.synapse.isEstimate && !marks.soma.isEstimate)
  }

  @Test func aBarrierWithoutPointsIsNamedAsUnpublished() throws {
    var chip = try publishedChip()
    chip.barrier = []
    #expect(CostMarks(chip, isMultichip: false).total.missing == ["barrier.time_ns"])
  }

  @Test(arguments: ChipOperation.allCases)
  func aMissingCostIsNamedInItsUnitAndInEverySumAboveIt(_ operation: ChipOperation) throws {
    let marks = CostMarks(
      try publishedChip(replacing: operation, by: "null"), isMultichip: operation == .hopBetweenChips)
    let energy = "\(operation.rawValue).energy_pJ"
    let time = operation == .barrier ? [] : ["\(operation.rawValue).time_ns"]
    let units = [marks.synapse, marks.soma, marks.axon, marks.network, marks.host]
    #expect(units.filter { $0.missing == [energy] }.count == 1)
    #expect(units.filter(\.missing.isEmpty).count == 4)
    #expect(marks.dynamic.missing == [energy])
    #expect(marks.time.missing == time)
    #expect(marks.fixed.missing == time)
    #expect(marks.total.missing == [energy] + time)
  }

  @Test(arguments: ChipOperation.allCases)
  func anEstimateMarksItsUnitAndEverySumAboveIt(_ operation: ChipOperation) throws {
    let cost = "{energy_pJ: 1, time_ns: 1, estimate: guessed}"
    let marks = CostMarks(
      try publishedChip(replacing: operation, by: cost), isMultichip: operation == .hopBetweenChips)
    #expect([marks.synapse, marks.soma, marks.axon, marks.network, marks.host].filter(\.isEstimate).count == 1)
    #expect(marks.dynamic.isEstimate && marks.total.isEstimate)
    #expect(operation == .barrier || (marks.time.isEstimate && marks.fixed.isEstimate))
  }

  @Test func aMissingCostOfOneFormatIsNamedWithIt() throws {
    var chip = try publishedChip()
    let published = chip[.synapticOperation]
    chip.synapticCosts = PerFormat(dense: published, sparse: .unpublished, convolution: published)
    chip.costs[.synapticOperation] = nil
    let marks = CostMarks(chip, isMultichip: false)
    #expect(marks.synapse == Marks(isEstimate: false, missing: ["synaptic_operation.sparse.energy_pJ"]))
    #expect(marks.time.missing == ["synaptic_operation.sparse.time_ns"])
    let guessed = Cost(energy_pJ: 1, time_ns: 1, provenance: .estimate("guessed"))
    chip.synapticCosts = PerFormat(dense: guessed, sparse: published, convolution: published)
    let estimated = CostMarks(chip, isMultichip: false)
    #expect(estimated.synapse.isEstimate && estimated.time.isEstimate && estimated.total.missing.isEmpty)
  }

  @Test func linksBetweenChipsCountOnlyWhereThereAreSeveral() throws {
    let chip = try publishedChip(replacing: .hopBetweenChips, by: "null")
    #expect(CostMarks(chip, isMultichip: false).total.missing.isEmpty)
    #expect(CostMarks(chip, isMultichip: true).total.missing.count == 2)
  }
}
