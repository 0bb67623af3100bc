import Experiments
import Foundation
import Testing

@Suite struct StudyQualityCurveTests {
  private let codes: [(nonzeros: Double, psnr_dB: Double)] = [(800, 31), (200, 21), (500, 24)]

  @Test func atACodeItIsThatCode() {
    let curve = StudyQualityCurve(codes, pixels: 1000)
    for code in codes { #expect(curve.psnr_dB(atNonzeros: code.nonzeros) == code.psnr_dB) }
  }

  /// Nothing is said of fewer non-zeros than the largest λ gives, or more than the smallest.
  @Test func beyondTheCodesThereIsNothing() {
    let curve = StudyQualityCurve(codes, pixels: 1000)
    #expect(curve.psnr_dB(atNonzeros: 199).isNaN && curve.psnr_dB(atNonzeros: 801).isNaN)
    #expect(StudyQualityCurve([], pixels: 1000).psnr_dB(atNonzeros: 10).isNaN)
    // Without non-zeros there is a PSNR, too.
    #expect(StudyQualityCurve([(0, 10), (500, 20)], pixels: 1000).psnr_dB(atNonzeros: 0) == 10)
  }

  /// If each halving of what is left of the pixels brought 6 dB, a curve of two codes would be right everywhere.
  @Test func itIsExactWherePSNRIsStraightInTheLogarithmOfWhatIsLeft() {
    func right(_ nonzeros: Double) -> Double { 12 - 6 * log2(1 - nonzeros / 1000) }
    let curve = StudyQualityCurve([(750, right(750)), (250, right(250))], pixels: 1000)
    for nonzeros in stride(from: 250.0, through: 750, by: 50) {
      #expect(abs(curve.psnr_dB(atNonzeros: nonzeros) - right(nonzeros)) < 1e-9)
    }
    // Halfway in non-zeros is not halfway in PSNR, but 6 − 3 log₂ 3 = 1.2 dB below.
    #expect((right(250) + right(750)) / 2 - curve.psnr_dB(atNonzeros: 500) > 1)
  }

  /// They are no optima, and have no place on the scale.
  @Test func codesOfAsManyNonzerosAsPixelsAreLeftOut() {
    let curve = StudyQualityCurve(codes + [(1000, 60), (1100, 70)], pixels: 1000)
    #expect(curve.psnr_dB(atNonzeros: 800) == 31 && curve.psnr_dB(atNonzeros: 900).isNaN)
  }
}
