import Experiments
import Foundation
import KernelBanks
import SparseCoding
import Testing

@Suite struct StudyScaleTests {
  /// The scale is a choice that photographs justify: of six, 32 × 32 pixels each, the other two err by 1.4 times as much
  /// or more in all.
  @Test func equalSparsenessErrsLessThanOnTheScaleOfNonzerosOrTheirLogarithm() throws {
    let bank = try BankDesign.heterogeneous.bank()
    var errors = (curve: 0.0, nonzeros: 0.0, logarithm: 0.0)
    for name in ["astronaut", "camera", "chelsea", "coffee", "grass", "gravel"] {
      let codes = try Self.codes(Image.prepared(contentsOf: photograph(name), crop: Crop(size: 32)), bank)
      let (sparse, middle, dense) = (codes[0], codes[1], codes[2])
      let curve = StudyQualityCurve([sparse, dense], pixels: 1024)
      errors.curve += abs(curve.psnr_dB(atNonzeros: middle.nonzeros) - middle.psnr_dB)
      func error(_ scale: (Double) -> Double) -> Double {
        let place =
          (scale(middle.nonzeros) - scale(sparse.nonzeros)) / (scale(dense.nonzeros) - scale(sparse.nonzeros))
        return abs(sparse.psnr_dB + place * (dense.psnr_dB - sparse.psnr_dB) - middle.psnr_dB)
      }
      errors.nonzeros += error(\.self)
      errors.logarithm += error(log)
    }
    #expect(1.2 * errors.curve < errors.nonzeros && errors.nonzeros < errors.logarithm)
  }

  /// Certified codes as a study makes them, at λ = 0.2, 0.1 and 0.05, each from the one before.
  private static func codes(_ image: Image, _ bank: KernelBank) throws -> [(nonzeros: Double, psnr_dB: Double)] {
    var former: SparseCode?
    return try [0.2, 0.1, 0.05].map { lambda in
      let problem = try LassoProblem(image: image, bank: bank, lambda: lambda, stride: 2)
      let code = try problem.solve(relativeGap: 0.01, from: former).code
      former = code
      let psnr_dB = try Quality.psnr(of: problem.synthesisOperator.synthesis(of: code), against: problem.image)
      return (Double(code.nonzeroCount), psnr_dB)
    }
  }
}
