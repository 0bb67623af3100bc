import Experiments
import Testing

@Suite struct FitHistogramTests {
  /// A value, and what rounding or a fit may make of it.
  private static func spread(_ values: [Double]) -> [Double] { values.flatMap { [$0, $0 - 0.01, $0 + 0.01] } }

  @Test(arguments: [2.5, 5, 15])
  func orientationsOfDesignsAreInOneBinEachWhateverRoundingMakesOfThem(step: Double) {
    let thetas = (0..<Int(180 / step)).map { step * Double($0) }
    // Fits are from 0° to below 180°.
    let histogram = FitHistogram.orientations(Self.spread(thetas).map { $0 < 0 ? $0 + 180 : $0 })
    #expect(histogram.counts.count == 72)
    for (bin, count) in histogram.counts.enumerated() {
      #expect(count == (thetas.contains(FitHistogram.center(bin)) ? 3 : 0), "\(FitHistogram.center(bin))°")
    }
  }

  @Test func bandwidthsOfDesignsAreInOneBinEachWhateverRoundingMakesOfThem() {
    for (width, center) in [(5, 5), (10, 10), (12, 12.5), (15, 15), (17.5, 17.5), (30, 30), (60, 60)] {
      let counts = FitHistogram.bandwidths(Self.spread([width])).counts
      let bins = counts.indices.filter { counts[$0] > 0 }
      #expect(bins.map(FitHistogram.center) == [center] && counts.max() == 3)
    }
  }

  /// A line of steps goes to the right from each point, at its height.
  @Test func aStepIsAboutTheMiddleOfItsBin() throws {
    let steps = FitHistogram.bandwidths([12, 12, 60]).steps
    let place = try #require(steps.firstIndex { $0.count == 2 })
    #expect(steps[place].place == 11.25 && steps[place + 1].place == 13.75)
    #expect(steps.first?.place == 0 && steps.last?.place == 60 && steps.last?.count == 1)
  }

  @Test func orientationsAboutZeroAreAtBothEndsOfTheLine() {
    let steps = FitHistogram.orientations([0, 179.5, 90]).steps
    #expect(steps.filter { $0.count == 2 }.map(\.place) == [0, 178.75, 180])
    #expect(steps.filter { $0.count == 1 }.map(\.place) == [88.75])
  }
}
