import DataFiles

/// A Latin hypercube: of `count` samples, each axis has exactly one in each of `count` equal parts of it.
///
/// Source: McKay, Beckman & Conover, Technometrics 21(2):239–245, 1979.
package struct LatinHypercube {
  let count: Int
  let seed: UInt64
  let axes: [SweepAxis]

  init(_ reader: YAMLReader, _ reading: SweepAxis.Reading) throws {
    try reader.allowKeys(["count", "seed", "axes"])
    count = try reader.required("count").integer(in: 1...1_000_000)
    seed = UInt64(try reader.required("seed").integer(in: 0...Int.max))
    axes = try reading.axes(reader.required("axes"))
  }

  /// What sets each sample, one setting an axis.
  var settings: [[SweepAxis.Setting]] {
    get throws {
      let places = Self.places(count: count, axes: axes.count, seed: seed)
      return try places.map { sample in try zip(axes, sample).map { try $0.setting(at: $1) } }
    }
  }

  /// Places from 0 to 1: for each sample one along each axis.
  package static func places(count: Int, axes: Int, seed: UInt64) -> [[Double]] {
    var random = SeededGenerator(seed: seed)
    let columns = (0..<axes).map { _ in
      (0..<count).shuffled(using: &random).map { (Double($0) + random.nextUnit()) / Double(count) }
    }
    return (0..<count).map { sample in columns.map { $0[sample] } }
  }
}
