import DataFiles
import SparseCoding
import Testing
import TestSupport

@Suite struct QualityTests {
  @Test(.enabled(if: PythonOracle.isAvailable, "compared with scikit-image by make test"), arguments: [0.01, 0.3, 2])
  func psnrAndSsimAreThoseOfScikitImage(noise: Double) throws {
    let image = try Photograph.crop("camera")
    var reconstruction = image
    var generator = SplitMix64(seed: 3)
    for p in reconstruction.pixels.indices { reconstruction.pixels[p] += Float(noise * generator.nextNormal()) }
    let quality = try Quality(of: reconstruction, against: image)
    let expected = try PythonOracle.archive(
      "image_quality.py",
      input: NumPyArchive([
        "image": NumPyArray(shape: [image.height, image.width], image.pixels),
        "reconstruction": NumPyArray(shape: [image.height, image.width], reconstruction.pixels),
      ]))
    #expect(abs(quality.psnr - (try expected.number("psnr"))) < 1e-9)
    #expect(abs(quality.ssim - (try expected.number("ssim"))) < 1e-9)
  }

  @Test func aPerfectReconstructionHasInfinitePsnrAndUnitSsim() throws {
    let image = Random.image(12, 15, seed: 1)
    let quality = try Quality(of: image, against: image)
    #expect(quality.psnr == .infinity)
    #expect(abs(quality.ssim - 1) < 1e-12)
  }

  @Test func imagesOfDifferentSizesAreNotCompared() {
    #expect(throws: SparseCodingError.self) {
      try Quality(of: Random.image(12, 15, seed: 1), against: Random.image(15, 12, seed: 1))
    }
  }

  @Test func anImageSmallerThanTheWindowIsRefused() {
    let image = Random.image(10, 40, seed: 1)
    #expect(throws: SparseCodingError.self) { try Quality(of: image, against: image) }
    // PSNR alone needs no window.
    #expect(throws: Never.self) { try Quality.psnr(of: image, against: image) }
  }

  @Test func sparsenessIsTheFractionOfZeros() throws {
    let geometry = try CodeGeometry(
      imageHeight: 5, imageWidth: 5, kernelCount: 4, kernelSize: 5, stride: 1, boundary: .valid)
    let code = SparseCode(geometry: geometry, dense: [0, 0.5, 0, 0])
    #expect(code.sparseness == 0.75)
    #expect(code.nonzeroCount == 1)
  }
}
