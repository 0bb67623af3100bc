import Neuromorphic

/// Arrays of an HDF5 file with a value for each spike, of which pieces are written.
struct SpikeColumns {
  private let file: HDF5File
  private let count: Int
  private var writers: [(_ spikes: [Spike], _ first: Int) throws -> Void] = []

  init(_ file: HDF5File, count: Int) { (self.file, self.count) = (file, count) }

  /// Makes an array.
  mutating func add<Element: HDF5Element>(_ name: String, _ value: @escaping (Spike) -> Element) throws {
    let file = file
    try file.array(name, of: Element.self, count: count)
    writers.append { spikes, first in try file.write(name, spikes.map(value), at: first) }
  }

  /// Makes an array of payloads: integers of the chip, or real values.
  mutating func addPayloads(_ name: String, of trace: SpikeTrace) throws {
    if trace.hasIntegerPayloads {
      try add(name) { Int64($0.payload) }
    } else {
      try add(name, \.payload)
    }
  }

  /// Writes all arrays, spikes after spikes as `read` gives them.
  func write(_ read: (_ body: ([Spike]) throws -> Void) throws -> Void) throws {
    var first = 0
    try read { spikes in
      for writer in writers { try writer(spikes, first) }
      first += spikes.count
    }
  }
}
