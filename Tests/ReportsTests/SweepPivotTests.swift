import Reports
import Testing

@Suite struct SweepPivotTests {
  /// Two banks × two λ × two images, of which one point is not there.
  private static let table: SweepTable = {
    let estimate = StatisticMarks(isEstimate: true, missing: [], isHypothetical: false)
    let missing = StatisticMarks(isEstimate: false, missing: ["barrier.energy_pJ"], isHypothetical: false)
    var points: [SweepTable.Point] = []
    for (bank, name) in ["homogeneous", "heterogeneous"].enumerated() {
      for (place, lambda) in ["0.1", "0.2"].enumerated() {
        for image in 0..<2 where !(bank == 1 && place == 1) {
          let energy = Double(1 + 4 * bank + 2 * place + image)
          points.append(
            .init(
              id: "\(points.count)", axisValues: [name, lambda, "image\(image)"],
              values: [energy, Double(image), place == 0 ? 20 : nil],
              marks: image == 0 ? [0: estimate] : bank == 0 ? [0: missing] : [:]))
        }
      }
    }
    return SweepTable(
      axes: ["bank", "lambda", "image"], statistics: ["energy.total", "gram.drifts", "quality.psnr"], points: points)
  }()

  @Test func cellsHoldTheMeanOfTheirPointsWithTheMarksOfAll() throws {
    let pivot = try SweepPivot(Self.table, rows: ["bank"], columns: ["lambda"], values: ["energy.total"])
    #expect(
      pivot.text.text == """
        bank             lambda=0.1      lambda=0.2
                       total energy    total energy
        ─────────────────────────────────────────────
        homogeneous          1.50 J*†        3.50 J*†
        heterogeneous        5.50 J*              –

        * contains an estimate: of a cost, or of what decides where neurons lie
        † without costs that are not published: barrier.energy_pJ
        each figure is the mean of 2 points

        """)
    #expect(
      pivot.csv == """
        bank,lambda=0.1 energy.total,lambda=0.1 energy.total points,lambda=0.1 points,\
        lambda=0.2 energy.total,lambda=0.2 energy.total points,lambda=0.2 points
        homogeneous,1.5,2,2,3.5,2,2
        heterogeneous,5.5,2,2,,0,0

        """)
  }

  /// One bank lacks the points of a λ, so that the other's mean is of another λ, too.
  @Test func meansOfUnequallyManyPointsAreToldToBeOfOtherValues() throws {
    let text = try SweepPivot(Self.table, rows: ["bank"], values: ["energy.total"]).text
    #expect(
      text.legend.last
        == "each figure is the mean of 2 to 4 points, of other axes' values that differ from cell to cell")
  }

  /// Of one bank a repeat is missing; then each bank has another λ.
  @Test func meansAreToldToBeOfOtherValuesOnlyWhereTheyAre() throws {
    func note(_ second: String, _ points: [[String]]) throws -> String? {
      let table = SweepTable(
        axes: ["bank", second], statistics: ["energy.total"],
        points: points.enumerated().map { .init(id: "\($0)", axisValues: $1, values: [1]) })
      return try SweepPivot(table, rows: ["bank"], values: ["energy.total"]).text.legend.last
    }
    let mean = "each figure is the mean of"
    #expect(try note("repeat", [["a", "1"], ["a", "2"], ["b", "1"]]) == "\(mean) 1 to 2 points")
    #expect(try note("lambda", [["a", "1"], ["a", "2"], ["b", "1"], ["b", "2"]]) == "\(mean) 2 points")
    #expect(
      try note("lambda", [["a", "1"], ["a", "2"], ["b", "1"], ["b", "3"]])
        == "\(mean) 2 points, of other axes' values that differ from cell to cell")
  }

  /// As those of a hypercube, whose samples come in no order.
  @Test func rowsAndColumnsGoAlongTheirAxesNumbersBySizeAndNamesAsTheyCome() throws {
    let samples = [["z", "10"], ["a", "9.5"], ["z", "null"], ["z", "1e-3"], ["a", "10"], ["z", "-2"]]
    let table = SweepTable(
      axes: ["bank", "lambda"], statistics: ["timesteps"],
      points: samples.enumerated().map { .init(id: "\($0)", axisValues: $1, values: [Double($0)]) })
    let lines = try SweepPivot(table, values: ["timesteps"]).csv.split(separator: "\n").dropFirst()
    #expect(lines == ["z,-2,5.0", "z,1e-3,3.0", "z,10,0.0", "z,null,2.0", "a,9.5,1.0", "a,10,4.0"])
    let heads = try SweepPivot(table, columns: ["lambda"], values: ["timesteps"]).csv.prefix { $0 != "\n" }
    #expect(heads.matches(of: /lambda=([^ ]+)/).map(\.output.1) == ["-2", "1e-3", "9.5", "10", "null"])
  }

  /// As the table does with "K of N".
  @Test func commaSeparatedFiguresSayOfHowManyPointsTheyAre() throws {
    let pivot = try SweepPivot(Self.table, rows: ["bank"], values: ["quality.psnr", "energy.total"])
    #expect(
      pivot.csv == """
        bank,quality.psnr,quality.psnr points,energy.total,energy.total points,points
        homogeneous,20.0,2,2.5,4,4
        heterogeneous,20.0,2,5.5,2,2

        """)
  }

  @Test func onlyDecimalNumbersAreNumbersOfAnAxis() throws {
    let names = ["nan", "inf", "0x10", "1e999", "1e-3", "-2", "007"]
    let table = SweepTable(
      axes: ["bank"], statistics: ["energy.total"],
      points: names.map { .init(id: $0, axisValues: [$0], values: [1]) })
    #expect(table.numbers(of: "bank") == [nil, nil, nil, nil, 1e-3, -2, 7])
    #expect(try table.points(where: [("bank", "nan")]).points.map(\.id) == ["nan"])
  }

  @Test(arguments: [
    (SweepPivot.Reduction.mean, "2.5"), (.median, "2.5"), (.min, "1.0"), (.max, "4.0"),
  ])
  func reductionsAreWhatTheirNamesSay(_ reduction: SweepPivot.Reduction, _ expected: String) throws {
    let pivot = try SweepPivot(Self.table, rows: ["bank"], values: ["energy.total"], reduction: reduction)
    #expect(pivot.csv.contains("homogeneous,\(expected),4,4\n"), "\(pivot.csv)")
  }

  @Test func withoutRowsEachPointHasItsLineAndNothingIsReduced() throws {
    let pivot = try SweepPivot(Self.table, values: ["gram.drifts", "quality.psnr"])
    #expect(pivot.text.rows.count == 6 && pivot.text.legend.isEmpty)
    #expect(pivot.csv.hasPrefix("bank,lambda,image,gram.drifts,quality.psnr\nhomogeneous,0.1,image0,0.0,20.0\n"))
    #expect(pivot.text.text.contains("yes") && pivot.text.text.contains("20 dB"))
  }

  @Test func aFlagOfSeveralPointsIsTheShareThatHasIt() throws {
    let pivot = try SweepPivot(Self.table, rows: ["bank"], values: ["gram.drifts"])
    #expect(pivot.text.text.contains("50.00 %"))
  }

  @Test func aCellSaysOfHowManyOfItsPointsItsFigureIs() throws {
    let pivot = try SweepPivot(Self.table, rows: ["bank"], values: ["quality.psnr"])
    #expect(pivot.text.text.contains("2 of 4: 20 dB") && pivot.text.text.contains("\nK of N: the other points"))
    // All points of the other bank have one.
    #expect(pivot.text.text.contains("heterogeneous          20 dB\n"), "\(pivot.text.text)")
    let none = try SweepPivot(Self.table, rows: ["bank", "lambda"], values: ["quality.psnr"])
    #expect(none.text.text.contains("0 of 2: –"))
  }

  /// Of two points of each λ, one of the larger λ ended before its target.
  private static let withMissed = SweepTable(
    axes: ["lambda"], statistics: ["quality.missed_target", "energy.total", "mapping.cores"],
    points: [("0.1", 0.0, 1.0), ("0.1", 0, 2), ("0.2", 0, 3), ("0.2", 1, 0.5)].enumerated().map { place, point in
      .init(id: "\(place)", axisValues: [point.0], values: [point.1, point.2, 7])
    })

  @Test func aFigureOfAPointThatMissedItsTargetIsMarked() throws {
    let text = try SweepPivot(Self.withMissed, rows: ["lambda"], values: ["energy.total", "mapping.cores"]).text.text
    #expect(text.contains("1.50 J ") && text.contains("1.75 J§"), "\(text)")
    // How many cores there are does not depend on the step.
    #expect(!text.contains("7§"))
    #expect(text.contains("§ 1 of 4 points did not reach their target: their figures are those after their last step"))
    #expect(try !SweepPivot(Self.table, values: ["energy.total"]).text.text.contains("§"))
  }

  /// Of two points of the larger λ, one has no energy, as it lacks all costs.
  @Test func aPointThatIsNotInAMeanDoesNotMarkIt() throws {
    let leak = StatisticMarks(isEstimate: false, missing: ["leak"], isHypothetical: false)
    let points = [("0.1", 1.0), ("0.2", nil), ("0.2", 3)].enumerated().map { place, point in
      SweepTable.Point(
        id: "\(place)", axisValues: [point.0], values: [point.1, point.1 == nil ? 1 : 0],
        marks: point.1 == nil ? [0: leak] : [:])
    }
    let all = SweepTable(axes: ["lambda"], statistics: ["energy.total", "quality.missed_target"], points: points)
    let text = try SweepPivot(all, rows: ["lambda"], values: ["energy.total"]).text.text
    #expect(text.contains("1 of 2: 3.00 J\n"), "\(text)")
    #expect(!text.contains("†") && !text.contains("§"))
    // By itself it has nothing but its mark.
    let alone = try SweepPivot(all.points(at: [1]), values: ["energy.total"]).text.text
    #expect(alone.contains("–†\n") && alone.contains("† without costs that are not published: leak"), "\(alone)")
  }

  @Test func aSymbolIsExplainedOnlyWhereAFigureBearsIt() throws {
    #expect(try !SweepPivot(Self.withMissed, values: ["mapping.cores"]).text.text.contains("§"))
    let reached = try Self.withMissed.points(where: [("lambda", "0.1")])
    #expect(try !SweepPivot(reached, values: ["energy.total"]).text.text.contains("§"))
  }

  /// Those of a rate come step by step.
  @Test func inputEventsOfAPointThatMissedItsTargetAreMarkedAsItsPacketsAre() throws {
    let names = ["input.events", "input.packets", "input.dropped"]
    let table = SweepTable(
      axes: [], statistics: names + ["quality.missed_target"],
      points: [.init(id: "a", axisValues: [], values: [7, 7, 7, 1])])
    #expect(names.indices.map { table.symbols(of: table.points, at: $0) } == ["§", "§", ""])
  }

  @Test func chipFilesOfOneNameInTwoFoldersAreToldApart() throws {
    let table = SweepTable(
      axes: ["chip"], statistics: ["energy.total"],
      points: ["hop", "leak"].enumerated().map { place, missing in
        .init(
          id: "\(place)", axisValues: ["\(missing)s/c.yaml"], values: [1],
          marks: [0: StatisticMarks(isEstimate: false, missing: [missing], isHypothetical: false)])
      })
    let text = try SweepPivot(table, values: ["energy.total"]).text.text
    #expect(text.contains("not published: hops/c.yaml: hop; leaks/c.yaml: leak\n"), "\(text)")
  }

  @Test func costsThatAreMissingAreToldByChipAndNothingKnownIsADash() throws {
    func marks(_ missing: String...) -> StatisticMarks {
      .init(isEstimate: false, missing: missing, isHypothetical: false)
    }
    let table = SweepTable(
      axes: ["chip"], statistics: ["energy.static", "energy.total"],
      points: [
        .init(id: "a", axisValues: ["chips/b.yaml"], values: [nil, 1], marks: [0: marks("leak"), 1: marks("leak")]),
        .init(id: "b", axisValues: ["c"], values: [2, 3], marks: [1: marks("hop", "leak")]),
        .init(id: "c", axisValues: ["d"], values: [2, 3]),
      ])
    let text = try SweepPivot(table, values: ["energy.static", "energy.total"]).text.text
    #expect(text.contains("\n† without costs that are not published: b.yaml: leak; c: hop, leak\n"), "\(text)")
    #expect(text.split(separator: "\n").contains { $0.hasPrefix("chips/b.yaml") && $0.contains("–†") }, "\(text)")
  }

  /// A cost that an axis takes away is missing where it does, and no chip lacks it elsewhere.
  @Test func aCostThatAnAxisTakesAwayIsToldWithTheAxis() throws {
    let axis = "chip.costs.synaptic_operation.energy_pJ"
    func marks(_ missing: [String]) -> [Int: StatisticMarks] {
      [0: StatisticMarks(isEstimate: false, missing: missing, isHypothetical: false)]
    }
    let (barrier, synapse) = ("barrier.energy_pJ", "synaptic_operation.energy_pJ")
    func legend(_ axes: [String], _ points: [(values: [String], missing: [String])]) throws -> String {
      let table = SweepTable(
        axes: axes, statistics: ["energy.total"],
        points: points.enumerated().map { place, point in
          .init(id: "\(place)", axisValues: point.values, values: [1], marks: marks(point.missing))
        })
      let lines = try SweepPivot(table, values: ["energy.total"]).text.legend
      return try #require(lines.first { $0.hasPrefix("†") })
    }
    let named = "\(synapse) (where \(axis) is null)"
    #expect(
      try legend([axis], [(["1"], [barrier]), (["null"], [barrier, synapse])])
        == "† without costs that are not published: \(barrier), \(named)")
    #expect(
      try legend(["chip", axis], [(["a", "1"], []), (["a", "null"], [synapse]), (["b", "1"], [barrier])])
        == "† without costs that are not published: a: \(named); b: \(barrier)")
  }

  /// The mean of the numbers of two cores is the number of a third.
  @Test(arguments: [SweepPivot.Reduction.mean, .median, .min, .max])
  func aNumberByWhichSomethingIsKnownIsNotReduced(_ reduction: SweepPivot.Reduction) throws {
    let table = SweepTable(
      axes: ["lambda", "repeat"], statistics: ["mapping.busiest_core"],
      points: [("0.1", 4), ("0.1", 10), ("0.2", 12_345), ("0.2", 12_345), ("0.3", nil)].enumerated().map {
        place, point in
        .init(id: "\(place)", axisValues: [point.0, "\(place)"], values: [point.1])
      })
    let pivot = try SweepPivot(table, rows: ["lambda"], values: ["mapping.busiest_core"], reduction: reduction)
    let lines = pivot.text.text.split(separator: "\n").filter { $0.hasPrefix("0.") }
    #expect(lines.map { $0.split(separator: " ").last } == ["different", "12345", "–"])
    #expect(pivot.csv.hasSuffix("\n0.1,,2,2\n0.2,12345.0,2,2\n0.3,,0,1\n"), "\(pivot.csv)")
  }

  @Test func aLineBreakInANameDoesNotEndTheRow() throws {
    let table = SweepTable(
      axes: ["image", "bank"], statistics: ["timesteps"],
      points: [.init(id: "a", axisValues: ["a\nb\r\nc.png", "d\ne"], values: [1])])
    let text = try SweepPivot(table, columns: ["bank"], values: ["timesteps"]).text.text
    #expect(text.split(separator: "\n").count == 4 && text.contains("a␤b␤c.png") && text.contains("bank=d␤e"))
  }

  @Test func pointsAreChosenByTheValuesOfAxes() throws {
    let chosen = try Self.table.points(where: [("bank", "homogeneous"), ("lambda", "0.2")])
    #expect(chosen.points.map(\.id) == ["2", "3"])
    #expect(throws: ReportError.self) { try Self.table.points(where: [("banks", "homogeneous")]) }
    // A name may be that of several files.
    let points = ["/a/i.png", "/b/i.png"].map { SweepTable.Point(id: $0, axisValues: [$0], values: [1]) }
    let images = SweepTable(axes: ["image"], statistics: ["energy.total"], points: points)
    #expect(throws: ReportError("image=i.png may be any of several values; name one: /a/i.png, /b/i.png")) {
      try images.points(where: [("image", "i.png")])
    }
    #expect(try images.points(where: [("image", "/b/i.png")]).points.map(\.id) == ["/b/i.png"])
  }

  @Test func valuesOfOneAxisAreAlternativesAndAxesThatChangeTogetherCanBeNamedAsOne() throws {
    func ids(_ conditions: (axis: String, value: String)...) throws -> [String] {
      try Self.table.points(where: conditions).points.map(\.id)
    }
    #expect(try ids(("image", "image1"), ("image", "image0")) == Self.table.points.map(\.id))
    #expect(try ids(("lambda", "0.2"), ("bank", "homogeneous"), ("lambda", "0.1"), ("image", "image0")) == ["0", "2"])
    #expect(try ids(("bank, lambda", "homogeneous, 0.20"), ("image", "image1")) == ["3"])
    #expect(try ids(("bank,lambda", "homogeneous,0.2"), ("bank,lambda", "heterogeneous,0.1")) == ["2", "3", "4", "5"])
    for (axis, value, message) in [
      ("lambda", "0.3", "no point has lambda=0.3; values: 0.1, 0.2"),
      (
        "bank, lambda", "heterogeneous, 0.2",
        "no point has bank, lambda=heterogeneous, 0.2; values: homogeneous, 0.1; homogeneous, 0.2; heterogeneous, 0.1"
      ),
      ("bank, lambda", "homogeneous", "bank, lambda=homogeneous: 2 values are expected, one for each axis"),
      ("bank, lamda", "homogeneous, 0.1", "unknown axis 'lamda'; known: bank, lambda, image"),
    ] {
      // Another value of the axis does not hide it.
      let error = #expect(throws: ReportError.self) { try ids(("lambda", "0.1"), (axis, value)) }
      let alone = #expect(throws: ReportError.self) { try ids((axis, value)) }
      #expect(alone?.description == message && error != nil)
    }
    // The sweep has the value, only not together with another.
    for (conditions, message) in [
      (
        [("bank", "heterogeneous"), ("lambda", "0.2")],
        "no point has both bank=heterogeneous and lambda=0.2; values of lambda where bank=heterogeneous: 0.1"
      ),
      (
        [("bank", "heterogeneous"), ("image", "image0"), ("lambda", "0.2")],
        "no point has bank=heterogeneous, image=image0 and lambda=0.2; "
          + "values of lambda where bank=heterogeneous, image=image0: 0.1"
      ),
      ([("bank", "heterogeneous"), ("lambda", "0.3")], "no point has lambda=0.3; values: 0.1, 0.2"),
    ] as [([(axis: String, value: String)], String)] {
      #expect(throws: ReportError(message)) { try Self.table.points(where: conditions) }
    }
    // An axis that is called like a statistic is known by its key, too.
    let table = SweepTable(
      axes: ["axis.timesteps"], statistics: ["timesteps"],
      points: ["5", "10"].map { .init(id: $0, axisValues: [$0], values: [1]) })
    #expect(try table.points(where: [("timesteps", "5")]).points.map(\.id) == ["5"])
  }

  @Test func unknownNamesAreToldWithTheKnownOnes() throws {
    for (rows, columns, values, message) in [
      (["lamda"], [], ["energy.total"], "unknown axis 'lamda'; known: bank, lambda, image"),
      (["bank"], ["bank"], ["energy.total"], "the axis 'bank' can lead the rows or head the columns, not both"),
      (["bank", "bank"], [], ["energy.total"], "'bank' is named twice"),
      (["bank"], [], ["energy"], "unknown statistic 'energy'; known: energy.total"),
    ] as [([String], [String], [String], String)] {
      let error = #expect(throws: ReportError.self) {
        try SweepPivot(Self.table, rows: rows, columns: columns, values: values)
      }
      #expect(error?.description.hasPrefix(message) == true)
    }
  }
}
