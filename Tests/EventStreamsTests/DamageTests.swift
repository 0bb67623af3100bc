import DataFiles
import EventStreams
import SparseCoding
import TestSupport
import Testing

@Suite struct DamageTests {
  static let none: [Damage] = [.lost(0), .dead(0), .jitter(steps: 0), .quantised(bits: 24)]

  private func code() throws -> SparseCode {
    let geometry = try CodeGeometry(
      imageHeight: 40, imageWidth: 40, kernelCount: 6, kernelSize: 8, stride: 1, boundary: .valid)
    var random = SplitMix64(seed: 2)
    return SparseCode(
      geometry: geometry,
      dense: (0..<geometry.coefficientCount).map { _ in
        Double.random(in: 0..<1, using: &random) < 0.3 ? Float(random.nextNormal()) : 0
      })
  }

  @Test(arguments: none, [Encoder.sparse, .sparseLatency, .sparseRate])
  func withoutDamageAStreamIsExactlyTheSame(damage: Damage, encoder: Encoder) throws {
    let stream = try encoder.encode(code()).stream
    #expect(try stream.damaged(by: damage) == stream)
  }

  @Test func aSeedRepeatsDamageAndAnotherChangesIt() throws {
    let stream = try Encoder.sparseLatency.encode(code()).stream
    for damage in [Damage.lost(0.2), .dead(0.2), .jitter(steps: 3)] {
      #expect(try stream.damaged(by: damage, seed: 4) == stream.damaged(by: damage, seed: 4))
      #expect(try stream.damaged(by: damage, seed: 4) != stream.damaged(by: damage, seed: 5))
    }
  }

  @Test func lossesAreAsFrequentAsAskedForAndNested() throws {
    let stream = try Encoder.sparse.encode(code()).stream
    let few = try stream.damaged(by: .lost(0.1))
    let more = try stream.damaged(by: .lost(0.3))
    // Five standard deviations of a binomial number.
    func expectShare(_ left: Int, _ share: Double) {
      let count = Double(stream.count)
      #expect(abs(Double(left) - count * share) < 5 * (count * share * (1 - share)).squareRoot())
    }
    expectShare(few.count, 0.9)
    expectShare(more.count, 0.7)
    func places(_ stream: EventStream) -> Set<[Int32]> { Set(stream.map { [$0.channel, $0.row, $0.column] }) }
    #expect(places(more).isSubset(of: places(few)))
    #expect(try stream.damaged(by: .lost(1)).isEmpty)
  }

  @Test func aDeadSourceSendsNothingAtAll() throws {
    let stream = try Encoder.sparseRate.encode(code(), EncoderOptions(steps: 16)).stream
    let left = try stream.damaged(by: .dead(0.4))
    func counts(_ stream: EventStream) -> [[Int32]: Int] {
      stream.reduce(into: [:]) { $0[[$1.channel, $1.row, $1.column], default: 0] += 1 }
    }
    let all = counts(stream)
    #expect(!left.isEmpty && left.count < stream.count)
    #expect(counts(left).allSatisfy { all[$0.key] == $0.value })
  }

  @Test func jitterMovesEventsByAtMostItsReachAndKeepsThemSorted() throws {
    let stream = try Encoder.sparseLatency.encode(code(), EncoderOptions(steps: 64)).stream
    let moved = try stream.damaged(by: .jitter(steps: 5))
    #expect(moved.count == stream.count)
    try moved.validate()
    let former = Dictionary(stream.map { ([$0.channel, $0.row, $0.column], $0.step) }) { first, _ in first }
    let shifts = moved.map { $0.step - (former[[$0.channel, $0.row, $0.column]] ?? 99) }
    #expect(shifts.allSatisfy { abs($0) <= 5 })
    #expect(Set(shifts).count == 11)
  }

  /// Events of steps and times, in places of their own.
  private func stream(steps: Int, _ events: [(step: Int32, time_ns: Int64)]) -> EventStream {
    var stream = EventStream(
      encoder: "test", channels: 1, rows: 1, columns: events.count, steps: steps, payloadExponent: 0)
    for (column, event) in events.enumerated() {
      stream.append(
        Event(
          step: event.step, time_ns: event.time_ns, channel: 0, row: 0, column: Int32(column), payload: 1))
    }
    return stream
  }

  /// Wherever times begin; the mean step is 1000 ns.
  @Test func jitterMovesTimesBySteps() throws {
    let origin_ns: Int64 = 1_700_000_000_000_000_000
    let regular = stream(steps: 40, (10..<30).map { ($0, origin_ns + 1000 * Int64($0)) })
    let moved = try regular.damaged(by: .jitter(steps: 5))
    #expect(moved.time_ns == moved.step.map { origin_ns + 1000 * Int64($0) })
    #expect(moved.step != regular.step)
  }

  /// Most of the time is that of few steps, or times are near the ends of 64 bits.
  @Test func jitterLeavesAValidStreamOrSaysWhatIsWrong() throws {
    let uneven = stream(steps: 12, (0..<40).map { ($0 / 4, Int64($0 < 20 ? $0 : 1000 + $0)) })
    let late = stream(steps: 12, (0..<10).map { ($0, Int64.max - 9000 + 1000 * Int64($0)) })
    var refusals: Set<String> = []
    for seed in UInt64(1)...50 {
      try uneven.damaged(by: .jitter(steps: 4), seed: seed).validate()
      do {
        try late.damaged(by: .jitter(steps: 4), seed: seed).validate()
      } catch let error as EventStreamError {
        refusals.insert(String(error.description.drop { $0 != ":" }))
      }
    }
    #expect(refusals == [": jitter moves its time beyond 64 bits of ns"])
    let error = #expect(throws: EventStreamError.self) {
      try stream(steps: 2, [(0, .min), (1, .max)]).damaged(by: .jitter(steps: 1))
    }
    #expect(error?.description == "its times span more than 64 bits of ns")
  }

  @Test func fewerBitsErrByAtMostHalfAStep() throws {
    let code = try code()
    let encoded = try Encoder.sparse.encode(code, EncoderOptions(payloadBits: 16)).stream
    let largest = encoded.payload.map { abs(Int($0)) }.max() ?? 0
    for bits in [3, 5, 8] {
      let rounded = try encoded.damaged(by: .quantised(bits: bits)).decodedCode(geometry: code.geometry).dense
      let exact = try encoded.decodedCode(geometry: code.geometry).dense
      let levels = (1 << (bits - 1)) - 1
      // The step is a power of two; half of it is less than the largest value over the number of levels.
      let unit = (exact.map(abs).max() ?? 0) / Float(largest)
      let bound = Float(largest) / Float(levels) * unit
      #expect(zip(rounded, exact).allSatisfy { abs($0 - $1) <= bound })
      #expect(Set(rounded).count <= 2 * levels + 1)
    }
  }

  @Test func impossibleDamageIsRefused() throws {
    let stream = try Encoder.sparse.encode(code()).stream
    for damage in [
      Damage.lost(-0.1), .dead(1.1), .lost(.nan), .jitter(steps: -1), .jitter(steps: .max), .quantised(bits: 1),
    ] {
      #expect(throws: EventStreamError.self) { try stream.damaged(by: damage) }
    }
  }
}
