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
    #expect(heterogeneous.description.hasPrefix("heterogeneous: 144 kernels of 12 × 12, B_θ 17.5° ± 8.5°, norms 1…1"))
  }

  @Test func coherenceIsTheLargestCosineBetweenKernels() throws {
    let bank = try KernelBank(name: "b", count: 3, size: 2, weights: [1, 0, 0, 0, 0, 2, 0, 0, -3, 0, 4, 0])
    #expect(abs(BankSummary(bank).coherence - 0.6) < 1e-9)
    #expect(BankSummary(bank).norms == 1...5)
    #expect(BankSummary(try KernelBank(name: "b", count: 1, size: 1, weights: [2])).coherence == 0)
  }
}
