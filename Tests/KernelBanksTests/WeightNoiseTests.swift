import KernelBanks
import Testing

struct WeightNoiseTests {
  @Test func noNoiseIsTheSameBankAndSeedsRepeat() throws {
    let bank = try BankDesign.heterogeneous.bank()
    #expect(try bank.withWeightNoise(0) == bank)
    #expect(try bank.withWeightNoise(0.1, seed: 3) == bank.withWeightNoise(0.1, seed: 3))
    #expect(try bank.withWeightNoise(0.1, seed: 3) != bank.withWeightNoise(0.1, seed: 4))
    #expect(throws: BankError.self) { try bank.withWeightNoise(-1) }
  }

  @Test func noiseIsThatShareOfEachKernelsRootMeanSquare() throws {
    var design = BankDesign.heterogeneous
    design.norm = .peak
    let bank = try design.bank()
    let noisy = try bank.withWeightNoise(0.2)
    let ratios = (0..<bank.count).map { index in
      let squares = zip(noisy.kernel(index), bank.kernel(index)).reduce(0.0) {
        $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1))
      }
      return squares.squareRoot() / bank.norms[index]
    }
    let mean = ratios.reduce(0, +) / Double(ratios.count)
    #expect(abs(mean - 0.2) < 0.004)
    #expect(ratios.allSatisfy { abs($0 - 0.2) < 0.06 })
  }
}
