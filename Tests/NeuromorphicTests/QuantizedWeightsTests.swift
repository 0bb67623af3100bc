import Neuromorphic
import TestSupport
import Testing

@Suite struct QuantizedWeightsTests {
  private func weights(_ count: Int, scale: Float, _ generator: inout SplitMix64) -> [Float] {
    (0..<count).map { _ in scale * Float(generator.nextNormal()) }
  }

  @Test(arguments: [2, 3, 8, 12, 16]) func integersFitTheirWidth(bits: Int) {
    var generator = SplitMix64(seed: UInt64(bits))
    for scale in [Float(1e-20), 0.01, 1, 300, 1e20] {
      let quantized = QuantizedWeights(weights(200, scale: scale, &generator), arithmetic: .integer(weightBits: bits))
      let limit = 1 << (bits - 1)
      #expect(quantized.integers.allSatisfy { abs(Int($0)) < limit })
      #expect(quantized.integers.contains { abs(Int($0)) >= (limit - 1) / 2 }, "the width is used")
      #expect(quantized.reals.isEmpty && quantized.count == 200)
    }
  }

  /// No power of two has a smaller squared error, found by trying many.
  @Test func theExponentIsTheBestOne() {
    var generator = SplitMix64(seed: 3)
    for _ in 0..<50 {
      let weights = weights(60, scale: Float.random(in: 0.001...10, using: &generator), &generator)
      let quantized = QuantizedWeights(weights, arithmetic: .integer(weightBits: 8))
      func error(_ exponent: Int) -> Double {
        let unit = Double(sign: .plus, exponent: exponent, significand: 1)
        return weights.reduce(0) { sum, weight in
          let integer = min(max((Double(weight) / unit).rounded(), -127), 127)
          return sum + (Double(weight) - integer * unit) * (Double(weight) - integer * unit)
        }
      }
      let best = (-20...10).map(error).min() ?? 0
      #expect(abs(error(quantized.exponent) - best) <= 1e-6 * best)
    }
  }

  @Test func theErrorIsAtMostHalfAUnitSaveWhereTheLargestAreClipped() {
    var generator = SplitMix64(seed: 4)
    let uniform = (0..<500).map { _ in Float.random(in: -1...1, using: &generator) }
    let quantized = QuantizedWeights(uniform, arithmetic: .integer(weightBits: 8))
    let unit = Float(sign: .plus, exponent: quantized.exponent, significand: 1)
    let errors = zip(uniform, quantized.values).map { abs($0 - $1) }
    #expect(zip(errors, quantized.integers).allSatisfy { $0 <= unit / 2 || abs($1) == 127 && $0 <= unit * 1.5 })
    #expect(errors.count { $0 > unit / 2 } < 10)
  }

  @Test func weightsThatFitAreKeptExactly() {
    for unit in [Float(1), 0.125, 64] {
      let exact = (-127...127).map { Float($0) * unit }
      #expect(QuantizedWeights(exact, arithmetic: .integer(weightBits: 8)).values == exact)
    }
    let zeros = [Float](repeating: 0, count: 9)
    #expect(QuantizedWeights(zeros, arithmetic: .integer(weightBits: 8)).values == zeros)
    #expect(QuantizedWeights([], arithmetic: .integer(weightBits: 8)).count == 0)
  }

  @Test(arguments: [2, 5, 8]) func twoSynapsesHoldIntegersOfTwiceTheWidth(bits: Int) throws {
    var generator = SplitMix64(seed: UInt64(bits))
    let digit = 1 << (bits - 1) - 1, limit = digit * (1 << bits + 1)
    for scale in [Float(0.01), 1, 300] {
      let asked = weights(300, scale: scale, &generator)
      let arithmetic = Network.Arithmetic.integer(weightBits: bits)
      let split = QuantizedWeights(asked, arithmetic: arithmetic, format: .split)
      #expect(split.format == .split && split.integers.allSatisfy { abs(Int($0)) <= limit })
      #expect(split.integers.contains { abs(Int($0)) >= limit / 2 }, "the width is used")
      // The unit is 2^bits times as fine, give or take a bit where either clips its largest weights.
      let single = QuantizedWeights(asked, arithmetic: arithmetic)
      #expect((bits - 1...bits + 1).contains(single.exponent - split.exponent))
      let unit = Float(sign: .plus, exponent: split.exponent, significand: 1)
      let errors = zip(asked, split.values).map { abs($0 - $1) }
      #expect(zip(errors, split.integers).allSatisfy { $0 <= unit / 2 || abs(Int($1)) == limit })
    }
    #expect(QuantizedWeights([1], arithmetic: .float, format: .split).format == .single)
  }

  @Test func realsAreKept() {
    let weights: [Float] = [0.1, -3, 1e-9]
    let kept = QuantizedWeights(weights, arithmetic: .float)
    #expect(kept.values == weights && kept.integers.isEmpty && kept.exponent == 0)
  }
}
