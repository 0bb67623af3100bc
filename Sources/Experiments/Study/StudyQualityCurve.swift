import Foundation

/// PSNR of a bank's certified codes of one photograph against their number of non-zeros, known at a few λ.
///
/// Between two λ it is taken to be straight in −log(1 − non-zeros / pixels). The scale is an empirical choice: on the
/// study's photographs it errs less than the number of non-zeros or its logarithm
/// (docs/decisions/2026-12-01-scale-of-equal-sparseness.md).
package struct StudyQualityCurve {
  private let points: [(place: Double, psnr_dB: Double)]
  private let pixels: Double

  /// A curve through codes; those of as many non-zeros as pixels or more, which have no place on the scale, are left out.
  package init(_ codes: [(nonzeros: Double, psnr_dB: Double)], pixels: Double) {
    self.pixels = pixels
    points = codes.filter { $0.nonzeros < pixels && $0.psnr_dB.isFinite }
      .map { (Self.place($0.nonzeros, pixels), $0.psnr_dB) }.sorted { $0.place < $1.place }
  }

  /// PSNR at a number of non-zeros, in dB; NaN if the codes do not lie on both sides of it.
  package func psnr_dB(atNonzeros nonzeros: Double) -> Double {
    let place = Self.place(nonzeros, pixels)
    guard let above = points.firstIndex(where: { $0.place >= place }) else { return .nan }
    if points[above].place == place { return points[above].psnr_dB }
    guard above > 0 else { return .nan }
    let (a, b) = (points[above - 1], points[above])
    return a.psnr_dB + (b.psnr_dB - a.psnr_dB) * (place - a.place) / (b.place - a.place)
  }

  private static func place(_ nonzeros: Double, _ pixels: Double) -> Double { -log(1 - nonzeros / pixels) }
}

extension StudyResults {
  /// The curve of a bank's codes of an image, without those at one λ if it is given.
  func curve(_ image: String, _ bank: StudyBank, without omitted: Double? = nil) -> StudyQualityCurve {
    let cells = options.codedLambdas(of: bank).filter { $0 != omitted }.compactMap { code(image, bank, $0) }
    return StudyQualityCurve(
      cells.map { ($0.number("nonzeros"), $0.number("psnr")) }, pixels: cells.first?.number("pixels") ?? .nan)
  }

  /// PSNR of each image at the non-zeros that the homogeneous bank has at the middle λ.
  func psnrAtEqualSparseness(_ bank: StudyBank) -> [Double] {
    images.compactMap { image in
      code(image, options.homogeneous, options.middleLambda).map {
        curve(image, bank).psnr_dB(atNonzeros: $0.number("nonzeros"))
      }
    }
  }

  /// How far what interpolation says of each image's code at the middle λ, were it only known at the others, is from
  /// what it is: an indication of what interpolation errs by elsewhere. None of the homogeneous bank, which is told
  /// where it is known.
  func interpolationErrors(_ bank: StudyBank) -> [Double] {
    guard bank != options.homogeneous else { return [] }
    return images.compactMap { image in
      code(image, bank, options.middleLambda).map {
        let known = curve(image, bank, without: options.middleLambda)
        return abs(known.psnr_dB(atNonzeros: $0.number("nonzeros")) - $0.number("psnr"))
      }
    }
  }
}
