import DataFiles
import Foundation
import KernelBanks
import TestSupport
import Testing

struct BankFileTests {
  private func write(_ arrays: [String: NumPyArray], _ folder: String) throws -> String {
    let path = "\(folder)/bank.npz"
    try NumPyArchive(arrays).write(to: path)
    return path
  }

  private func noise(_ shape: [Int]) -> NumPyArray {
    var random = SplitMix64(seed: 5)
    return NumPyArray(shape: shape, (0..<shape.reduce(1, *)).map { _ in Float(random.nextNormal()) })
  }

  @Test func aDesignedBankIsReadAsItWasWritten() throws {
    try withTemporaryFolder { folder in
      var design = BankDesign(name: "mine", orientations: 3, bandwidths_deg: [7, 21], size: 9)
      design.radialBandwidth = 0.5
      let bank = try design.bank()
      try BankFile.write(bank, to: "\(folder)/mine.npz")
      #expect(try BankFile.read("\(folder)/mine.npz") == bank)
      #expect(try KernelBank.named("\(folder)/mine.npz") == bank)
      let plain = try KernelBank(name: "mine", count: bank.count, size: 9, weights: bank.weights)
      try BankFile.write(plain, to: "\(folder)/mine.npz")
      #expect(try BankFile.read("\(folder)/mine.npz").designs == nil)
    }
  }

  @Test func aLearntBankIsReadWithTheLogGaborsThatResembleItsKernels() throws {
    try withTemporaryFolder { folder in
      let weights = try noise([3, 9, 9]).floats
      let fits = [(0.3, 0.1, 0.9), (1.2, 0.4, 0.5), (2.0, 0.2, 0.1)].map {
        LogGaborFit(theta: $0.0, bandwidth: $0.1, explained: $0.2)
      }
      let bank = try KernelBank(name: "learnt", count: 3, size: 9, weights: weights, fits: fits)
      try BankFile.write(bank, to: "\(folder)/learnt.npz")
      let read = try BankFile.read("\(folder)/learnt.npz")
      #expect(read == bank && read.designs == nil)
      // What explains less than half of a kernel says nothing of it.
      #expect(read.knownDesigns?.map { $0?.theta } == [0.3, 1.2, nil])
      let summary = BankSummary(read)
      #expect(summary.medianExplained == 0.5 && summary.knownShare == 2.0 / 3)
      #expect(abs((summary.meanBandwidth_deg ?? 0) - 0.25 * 180 / .pi) < 1e-9)
      #expect(summary.description.contains("of 67 % of the kernels"))
      #expect(throws: BankError.self) {
        try KernelBank(name: "learnt", count: 3, size: 9, weights: weights, fits: Array(fits.dropLast()))
      }
      let few = try write(
        [
          "kernels": noise([3, 9, 9]), "explained": NumPyArray(shape: [2], [0.1, 0.2]),
          "fitted_theta": NumPyArray(shape: [3], [0.1, 0.2, 0.3]),
          "fitted_bandwidth": NumPyArray(shape: [3], [0.1, 0.2, 0.3]),
        ], folder)
      #expect(throws: FileError.self) { try BankFile.read(few) }
    }
  }

  @Test func peakNormalizedKernelsHaveALargestValueOfOne() throws {
    let bank = try BankDesign(name: "unit", orientations: 3, bandwidths_deg: [7, 21], size: 9).bank()
    var design = BankDesign(name: "unit", orientations: 3, bandwidths_deg: [7, 21], size: 9)
    design.norm = .peak
    let expected = try design.bank()
    #expect(try zip(bank.peakNormalized().weights, expected.weights).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func aDictionaryInSporcosOrderIsTransposed() throws {
    try withTemporaryFolder { folder in
      let values = noise([5, 5, 7])
      let floats = try values.floats
      for key in ["D", "kernels"] {
        let bank = try BankFile.read(write([key: values, "lambda": NumPyArray(0.1)], folder))
        #expect(bank.count == 7 && bank.size == 5)
        for (kernel, row, column) in [(0, 0, 0), (3, 1, 4), (6, 4, 2)] {
          #expect(bank.weights[(kernel * 5 + row) * 5 + column] == floats[(row * 5 + column) * 7 + kernel])
        }
      }
    }
  }

  @Test func threeEqualAxesAreReadByTheArraysName() throws {
    try withTemporaryFolder { folder in
      let values = noise([4, 4, 4])
      let floats = try values.floats
      #expect(try BankFile.read(write(["kernels": values], folder)).weights == floats)
      #expect(try BankFile.read(write(["D": values], folder)).weights[1] == floats[4])
    }
  }

  @Test func badBankFilesAreOneLineErrors() throws {
    try withTemporaryFolder { folder in
      var zero = try noise([3, 4, 4]).floats
      zero.replaceSubrange(16..<32, with: repeatElement(0, count: 16))
      var nan = zero
      nan[20] = .nan
      let bad: [[String: NumPyArray]] = [
        [:], ["kernels": noise([12])], ["kernels": noise([3, 4, 5])], ["kernels": noise([0, 4, 4])],
        ["kernels": NumPyArray(shape: [3, 4, 4], zero)], ["kernels": NumPyArray(shape: [3, 4, 4], nan)],
        ["kernels": NumPyArray(shape: [1, 1, 1], elements: .text(["a"]))],
        ["kernels": noise([3, 4, 4]), "theta": noise([3])],
        [
          "kernels": noise([3, 4, 4]), "theta": noise([2]), "bandwidth": noise([2]), "frequency": noise([2]),
          "phase": noise([2]),
        ],
      ]
      for arrays in bad {
        let path = try write(arrays, folder)
        let error = #expect(throws: (any Error).self, "\(arrays.keys)") { try BankFile.read(path) }
        let text = "\(error.map { "\($0)" } ?? "")"
        #expect(text.hasPrefix(path) && !text.contains("\n"), "\(text)")
      }
    }
  }

  @Test func anUnknownNameListsTheKnownOnes() throws {
    #expect(try KernelBank.named("homogeneous") == BankDesign.homogeneous.bank())
    let error = #expect(throws: BankError.self) { try KernelBank.named("heterogenous") }
    #expect(error?.description.contains("homogeneous, heterogeneous") == true)
  }

  @Test func impossibleBanksAreRefused() {
    for (count, size, values) in [(0, 4, 0), (1, 0, 0), (2, 2, 7), (-1, 2, 4), (1, .max, 1)] {
      #expect(throws: BankError.self) {
        try KernelBank(name: "bad", count: count, size: size, weights: [Float](repeating: 1, count: values))
      }
    }
  }
}
