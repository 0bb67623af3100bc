import DataFiles
import KernelBanks
import TestSupport
import Testing

struct HeterogeneityTests {
  @Test func theEndsOfTheDialAreTheStudysBanksExactly() throws {
    #expect(try BankDesign.heterogeneity(0).bank().weights == BankDesign.homogeneous.bank().weights)
    #expect(try BankDesign.heterogeneity(1).bank().weights == BankDesign.heterogeneous.bank().weights)
    #expect(try BankDesign.heterogeneity(0).kernels == BankDesign.homogeneous.kernels)
    #expect(try BankDesign.heterogeneity(1).kernels == BankDesign.heterogeneous.kernels)
  }

  @Test func theNumberOfKernelsIsTheSameAllAlongTheDialAndTheSpreadGrows() throws {
    var former = -1.0
    for tenth in 0...10 {
      let design = try BankDesign.heterogeneity(Double(tenth) / 10)
      #expect(design.kernels.count == 144)
      #expect(design.orientations * design.bandwidths_deg.count == 72)
      let halfRange = (design.bandwidths_deg.max()! - design.bandwidths_deg.min()!) / 2
      #expect(abs(halfRange - 1.25 * Double(tenth)) < 1e-12)
      #expect(halfRange > former)
      former = halfRange
      let mean = design.bandwidths_deg.reduce(0, +) / Double(design.bandwidths_deg.count)
      #expect(abs(mean - (12 + 0.55 * Double(tenth))) < 1e-12)
    }
  }

  @Test(arguments: [1, 2, 3, 4, 6, 8, 9, 12])
  func orientationsAreTradedForBandwidths(count: Int) throws {
    let design = try BankDesign.heterogeneity(count == 1 ? 0 : 0.5, bandwidthCount: count, meanBandwidth_deg: 17.5)
    #expect(design.orientations == 72 / count && design.bandwidths_deg.count == count)
    #expect(abs(design.bandwidths_deg.reduce(0, +) / Double(count) - 17.5) < 1e-12)
  }

  @Test func impossiblePlacesOnTheDialAreRefusedInOneLine() {
    let places: [(Double, Int?, Double?)] = [
      (-0.1, nil, nil), (1.1, nil, nil), (.nan, nil, nil), (0.5, 5, nil), (0.5, 0, nil), (0.5, 1, nil), (0, 2, nil),
      (1, nil, 12.5), (0.5, nil, .infinity),
    ]
    for (heterogeneity, count, mean) in places {
      let error = #expect(throws: BankError.self) {
        try BankDesign.heterogeneity(heterogeneity, bandwidthCount: count, meanBandwidth_deg: mean)
      }
      #expect(error?.description.contains("\n") == false)
    }
  }

  @Test(.enabled(if: PythonOracle.isAvailable, "needs NumPy; run by make test"), arguments: [0.3, 0.7])
  func measuresOfABankAreThoseOfNumPy(heterogeneity: Double) throws {
    let bank = try BankDesign.heterogeneity(heterogeneity).bank()
    let expected = try PythonOracle.archive(
      "bank_measures.py",
      input: NumPyArchive(["kernels": NumPyArray(shape: [bank.count, bank.size, bank.size], bank.weights)]))
    let summary = BankSummary(bank)
    #expect(abs(summary.coherence - (try expected.number("coherence"))) < 1e-5)
    #expect(abs(summary.orientationCoverage - (try expected.number("coverage"))) < 1e-5)
    for (value, right) in zip(summary.largestGramEigenvalues, try expected.doubles("eigenvalues")) {
      #expect(abs(value - right) < 1e-5 * right)
    }
    #expect(summary.largestGramEigenvalues.count == 2)
  }

  @Test func fewerOrientationsCoverLessEvenly() throws {
    let many = BankSummary(try BankDesign(name: "many", orientations: 36, bandwidths_deg: [10]).bank())
    let few = BankSummary(try BankDesign(name: "few", orientations: 4, bandwidths_deg: [10]).bank())
    #expect(many.orientationCoverage > 0.9)
    #expect(few.orientationCoverage < 0.5 * many.orientationCoverage)
  }
}
