import DataFiles
import Neuromorphic

/// SONATA's spike file: for each population a group with `timestamps` (ms) and `node_ids`, sorted by time.
///
/// Source: the SONATA Data Format specification (Allen Institute, Blue Brain), "Output file formats, spike file":
/// groups `/spikes/POPULATION` with the attribute `sorting` (an enumeration of none, by_id, by_time). `time_ps`, `step`
/// and `payload` stand beside them: readers of SONATA leave them alone.
final class SONATASpikes: SpikeSink {
  private let trace: SpikeTrace
  private let file: HDF5File
  /// By population; HDF5 wants to know how long an array is.
  private let spools: [SpikeSpool]

  init(_ trace: SpikeTrace, path: String, parts: String) throws {
    self.trace = trace
    file = try HDF5File(path: path)
    spools = try trace.populations.indices.map { try SpikeSpool(path: "\(parts)/\($0)") }
  }

  func append(_ spikes: [Spike]) throws {
    for spike in spikes { try spools[spike.population].append(spike) }
  }

  func finish() throws {
    // The format's magic number and version: "Circuit file formats, HDF5 file attributes".
    try file.attribute("/", "magic", [UInt32(0x0A7A)])
    try file.attribute("/", "version", [UInt32(0), 1])
    try file.attribute("/", "generator", "rheobase")
    try file.attribute("/", "rounded", "timestamps are binary milliseconds; time_ps is exact")
    try file.group("/spikes")
    for (population, spool) in zip(trace.populations, spools) {
      let group = "/spikes/\(population.name)"
      try describe(population, group)
      try write(spool, group)
    }
    try file.finish()
  }

  private func describe(_ population: SpikeTrace.Population, _ group: String) throws {
    try file.group(group)
    try file.attribute(group, "sorting", choice: 2, of: ["none", "by_id", "by_time"])
    for (name, value) in [
      ("rows", population.shape.rows), ("columns", population.shape.columns), ("kernels", population.shape.channels),
      ("neurons_per_dendrite", population.neuronsPerDendrite),
    ] {
      try file.attribute(group, name, [UInt32(truncatingIfNeeded: value)])
    }
    try file.attribute(group, "payload_exponent", [Int32(truncatingIfNeeded: population.payloadExponent)])
  }

  private func write(_ spool: SpikeSpool, _ group: String) throws {
    var columns = SpikeColumns(file, count: spool.count)
    try columns.add("\(group)/timestamps") { Double($0.time_ps) / 1e9 }
    try file.attribute("\(group)/timestamps", "units", "ms")
    try columns.add("\(group)/node_ids") { UInt64($0.neuron) }
    try columns.add("\(group)/time_ps") { Int64($0.time_ps) }
    try columns.add("\(group)/step") { Int32($0.step) }
    try columns.addPayloads("\(group)/payload", of: trace)
    try columns.write { try spool.read($0) }
  }
}
