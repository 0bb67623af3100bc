import DataFiles
import Neuromorphic

extension SpikeTrace {
  /// SONATA's spike file: for each population a group with `timestamps` (ms) and `node_ids`, sorted by time.
  ///
  /// Source: the SONATA Data Format specification (Allen Institute, Blue Brain), "Output file formats, spike file": groups
  /// `/spikes/POPULATION` with the attribute `sorting` (an enumeration of none, by_id, by_time). `time_ps`, `step` and
  /// `payload` stand beside them: readers of SONATA leave them alone.
  func writeSONATA(to path: String) throws {
    let file = try HDF5File(path: path)
    // The format's magic number and version: "Circuit file formats, HDF5 file attributes".
    try file.attribute("/", "magic", [0x0A7A])
    try file.attribute("/", "version", [0, 1])
    try file.attribute("/", "generator", "rheobase")
    try file.attribute("/", "rounded", "timestamps are binary milliseconds; time_ps is exact")
    try file.group("/spikes")
    for (index, population) in populations.enumerated() {
      let spikes = spikes.filter { $0.population == index }
      let group = "/spikes/\(population.name)"
      try file.group(group)
      try file.attribute(group, "sorting", choice: 2, of: ["none", "by_id", "by_time"])
      for (name, value) in [
        ("rows", population.shape.rows), ("columns", population.shape.columns), ("kernels", population.shape.channels),
        ("neurons_per_dendrite", population.neuronsPerDendrite),
      ] {
        try file.attribute(group, name, [UInt32(truncatingIfNeeded: value)])
      }
      try file.array("\(group)/timestamps", spikes.map { Double($0.time_ps) / 1e9 })
      try file.attribute("\(group)/timestamps", "units", "ms")
      try file.array("\(group)/node_ids", spikes.map { UInt64($0.neuron) })
      try file.array("\(group)/time_ps", spikes.map { Int64($0.time_ps) })
      try file.array("\(group)/step", spikes.map { Int32($0.step) })
      try writePayloads(spikes, to: "\(group)/payload", in: file)
    }
    try file.finish()
  }

  /// Integers of the chip, or real values.
  func writePayloads(_ spikes: [Spike], to name: String, in file: HDF5File) throws {
    if hasIntegerPayloads {
      try file.array(name, spikes.map { Int64($0.payload) })
    } else {
      try file.array(name, spikes.map(\.payload))
    }
  }
}
