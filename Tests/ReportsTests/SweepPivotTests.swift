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
        each figure is the mean of up to 2 points

        """)
    #expect(
      pivot.csv == """
        bank,lambda=0.1 energy.total,lambda=0.1 energy.total points,lambda=0.1 points,\
        lambda=0.2 energy.total,lambda=0.2 energy.total points,lambda=0.2 points
        homogeneous,1.5,2,2,3.5,2,2
        heterogeneous,5.5,2,2,,0,0

        """)
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

  @Test func pointsAreChosenByTheValuesOfAxes() throws {
    let chosen = try Self.table.points(where: [("bank", "homogeneous"), ("lambda", "0.2")])
    #expect(chosen.points.map(\.id) == ["2", "3"])
    #expect(throws: ReportError.self) { try Self.table.points(where: [("banks", "homogeneous")]) }
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
