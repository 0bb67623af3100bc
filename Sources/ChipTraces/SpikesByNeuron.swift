import DataFiles
import Neuromorphic

/// Spikes that come in the order of time and are read one neuron after the other, by way of scratch files.
final class SpikesByNeuron {
  /// A neuron that spiked.
  struct Unit {
    let population, neuron: Int
    /// Spikes up to its last one.
    let end: Int
  }

  private let spool: SpikeSpool
  private let folder: String
  /// By population and neuron.
  private var counts: [[UInt32]]

  private let sortedAtOnce: Int

  /// How many files there are at the most, more or less.
  private static let buckets = 128

  /// - Parameter sortedAtOnce: How many spikes, unless they would lie in too many files.
  init(neurons: [Int], folder: String, sortedAtOnce: Int) throws {
    (self.folder, self.sortedAtOnce) = (folder, sortedAtOnce)
    spool = try SpikeSpool(path: "\(folder)/all")
    counts = neurons.map { [UInt32](repeating: 0, count: $0) }
  }

  var count: Int { spool.count }

  func append(_ spike: Spike) throws {
    counts[spike.population][spike.neuron] += 1
    try spool.append(spike)
  }

  /// The neurons that spiked, by population and neuron.
  var units: [Unit] {
    var units: [Unit] = [], end = 0
    for (population, counts) in counts.enumerated() {
      for (neuron, count) in counts.enumerated() where count > 0 {
        end += Int(count)
        units.append(Unit(population: population, neuron: neuron, end: end))
      }
    }
    return units
  }

  /// Gives all spikes, by population, neuron and time.
  func read(_ body: ([Spike]) throws -> Void) throws {
    let starts = bucketStarts
    guard starts.count > 1 else { return try read(spool, body) }
    let buckets = try starts.indices.map { try SpikeSpool(path: "\(folder)/bucket\($0)") }
    try spool.read { spikes in
      for spike in spikes { try buckets[Self.bucket(of: spike, starts)].append(spike) }
    }
    for bucket in buckets { try read(bucket, body) }
  }

  private func read(_ bucket: SpikeSpool, _ body: ([Spike]) throws -> Void) throws {
    guard bucket.count > 0 else { return }
    // So many are of one neuron, and in order.
    guard bucket.count <= bucketSize else { return try bucket.read(body) }
    try bucket.read(atOnce: bucket.count) { spikes in
      try body(
        spikes.sorted {
          ($0.population, $0.neuron, $0.time_ps, $0.step) < ($1.population, $1.neuron, $1.time_ps, $1.step)
        })
    }
  }

  private var bucketSize: Int { max(sortedAtOnce, count / Self.buckets) }

  /// The first neuron of each bucket.
  private var bucketStarts: [(population: Int, neuron: Int)] {
    let size = bucketSize
    var starts = [(population: 0, neuron: 0)], inBucket = 0
    for (population, counts) in counts.enumerated() {
      for (neuron, count) in counts.enumerated() {
        if inBucket > 0, inBucket + Int(count) > size {
          starts.append((population, neuron))
          inBucket = 0
        }
        inBucket += Int(count)
      }
    }
    return starts
  }

  /// The last one that begins at the spike's neuron or before.
  private static func bucket(of spike: Spike, _ starts: [(population: Int, neuron: Int)]) -> Int {
    var (low, high) = (0, starts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= (spike.population, spike.neuron) { low = middle } else { high = middle }
    }
    return low
  }
}
