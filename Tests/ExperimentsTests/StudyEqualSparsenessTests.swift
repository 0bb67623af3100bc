import DataFiles
import Experiments
import Foundation
import TestSupport
import Testing

@Suite struct StudyEqualSparsenessTests {
  private static let photographs = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("photographs").path

  /// A study of 32 × 32 pixels of photographs, coded by the ends of the dial.
  private func withStudy(
    _ lambdas: [Double], of photographs: [String] = ["astronaut"], _ body: (_ results: String) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      for name in photographs {
        try FileManager.default.copyItem(atPath: "\(Self.photographs)/\(name).png", toPath: "\(folder)/\(name).png")
      }
      var options = StudyOptions(folder: folder, output: "\(folder)/results")
      (options.dial, options.lambdas, options.cropSize, options.relativeGap) = ([0, 1], lambdas, 32, 0.01)
      (options.chips, options.learningSteps) = ([], 0)
      var study = Study(options)
      study.makesReport = false
      for name in photographs {
        for bank in ["homogeneous", "heterogeneous"] {
          try study.run(task: "codes-\(name)-\(bank)", progress: { _ in })
        }
      }
      _ = try study.report()
      try body(options.output)
    }
  }

  private static let column = "absolute error of interpolation without the middle λ (dB)"

  /// A code of `astronaut` by the heterogeneous bank is better than those about it say.
  @Test func theErrorOfInterpolationHasNoSignAndIsNotThatOfABankWhichIsKnown() throws {
    try withStudy([0.05, 0.1, 0.2]) { results in
      let images = try NumPyArchive(contentsOf: "\(results)/tables/images.npz")
      let banks = try images.array("bank").texts
      let codes = Array(zip(try images.doubles("non-zeros"), try images.doubles("PSNR (dB)")))
      // By rising λ.
      let ours = banks.indices.filter { banks[$0] == "heterogeneous" }.map { codes[$0] }
      try #require(ours.count == 3)
      let curve = StudyQualityCurve([ours[0], ours[2]].map { (nonzeros: $0.0, psnr_dB: $0.1) }, pixels: 1024)
      let error_dB = curve.psnr_dB(atNonzeros: ours[1].0) - ours[1].1
      #expect(error_dB < 0)

      let table = try NumPyArchive(contentsOf: "\(results)/tables/equal-sparseness.npz")
      func told(_ column: String, _ bank: String) throws -> Double {
        try table.doubles(column)[#require(table.array("bank").texts.firstIndex(of: bank))]
      }
      #expect(try abs(told(Self.column, "heterogeneous") + error_dB) < 1e-12)
      // The homogeneous bank's PSNR is that of a code.
      #expect(try told(Self.column, "homogeneous").isNaN && told("PSNR (dB)", "homogeneous").isFinite)
    }
  }

  /// Without the middle of two λ there is nothing to interpolate between.
  @Test func ofTwoLambdasThereIsNoErrorOfInterpolation() throws {
    try withStudy([0.2, 0.4]) { results in
      let table = try NumPyArchive(contentsOf: "\(results)/tables/equal-sparseness.npz")
      #expect(try table.doubles(Self.column).allSatisfy(\.isNaN))
    }
  }

  @Test func thePageSaysWhatEqualSparsenessRestsOn() throws {
    // The heterogeneous bank needs a smaller λ for as many non-zeros.
    try withStudy([0.02, 0.1, 0.2]) { results in
      let page = try String(contentsOfFile: "\(results)/study.md", encoding: .utf8)
      #expect(page.contains("PSNR at equal sparseness rests on numbers of non-zeros, which a small gap leaves open"))
      // One photograph is enough for no test; there are some all the same.
      let line = try #require(page.split(separator: "\n").first { $0.contains("not corrected for their number") })
      #expect(line.hasSuffix(": none has enough photographs for p < 0.05."))
    }
  }

  /// Of four photographs only two samples can have a small p, by chance 2 of 70 each: of sparseness, PSNR and SSIM.
  @Test func thePageSaysHowManyTestsHaveEnoughPhotographs() throws {
    try withStudy([0.4], of: ["astronaut", "camera", "chelsea", "coffee"]) { results in
      let page = try String(contentsOfFile: "\(results)/study.md", encoding: .utf8)
      let told = "3 have enough photographs for p < 0.05; about 0.1 of them would fall below by chance alone."
      #expect(page.contains(told))
    }
  }
}
