import Experiments
import Testing
import TestSupport

@Suite struct ReachedStepTests {
  /// The definition, word for word: the first step at or below the target that stays there for `held` more.
  private func bruteForce(_ objectives: [Double], target: Double, held: Int) -> Int? {
    (1...max(objectives.count, 1)).first { step in
      step + held <= objectives.count && objectives[(step - 1)..<(step + held)].allSatisfy { $0 <= target }
    }
  }

  @Test func theReachedStepIsTheFirstThatHolds() {
    var random = SplitMix64(seed: 7)
    var reached = 0
    for _ in 0..<2000 {
      let count = Int.random(in: 0...40, using: &random), held = Int.random(in: 0...6, using: &random)
      // Few values, so that the target is met exactly now and then.
      let objectives = (0..<count).map { _ in Double(Int.random(in: 0...4, using: &random)) }
      let expected = bruteForce(objectives, target: 2, held: held)
      #expect(ChipRun.reachedStep(objectives, target: 2, held: held) == expected, "\(objectives), held \(held)")
      reached += expected == nil ? 0 : 1
    }
    #expect((400..<1600).contains(reached))
  }
}
