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
    #expect(try ParetoFront.fronts(in: table, [objective]).map(\.points) == [[0]])
    #expect(try ParetoFront.fronts(in: table, [objective], includesMissed: true).map(\.points) == [[1]])
  }

  @Test func directionsCountAndPointsWithoutAValueAreLeftOut() throws {
    let values: [[Double?]] = [[1, 10], [2, 20], [3, 15], [0.5, nil], [nil, 99]]
    let table = SweepTable(
      axes: ["lambda"], statistics: ["energy.total", "quality.psnr"],
      points: values.indices.map { .init(id: "\($0)", axisValues: ["\($0)"], values: values[$0]) })
    func front(_ objectives: ParetoFront.Objective...) throws -> [Int] {
      let fronts = try ParetoFront.fronts(in: table, objectives)
      #expect(fronts.count == 1 && ParetoFront.legend(of: fronts).isEmpty)
      return fronts.flatMap(\.points)
    }
    #expect(try front(.init(.minimize, "energy.total"), .init(.maximize, "quality.psnr")) == [0, 1])
    #expect(try front(.init(.maximize, "energy.total"), .init(.maximize, "quality.psnr")) == [1, 2])
    #expect(try front(.init(.maximize, "lambda")) == [4])
    let error = #expect(throws: ReportError.self) { try front(.init(.minimize, "energy")) }
    #expect(error?.description.contains("unknown objective 'energy'; known: lambda, energy.total") == true)
    #expect(throws: ReportError.self) { try ParetoFront.fronts(in: table, []) }
  }

  /// Energies and PSNRs, of which each energy may have marks.
  private func table(_ points: [(energy: Double, psnr: Double, marks: StatisticMarks)]) -> SweepTable {
    SweepTable(
      axes: ["lambda"], statistics: ["energy.total", "quality.psnr"],
      points: points.enumerated().map { place, point in
        .init(
          id: "\(place)", axisValues: ["0.\(place)"], values: [point.energy, point.psnr],
          marks: point.marks.isEmpty ? [:] : [0: point.marks])
      })
  }

  private static let objectives = [
    ParetoFront.Objective(.minimize, "energy.total"), .init(.maximize, "quality.psnr"),
  ]

  private func without(_ costs: String..., isHypothetical: Bool = false) -> StatisticMarks {
    StatisticMarks(isEstimate: false, missing: costs, isHypothetical: isHypothetical)
  }

  /// Each of these but the last is better than all before it.
  @Test func aFigureThatLeavesOutACostOrIsHypotheticalPushesNoneOffTheFrontThatIsNot() throws {
    let estimate = StatisticMarks(isEstimate: true, missing: [], isHypothetical: false)
    let table = table([
      (5, 10, .none), (4, 20, without("hop", "leak")), (3, 30, without("leak")), (2, 40, without(isHypothetical: true)),
      (3.5, 25, without("leak")), (6, 5, estimate),
    ])
    let fronts = try ParetoFront.fronts(in: table, Self.objectives)
    #expect(fronts.map(\.points) == [[0], [2], [1], [3]])
    #expect(fronts.map(\.candidates.count) == [2, 2, 1, 1])
    #expect(fronts.map(\.marks.symbols) == ["", "†", "†", "‡"])
    let legend = ParetoFront.legend(of: fronts)
    #expect(
      legend.dropFirst() == [
        "Front 1: 1 of 2 points, all costs counted.", "Front 2: 1 of 2 points, without leak.",
        "Front 3: 1 of 1 point, without hop, leak.", "Front 4: 1 of 1 point, all costs counted, hypothetical.",
      ])
    #expect(
      ParetoFront.caption(of: fronts)
        == "Front 1: 1 of 2, all costs counted; 2: 1 of 2, without leak; 3: 1 of 1, without 2 costs; "
        + "4: 1 of 1, all costs counted, hypothetical.")
    #expect(ParetoFront.caption(of: [fronts[0]]) == nil)
    let shown = ParetoFront.table(of: fronts, in: table)
    #expect(shown.axes == ["front", "lambda"] && shown.points.map(\.id) == ["0", "2", "1", "3"])
    #expect(shown.points.map { $0.axisValues[0] } == ["1", "2", "3", "4"])
  }

  /// Points of axes, of which each energy lacks costs.
  private func fronts(_ axes: [String], _ points: [(values: [String], missing: [String])]) throws -> [ParetoFront.Front]
  {
    let table = SweepTable(
      axes: axes, statistics: ["energy.total"],
      points: points.enumerated().map { place, point in
        let marks = StatisticMarks(isEstimate: false, missing: point.missing, isHypothetical: false)
        return .init(id: "\(place)", axisValues: point.values, values: [1], marks: [0: marks])
      })
    return try ParetoFront.fronts(in: table, [.init(.minimize, "energy.total")])
  }

  @Test func frontsAreCalledByTheValuesThatTellTheirPointsApart() throws {
    let points =
      [
        (["0.1", "m", "a/x.yaml"], []), (["0.1", "n", "loihi2"], ["leak"]), (["0.2", "n", "loihi2"], ["leak"]),
        (["0.2", "m", "a/x.yaml"], []),
      ] as [([String], [String])]
    let both = try fronts(["lambda", "model", "chip"], points)
    #expect(both.map(\.name) == ["x.yaml", "loihi2"])
    #expect(
      ParetoFront.lines(of: both)
        == ["Front 1 (x.yaml): 2 of 2 points, all costs counted.", "Front 2 (loihi2): 2 of 2 points, without leak."])
    #expect(
      ParetoFront.caption(of: both)
        == "Front 1 (x.yaml): 2 of 2, all costs counted; 2 (loihi2): 2 of 2, without leak.")
    #expect(try fronts(["lambda", "model", "x"], points).map(\.name) == ["model = m", "model = n"])
    // A value of both tells nothing.
    #expect(try fronts(["lambda"], points.map { ([$0.0[0]], $0.1) }).map(\.name) == [nil, nil])
    #expect(try fronts(["chip"], [(["a"], []), (["b"], [])]).map(\.name) == [nil])
    // Of chance: no two points have one value.
    let drawn = (0..<4).map { (["0.\($0)"], $0 < 2 ? [] : ["leak"]) }
    #expect(try fronts(["lambda"], drawn).map(\.name) == [nil, nil])
  }

  @Test func aFrontIsCalledByThreeValuesAtMost() throws {
    let points = ["a", "b", "c", "d", "a"].map { ([$0], [String]()) } + [(["e"], ["leak"])]
    #expect(try fronts(["chip"], points).map(\.name) == ["a, b, c, …", "e"])
  }

  /// Costs of a figure that is no objective do not matter.
  @Test func pointsWhoseObjectivesLackTheSameCostsAreOnOneFront() throws {
    var table = table([(5, 10, without("leak")), (4, 20, without("leak")), (6, 30, without("leak"))])
    table.points[0].marks[1] = StatisticMarks.none
    let fronts = try ParetoFront.fronts(in: table, Self.objectives)
    #expect(fronts.map(\.points) == [[1, 2]] && ParetoFront.table(of: fronts, in: table).axes == ["lambda"])
    table.points[0].marks[0] = StatisticMarks.none
    #expect(try ParetoFront.fronts(in: table, [.init(.maximize, "quality.psnr")]).map(\.points) == [[2]])
  }

  @Test func onlyWhatHasNumbersIsProposedAsAnObjective() throws {
    let table = SweepTable(
      axes: ["chip", "crop"], statistics: ["time.encode", "energy.total"],
      points: [.init(id: "a", axisValues: ["loihi2", "24"], values: [nil, 1])])
    let error = #expect(throws: ReportError.self) { try ParetoFront.fronts(in: table, [.init(.minimize, "chop")]) }
    #expect(error?.description == "unknown objective 'chop'; known: crop, energy.total")
  }
}
