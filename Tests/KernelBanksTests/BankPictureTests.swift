import KernelBanks
import Testing

struct BankPictureTests {
  @Test func aPictureShowsEachKernelAtItsOwnScale() throws {
    let weights: [Float] = [1, 0, -1, 0.5, 20, -20, 0, 10, 1e-9, 0, 0, 0]
    let bank = try KernelBank(name: "three", count: 3, size: 2, weights: weights)
    let picture = bank.picture(columns: 2, scale: 1)
    #expect(picture.width == 7 && picture.height == 7)
    func sample(_ y: Int, _ x: Int) -> UInt16 { picture.samples[y * 7 + x] }
    #expect([sample(1, 1), sample(1, 2), sample(2, 1), sample(2, 2)] == [255, 128, 1, 191])
    #expect([sample(1, 4), sample(1, 5), sample(2, 4), sample(2, 5)] == [255, 1, 128, 191])
    #expect(sample(4, 1) == 255 && sample(4, 2) == 128)
    #expect(sample(0, 0) == 255 && sample(4, 4) == 255)
    let enlarged = bank.picture(columns: 2, scale: 3)
    #expect(enlarged.width == 21)
    #expect((0..<49).allSatisfy { enlarged.samples[($0 / 7 * 3 + 1) * 21 + $0 % 7 * 3 + 1] == sample($0 / 7, $0 % 7) })
  }

  @Test func aSummaryTellsTheBanksApart() throws {
    let homogeneous = BankSummary(try BankDesign.homogeneous.bank())
    let heterogeneous = BankSummary(try BankDesign.heterogeneous.bank())
    #expect(abs(homogeneous.meanBandwidth_deg! - 12) < 1e-9 && homogeneous.bandwidthSpread_deg! < 1e-9)
    // Mean and standard deviation of 5, 10, …, 30.
    #expect(abs(heterogeneous.meanBandwidth_deg! - 17.5) < 1e-9)
    #expect(abs(heterogeneous.bandwidthSpread_deg! - 5 * (35.0 / 12).squareRoot()) < 1e-9)
    #expect(
      heterogeneous.description.hasPrefix(
        "heterogeneous: 144 kernels of 12 × 12, 12 orientations × 6 bandwidths × 2 phases, B_θ 17.5° ± 8.5°, norms 1…1")
    )
    #expect(homogeneous.description.contains(", 72 orientations × 1 bandwidth × 2 phases, "))
  }

  @Test func designsThatAreNoProductAreNotCalledOne() throws {
    let whole = try BankDesign(name: "whole", orientations: 2, bandwidths_deg: [10, 20]).bank()
    #expect(BankSummary(whole).parts != nil)
    let rest = try KernelBank(
      name: "rest", count: 7, size: 12, weights: Array(whole.weights.dropLast(144)), designs: whole.designs?.dropLast())
    #expect(BankSummary(rest).parts == nil && !BankSummary(rest).description.contains("orientations ×"))
  }

  @Test func aBankThatNoLogGaborResemblesIsDescribedInWords() throws {
    let bank = try KernelBank(
      name: "noise", count: 1, size: 1, weights: [1],
      fits: [LogGaborFit(theta: 0, bandwidth: 0.2, explained: 0.04)])
    #expect(
      BankSummary(bank).description.hasPrefix(
        "noise: 1 kernel of 1 × 1, log-Gabors explain half of the energy of no kernel (4 % of the median kernel's), norms"
      ))
  }

  @Test func coherenceIsTheLargestCosineBetweenKernels() throws {
    let bank = try KernelBank(name: "b", count: 3, size: 2, weights: [1, 0, 0, 0, 0, 2, 0, 0, -3, 0, 4, 0])
    #expect(abs(BankSummary(bank).coherence - 0.6) < 1e-9)
    #expect(BankSummary(bank).norms == 1...5)
    #expect(BankSummary(try KernelBank(name: "b", count: 1, size: 1, weights: [2])).coherence == 0)
  }

  @Test func theVectorPictureHasTheShadesOfTheRaster() throws {
    let bank = try KernelBank(name: "two", count: 2, size: 2, weights: [1, 1, -1, 0.5, 20, -20, 0, 10])
    let text = bank.vectorPicture(columns: 2)
    // Two pixels of one shade in a row are one rectangle: 3 of the first kernel, 4 of the second.
    #expect(text.components(separatedBy: "<path").count - 1 == 7)
    #expect(text.contains("<path fill=\"rgb(255,255,255)\" d=\"M1 1h2v1h-2z\"/>"))
    #expect(text.contains("<path fill=\"rgb(191,191,191)\" d=\"M5 2h1v1h-1z\"/>"))
  }

  /// What the words at the sides say must be so of every kernel of the row or the column.
  @Test(arguments: [(0.0, 12), (0.2, 12), (0.4, 12), (0.6, 16), (1.0, 12)])
  func theVectorPictureNamesOrientationsAndBandwidths(heterogeneity: Double, columns: Int) throws {
    let bank = try BankDesign.heterogeneity(heterogeneity).bank()
    let text = bank.vectorPicture()
    func words(_ anchor: String) -> [String] {
      text.matches(of: /<text x="\d+" y="\d+" text-anchor="(\w+)">([^<]+)<\/text>/).filter { $0.1 == anchor }
        .map { String($0.2) }
    }
    let designs = try #require(bank.designs)
    func degrees(_ radians: Double) -> Double { (radians * 1800 / .pi).rounded() / 10 }
    #expect(words("middle").map { Double($0.dropLast()) } == designs.prefix(columns).map { degrees($0.bandwidth) })
    #expect(words("end").count == 144 / columns)
    for (row, word) in words("end").enumerated() {
      let ends = word.split(separator: "–").compactMap { Double($0.dropLast()) }
      let thetas = designs[columns * row..<columns * (row + 1)].map { degrees($0.theta) }
      #expect(ends.first == thetas.min() && ends.last == thetas.max(), "\(word)")
    }
    #expect(words("start").last == "at the left θ, above the columns B_θ")
    #expect(text.contains("<title>kernel 0: θ 0.0°, B_θ \(degrees(designs[0].bandwidth))°, phase 0.0°</title>"))
  }

  @Test func tipsOfLearntKernelsNameTheLogGaborsThatResembleThem() throws {
    let fits = [(0.9, 10.0), (0.4, 20)].map {
      LogGaborFit(theta: .pi / 4, bandwidth: $0.1 * .pi / 180, explained: $0.0)
    }
    let bank = try KernelBank(name: "learnt", count: 2, size: 2, weights: [1, 1, -1, 0.5, 20, -20, 0, 10], fits: fits)
    let text = bank.vectorPicture()
    #expect(text.contains("<title>kernel 0, like a log-Gabor of θ 45.0°, B_θ 10.0°</title>"))
    // What explains less than half of a kernel says nothing of it.
    #expect(text.contains("<title>kernel 1</title>"))
  }
}
