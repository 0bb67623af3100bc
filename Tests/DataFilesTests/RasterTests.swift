import DataFiles
import Foundation
import TestSupport
import Testing

struct RasterTests {
  static func noise(channels: Int, bitDepth: Int) -> Raster {
    var random = SplitMix64(seed: UInt64(channels * 100 + bitDepth))
    let largest = UInt16((1 << bitDepth) - 1)
    let samples = (0..<13 * 7 * channels).map { _ in UInt16.random(in: 0...largest, using: &random) }
    return Raster(width: 13, height: 7, channels: channels, bitDepth: bitDepth, samples: samples)
  }

  @Test(arguments: [1, 3], [8, 16])
  func whatIsWrittenIsReadAgain(channels: Int, bitDepth: Int) throws {
    try withTemporaryFolder { folder in
      let raster = Self.noise(channels: channels, bitDepth: bitDepth)
      try raster.writePNG(to: "\(folder)/noise.png")
      #expect(try Raster(contentsOf: "\(folder)/noise.png") == raster)
    }
  }

  @Test(.enabled(if: PythonOracle.isAvailable, "needs Pillow; run by make test"))
  func everyFormatDecodesAsPillowDecodesIt() throws {
    try withTemporaryFolder { folder in
      try PythonOracle.run("picture_samples.py", [folder, "\(folder)/expected.npz"])
      let expected = try NumPyArchive(contentsOf: "\(folder)/expected.npz")
      #expect(expected.arrays.count == 13)
      for (name, array) in expected.arrays {
        let raster = try Raster(contentsOf: "\(folder)/\(name)")
        #expect([raster.height, raster.width, raster.channels] == array.shape, "\(name)")
        #expect(try raster.samples.map { Int32($0) } == array.int32s, "\(name)")
        #expect(raster.bitDepth == (name.contains("-16") ? 16 : 8), "\(name)")
      }
      let path = "\(folder)/cmyk.jpg"
      #expect(throws: FileError(path: path, "cannot be used: a CMYK picture; convert it to RGB or gray")) {
        try Raster(contentsOf: path)
      }
    }
  }

  @Test func everyTruncationIsAnErrorNotHalfAPicture() throws {
    try withTemporaryFolder { folder in
      try Self.noise(channels: 3, bitDepth: 8).writePNG(to: "\(folder)/whole.png")
      let png = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/whole.png"))
      for file in SampleJPEG.all + [png] {
        _ = try Raster(decoding: file, path: "whole", maximumPixels: 1 << 20)
        for count in 0..<file.count {
          #expect(throws: FileError.self, "\(count) of \(file.count) bytes") {
            try Raster(decoding: file.prefix(count), path: "cut", maximumPixels: 1 << 20)
          }
        }
      }
    }
  }

  @Test func aPictureWithTooManyPixelsIsRefused() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/noise.png"
      try Self.noise(channels: 1, bitDepth: 8).writePNG(to: path)
      #expect(try Raster(contentsOf: path, maximumPixels: 91).width == 13)
      let problem = "cannot be used: 13 × 7 pixels (width × height) are more than the limit of 90"
      #expect(throws: FileError(path: path, problem)) { try Raster(contentsOf: path, maximumPixels: 90) }
      try SampleJPEG.baseline.write(to: URL(fileURLWithPath: path))
      #expect(throws: FileError.self) { try Raster(contentsOf: path, maximumPixels: 575) }
    }
  }

  @Test func aSmallFileThatClaimsManyPixelsIsRefusedBeforeAllocation() throws {
    let before = peakMemory()
    try withTemporaryFolder { folder in
      let path = "\(folder)/claim.png"
      try Self.noise(channels: 3, bitDepth: 16).writePNG(to: path)
      var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      // Width and height of IHDR: 8192 each, which the limit allows.
      bytes.replaceSubrange(16..<24, with: [0, 0, 0x20, 0, 0, 0, 0x20, 0])
      try Data(bytes.withRepairedChecksums()).write(to: URL(fileURLWithPath: path))
      #expect(throws: FileError(path: path, "cannot be used: the file is truncated")) { try Raster(contentsOf: path) }
    }
    #expect(peakMemory() - before < 300 << 20)
  }

  @Test func whatIsNoPictureIsAnError() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write(Data("text".utf8), to: "\(folder)/text")
      try AtomicFile.write(Data(), to: "\(folder)/empty")
      mkfifo("\(folder)/pipe", 0o600)
      for name in ["text", "empty", "missing", "pipe", "."] {
        #expect(throws: FileError.self) { try Raster(contentsOf: "\(folder)/\(name)") }
      }
      let empty = Raster(width: 0, height: 3, channels: 1, bitDepth: 8, samples: [])
      #expect(throws: FileError.self) { try empty.writePNG(to: "\(folder)/none.png") }
    }
  }

  @Test func damagedPicturesNeverCrash() throws {
    let before = peakMemory()
    try withTemporaryFolder { folder in
      var random = SplitMix64(seed: 4)
      var files: [(bytes: [UInt8], isPNG: Bool)] = SampleJPEG.all.map { ([UInt8]($0), false) }
      for channels in [1, 3] {
        for bitDepth in [8, 16] {
          try Self.noise(channels: channels, bitDepth: bitDepth).writePNG(to: "\(folder)/good.png")
          files.append(([UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/good.png"))), true))
        }
      }
      for file in files {
        for _ in 0..<2000 {
          let bad = file.bytes.mutated(using: &random)
          let data = Data(file.isPNG ? bad.withRepairedChecksums() : bad)
          do {
            _ = try Raster(decoding: data, path: "bad", maximumPixels: 1 << 20)
          } catch {
            #expect(error is FileError)
          }
        }
      }
    }
    #expect(peakMemory() - before < 300 << 20)
  }
}
