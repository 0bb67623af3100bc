import TestSupport
import Testing

import Reports

@Suite struct ParetoFrontTests {
  /// Every pair of points, as the definition has it.
  private func definition(_ costs: [[Double]]) -> [Int] {
    costs.indices.filter { i in
      !costs.contains { other in
        zip(other, costs[i]).allSatisfy { $0 <= $1 } && zip(other, costs[i]).contains { $0 < $1 }
      }
    }
  }

  @Test func theFrontIsWhatTheDefinitionSaysForRandomPointsWithTies() {
    var random = SplitMix64(seed: 5)
    for _ in 0..<300 {
      let objectives = Int.random(in: 1...4, using: &random)
      let costs = (0..<Int.random(in: 0...30, using: &random)).map { _ in
        (0..<objectives).map { _ in Double(Int.random(in: 0...6, using: &random)) }
      }
      #expect(ParetoFront.indices(ofCosts: costs) == definition(costs), "\(costs)")
    }
  }

  /// The cheapest ended before its target: it is no design that does the work.
  @Test func pointsThatMissedTheirTargetAreOnAFrontOnlyIfTheyAreWanted() throws {
    let values: [[Double?]] = [[1, 0], [0.5, 1], [2, 0]]
    let table = SweepTable(
      axes: [], statistics: ["energy.total", "quality.missed_target"],
      points: values.indices.map { .init(id: "\($0)", axisValues: [], values: values[$0]) })
    let objective = ParetoFront.Objective(.minimize, "energy.total")
    #expect(table.missed == [1])
    #expect(try ParetoFront.indices(in: table, [objective]) == [0])
    #expect(try ParetoFront.indices(in: table, [objective], includesMissed: true) == [1])
  }

  @Test func directionsCountAndPointsWithoutAValueAreLeftOut() throws {
    let values: [[Double?]] = [[1, 10], [2, 20], [3, 15], [0.5, nil], [nil, 99]]
    let table = SweepTable(
      axes: ["lambda"], statistics: ["energy.total", "quality.psnr"],
      points: values.indices.map { .init(id: "\($0)", axisValues: ["\($0)"], values: values[$0]) })
    #expect(
      try ParetoFront.indices(in: table, [.init(.minimize, "energy.total"), .init(.maximize, "quality.psnr")]) == [
        0, 1,
      ])
    #expect(
      try ParetoFront.indices(in: table, [.init(.maximize, "energy.total"), .init(.maximize, "quality.psnr")]) == [
        1, 2,
      ])
    #expect(try ParetoFront.indices(in: table, [.init(.maximize, "lambda")]) == [4])
    let error = #expect(throws: ReportError.self) { try ParetoFront.indices(in: table, [.init(.minimize, "energy")]) }
    #expect(error?.description.contains("unknown objective 'energy'; known: lambda, energy.total") == true)
    #expect(throws: ReportError.self) { try ParetoFront.indices(in: table, []) }
  }

  @Test func onlyWhatHasNumbersIsProposedAsAnObjective() throws {
    let table = SweepTable(
      axes: ["chip", "crop"], statistics: ["time.encode", "energy.total"],
      points: [.init(id: "a", axisValues: ["loihi2", "24"], values: [nil, 1])])
    let error = #expect(throws: ReportError.self) { try ParetoFront.indices(in: table, [.init(.minimize, "chop")]) }
    #expect(error?.description == "unknown objective 'chop'; known: crop, energy.total")
  }
}
