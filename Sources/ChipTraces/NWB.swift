import DataFiles
import Neuromorphic

/// An NWB 2 file whose `/units` are the neurons that spiked, by population and neuron.
///
/// Source: the NWB format specification 2.8.0 (core: NWBFile, Units) and its tables, HDMF common 1.8.0 (DynamicTable,
/// VectorData, VectorIndex, ElementIdentifiers).
final class NWBSpikes: SpikeSink {
  private let trace: SpikeTrace
  private let file: HDF5File
  private let spikes: SpikesByNeuron
  /// Of the spikes alone, as files do not depend on the clock.
  private var hash = ContentHash()

  private static let ragged = [
    ("spike_times", "simulated time of each spike (s)"), ("spike_step", "timestep of each spike"),
    ("spike_payload", "payload of each spike, as the chip sends it"),
  ]
  private static let columns = [
    ("population", "name of the population"), ("neuron", "index in the population"),
    ("kernel", "kernel of a code, channel of a layer"), ("row", "row of its position"),
    ("column", "column of its position"), ("polarity", "-1 for the OFF neuron of a pair, else 1"),
    ("payload_exponent", "a payload p is worth p * 2^payload_exponent"),
  ]

  init(_ trace: SpikeTrace, path: String, parts: String, sortedAtOnce: Int) throws {
    self.trace = trace
    file = try HDF5File(path: path)
    spikes = try SpikesByNeuron(
      neurons: trace.populations.map(\.neuronCount), folder: parts, sortedAtOnce: sortedAtOnce)
  }

  func append(_ new: [Spike]) throws {
    for spike in new {
      for value in [spike.time_ps, UInt64(spike.population), UInt64(spike.neuron), spike.payload.bitPattern] {
        withUnsafeBytes(of: value.littleEndian) { hash.add($0) }
      }
      try spikes.append(spike)
    }
  }

  func finish() throws {
    try file.writeNWBFile(identifier: "rheobase-\(hash.text)")
    let units = spikes.units
    try file.object(
      "/units", "Units", "core",
      description:
        "neurons of a simulated chip that spiked; rounded: times are binary seconds; dropped: the order of spikes "
        + "of different neurons at the same time")
    try file.attribute("/units", "colnames", (Self.ragged + Self.columns).map(\.0))
    try file.array("/units/id", units.indices.map { Int64($0) })
    try file.object("/units/id", "ElementIdentifiers", "hdmf-common")
    try writeSpikes()
    for (name, meaning) in Self.ragged {
      try file.column("/units/\(name)", meaning)
      try file.array("/units/\(name)_index", units.map { UInt64($0.end) })
      try file.object(
        "/units/\(name)_index", "VectorIndex", "hdmf-common", description: "where the spikes of each unit end")
      try file.attribute("/units/\(name)_index", "target", referenceTo: "/units/\(name)")
    }
    try writePlaces(of: units)
    try file.finish()
  }

  private func writeSpikes() throws {
    var columns = SpikeColumns(file, count: spikes.count)
    try columns.add("/units/spike_times") { Double($0.time_ps) / 1e12 }
    try columns.add("/units/spike_step") { Int64($0.step) }
    try columns.addPayloads("/units/spike_payload", of: trace)
    try columns.write(spikes.read)
  }

  private func writePlaces(of units: [SpikesByNeuron.Unit]) throws {
    let places = units.map { trace.place(ofNeuron: $0.neuron, population: $0.population) }
    try file.texts("/units/population", units.map { trace.populations[$0.population].name })
    try file.array("/units/neuron", units.map { Int64($0.neuron) })
    try file.array("/units/kernel", places.map { Int64($0.kernel) })
    try file.array("/units/row", places.map { Int64($0.row) })
    try file.array("/units/column", places.map { Int64($0.column) })
    try file.array("/units/polarity", places.map { Int64($0.side) })
    try file.array("/units/payload_exponent", units.map { Int64(trace.populations[$0.population].payloadExponent) })
    for (name, meaning) in Self.columns { try file.column("/units/\(name)", meaning) }
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
