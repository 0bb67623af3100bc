import Experiments
import Testing

@Suite struct StudyBreakEvenTests {
  /// Costs at 64, 128, 256, … events, that of the dense frame being 1.
  private func breakEven(_ costs: Double...) -> StudyBreakEven {
    StudyBreakEven(costs.enumerated().map { .init(events: Double(64 << $0), cost: $1) })
  }

  @Test func oneCrossingIsBothEnds() {
    let once = breakEven(0.5, 0.75, 1.25)
    #expect(once.crossings == [192])
    #expect(once.cheaperUpTo_events == 192 && once.dearerFrom_events == 192)
  }

  @Test func ofCurvesThatCrossThriceTheFirstAndTheLastAreTold() {
    let thrice = breakEven(0.5, 1.5, 0.5, 1.5)
    #expect(thrice.crossings == [96, 192, 384])
    #expect(thrice.cheaperUpTo_events == 96 && thrice.dearerFrom_events == 384)
  }

  @Test func whereTheCheaperOneNeverChangesThereIsNoBreakEven() {
    for never in [breakEven(0.5, 0.9), breakEven(1, 1.5), breakEven()] {
      #expect(never.crossings.isEmpty && never.cheaperUpTo_events.isNaN && never.dearerFrom_events.isNaN)
    }
  }

  @Test func aSparseFrameThatIsCheaperInTheEndIsDearerFromNowhereOn() {
    let twice = breakEven(0.5, 1.5, 0.5)
    #expect(twice.crossings == [96, 192])
    #expect(twice.cheaperUpTo_events == 96 && twice.dearerFrom_events.isNaN)
  }
}
