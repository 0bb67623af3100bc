import DataFiles
import Foundation
import SparseCoding
import TestSupport
import Testing

struct ImageTests {
  static let photographs = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("photographs").path

  private func noise(height: Int, width: Int, seed: UInt64) -> Image {
    var random = SplitMix64(seed: seed)
    return Image(height: height, width: width, pixels: (0..<height * width).map { _ in Float(random.nextNormal()) })
  }

  private func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
    #expect(a.count == b.count)
    return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  @Test func coloursBecomeLuma() {
    let samples: [UInt16] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]
    let image = Image(Raster(width: 4, height: 1, channels: 3, bitDepth: 8, samples: samples))
    #expect(largestDifference(image.pixels, [0.299, 0.587, 0.114, 1]) < 1e-6)
    let deep = Image(Raster(width: 1, height: 2, channels: 1, bitDepth: 16, samples: [65535, 13107]))
    #expect(largestDifference(deep.pixels, [1, 0.2]) < 1e-6)
    #expect(deep.height == 2 && deep.width == 1)
  }

  @Test func theBundledPhotographsAreWhatTheirPageSays() throws {
    for name in ["astronaut", "camera", "chelsea", "coffee", "grass", "gravel"] {
      let raster = try Raster(contentsOf: "\(Self.photographs)/\(name).png")
      #expect(raster.height == 256 && raster.width == 256 && raster.channels == 1 && raster.bitDepth == 8)
    }
  }

  @Test(
    .enabled(if: PythonOracle.isAvailable, "needs SciPy; run by make test"),
    arguments: [(40, 31), (15, 15), (9, 50), (8, 8)])
  func localContrastNormalizationIsThatOfSciPy(height: Int, width: Int) throws {
    try check(noise(height: height, width: width, seed: UInt64(height)), tolerance: 1e-5)
  }

  @Test(.enabled(if: PythonOracle.isAvailable, "needs SciPy; run by make test"))
  func localContrastNormalizationOfAPhotographIsThatOfSciPy() throws {
    try check(try Image(contentsOf: "\(Self.photographs)/camera.png"), tolerance: 1e-5)
  }

  private func check(_ image: Image, tolerance: Float) throws {
    let input = NumPyArchive(["image": NumPyArray(shape: [image.height, image.width], image.pixels)])
    let expected = try PythonOracle.archive("local_contrast_normalization.py", input: input)
    let normalized = image.locallyContrastNormalized().pixels
    #expect(try largestDifference(normalized, expected.floats("image", rank: 2)) < tolerance)
  }

  @Test func normalizationForgetsBrightnessAndContrast() {
    let image = noise(height: 30, width: 20, seed: 7)
    let brighter = Image(height: 30, width: 20, pixels: image.pixels.map { 3 * $0 + 5 })
    #expect(
      largestDifference(image.locallyContrastNormalized().pixels, brighter.locallyContrastNormalized().pixels) < 1e-5)
  }

  @Test(arguments: [0, 0.1, 1, -7.3, 1e30] as [Float])
  func aFlatImageBecomesZero(level: Float) {
    let image = Image(height: 20, width: 33, pixels: [Float](repeating: level, count: 660))
    #expect(image.locallyContrastNormalized().pixels.allSatisfy { $0 == 0 })
  }

  @Test func imagesSmallerThanTheWindowAreNormalized() {
    for (height, width) in [(1, 1), (1, 40), (2, 3)] {
      let image = noise(height: height, width: width, seed: 9).locallyContrastNormalized()
      #expect(image.pixels.allSatisfy { $0.isFinite })
    }
    #expect(Image(height: 0, width: 0, pixels: []).locallyContrastNormalized().pixels.isEmpty)
  }

  @Test func aCropIsWrittenAsItIsRead() throws {
    for text in ["64", "64@10,20", "1@0,0"] { #expect(try "\(Crop(parsing: text))" == text) }
    for text in [
      "", "a", "64@", "@1,2", "64@1", "64@1,2,3", "64@1,2@3", "0", "-4", "64@-1,0", "64@0,-1", "64.5", "64@a,b",
      "99999999999999999999", "64 @1,2",
    ] {
      #expect(throws: SparseCodingError.self, "\(text)") { try Crop(parsing: text) }
    }
  }

  @Test func aCropIsTakenAboutTheCentreOrAtItsCorner() throws {
    let image = Image(height: 4, width: 6, pixels: (0..<24).map(Float.init))
    #expect(try image.cropped(to: Crop(size: 2)).pixels == [8, 9, 14, 15])
    #expect(try image.cropped(to: Crop(parsing: "2@4,1")).pixels == [10, 11, 16, 17])
    #expect(try image.cropped(to: Crop(parsing: "4@2,0")).pixels.count == 16)
  }

  @Test func aCropThatDoesNotFitIsToldTheLimits() throws {
    let image = Image(height: 4, width: 6, pixels: (0..<24).map(Float.init))
    let large = #expect(throws: SparseCodingError.self) { try image.cropped(to: Crop(size: 5)) }
    #expect(large?.description.contains("1 to 4") == true)
    func limits(_ least: Int) -> String? {
      let error = #expect(throws: SparseCodingError.self) {
        try Crop(size: 9).corner(inHeight: 4, width: 5, leastSize: least)
      }
      return error?.description
    }
    #expect(limits(3)?.hasSuffix("; it can be 3 to 4") == true)
    #expect(limits(6)?.hasSuffix("; none of 6 or more fits") == true)
    for text in ["3@4,0", "3@0,2", "3@\(Int.max),0"] {
      let error = #expect(throws: SparseCodingError.self) { try image.cropped(to: Crop(parsing: text)) }
      #expect(error?.description.contains("0,0 to 3,1") == true)
    }
  }

  @Test func aCropDoesNotDependOnItsEdges() throws {
    let whole = try Image.prepared(contentsOf: "\(Self.photographs)/chelsea.png", crop: nil)
    let crop = try Image.prepared(contentsOf: "\(Self.photographs)/chelsea.png", crop: Crop(parsing: "64@30,50"))
    #expect(crop.height == 64 && crop.width == 64)
    for row in 0..<64 {
      let start = (50 + row) * 256 + 30
      #expect(crop.pixels[row * 64..<row * 64 + 64] == whole.pixels[start..<start + 64])
    }
  }
}
