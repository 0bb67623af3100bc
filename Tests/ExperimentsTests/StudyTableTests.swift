import DataFiles
import Experiments
import Reports
import Testing

@Suite struct StudyTableTests {
  /// A chip that ran, and one that refused.
  private let table = StudyTable(
    name: "chips", title: "Two chips", columns: ["chip", "energy (J)", "PSNR (dB)", "refused"],
    rows: [
      [
        .text("loihi2"),
        .quantity(
          0.005, unit: "J", marks: StatisticMarks(isEstimate: true, missing: ["host_event"], isHypothetical: false)),
        .estimate(Estimate(value: 20, low: .nan, high: .nan, count: 2), digits: 2), .text(""),
      ],
      [.text("loihi1"), .quantity(.nan, unit: "J", marks: .none), .number(.nan, digits: 2), .text("it does not fit")],
    ])

  @Test func aRefusedRowLeavesNumbersNumbers() throws {
    let rows = CSV.rows(of: table.csv)
    #expect(
      rows[0] == [
        "chip", "energy (J)", "energy (J) marks", "PSNR (dB)", "PSNR (dB) low", "PSNR (dB) high",
        "PSNR (dB) photographs", "refused",
      ])
    #expect(rows[1] == ["loihi2", "0.005", "*†", "20.0", "", "", "2.0", ""])
    #expect(rows[2] == ["loihi1", "", "", "", "", "", "", "it does not fit"])

    let archive = table.archive
    let energies = try archive.doubles("energy (J)")
    #expect(energies[0] == 0.005 && energies[1].isNaN)
    #expect(try archive.array("energy (J) marks").texts == ["*†", ""])
    #expect(try archive.doubles("PSNR (dB) photographs")[0] == 2)
    #expect(try archive.array("refused").texts == ["", "it does not fit"])
  }

  @Test func anEnergyOfMissingCostsAloneIsADashAndNoNumber() throws {
    let leak = StatisticMarks(isEstimate: false, missing: ["leak"], isHypothetical: false)
    let cells = [leak, .none].map { StudyTable.Cell.quantity(0, unit: "J", marks: $0) }
    #expect(cells.map(StudyTable.shown) == ["–†", "0 J"])
    let table = StudyTable(name: "t", title: "", columns: ["energy (J)"], rows: cells.map { [$0] })
    #expect(CSV.rows(of: table.csv).map { $0[0] } == ["energy (J)", "", "0.0"])
    let energies = try table.archive.doubles("energy (J)")
    #expect(energies[0].isNaN && energies[1] == 0)
  }

  @Test func whatIsNotThereIsNullInJSON() throws {
    guard case .list(let rows)? = table.json["rows"], case .list(let refused) = rows[1] else {
      throw ReportError("the table has no rows")
    }
    #expect(refused == [.text("loihi1"), .null, .null, .text("it does not fit")])
  }

  @Test func anEstimateShowsItsPhotographsAndItsIntervalIfItHasOne() {
    #expect(StudyTable.shown(.estimate(Estimate(value: 20, low: .nan, high: .nan, count: 2), digits: 2)) == "20.00 (2)")
    let six = Estimate(value: 20, low: 19, high: 21.5, count: 6)
    #expect(StudyTable.shown(.estimate(six, digits: 1)) == "20.0 [19.0, 21.5] (6)")
  }

  @Test func aSmallPIsBelowWhatIsShown() {
    func shown(_ p: Double) -> String { StudyTable.shown(.probability(p, of: .signedRank(20))) }
    #expect(shown(0.00003) == "< 0.0001")
    #expect(shown(0.5) == "0.5000" && shown(.nan) == "–")
  }
}
