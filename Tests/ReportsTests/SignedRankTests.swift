import Reports
import Testing

@Suite struct SignedRankTests {
  /// Every choice of signs, one by one.
  private func share(of differences: [Double]) -> Double {
    let sizes = differences.filter { $0 != 0 }.map(abs)
    let ranks = sizes.map { size in
      Double(sizes.filter { $0 < size }.count) + Double(sizes.filter { $0 == size }.count + 1) / 2
    }
    let mean = ranks.reduce(0, +) / 2
    func sum(_ signs: Int) -> Double { ranks.indices.reduce(0) { $0 + (signs >> $1 & 1 == 1 ? ranks[$1] : 0) } }
    let observed = zip(differences.filter { $0 != 0 }, ranks).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
    let far = (0..<1 << ranks.count).filter { abs(sum($0) - mean) >= abs(observed - mean) - 1e-9 }
    return Double(far.count) / Double(1 << ranks.count)
  }

  @Test(arguments: [
    [1, 2, 3, 4, 5, 6], [-1, 2, 3, 4, 5, 6], [0.5, -1, 0, 2.5, -3, 7, 1.5], [1, 1, 1, -1, 2, -2, 2], [1, -1], [3],
  ])
  func itIsTheShareOfAllChoicesOfSigns(differences: [Double]) {
    #expect(abs(SampleStatistics.signedRank(differences).p - share(of: differences)) < 1e-12)
  }

  @Test func sixOfSixGiveTheLeastPThatSixCan() {
    #expect(SampleStatistics.signedRank([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]).p == 2.0 / 64)
    #expect(SampleStatistics.signedRank([-0.1, -0.2, -0.3, -0.4, -0.5, -0.6]) == (0, 2.0 / 64))
  }

  @Test func beyondFortyItIsAboutTheNormalDistribution() {
    let differences = (1...40).map { $0 % 4 == 0 ? -Double($0) : Double($0) }
    let exact = SampleStatistics.signedRank(differences).p
    let normal = SampleStatistics.signedRank(differences + [0.5]).p
    #expect(exact < 0.05 && abs(normal - exact) < 0.003)
  }

  @Test func noDifferenceHasNoP() {
    #expect(SampleStatistics.signedRank([0, 0]).p.isNaN && SampleStatistics.signedRank([]).p.isNaN)
  }
}
