import Neuromorphic
import TestSupport
import Testing

/// Rows of synapses as they are given, and as they are held.
@Suite struct SynapseRowsTests {
  private struct Given {
    var starts = [0], targets: [Int32] = [], weights: [Int16] = []

    /// Rows of single targets or of bands; in order, or not.
    init(areBands: Bool, areSorted: Bool, _ random: inout SplitMix64) {
      for _ in 0..<50 {
        var row: [Int32] = []
        for _ in 0..<Int.random(in: 0...6, using: &random) {
          let first = Int32.random(in: 0..<90, using: &random)
          row += first...first + (areBands ? .random(in: 3...9, using: &random) : 0)
        }
        if areSorted { row.sort() } else { row.shuffle(using: &random) }
        targets += row
        starts.append(targets.count)
      }
      weights = targets.map { _ in .random(in: -127...127, using: &random) }
    }

    var rows: SynapseRows {
      SynapseRows(
        rowStarts: starts, targets: targets, weights: QuantizedWeights(integers: weights, exponent: -3))
    }
  }

  @Test(arguments: [(false, false), (false, true), (true, false), (true, true)])
  func targetsRiseAndKeepTheirWeights(_ areBands: Bool, _ areSorted: Bool) {
    var random = SplitMix64(seed: 11)
    for _ in 0..<20 {
      let given = Given(areBands: areBands, areSorted: areSorted, &random), rows = given.rows
      #expect(Array(rows.rowStarts) == given.starts && rows.count == given.targets.count)
      #expect(rows.weights.exponent == -3 && rows.weights.count == rows.count)
      for source in 0..<50 {
        let places = given.starts[source]..<given.starts[source + 1]
        // Equal targets keep their order.
        let expected = places.sorted { (given.targets[$0], $0) < (given.targets[$1], $1) }
        #expect(rows.targets(of: source) == expected.map { given.targets[$0] })
        #expect(Array(rows.weights.integers[places]) == expected.map { given.weights[$0] })
      }
    }
  }

  @Test func aLazyCollectionMakesTheSameRowsAsAnArray() {
    let lazy = SynapseRows(
      rowStarts: stride(from: 0, through: 60, by: 6).map { $0 }, targets: (0..<60).lazy.map { Int32($0 % 7) },
      weights: QuantizedWeights(integers: (0..<60).lazy.map { Int16($0) }, exponent: 0))
    let array = SynapseRows(
      rowStarts: Array(stride(from: 0, through: 60, by: 6)), targets: (0..<60).map { Int32($0 % 7) },
      weights: QuantizedWeights(integers: (0..<60).map { Int16($0) }, exponent: 0))
    #expect((0..<10).allSatisfy { lazy.targets(of: $0) == array.targets(of: $0) } && lazy.weights == array.weights)
  }

  /// Up to 2²⁴ − 1 three bytes do, beyond it takes a fourth.
  @Test(arguments: [(1 << 24) - 1, 1 << 24, .max] as [Int32])
  func largeTargetsAreKeptWhole(_ largest: Int32) {
    let targets = [0, 255, 256, 65536, 0x123456, largest, 1, largest]
    let rows = SynapseRows(
      rowStarts: [0, 6, 8], targets: targets,
      weights: QuantizedWeights(integers: [Int16](repeating: 1, count: 8), exponent: 0))
    #expect(rows.targets(of: 0) == Array(targets[..<6]) && rows.targets(of: 1) == [1, largest])
  }

  /// A network's validation refuses them; until then they are kept as they are.
  @Test func rowsThatDoNotHoldTogetherAreLeftAsTheyAre() {
    func rows(_ starts: [Int], _ targets: [Int32], weights: Int) -> SynapseRows {
      SynapseRows(
        rowStarts: starts, targets: targets,
        weights: QuantizedWeights(integers: [Int16](repeating: 1, count: weights), exponent: 0))
    }
    for rows in [
      rows([], [1, 0], weights: 2), rows([0, 3], [1, 0], weights: 2), rows([0, 2, 1, 2], [1, 0], weights: 2),
      rows([0, 2], [1, 0], weights: 3), rows([0, 2], [1, -1], weights: 2), rows([1, 2], [1, 0], weights: 2),
    ] {
      #expect(rows.count == 2)
    }
  }
}
