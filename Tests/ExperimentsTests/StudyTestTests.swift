import Experiments
import Reports
import Testing

@Suite struct StudyTestTests {
  /// Every choice of signs is as likely: how many of them have a p below 0.05?
  @Test(arguments: 1...9)
  func theSizeOfASignedRankTestIsTheShareOfSignsWithASmallP(count: Int) {
    let small = (0..<1 << count).filter { (signs: Int) -> Bool in
      let differences = (0..<count).map { place -> Double in
        let size = Double(place + 1)
        return signs >> place & 1 == 1 ? size : -size
      }
      return SampleStatistics.signedRank(differences).p < 0.05
    }
    let share = Double(small.count) / Double(1 << count)
    #expect(abs(StudyTest.signedRank(count).size(below: 0.05) - share) < 1e-12)
  }

  /// Every choice of the first sample among all values is as likely.
  @Test(arguments: [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (3, 5), (2, 8)])
  func theSizeOfAMannWhitneyTestIsTheShareOfSamplesWithASmallP(first: Int, second: Int) {
    let values = 0..<first + second
    let choices = (0..<1 << values.count).filter { (choice: Int) in choice.nonzeroBitCount == first }
    let small = choices.filter { (choice: Int) -> Bool in
      func sample(_ bit: Int) -> [Double] { values.filter { choice >> $0 & 1 == bit }.map(Double.init) }
      return SampleStatistics.mannWhitney(sample(1), sample(0)).p < 0.05
    }
    let share = Double(small.count) / Double(choices.count)
    #expect(abs(StudyTest.mannWhitney(first, second).size(below: 0.05) - share) < 1e-12)
  }

  /// Of four photographs 2 of 70 orders of two samples are as far as can be, of five 2 of 32 choices of signs, of six
  /// 2 of 64.
  @Test func onlyTestsThatCanHaveASmallPAreExpectedToHaveOne() {
    func tests(_ count: Int) -> [StudyTest] {
      [StudyTest](repeating: .signedRank(count), count: 100)
        + [StudyTest](repeating: .mannWhitney(count, count), count: 10)
    }
    func able(_ count: Int) -> Int { tests(count).count(ableToBeBelow: 0.05) }
    func expected(_ count: Int) -> Double { tests(count).expectedCount(below: 0.05) }
    #expect([3, 4, 5, 6].map(able) == [0, 10, 10, 110])
    #expect(expected(3) == 0)
    #expect(abs(expected(4) - 10 * 2 / 70) < 1e-9)
    // Of the 252 orders of five beside five, four at either end have a U of 2 or less, and seven one of 3 or less.
    #expect(abs(expected(5) - 10 * 8 / 252) < 1e-9)
    #expect(abs(expected(6) - (100 * 2 / 64 + 10 * 38 / 924)) < 1e-9)
  }

  @Test func ofManyPhotographsTheSizeIsNearlyTheLevel() {
    for test in [StudyTest.signedRank(1145), .mannWhitney(1145, 1145)] {
      // The steps between two p of so many are small.
      #expect((0.0499..<0.05).contains(test.size(below: 0.05)))
    }
  }

  @Test func differencesOfZeroCountForNothing() {
    #expect(StudyTest.signedRank(of: [1, 0, -2, .nan]) == .signedRank(2))
    #expect(StudyTest.signedRank(0).size(below: 0.05) == 0 && StudyTest.mannWhitney(0, 0).size(below: 0.05) == 0)
  }
}
