import DataFiles
import Neuromorphic

extension SpikeTrace {
  /// An NWB 2 file whose `/units` are the neurons that spiked, by population and neuron.
  ///
  /// Source: the NWB format specification 2.8.0 (core: NWBFile, Units) and its tables, HDMF common 1.8.0 (DynamicTable,
  /// VectorData, VectorIndex, ElementIdentifiers).
  func writeNWB(to path: String) throws {
    let file = try HDF5File(path: path)
    try file.writeNWBFile(identifier: identifier)
    let units = Units(self)
    try file.object(
      "/units", "Units", "core",
      description:
        "neurons of a simulated chip that spiked; rounded: times are binary seconds; dropped: the order of spikes "
        + "of different neurons at the same time")
    let ragged = ["spike_times", "spike_step", "spike_payload"]
    try file.attribute("/units", "colnames", ragged + ["population", "neuron", "kernel", "row", "column", "polarity"])
    try file.array("/units/id", units.ids.indices.map { Int64($0) })
    try file.object("/units/id", "ElementIdentifiers", "hdmf-common")

    try file.array("/units/spike_times", units.spikes.map { Double($0.time_ps) / 1e12 })
    try file.array("/units/spike_step", units.spikes.map { Int64($0.step) })
    try writePayloads(units.spikes, to: "/units/spike_payload", in: file)
    for (name, meaning) in zip(
      ragged,
      ["simulated time of each spike (s)", "timestep of each spike", "payload of each spike, as the chip sends it"]
    ) {
      try file.column("/units/\(name)", meaning)
      try file.array("/units/\(name)_index", units.ends.map { UInt64($0) })
      try file.object(
        "/units/\(name)_index", "VectorIndex", "hdmf-common", description: "where the spikes of each unit end")
      try file.attribute("/units/\(name)_index", "target", referenceTo: "/units/\(name)")
    }
    try writePlaces(of: units, to: file)
    try file.finish()
  }

  private func writePlaces(of units: Units, to file: HDF5File) throws {
    let places = units.ids.map { place(ofNeuron: $0.neuron, population: $0.population) }
    try file.texts("/units/population", units.ids.map { populations[$0.population].name })
    try file.array("/units/neuron", units.ids.map { Int64($0.neuron) })
    try file.array("/units/kernel", places.map { Int64($0.kernel) })
    try file.array("/units/row", places.map { Int64($0.row) })
    try file.array("/units/column", places.map { Int64($0.column) })
    try file.array("/units/polarity", places.map { Int64($0.side) })
    for (name, meaning) in [
      ("population", "name of the population"), ("neuron", "index in the population"),
      ("kernel", "kernel of a code, channel of a layer"), ("row", "row of its position"),
      ("column", "column of its position"), ("polarity", "-1 for the OFF neuron of a pair, else 1"),
    ] {
      try file.column("/units/\(name)", meaning)
    }
  }

  /// Decided by the spikes alone, as files do not depend on the clock.
  private var identifier: String {
    var hash = ContentHash()
    for spike in spikes {
      for value in [spike.time_ps, UInt64(spike.population), UInt64(spike.neuron), spike.payload.bitPattern] {
        withUnsafeBytes(of: value.littleEndian) { hash.add($0) }
      }
    }
    return "rheobase-\(hash.text)"
  }

  /// The neurons that spiked, and their spikes one neuron after the other.
  private struct Units {
    var ids: [(population: Int, neuron: Int)] = []
    var spikes: [Spike]
    /// For each neuron the number of spikes up to its last one.
    var ends: [Int] = []

    init(_ trace: SpikeTrace) {
      spikes = trace.spikes.sorted { ($0.population, $0.neuron, $0.time_ps) < ($1.population, $1.neuron, $1.time_ps) }
      for (index, spike) in spikes.enumerated() {
        if let last = ids.last, last == (spike.population, spike.neuron) {
          ends[ends.count - 1] = index + 1
        } else {
          ids.append((spike.population, spike.neuron))
          ends.append(index + 1)
        }
      }
    }
  }
}

extension HDF5File {
  /// Gives an object its NWB type. Ids are random there; here an object's name decides its id.
  fileprivate func object(
    _ name: String, _ type: String, _ namespace: String, description: String? = nil
  ) throws {
    try attribute(name, "neurodata_type", type)
    try attribute(name, "namespace", namespace)
    try attribute(name, "object_id", Self.identity(of: name))
    if let description { try attribute(name, "description", description) }
  }

  fileprivate func column(_ name: String, _ description: String) throws {
    try object(name, "VectorData", "hdmf-common", description: description)
  }

  /// The groups and texts that every NWB file has. The simulation begins at time 0, which is written as 1970.
  fileprivate func writeNWBFile(identifier: String) throws {
    try object("/", "NWBFile", "core")
    try attribute("/", "nwb_version", "2.8.0")
    let epoch = "1970-01-01T00:00:00+00:00"
    try texts("/file_create_date", [epoch])
    try text("/identifier", identifier)
    try text("/session_description", "spikes of a simulated neuromorphic chip; times are simulated, from 0")
    try text("/session_start_time", epoch)
    try text("/timestamps_reference_time", epoch)
    for name in [
      "/acquisition", "/analysis", "/general", "/processing", "/stimulus", "/stimulus/presentation",
      "/stimulus/templates",
    ] {
      try group(name)
    }
    try text("/general/source_script", "rheobase")
    try attribute("/general/source_script", "file_name", "rheobase")
    try group("/units")
  }

  /// A UUID of version 8 (RFC 9562: by the application's own rule) from a name.
  private static func identity(of name: String) -> String {
    let high = ContentHash(name).value & ~0xF000 | 0x8000
    let low = ContentHash("low half of \(name)").value & (1 << 62 - 1) | 1 << 63
    func hex(_ value: UInt64, _ digits: Int) -> String {
      let text = String(value, radix: 16)
      return String(repeating: "0", count: digits - text.count) + text
    }
    return "\(hex(high >> 32, 8))-\(hex(high >> 16 & 0xFFFF, 4))-\(hex(high & 0xFFFF, 4))-\(hex(low >> 48, 4))-"
      + hex(low & 0xFFFF_FFFF_FFFF, 12)
  }
}
