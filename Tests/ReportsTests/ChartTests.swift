import Foundation
import Reports
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct ChartTests {
  static let chart = Chart(
    "A & B", x: .init("energy (mJ)", isLogarithmic: true), y: .init("PSNR (dB)"),
    [
      .init("first <one>", [.init(1, 10, low: 9, high: 11), .init(10, 20), .init(100, 15)]),
      .init("second", [.init(1, 12), .init(-1, 5), .init(.nan, 3)], style: .points),
    ])

  @Test func aChartIsWellFormed() {
    #expect(XMLParser(data: Data(Self.chart.svg.utf8)).parse())
  }

  @Test func itNamesItsAxesWithUnitsAndEverySeries() {
    for text in ["A &amp; B", "energy (mJ)", "PSNR (dB)", "first &lt;one&gt;", "second"] {
      #expect(Self.chart.svg.contains(">\(text)<"))
    }
  }

  @Test func equalRatiosAreEqualDistancesOnALogarithmicAxis() throws {
    // The markers of the first series, a circle each, the last one being the legend's.
    let places = Self.chart.svg.matches(of: /<circle cx="([\d.]+)" cy="([\d.]+)"/).map {
      (Double($0.1) ?? 0, Double($0.2) ?? 0)
    }
    try #require(places.count == 4)
    #expect(abs((places[1].0 - places[0].0) - (places[2].0 - places[1].0)) < 0.2)
    // Up is more.
    #expect(places[1].1 < places[2].1 && places[2].1 < places[0].1)
  }

  @Test func whatCannotBeDrawnIsLeftOut() {
    // One square in the chart and one in the legend.
    #expect(Self.chart.svg.components(separatedBy: "<rect x=").count - 1 == 2)
    #expect(Self.chart.drawing.markCount == 4)
    #expect(!Self.chart.svg.contains("nan"))
    let empty = Chart("none", x: .init("x"), y: .init("y"), [])
    #expect(XMLParser(data: Data(empty.svg.utf8)).parse())
  }
}
